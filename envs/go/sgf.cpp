#include "envs/go/sgf.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "engine/base/error.hpp"
#include "engine/base/read_file.hpp"
#include "envs/go/go_state.hpp"
#include "envs/go/handicap.hpp"
#include "envs/go/sgf_values.hpp"

namespace tengen::envs::go {
namespace {

constexpr const char* kPrisoners = "PRISONERS";

/// Game information of FF[4] that means nothing here.
constexpr const char* kKept[] = {"AN", "BR", "BT", "CP", "EV", "GC", "GN", "ON",
                                 "OT", "PC", "RO", "SO", "TM", "US", "WR", "WT"};

/// Builds the game from the nodes of the main line.
class Builder {
 public:
  Builder(const std::string& source, int max_moves) : values_(source), max_moves_(max_moves) {}

  SgfGame build(const SgfCollection& collection, std::size_t game) {
    const std::vector<int> line = main_line(collection, game);
    bare_root_ = collection.bare_root;
    const auto node = [&](int index) -> const SgfNode& {
      return collection.nodes[static_cast<std::size_t>(index)];
    };
    for (const int index : line) read_board(node(index));
    stones_.assign(static_cast<std::size_t>(values_.width() * values_.height()), Color::kEmpty);
    const bool whole =
        std::all_of(line.begin(), line.end(), [&](const int index) { return read(node(index)); });
    const bool cut_off = collection.cut_off && line.back() + 1 == std::ssize(collection.nodes);
    if (cut_off) game_.remarks.push_back("the file is cut off: the game may have gone on");
    if (bare_root_) game_.remarks.push_back("the root has no \";\"");
    if (!whole || cut_off) game_.result.clear();
    finish();
    return std::move(game_);
  }

 private:
  void read_board(const SgfNode& node) {
    const SgfProperty* kind = node.find("GM");
    if (kind && trimmed(kind->values[0]) != "1")
      values_.fail(*kind, "expected a game of Go (GM[1]), got another game");
    if (const SgfProperty* size = node.find("SZ")) values_.read_size(*size);
  }

  /// False at the move after the last one wanted.
  bool read(const SgfNode& node) {
    for (const SgfProperty& p : node.properties) {
      if (p.name == "B" || p.name == "W") {
        for (const std::string& value : p.values)
          if (!add_move(p, value)) return false;
      } else if (p.name == "AB" || p.name == "AW" || p.name == "AE") {
        add_stones(p);
      } else if (p.name == "PL") {
        read_player(p);
      } else {
        read_information(p);
      }
    }
    return true;
  }

  bool add_move(const SgfProperty& p, const std::string& value) {
    const int player = p.name == "B" ? 0 : 1;
    if (max_moves_ >= 0 && num_moves_ >= max_moves_) {
      if (game_.moves.empty() && !has_player_) set_player(player);
      return false;
    }
    const Action action = values_.move(p, value);
    if (game_.moves.empty()) lay_out(p);
    if (action != board_->area()) put_stone(p, player, action);
    game_.moves.push_back({player, action});
    next_player_.reset();
    ++num_moves_;
    return true;
  }

  void put_stone(const SgfProperty& p, int player, Action action) {
    const Point point = board_->point_of_cell(action);
    if (board_->color(point) != Color::kEmpty) {
      game_.remarks.push_back(
          fmt::format("move {} replaces the stone on its point", num_moves_ + 1));
      if (!game_.moves.empty()) start_anew();
      stones_[static_cast<std::size_t>(action)] = Color::kEmpty;
      set_player(player);
      lay_out(p);
    }
    const int removed = board_->play(point, color_of_player(player));
    const bool suicide = board_->color(point) == Color::kEmpty;
    captured_[static_cast<std::size_t>(suicide ? 1 - player : player)] += removed;
  }

  /// The board before the first move.
  void lay_out(const SgfProperty& p) {
    board_.emplace(values_.width(), values_.height());
    if (!board_->set_stones(stones_)) values_.fail(p, "a chain of the set-up has no liberty");
  }

  void add_stones(const SgfProperty& p) {
    if (!game_.moves.empty()) start_anew();
    const Color color = p.name == "AB"   ? Color::kBlack
                        : p.name == "AW" ? Color::kWhite
                                         : Color::kEmpty;
    for (const Action point : values_.points(p)) stones_[static_cast<std::size_t>(point)] = color;
  }

  /// The position after the moves so far becomes the start.
  void start_anew() {
    for (int cell = 0; cell < board_->area(); ++cell)
      stones_[static_cast<std::size_t>(cell)] = board_->color(board_->point_of_cell(cell));
    for (std::size_t player = 0; player < 2; ++player)
      game_.prisoners[player] += std::exchange(captured_[player], 0);
    set_player(next_player_.value_or(1 - game_.moves.back().player));
    next_player_.reset();
    game_.moves.clear();
  }

