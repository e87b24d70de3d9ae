// check_env(): whether an environment keeps the promises of dynamics.hpp. Run it on a new one.
//
// It plays uniformly random allowed actions and checks that observations lie in their space, with
// every number written, and that looking changes nothing; that rewards are finite; that masks hold
// 0 and 1, allow something, and everything unless the spec says that they mask; that one seed gives
// one trajectory, on a new copy, on a used one, and with another copy stepped in between.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "envs/rl/dynamics.hpp"

namespace tengen::envs::rl {

/// Makes equal copies of the environment.
using DynamicsMaker = std::function<std::unique_ptr<Dynamics>()>;

/// Plays `steps` steps of each copy. Throws tengen::Error that names the environment, the step and
/// the broken promise.
void check_env(const DynamicsMaker& make, int steps = 500);
/// The same for a description, as make_env() takes it.
void check_env(std::string_view spec, int steps = 500);

}  // namespace tengen::envs::rl
