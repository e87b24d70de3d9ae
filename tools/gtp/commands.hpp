// The commands of a GTP session, in groups. Every group works for every game; what only Go has
// (handicap, komi, SGF) fails with a plain text for other games.
// Source: GTP version 2, draft 2 (Farneback 2002), sections 4 and 6; GNU Go's extensions (is_legal,
// all_legal, gg-undo, printsgf, cputime, set_random_seed); lz-* as Leela Zero and kata-* as KataGo
// define them; kgs-* as KGS, gogui-* as GoGui, gomill-* as Gomill.
#pragma once

namespace tengen::gtp {

class Engine;
class Session;

/// name, version, tengen-game, gomill-describe_engine, cputime, set_random_seed, clear_cache, stop.
void add_admin_commands(Engine& engine, Session& session);
/// boardsize, rectangular_boardsize, clear_board, komi, get_komi.
void add_setup_commands(Engine& engine, Session& session);
/// loadsgf, printsgf.
void add_sgf_commands(Engine& engine, Session& session);
/// kata-get-rules, kata-set-rules, kata-set-rule, kgs-rules.
void add_rules_commands(Engine& engine, Session& session);
/// fixed_handicap, place_free_handicap, set_free_handicap.
void add_handicap_commands(Engine& engine, Session& session);
/// play, genmove, reg_genmove, kata-search, undo, gg-undo, is_legal, all_legal.
void add_play_commands(Engine& engine, Session& session);
/// time_settings, kgs-time_settings, time_left.
void add_clock_commands(Engine& engine, Session& session);
/// showboard, list_stones, final_score, final_status_list, kata-raw-nn.
void add_info_commands(Engine& engine, Session& session);
/// lz-analyze, kata-analyze: search until the next line, reporting as it goes; lz-, kata- and
/// cgos-genmove_analyze; kata-search_analyze.
void add_analysis_commands(Engine& engine, Session& session);
/// gogui-*, and the colour maps that GoGui shows.
void add_gogui_commands(Engine& engine, Session& session);
/// kgs-genmove_cleanup, kgs-game_over, kgs-chat, gomill-explain_last_move.
void add_server_commands(Engine& engine, Session& session);
/// tengen-param, kata-list-params, kata-get-param, kata-set-param.
void add_parameter_commands(Engine& engine, Session& session);

/// All of them; "# interrupt" then ends a search of the session, which ponders while no line
/// waits.
void add_all_commands(Engine& engine, Session& session);

}  // namespace tengen::gtp
