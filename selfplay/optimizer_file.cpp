#include "selfplay/optimizer_file.hpp"

#include <vector>

#include "engine/base/error.hpp"
#include "engine/io/safetensors.hpp"
#include "selfplay/file_metadata.hpp"

namespace tengen::selfplay {

namespace {

/// Files of older versions have none: their optimizers did all the steps.
std::int64_t began_at(const io::Safetensors& file, const std::string& path) {
  return file.metadata.contains("began_at") ? number_in(file.metadata, path, "began_at") : 0;
}

}  // namespace

void write_optimizer(const std::filesystem::path& path, const std::string& kind,
                     const Optimizer& optimizer) {
  std::vector<io::NamedTensor> tensors;
  for (const NamedBuffer& buffer : optimizer.state())
    tensors.push_back({buffer.name, buffer.tensor});
  io::save_safetensors(path.string(), tensors,
                       {{"optimizer", kind},
                        {"steps", std::to_string(optimizer.steps())},
                        {"began_at", std::to_string(optimizer.began_at())}});
}

bool read_optimizer(const std::filesystem::path& path, const std::string& kind,
                    Optimizer& optimizer) {
  const io::Safetensors file = io::load_safetensors(path.string());
  std::vector<NamedBuffer> state = optimizer.state();
  // Momentum 0 remembers nothing: from there to another momentum also counts as a change of kind.
  const auto written = file.metadata.find("optimizer");
  if (written == file.metadata.end())
    throw Error(path.string(), "not an optimizer's state: no \"optimizer\" in its metadata");
  const bool same_kind = written->second == kind && file.tensors.empty() == state.empty();
  const std::int64_t steps = number_in(file.metadata, path.string(), "steps");
  const std::int64_t began = same_kind ? began_at(file, path.string()) : steps;
  if (began < 0 || began > steps)
    throw Error(path.string(),
                fmt::format("expected began_at from 0 to {} steps, got {}", steps, began));
  if (same_kind) {
    for (const NamedBuffer& buffer : state) {
      const Tensor* saved = file.find(buffer.name);
      if (!saved || !(saved->shape() == buffer.tensor.shape()) ||
          saved->dtype() != buffer.tensor.dtype())
        throw Error(path.string(), fmt::format("expected a tensor {} of shape {}, got {}",
                                               buffer.name, to_string(buffer.tensor.shape()),
                                               saved ? to_string(saved->shape()) : "none"));
    }
    for (NamedBuffer& buffer : state) buffer.tensor.copy_from(*file.find(buffer.name));
  }
  optimizer.set_steps(steps, began);
  return same_kind;
}

}  // namespace tengen::selfplay
