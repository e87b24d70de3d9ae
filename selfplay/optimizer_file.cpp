#include "selfplay/optimizer_file.hpp"

#include <charconv>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/io/safetensors.hpp"

namespace tengen::selfplay {

namespace {

std::string required(const io::Safetensors& file, const std::string& path, const char* key) {
  const auto it = file.metadata.find(key);
  if (it == file.metadata.end())
    throw Error(path, fmt::format("not an optimizer's state: no '{}' in its metadata", key));
  return it->second;
}

std::int64_t parse_steps(const std::string& text, const std::string& path) {
  std::int64_t steps = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), steps);
  if (error != std::errc() || stop != text.data() + text.size() || steps < 0)
    throw Error(path, fmt::format("expected a number of steps, got '{}'", text));
  return steps;
}

/// Files of older versions have none: their optimizers did all the steps.
std::int64_t began_at(const io::Safetensors& file, const std::string& path) {
  const auto it = file.metadata.find("began_at");
  return it == file.metadata.end() ? 0 : parse_steps(it->second, path);
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
  const bool same_kind =
      required(file, path.string(), "optimizer") == kind && file.tensors.empty() == state.empty();
  const std::int64_t steps = parse_steps(required(file, path.string(), "steps"), path.string());
  const std::int64_t began = same_kind ? began_at(file, path.string()) : steps;
  if (began > steps)
    throw Error(path.string(),
                fmt::format("expected began_at of at most {} steps, got {}", steps, began));
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
