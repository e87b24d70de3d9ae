#include "envs/go/sgf.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "engine/base/error.hpp"
#include "envs/go/go_state.hpp"

namespace tengen::envs::go {
namespace {

constexpr int kMaxNesting = 10000;

struct Value {
  std::string text;
  std::size_t offset;
};

struct Property {
  std::string name;
  std::size_t offset;
  std::vector<Value> values;
};

/// Splits the text into the properties of the main line's nodes.
class Parser {
 public:
  Parser(std::string_view text, const std::string& source) : text_(text), source_(source) {}

  [[noreturn]] void fail(std::size_t offset, const std::string& message) const {
    throw Error(source_, offset, message);
  }

  /// The properties of the main line, node after node: an empty name starts a node.
  std::vector<Property> main_line() {
    seek_start();
    std::vector<Property> line;
    int depth = 1;
    while (depth > 0) {
      skip_space();
      const std::size_t here = at_;
      const char c = next("the game is cut off: expected ')'");
      if (c == ';') {
        line.push_back({"", here, {}});
      } else if (c == '(') {
        if (++depth > kMaxNesting) fail(here, "variations are nested too deeply");
      } else if (c == ')') {
        return line;  // the first leaf ends the main line
      } else {
        --at_;
        line.push_back(property());
      }
    }
    return line;
  }

 private:
  static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
  static bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
  static bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

  void skip_space() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }

  char next(const char* if_at_end) {
    if (at_ >= text_.size()) fail(at_, if_at_end);
    return text_[at_++];
  }

  /// To the first '(' that is followed by ';'.
  void seek_start() {
    for (at_ = 0; at_ < text_.size();)
      if (text_[at_++] == '(') {
        skip_space();
        if (at_ < text_.size() && text_[at_] == ';') return;
      }
    fail(0, "not an SGF file: expected \"(;\"");
  }

  Property property() {
    Property property{"", at_, {}};
    for (; at_ < text_.size() && (is_upper(text_[at_]) || is_lower(text_[at_])); ++at_)
      if (is_upper(text_[at_])) property.name += text_[at_];
    if (property.name.empty()) fail(property.offset, "expected a property, ';', '(' or ')'");
    for (skip_space(); at_ < text_.size() && text_[at_] == '['; skip_space())
      property.values.push_back(value());
    if (property.values.empty()) fail(at_, "expected '[' after " + property.name);
    return property;
  }

  Value value() {
    Value value{"", ++at_};
    for (;;) {
      char c = next("a property value is cut off: expected ']'");
      if (c == ']') return value;
      if (c == '\\') c = next("a property value is cut off: expected ']'");
      value.text += c;
    }
  }

  std::string_view text_;
  const std::string& source_;
  std::size_t at_ = 0;
};

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// Builds the game from the properties.
class Builder {
 public:
  explicit Builder(const Parser& parser) : parser_(parser) {}

  SgfGame build(const std::vector<Property>& line) {
    for (const Property& p : line) read_size(p);
    for (const Property& p : line) read(p);
    if (!has_player_) game_.to_move = guess_player();
    collect_stones();
    return std::move(game_);
  }

 private:
  int number(const Value& value, int low, int high) const {
    const std::string text = trimmed(value.text);
    const bool digits =
        !text.empty() && text.size() < 6 &&
        std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    const int number = digits ? std::stoi(text) : low - 1;
    if (number < low || number > high)
      parser_.fail(value.offset, fmt::format("expected a number from {} to {}, got \"{}\"", low,
                                             high, value.text.substr(0, 20)));
    return number;
  }

  void read_size(const Property& p) {
    if (p.name == "GM" && trimmed(p.values[0].text) != "1")
      parser_.fail(p.values[0].offset, "expected a game of Go (GM[1]), got another game");
    if (p.name == "SZ") {
      const Value& value = p.values[0];
      const auto colon = value.text.find(':');
      game_.width = number({value.text.substr(0, colon), value.offset}, 1, kMaxSide);
      game_.height = colon == std::string::npos
                         ? game_.width
                         : number({value.text.substr(colon + 1), value.offset}, 1, kMaxSide);
    }
    stones_.assign(static_cast<std::size_t>(game_.width * game_.height), Color::kEmpty);
  }

  void read(const Property& p) {
    if (p.name.empty()) return;
    const Value& value = p.values[0];
    if (p.name == "B" || p.name == "W") {
      for (const Value& move : p.values)
        game_.moves.push_back({p.name == "B" ? 0 : 1, parse_move(move)});
    } else if (p.name == "AB" || p.name == "AW" || p.name == "AE") {
      read_stones(p);
    } else if (p.name == "PL") {
      read_player(value);
    } else if (p.name == "KM") {
      game_.komi = parse_komi(value);
    } else if (p.name == "HA") {
      game_.handicap = trimmed(value.text).empty() ? 0 : number(value, 0, kMaxSide * kMaxSide);
    } else {
      read_text(p.name, value.text);
    }
  }

  void read_text(const std::string& name, const std::string& text) {
    if (name == "PB") game_.black_name = text;
    if (name == "PW") game_.white_name = text;
    if (name == "RE") game_.result = text;
    if (name == "RU") game_.rules = text;
    if (name == "DT") game_.date = text;
  }

  void read_player(const Value& value) {
    const std::string text = trimmed(value.text);
    if (!game_.moves.empty()) return;
    if (text.empty() || std::string("BbWw12").find(text[0]) == std::string::npos)
      parser_.fail(value.offset, "expected B or W");
    game_.to_move = text[0] == 'B' || text[0] == 'b' || text[0] == '1' ? 0 : 1;
    has_player_ = true;
  }

