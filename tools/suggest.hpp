// "Did you mean ...?"
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace tengen::tools {

/// The candidate nearest to `word` by edit distance (Levenshtein), if it is near enough to be what
/// was meant: at most a third of its letters differ, and never fewer than two may.
std::optional<std::string> nearest(const std::string& word,
                                   const std::vector<std::string>& candidates);

}  // namespace tengen::tools
