#include "selfplay/players/gtp_player.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "engine/base/error.hpp"
#include "envs/go/go_game.hpp"
#include "selfplay/players/gtp_process.hpp"

namespace tengen::selfplay {

namespace {

const envs::go::GoGame& require_square_go(const envs::Game& game) {
  const envs::go::GoGame* go = envs::go::as_go(game);
  if (!go) bad_argument("gtp_player", "outside GTP programs play Go only, not {}", game.name());
  if (go->rules().width != go->rules().height)
    bad_argument("gtp_player", "GTP has only square boards, not {}x{}", go->rules().width,
                 go->rules().height);
  return *go;
}

const char* colour(int player) { return player == 0 ? "black" : "white"; }

bool is_resignation(std::string answer) {
  std::transform(answer.begin(), answer.end(), answer.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return answer == "resign";
}

}  // namespace

GtpPlayer::GtpPlayer(const std::string& command_line, std::shared_ptr<const envs::Game> game,
                     double timeout_seconds, const std::atomic<bool>* stop)
    : game_(std::move(game)) {
  require_square_go(*game_);
  process_ = std::make_unique<GtpProcess>(command_line, timeout_seconds, stop);
  name_ = process_->command("name");
}

GtpPlayer::~GtpPlayer() = default;

std::string GtpPlayer::name() const { return name_; }

void GtpPlayer::new_game(const envs::State& start) {
  if (start.ply() != 0)
    bad_argument("gtp_player", "a game must start from the empty board, got one at ply {}",
                 start.ply());
  const envs::go::Rules& rules = require_square_go(*game_).rules();
  process_->command(fmt::format("boardsize {}", rules.width));
  process_->command(fmt::format("komi {}", rules.komi()));
  process_->command("clear_board");
  to_move_ = start.current_player();
  generated_ = envs::kNoAction;
}

void GtpPlayer::observe(envs::Action action) {
  if (action != generated_)
    process_->command(fmt::format("play {} {}", colour(to_move_), game_->action_to_string(action)));
  generated_ = envs::kNoAction;
  to_move_ = 1 - to_move_;
}

std::optional<envs::Action> GtpPlayer::select_action(const envs::State& state, Rng& /*rng*/) {
  const std::string answer =
      process_->command(fmt::format("genmove {}", colour(state.current_player())));
  if (is_resignation(answer)) return std::nullopt;
  generated_ = game_->parse_action(answer).value_or(envs::kNoAction);
  if (!state.is_legal(generated_))
    spdlog::warn("{} answered '{}', which is not a legal move", name_, answer);
  return generated_;
}

}  // namespace tengen::selfplay
