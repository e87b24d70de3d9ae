#include "mcts/config.hpp"

#include "engine/base/error.hpp"

namespace tengen::mcts {

Selection parse_selection(const std::string& text) {
  if (text == "puct") return Selection::puct;
  if (text == "gumbel") return Selection::gumbel;
  bad_argument("search", "expected puct or gumbel, got '{}'", text);
}

}  // namespace tengen::mcts
