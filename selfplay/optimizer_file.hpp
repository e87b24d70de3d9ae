// The state of an optimizer as a safetensors file: its tensors, and "optimizer", "steps" and
// "began_at" (the step from which its tensors count) in the metadata. With the net's own file it
// lets training go on bit for bit.
#pragma once

#include <filesystem>
#include <string>

#include "engine/optim/optimizer.hpp"

namespace tengen::selfplay {

/// `kind` names the optimizer: "sgd", "adam".
void write_optimizer(const std::filesystem::path& path, const std::string& kind,
                     const Optimizer& optimizer);

/// Fills `optimizer`. If the file is another kind's, only the step count is taken over, and
/// its memory begins there: false.
/// Throws Error if the file is damaged or of another net; the optimizer is then unchanged.
bool read_optimizer(const std::filesystem::path& path, const std::string& kind,
                    Optimizer& optimizer);

}  // namespace tengen::selfplay