  void read_player(const SgfProperty& p) {
    const std::string_view text = trimmed(p.values[0]);
    if (text.empty() || std::string_view("BbWw12").find(text[0]) == std::string_view::npos)
      values_.fail(p, "expected B or W");
    const int player = text[0] == 'B' || text[0] == 'b' || text[0] == '1' ? 0 : 1;
    if (game_.moves.empty())
      set_player(player);
    else
      next_player_ = player;
  }

  void set_player(int player) {
    game_.to_move = player;
    has_player_ = true;
  }

  void read_komi(const SgfProperty& p) {
    const double komi = values_.komi(p);
    game_.komi = std::round(2 * komi) / 2;
    if (game_.komi != komi)
      game_.remarks.push_back(fmt::format("a komi of {} is taken for {}", komi, game_.komi));
  }

  /// "黒6目半", where a root without ';' stands: Black gives 6 and a half.
  void read_komi_in_words(const SgfProperty& p) {
    constexpr const char *kDigits = "0123456789", *kHalf = "半";
    const std::string& text = p.values[0];
    const std::size_t begin = std::min(text.find_first_of(kDigits), text.size());
    const std::size_t end = std::min(text.find_first_not_of(kDigits, begin), text.size());
    if (begin < end) game_.komi = values_.number(p, text.substr(begin, end - begin), 0, 999);
    if (text.find(kHalf) != std::string::npos) game_.komi += 0.5;
    game_.remarks.push_back(fmt::format("KO[{}] is taken for a komi of {}", text, game_.komi));
  }

  void read_handicap(const std::string& raw) {
    const std::optional<int> stones = whole_number(raw);
    const bool sensible = stones && *stones >= 0 && *stones <= kMaxSide * kMaxSide;
    game_.handicap = sensible ? *stones : 0;
    if (!sensible && !trimmed(raw).empty())
      game_.remarks.push_back(fmt::format("HA[{}] is taken for no handicap", raw.substr(0, 20)));
  }

  void read_information(const SgfProperty& p) {
    const std::string& raw = p.values[0];
    if (p.name == "KM") read_komi(p);
    if (p.name == "KO" && bare_root_) read_komi_in_words(p);
    if (p.name == kPrisoners) game_.prisoners = values_.prisoners(p);
    if (p.name == "HA") read_handicap(raw);
    if (p.name == "PB") game_.black_name = sgf_simple_text(raw);
    if (p.name == "PW") game_.white_name = sgf_simple_text(raw);
    if (p.name == "RE") game_.result = sgf_simple_text(raw);
    if (p.name == "RU") game_.rules = sgf_simple_text(raw);
    if (p.name == "DT") game_.date = sgf_simple_text(raw);
    if (std::find(std::begin(kKept), std::end(kKept), p.name) != std::end(kKept))
      game_.information.push_back(p);
  }

  void finish() {
    game_.width = values_.width();
    game_.height = values_.height();
    if (next_player_ && *next_player_ == game_.moves.back().player) start_anew();
    if (!has_player_) game_.to_move = guess_player();
    for (std::size_t cell = 0; cell < stones_.size(); ++cell) {
      if (stones_[cell] == Color::kBlack) game_.black.push_back(static_cast<Action>(cell));
      if (stones_[cell] == Color::kWhite) game_.white.push_back(static_cast<Action>(cell));
    }
    place_missing_handicap();
  }

  int guess_player() const {
    if (!game_.moves.empty()) return game_.moves[0].player;
    return game_.handicap >= 2 ? 1 : 0;
  }

  /// Where Black begins, the stones may be among the moves.
  void place_missing_handicap() {
    if (game_.handicap < 2 || !game_.black.empty() || game_.to_move == 0) return;
    if (game_.handicap <= max_fixed_handicap(game_.width, game_.height)) {
      game_.black = fixed_handicap(game_.width, game_.height, game_.handicap);
      return;
    }
    game_.remarks.push_back(fmt::format(
        "HA[{}] without stones is taken for no handicap: there are no usual points for so many",
        game_.handicap));
    game_.handicap = 0;
  }

