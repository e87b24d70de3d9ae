#include "tools/show_game.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <memory>
#include <sstream>

namespace tengen::tools {
namespace {

using Block = std::vector<std::string>;  // lines of one board with its title

constexpr std::size_t kGap = 4;

/// Characters on the screen: UTF-8 continuation bytes take no column.
std::size_t display_width(const std::string& line) {
  return static_cast<std::size_t>(std::count_if(
      line.begin(), line.end(), [](unsigned char byte) { return (byte & 0xC0) != 0x80; }));
}

std::size_t display_width(const Block& block) {
  std::size_t width = 0;
  for (const std::string& line : block) width = std::max(width, display_width(line));
  return width;
}

Block board_block(const std::string& title, const std::string& note, const envs::State& state) {
  Block block{title, note};
  std::istringstream lines(state.to_string());
  for (std::string line; std::getline(lines, line);) block.push_back(line);
  return block;
}

std::string note_text(const std::optional<MoveNote>& note) {
  return note ? fmt::format("expects {:.0f}%", 50 + 50 * note->value) : "";
}

void append_row(std::string& text, const std::vector<Block>& row, std::size_t width) {
  std::size_t height = 0;
  for (const Block& block : row) height = std::max(height, block.size());
  for (std::size_t line = 0; line < height; ++line) {
    std::string joined;
    for (const Block& block : row) {
      const std::string part = line < block.size() ? block[line] : "";
      joined += part + std::string(width + kGap - std::min(width, display_width(part)), ' ');
    }
    joined.erase(joined.find_last_not_of(' ') + 1);
    text += joined + "\n";
  }
  text += "\n";
}

}  // namespace

std::string show_game(const envs::Game& game, const ShownGame& shown, const Commentary& commentary,
                      int columns) {
  std::vector<Block> blocks;
  const std::unique_ptr<envs::State> state = game.new_initial_state();
  for (const envs::Action action : shown.actions) {
    const auto player = static_cast<std::size_t>(state->current_player());
    const std::string note = note_text(commentary.find(shown.names[player], *state, action));
    const std::string title = fmt::format("{}. {} plays {}", state->ply() + 1, shown.labels[player],
                                          game.action_to_string(action));
    state->apply(action);
    blocks.push_back(board_block(title, note, *state));
  }
  std::size_t width = 0;
  for (const Block& block : blocks) width = std::max(width, display_width(block));
  const std::size_t per_row =
      std::max<std::size_t>(1, (static_cast<std::size_t>(columns) + kGap) / (width + kGap));

  std::string text = fmt::format("{}: {}, moves first (X)\n{}: {}, moves second (O)\n\n",
                                 shown.labels[0], shown.names[0], shown.labels[1], shown.names[1]);
  for (std::size_t i = 0; i < blocks.size(); i += per_row) {
    const std::size_t end = std::min(i + per_row, blocks.size());
    append_row(text,
               {blocks.begin() + static_cast<std::ptrdiff_t>(i),
                blocks.begin() + static_cast<std::ptrdiff_t>(end)},
               width);
  }
  return text + shown.result + "\n";
}

}  // namespace tengen::tools
