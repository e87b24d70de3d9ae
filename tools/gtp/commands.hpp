// The commands of a GTP session, in groups. Every group works for every game; what only Go has
// (handicap, komi, SGF) fails with a plain text for other games.
// Source: GTP version 2, draft 2 (Farneback 2002), sections 4 and 6; lz-analyze as Leela Zero and
// its front ends (Sabaki, LizzieYzy) use it; kgs-time_settings as KGS defines it.
#pragma once

namespace tengen::gtp {

class Engine;
class Session;

/// name, version, tengen-game.
void add_admin_commands(Engine& engine, Session& session);
/// boardsize, clear_board, komi, loadsgf.
void add_setup_commands(Engine& engine, Session& session);
/// fixed_handicap, place_free_handicap, set_free_handicap.
void add_handicap_commands(Engine& engine, Session& session);
/// play, genmove, reg_genmove, undo.
void add_play_commands(Engine& engine, Session& session);
/// time_settings, kgs-time_settings, time_left.
void add_clock_commands(Engine& engine, Session& session);
/// showboard, list_stones, final_score, final_status_list.
void add_info_commands(Engine& engine, Session& session);
/// lz-analyze: search until the next request, reporting as it goes.
void add_analysis_commands(Engine& engine, Session& session);

void add_all_commands(Engine& engine, Session& session);

}  // namespace tengen::gtp
