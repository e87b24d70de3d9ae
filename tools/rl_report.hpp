// What `tengen rl` made, for people: learning curves.
#pragma once

#include <vector>

#include "selfplay/run_directory.hpp"
#include "tools/curve.hpp"

namespace tengen::tools {

/// Returns, losses and the like of a run of `tengen rl` over its environment steps.
std::vector<Curve> rl_curves(const selfplay::RunDirectory& run);

}  // namespace tengen::tools
