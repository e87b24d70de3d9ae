// Lines of text that have a class each: from a file, or generated. A line's class is the target of
// its TextPair.
#pragma once

#include <string>
#include <vector>

#include "engine/base/random.hpp"
#include "engine/data/text_pairs.hpp"

namespace tengen {

/// The lines "LABEL<tab>TEXT" of a file (gzip is inflated), in their order. Throws Error that names
/// the file and the line of the first that lacks a tab, a label or a text, is no UTF-8, holds a
/// NUL or has more than 10,000 bytes.
std::vector<TextPair> load_labelled_lines(const std::string& path);

/// Strings of 2 to `longest` brackets, "(()())" -> "balanced" or "unbalanced", about half of them
/// each and none twice. Both have as many opening as closing ones, so that counting them is not
/// enough. `longest` is even, from 4 to 40; `count` is at most a quarter of all balanced ones and
/// 1,000,000, else std::invalid_argument.
std::vector<TextPair> bracket_strings(int count, int longest, Rng& rng);

}  // namespace tengen
