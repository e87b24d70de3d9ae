#include "selfplay/game_record.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <type_traits>

#include "engine/base/error.hpp"

namespace tengen::selfplay {

namespace {

static_assert(std::endian::native == std::endian::little, "records are little-endian");

constexpr std::uint8_t kFormat = 1;

class Writer {
 public:
  template <typename T>
  void put(T value) {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void put_text(const std::string& text) {
    put(static_cast<std::uint32_t>(text.size()));
    bytes_ += text;
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  template <typename T>
  T get() {
    T value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  std::string get_text() { return std::string(take(get<std::uint32_t>())); }
  /// A count of items of at least `item_size` bytes each: bounded by what is left.
  std::uint32_t get_count(std::size_t item_size) {
    const auto count = get<std::uint32_t>();
    if (count > bytes_.size() / item_size) fail();
    return count;
  }
  bool at_end() const { return bytes_.empty(); }
  [[noreturn]] static void fail() { throw Error("game record: damaged or cut"); }

 private:
  std::string_view take(std::size_t size) {
    if (size > bytes_.size()) fail();
    const std::string_view piece = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return piece;
  }
  std::string_view bytes_;
};

constexpr std::size_t kPlyBytes = 4 + 4 + 1 + 1 + 4;
constexpr std::size_t kEntryBytes = 4 + 4;

}  // namespace

std::string to_string(GameEnd end) {
  switch (end) {
    case GameEnd::terminal:
      return "terminal";
    case GameEnd::resigned:
      return "resigned";
    case GameEnd::adjudicated:
      return "adjudicated";
  }
  return "unknown";
}

int GameRecord::training_positions() const {
  return static_cast<int>(
      std::count_if(plies.begin(), plies.end(), [](const PlyRecord& p) { return p.for_training; }));
}

std::string encode(const GameRecord& record) {
  Writer out;
  out.put(kFormat);
  out.put_text(record.game);
  out.put(record.index);
  out.put(record.iteration);
  out.put(record.result);
  out.put(static_cast<std::uint8_t>(record.end));
  out.put(static_cast<std::uint8_t>(record.resign_disabled));
  out.put(static_cast<std::uint32_t>(record.plies.size()));
  for (const PlyRecord& ply : record.plies) {
    out.put(ply.action);
    out.put(ply.root_value);
    out.put(ply.player);
    out.put(static_cast<std::uint8_t>(ply.for_training));
    out.put(ply.policy_count);
  }
  out.put(static_cast<std::uint32_t>(record.policy.size()));
  for (const PolicyEntry& entry : record.policy) {
    out.put(entry.action);
    out.put(entry.probability);
  }
  return out.take();
}

GameRecord decode(std::string_view bytes) {
  Reader in(bytes);
  if (in.get<std::uint8_t>() != kFormat) Reader::fail();
  GameRecord record;
  record.game = in.get_text();
  record.index = in.get<std::uint64_t>();
  record.iteration = in.get<std::int32_t>();
  record.result = in.get<float>();
  record.end = static_cast<GameEnd>(in.get<std::uint8_t>());
  record.resign_disabled = in.get<std::uint8_t>() != 0;
  record.plies.resize(in.get_count(kPlyBytes));
  std::uint64_t entries = 0;
  for (PlyRecord& ply : record.plies) {
    ply.action = in.get<envs::Action>();
    ply.root_value = in.get<float>();
    ply.player = in.get<std::uint8_t>();
    ply.for_training = in.get<std::uint8_t>() != 0;
    ply.policy_begin = static_cast<std::uint32_t>(entries);
    ply.policy_count = in.get<std::uint32_t>();
    entries += ply.policy_count;
  }
  record.policy.resize(in.get_count(kEntryBytes));
  for (PolicyEntry& entry : record.policy) {
    entry.action = in.get<envs::Action>();
    entry.probability = in.get<float>();
  }
  if (record.end > GameEnd::adjudicated || entries != record.policy.size() || !in.at_end())
    Reader::fail();
  return record;
}

std::string moves_text(const envs::Game& game, std::span<const envs::Action> actions) {
  std::string text;
  for (envs::Action action : actions)
    text += (text.empty() ? "" : " ") + game.action_to_string(action);
  return text;
}

std::vector<envs::Action> parse_moves(const envs::Game& game, std::string_view text) {
  std::vector<envs::Action> actions;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (word.empty()) continue;
    const auto action = game.parse_action(word);
    if (!action) throw Error(fmt::format("'{}' is no move of {}", word, game.name()));
    actions.push_back(*action);
  }
  return actions;
}

}  // namespace tengen::selfplay