  SgfValues values_;
  SgfGame game_;
  std::vector<Color> stones_;      // before the moves
  std::optional<Board> board_;     // after them, once there is one
  std::array<int, 2> captured_{};  // by them
  const int max_moves_;
  std::optional<int> next_player_;  // from PL behind them
  int num_moves_ = 0;
  bool has_player_ = false;
  bool bare_root_ = false;
};

SgfNode root_node(const SgfGame& game) {
  SgfNode root;
  const auto add = [&root](const char* name, const std::string& text) {
    if (!text.empty()) root.properties.push_back({name, {sgf_escaped(text)}});
  };
  const auto add_stones = [&](const char* name, const std::vector<Action>& stones) {
    if (stones.empty()) return;
    SgfProperty property{name, {}};
    for (const Action stone : stones)
      property.values.push_back(sgf_point(game.width, game.height, stone));
    root.properties.push_back(std::move(property));
  };
  add("GM", "1");
  add("FF", "4");
  add("CA", "UTF-8");
  add("AP", "Tengen");
  add("SZ", game.width == game.height ? std::to_string(game.width)
                                      : fmt::format("{}:{}", game.width, game.height));
  add("KM", fmt::format("{}", game.komi));
  if (game.handicap > 0) add("HA", std::to_string(game.handicap));
  add("RU", game.rules);
  add("DT", game.date);
  add("PB", game.black_name);
  add("PW", game.white_name);
  add("RE", game.result);
  root.properties.insert(root.properties.end(), game.information.begin(), game.information.end());
  add_stones("AB", game.black);
  add_stones("AW", game.white);
  if (game.prisoners != std::array<int, 2>{})
    add(kPrisoners, fmt::format("{}:{}", game.prisoners[0], game.prisoners[1]));
  if (game.to_move == 1 || game.handicap > 0 || !game.black.empty() || !game.white.empty())
    add("PL", game.to_move == 0 ? "B" : "W");
  return root;
}

}  // namespace

SgfGame sgf_game(const SgfCollection& collection, const std::string& source, std::size_t game,
                 int max_moves) {
  return Builder(source, max_moves).build(collection, game);
}

SgfGame parse_sgf(std::string_view text, const std::string& source) {
  return sgf_game(parse_sgf_collection(text, source), source);
}

SgfGame read_sgf(const std::string& path, int max_moves) {
  return sgf_game(parse_sgf_collection(read_file(path, "an SGF file"), path), path, 0, max_moves);
}

std::string write_sgf(const SgfGame& game) {
  SgfCollection collection{{root_node(game)}, {0}};
  for (const SgfMove& move : game.moves) {
    const int index = static_cast<int>(collection.nodes.size());
    collection.nodes.back().children = {index};
    collection.nodes.push_back(
        {{{move.player == 0 ? "B" : "W", {sgf_point(game.width, game.height, move.action)}}},
         index - 1,
         {}});
  }
  return write_sgf_collection(collection);
}

SgfGame to_sgf(const GoState& state, SgfGame header) {
  SgfGame game = std::move(header);
  game.black.clear();
  game.white.clear();
  game.moves.clear();
  game.width = state.board().width();
  game.height = state.board().height();
  game.komi = state.komi();
  game.handicap = state.handicap();
  game.to_move = state.setup_to_move();
  game.prisoners = state.setup_prisoners();
  const std::span<const Color> stones = state.setup_stones();
  for (std::size_t cell = 0; cell < stones.size(); ++cell) {
    if (stones[cell] == Color::kBlack) game.black.push_back(static_cast<Action>(cell));
    if (stones[cell] == Color::kWhite) game.white.push_back(static_cast<Action>(cell));
  }
  for (int ply = 0; ply < state.ply(); ++ply)
    game.moves.push_back({state.player_at(ply), state.action_at(ply)});
  return game;
}

void load_sgf(const SgfGame& game, GoState& state, int max_moves) {
  const Board& board = state.board();
  if (game.width != board.width() || game.height != board.height())
    throw Error(fmt::format("sgf: expected a {} x {} game, got {} x {}", board.width(),
                            board.height(), game.width, game.height));
  GoState loaded = state;
  loaded.lift_ply_limit();
  try {
    loaded.set_komi(game.komi);
    loaded.set_up(game.black, game.white, game.to_move, game.handicap, game.prisoners);
  } catch (const std::invalid_argument& error) {
    throw Error(std::string("sgf: ") + error.what());
  }
  const std::size_t count = max_moves < 0
                                ? game.moves.size()
                                : std::min(game.moves.size(), static_cast<std::size_t>(max_moves));
  for (std::size_t i = 0; i < count; ++i) {
    const auto [player, action] = game.moves[i];
    if (loaded.is_terminal() && action == loaded.go_game().pass_action()) continue;
    loaded.set_to_move(player);
    if (!loaded.execute(action))
      throw Error(fmt::format("sgf: move {} ({} {}) is not on an empty point", i + 1,
                              player == 0 ? "B" : "W", loaded.go_game().action_to_string(action)));
  }
  state = loaded;
}

}  // namespace tengen::envs::go
