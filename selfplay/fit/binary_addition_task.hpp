// The task "binary_addition": sums of two binary numbers, bit by bit from the lowest, so that a
// recurrent net has to learn to carry. Sums of the test are never trained on.
#pragma once

#include <memory>
#include <string>

#include "engine/base/spec.hpp"
#include "selfplay/fit/fit_task.hpp"

namespace tengen::selfplay {

inline constexpr const char* kBinaryAdditionHelp =
    "bits (8), train (1000), test (400), validation (0), seed (1): sums of binary numbers;\n"
    "                   needs no data";

std::unique_ptr<FitTask> make_binary_addition_task(Spec& spec);

}  // namespace tengen::selfplay