  double parse_komi(const Value& value) const {
    std::string text = trimmed(value.text);
    std::replace(text.begin(), text.end(), ',', '.');
    if (text.empty()) return 0;
    char* end = nullptr;
    const double komi = std::strtod(text.c_str(), &end);
    if (*end != '\0' || !(komi > -1000 && komi < 1000))
      parser_.fail(value.offset, "expected a komi, got \"" + value.text.substr(0, 20) + '"');
    return komi;
  }

  /// Column or row of a letter: a-z, then A-Z; -1 if it is none.
  static int coordinate(char c) {
    if (c >= 'a' && c <= 'z') return c - 'a';
    return c >= 'A' && c <= 'Z' ? c - 'A' + 26 : -1;
  }

  int parse_point(std::string_view text, std::size_t offset) const {
    const int column = text.size() == 2 ? coordinate(text[0]) : -1;
    const int row = text.size() == 2 ? coordinate(text[1]) : -1;
    if (column < 0 || column >= game_.width || row < 0 || row >= game_.height)
      parser_.fail(offset, fmt::format("expected a point of {} x {}, got \"{}\"", game_.width,
                                       game_.height, text.substr(0, 20)));
    return row * game_.width + column;
  }

  Action parse_move(const Value& value) const {
    const std::string text = trimmed(value.text);
    const bool old_pass = text == "tt" && game_.width <= 19 && game_.height <= 19;
    if (text.empty() || old_pass) return game_.width * game_.height;
    return parse_point(text, value.offset);
  }

  void read_stones(const Property& p) {
    if (!game_.moves.empty())
      parser_.fail(p.offset, "set-up stones after the first move are not supported");
    const Color color = p.name == "AB"   ? Color::kBlack
                        : p.name == "AW" ? Color::kWhite
                                         : Color::kEmpty;
    for (const Value& value : p.values) {
      const std::string text = trimmed(value.text);
      if (text.empty()) continue;  // "AB[]": no stones
      const auto colon = text.find(':');
      const int from = parse_point(text.substr(0, colon), value.offset);
      const int to =
          colon == std::string::npos ? from : parse_point(text.substr(colon + 1), value.offset);
      fill(from, to, color);
    }
  }

  /// The rectangle between two corners.
  void fill(int from, int to, Color color) {
    const auto [top, bottom] = std::minmax({from / game_.width, to / game_.width});
    const auto [left, right] = std::minmax({from % game_.width, to % game_.width});
    for (int row = top; row <= bottom; ++row)
      for (int column = left; column <= right; ++column)
        stones_[row * game_.width + column] = color;
  }

  int guess_player() const {
    if (!game_.moves.empty()) return game_.moves[0].player;
    return game_.handicap >= 2 ? 1 : 0;
  }

  void collect_stones() {
    for (std::size_t cell = 0; cell < stones_.size(); ++cell) {
      if (stones_[cell] == Color::kBlack) game_.black.push_back(static_cast<Action>(cell));
      if (stones_[cell] == Color::kWhite) game_.white.push_back(static_cast<Action>(cell));
    }
  }

  const Parser& parser_;
  SgfGame game_;
  std::vector<Color> stones_;
  bool has_player_ = false;
};

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == ']' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string point_text(const SgfGame& game, Action action) {
  if (action == game.width * game.height) return "[]";
  return {'[', static_cast<char>('a' + action % game.width),
          static_cast<char>('a' + action / game.width), ']'};
}

}  // namespace

SgfGame parse_sgf(std::string_view text, const std::string& source) {
  Parser parser(text, source);
  const std::vector<Property> line = parser.main_line();
  return Builder(parser).build(line);
}

SgfGame read_sgf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(path, "expected an SGF file that can be read");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad()) throw Error(path, "reading failed");
  return parse_sgf(text, path);
}

std::string write_sgf(const SgfGame& game) {
  std::string text = "(;GM[1]FF[4]CA[UTF-8]AP[Tengen]";
  text += game.width == game.height ? fmt::format("SZ[{}]", game.width)
                                    : fmt::format("SZ[{}:{}]", game.width, game.height);
  text += fmt::format("KM[{}]", game.komi);
  if (game.handicap > 0) text += fmt::format("HA[{}]", game.handicap);
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) text += fmt::format("{}[{}]", name, escaped(value));
  };
  add("RU", game.rules);
  add("DT", game.date);
  add("PB", game.black_name);
  add("PW", game.white_name);
  add("RE", game.result);
  const auto add_stones = [&](const char* name, const std::vector<Action>& stones) {
    if (!stones.empty()) text += name;
    for (const Action stone : stones) text += point_text(game, stone);
  };
  add_stones("AB", game.black);
  add_stones("AW", game.white);
  if (game.to_move == 1 || !game.black.empty() || !game.white.empty())
    text += game.to_move == 0 ? "PL[B]" : "PL[W]";
  for (std::size_t i = 0; i < game.moves.size(); ++i) {
    text += i % 10 == 0 ? "\n;" : ";";
    text += (game.moves[i].player == 0 ? 'B' : 'W') + point_text(game, game.moves[i].action);
  }
  return text + ")\n";
}

SgfGame to_sgf(const GoState& state) {
  SgfGame game;
  game.width = state.board().width();
  game.height = state.board().height();
  game.komi = state.komi();
  game.handicap = state.handicap();
  game.to_move = state.setup_to_move();
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
    loaded.set_up(game.black, game.white, game.to_move, game.handicap);
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
    if (!loaded.is_legal(action))
      throw Error(fmt::format("sgf: move {} ({} {}) is illegal", i + 1, player == 0 ? "B" : "W",
                              loaded.go_game().action_to_string(action)));
    loaded.apply(action);
  }
  state = loaded;
}

}  // namespace tengen::envs::go
