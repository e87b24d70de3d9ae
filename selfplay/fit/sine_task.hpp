// The task "sine": from a window of a sine's samples to the sample after it. Only the answer after
// the whole window counts.
#pragma once

#include <memory>
#include <string>

#include "engine/base/spec.hpp"
#include "selfplay/fit/fit_task.hpp"

namespace tengen::selfplay {

inline constexpr const char* kSineHelp =
    "points (500), periods (5), length (5) of a window, validation (0): the next sample of a "
    "sine;\n"
    "                   needs no data";

/// Training and test have the same windows, validation the last ones.
std::unique_ptr<FitTask> make_sine_task(Spec& spec);

}  // namespace tengen::selfplay
