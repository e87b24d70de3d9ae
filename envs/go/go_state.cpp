#include "envs/go/go_state.hpp"

#include <algorithm>
#include <limits>

#include "engine/base/check.hpp"
#include "engine/base/error.hpp"
#include "engine/base/hash.hpp"
#include "engine/base/random.hpp"
#include "envs/go/features.hpp"
#include "envs/go/pass_alive.hpp"
#include "envs/go/playout.hpp"
#include "envs/go/scoring.hpp"

namespace tengen::envs::go {
namespace {

constexpr std::uint64_t kWhiteToMove = mix64(0x57);
/// Random games behind the judgement of dead stones.
constexpr int kJudgementGames = 64;

float sign(double score) { return score > 0 ? 1.0f : score < 0 ? -1.0f : 0.0f; }

}  // namespace

GoState::GoState(const GoGame& game)
    : game_(&game), board_(game.rules().width, game.rules().height), history_(game.rules().area()) {
  Setup setup;
  setup.stones.resize(static_cast<std::size_t>(board_.area()), Color::kEmpty);
  setup.komi_halves = game.rules().komi_halves;
  setup.max_plies = game.max_plies();
  restart(std::make_shared<const Setup>(std::move(setup)));
}

void GoState::restart(std::shared_ptr<const Setup> setup) {
  setup_ = std::move(setup);
  CHECK_INVARIANT(board_.set_stones(setup_->stones));
  to_move_ = setup_->to_move;
  passes_ = 0;
  button_ply_ = -1;
  most_stones_ = {board_.num_stones(Color::kBlack), board_.num_stones(Color::kWhite)};
  journal_.clear();
  history_.clear();
  history_.push(situation(board_.hash(), to_move_));
}

std::uint64_t GoState::situation(std::uint64_t hash, int to_move) const {
  const bool with_side = game_->rules().ko == KoRule::kSituational && to_move == 1;
  return with_side ? hash ^ kWhiteToMove : hash;
}

bool GoState::is_terminal() const { return passes_ >= 2 || ply() >= setup_->max_plies; }

double GoState::score_of(int points) const {
  const Rules& rules = game_->rules();
  double score = points - komi();
  if (rules.handicap_bonus != HandicapBonus::kNone) score -= handicap_points();
  if (rules.scoring == Scoring::kTerritory) score += prisoners(0) - prisoners(1);
  if (button_ply_ >= 0) score += button_holder() == 0 ? 0.5 : -0.5;
  return score;
}

int GoState::handicap_points() const {
  const int uncounted = game_->rules().handicap_bonus == HandicapBonus::kStonesLessOne ? 1 : 0;
  return std::max(0, setup_->handicap - uncounted);
}

std::vector<Life> GoState::life() const {
  // The games are played on the least of the position's images, set up afresh: how it came about
  // and which way it lies must not change the judgement.
  std::vector<Color> least;
  int symmetry = 0;
  for (int s = 0; s < game_->num_symmetries(); ++s) {
    std::vector<Color> image(static_cast<std::size_t>(board_.area()));
    for (int cell = 0; cell < board_.area(); ++cell)
      image[game_->transform_cell(s, cell)] = board_.color(board_.point_of_cell(cell));
    if (s > 0 && image >= least) continue;
    least = std::move(image);
    symmetry = s;
  }
  Board board(board_.width(), board_.height());
  CHECK_INVARIANT(board.set_stones(least));
  Rng rng(board.hash());
  const std::vector<double> seen = random_ownership(board, kJudgementGames, rng);
  std::vector<double> owners(seen.size());
  for (int cell = 0; cell < board_.area(); ++cell)
    owners[cell] = seen[game_->transform_cell(symmetry, cell)];
  return judge_life(board_, owners, game_->rules().suicide);
}

double GoState::agreed_score() const {
  const std::vector<Life> life = this->life();
  const Rules& rules = game_->rules();
  const bool territory = rules.scoring == Scoring::kTerritory;
  return score_of(territory ? territory_score(board_, life, rules.tax)
                            : area_score(without_dead_stones(board_, life), rules.tax));
}

std::vector<Color> GoState::owners() const {
  const bool territory = game_->rules().scoring == Scoring::kTerritory;
  std::vector<Color> owners = ownership(territory ? without_dead_stones(board_, life()) : board_);
  const std::vector<Color> certain = pass_alive(board_, game_->rules().suicide);
  for (std::size_t cell = 0; cell < owners.size(); ++cell)
    if (certain[cell] != Color::kEmpty) owners[cell] = certain[cell];
  return owners;
}

double GoState::score() const {
  const Rules& rules = game_->rules();
  const bool territory = rules.scoring == Scoring::kTerritory;
  return score_of(territory ? territory_score(board_, life(), rules.tax)
                            : area_score(board_, rules.tax));
}

float GoState::returns(int player) const {
  const float black = sign(score());
  return player == 0 ? black : -black;
}

/// Whether a move of `color` that keeps its stone can repeat a position: not if it makes more of
/// them than there ever were.
bool GoState::may_repeat(Color color) const {
  return uses_superko() && board_.num_stones(color) < most_stones_[player_of_color(color)];
}

bool GoState::repeats(Point p, Color color) const {
  return history_.contains(situation(board_.hash_after(p, color), 1 - to_move_));
}

bool GoState::is_legal_point(Point p, Color color) const {
  if (!board_.surroundings(p).is_enclosed()) return !may_repeat(color) || !repeats(p, color);
  const bool suicide = game_->rules().suicide;
  if (!board_.is_playable(p, color, suicide)) return false;
  if (!uses_superko()) return p != board_.ko_point();
  return !(suicide || may_repeat(color)) || !repeats(p, color);
}

void GoState::legal_actions(std::vector<Action>& out) const {
  out.clear();
  if (is_terminal()) return;
  out.resize(static_cast<std::size_t>(board_.area()) + 1);
  // Two passes that write every candidate and step on by 0 or 1: which points are empty cannot be
  // predicted, and a branch on it would cost more than all the rest.
  std::size_t num_empty = 0;
  for (Action row = 0, cell = 0; row < board_.height(); ++row) {
    Point p = board_.point(row, 0);
    for (const Action end = cell + board_.width(); cell < end; ++cell, ++p) {
      out[num_empty] = cell;
      num_empty += board_.color(p) == Color::kEmpty;
    }
  }
  const Color color = color_to_move();
  const bool look_closer = may_repeat(color);
  std::size_t num_legal = 0;
  for (std::size_t i = 0; i < num_empty; ++i) {
    const Action action = out[i];
    const Point p = board_.point_of_cell(action);
    const bool hard = look_closer || board_.surroundings(p).is_enclosed();
    out[num_legal] = action;
    num_legal += !hard || is_legal_point(p, color);
  }
  out[num_legal++] = game_->pass_action();
  out.resize(num_legal);
}

bool GoState::is_legal(Action action) const {
  if (action < 0 || action > game_->pass_action() || is_terminal()) return false;
  if (action == game_->pass_action()) return true;
  const Point p = board_.point_of_cell(action);
  return board_.color(p) == Color::kEmpty && is_legal_point(p, color_to_move());
}

void GoState::apply(Action action) {
  DCHECK(is_legal(action));
  put(action);
}

bool GoState::execute(Action action) {
  const bool pass = action == game_->pass_action();
  const bool on_board = action >= 0 && action < board_.area();
  if (!pass && !(on_board && board_.color(board_.point_of_cell(action)) == Color::kEmpty))
    return false;
  put(action);
  return true;
}

/// A pass, or a stone on an empty point.
void GoState::put(Action action) {
  int& most = most_stones_[to_move_];
  Journal::Ply ply{.ko_before = board_.ko_point(),
                   .color = color_to_move(),
                   .passes_before = static_cast<std::uint8_t>(passes_),
                   .most_before = static_cast<std::uint16_t>(most)};
  std::size_t removed = 0;
  if (action == game_->pass_action()) {
    board_.pass();
    if (takes_button())
      button_ply_ = this->ply();
    else
      ++passes_;
  } else {
    ply.point = board_.point_of_cell(action);
    removed = static_cast<std::size_t>(board_.play(ply.point, ply.color));
    ply.suicide = board_.color(ply.point) == Color::kEmpty;
    passes_ = 0;
  }
  most = std::max(most, board_.num_stones(ply.color));
  journal_.push(ply, board_.empty_points().last(removed));
  to_move_ = 1 - to_move_;
  history_.push(situation(board_.hash(), to_move_));
}

void GoState::undo() {
  std::vector<Color> points(static_cast<std::size_t>(board_.num_points()));
  for (int p = 0; p < board_.num_points(); ++p) points[p] = board_.color(static_cast<Point>(p));
  const Journal::Change change = Journal::Walker(journal_).step_back();
  for (const Point p : change.removed) points[p] = change.removed_color;
  if (change.point != kNoPoint) points[change.point] = Color::kEmpty;
  std::vector<Color> cells;
  for (int cell = 0; cell < board_.area(); ++cell)
    cells.push_back(points[board_.point_of_cell(cell)]);
  CHECK_INVARIANT(board_.set_stones(cells));
  const Journal::Ply ply = journal_.pop();
  board_.set_ko_point(ply.ko_before);
  passes_ = ply.passes_before;
  if (button_ply_ == this->ply()) button_ply_ = -1;
  to_move_ = player_of_color(ply.color);
  most_stones_[to_move_] = ply.most_before;
  history_.pop();
}

std::uint64_t GoState::key() const {
  std::uint64_t key = board_.hash() ^ (to_move_ == 1 ? kWhiteToMove : 0);
  key = hash_combine(key, uses_superko() ? history_.set_hash() : board_.ko_point());
  key = hash_combine(key, static_cast<std::uint64_t>(setup_->komi_halves * 4 + passes_));
  if (game_->rules().scoring == Scoring::kTerritory)
    key = hash_combine(key, static_cast<std::uint64_t>(prisoners(0) - prisoners(1)));
  return button_ply_ < 0 ? key : hash_combine(key, static_cast<std::uint64_t>(button_holder()));
}

std::uint64_t GoState::observation_key() const {
  std::uint64_t key = to_move_ == 1 ? kWhiteToMove : 0;
  const int positions = std::min(kHistoryPositions, history_.size());
  for (int age = 0; age < positions; ++age) key = hash_combine(key, history_.recent(age));
  return key;
}

void GoState::write_observation(std::span<float> out) const { write_planes(*this, out); }

std::unique_ptr<State> GoState::clone() const { return std::make_unique<GoState>(*this); }

void GoState::copy_from(const State& other) {
  const auto& from = static_cast<const GoState&>(other);
  // Copies of one game share its set-up: threads would contend for a counter that need not move.
  if (setup_ != from.setup_) setup_ = from.setup_;
  game_ = from.game_;
  board_ = from.board_;
  history_ = from.history_;
  journal_ = from.journal_;
  to_move_ = from.to_move_;
  passes_ = from.passes_;
  button_ply_ = from.button_ply_;
  most_stones_ = from.most_stones_;
}

float GoState::random_playout(Rng& rng, int player, int* plies) const {
  if (is_terminal()) return returns(player);
  Board board = board_;
  const int limit = std::min(setup_->max_plies - ply(), game_->max_plies());
  const int played = play_random_game(board, color_to_move(), passes_, limit, rng);
  if (plies) *plies += played;
  const Rules& rules = game_->rules();
  const bool territory = rules.scoring == Scoring::kTerritory;
  const float black = sign(score_of(territory ? territory_score_if(board_, board, rules.tax)
                                              : area_score(board, rules.tax)));
  return player == 0 ? black : -black;
}

int GoState::prisoners(int player) const {
  const Color color = color_of_player(player);
  int count = setup_->prisoners[static_cast<std::size_t>(player)];
  for (int i = 0; i < journal_.size(); ++i)
    if ((journal_[i].color == color) != journal_[i].suicide) count += journal_[i].removed;
  return count;
}

Action GoState::action_at(int ply) const {
  const Point p = journal_[ply].point;
  return p == kNoPoint ? game_->pass_action() : board_.cell_of_point(p);
}

void GoState::set_komi(double komi) {
  Setup setup = *setup_;
  setup.komi_halves = komi_to_halves(komi);
  setup_ = std::make_shared<const Setup>(std::move(setup));
}

void GoState::lift_ply_limit() {
  Setup setup = *setup_;
  setup.max_plies = std::numeric_limits<int>::max();
  setup_ = std::make_shared<const Setup>(std::move(setup));
}

void GoState::set_to_move(int player) {
  if (player != to_move_ || is_terminal()) set_turn({.player = player});
}

void GoState::set_turn(const Turn& turn) {
  to_move_ = turn.player;
  passes_ = turn.passes;
  board_.set_ko_point(turn.ko_point);
}

void GoState::set_up(std::span<const Action> black, std::span<const Action> white, int to_move,
                     int handicap, std::array<int, 2> prisoners) {
  Setup setup;
  setup.prisoners = prisoners;
  setup.stones.resize(static_cast<std::size_t>(board_.area()), Color::kEmpty);
  setup.to_move = to_move;
  setup.handicap = handicap;
  setup.komi_halves = setup_->komi_halves;
  setup.max_plies = setup_->max_plies;
  const auto place = [&](std::span<const Action> stones, Color color) {
    for (const Action action : stones) {
      if (action < 0 || action >= board_.area())
        bad_argument("go::set_up", "expected points below {}, got {}", board_.area(), action);
      if (setup.stones[action] != Color::kEmpty)
        bad_argument("go::set_up", "{} is given twice", game_->action_to_string(action));
      setup.stones[action] = color;
    }
  };
  place(black, Color::kBlack);
  place(white, Color::kWhite);
  if (!Board(board_.width(), board_.height()).set_stones(setup.stones))
    bad_argument("go::set_up", "expected chains with liberties, got one without");
  restart(std::make_shared<const Setup>(std::move(setup)));
}

void GoState::set_up_to_move(int to_move) {
  Setup setup = *setup_;
  setup.to_move = to_move;
  restart(std::make_shared<const Setup>(std::move(setup)));
}

void GoState::place_handicap(std::span<const Action> points) {
  set_up(points, {}, 1, static_cast<int>(points.size()));
}

std::string GoState::to_string() const {
  const Point last = ply() == 0 ? kNoPoint : journal_[ply() - 1].point;
  std::string text = board_.to_string(last);
  if (is_terminal()) {
    const double points = score();
    return text + (points == 0 ? std::string("Draw\n")
                               : fmt::format("{}+{}\n", points > 0 ? 'B' : 'W', std::abs(points)));
  }
  return text + fmt::format("{} to move, captures: X {}, O {}\n", to_move_ == 0 ? "X" : "O",
                            prisoners(0), prisoners(1));
}

}  // namespace tengen::envs::go
