#include "tools/gtp/board_text.hpp"

#include <algorithm>
#include <sstream>

#include "engine/base/error.hpp"
#include "tools/gtp/engine.hpp"

namespace tengen::gtp {

std::string board_of(const Session& session, const std::function<std::string(int cell)>& word) {
  const envs::ObservationShape shape = session.game().observation_shape();
  std::string text;
  for (int cell = 0; cell < shape.cells(); ++cell) {
    text += word(cell);
    text += (cell + 1) % shape.width == 0 ? '\n' : ' ';
  }
  return text;
}

std::string stones_board(const Session& session) {
  const envs::ObservationShape shape = session.game().observation_shape();
  std::istringstream lines(session.state().to_string());
  std::string text, line;
  int rows = 0;
  while (rows < shape.height && std::getline(lines, line)) {
    std::string row;
    for (const char c : line)
      if (c == 'X' || c == 'O' || c == '.' || c == '+')
        row += std::string(1, c == '+' ? '.' : c) + ' ';
    if (static_cast<int>(row.size()) != 2 * shape.width) continue;
    row.back() = '\n';
    text += row;
    ++rows;
  }
  if (rows < shape.height) throw Failure("this game has no board of stones");
  return text;
}

std::string heat_colour(double share) {
  constexpr double kFaintest = 0.005;
  if (!(share >= kFaintest)) return "\"\"";
  const int other = static_cast<int>(230 * (1 - std::min(share, 1.0)));
  return fmt::format("#ff{:02x}{:02x}", other, other);
}

}  // namespace tengen::gtp
