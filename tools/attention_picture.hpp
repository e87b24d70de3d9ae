// Where nets with attention looked, for people: a grid for each example (Bahdanau et al. 2015,
// figure 3), the source's characters above, the answer's at the left, the darker the more weight.
#pragma once

#include <string>
#include <vector>

#include "selfplay/fit/fit_task.hpp"

namespace tengen::tools {

/// A self-contained SVG of texts in ASCII; a space is shown as an open box, the answer's end as
/// a filled one.
std::string attention_svg(const std::vector<selfplay::AttentionMap>& maps);

}  // namespace tengen::tools
