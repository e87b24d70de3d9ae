#include "nets/checkpoint.hpp"

#include <charconv>
#include <set>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/io/safetensors.hpp"
#include "engine/tensor/storage.hpp"
#include "nets/foreign/foreign_file.hpp"
#include "nets/foreign/leela_zero.hpp"

namespace tengen::nets {

namespace {

/// Handles to everything that a net saves, by name.
std::vector<io::NamedTensor> tensors_of(const Module& net) {
  std::vector<io::NamedTensor> result;
  for (const NamedParameter& parameter : net.parameters())
    result.push_back({parameter.name, parameter.variable.value()});
  for (const NamedBuffer& buffer : net.buffers()) result.push_back({buffer.name, buffer.tensor});
  return result;
}

std::string describe(const Tensor& tensor) {
  return to_string(tensor.dtype()) + " " + to_string(tensor.shape());
}

void check_same_tensors(const std::string& path, const io::Safetensors& file,
                        const std::vector<io::NamedTensor>& expected) {
  std::set<std::string> names;
  for (const auto& [name, tensor] : expected) {
    names.insert(name);
    const Tensor* found = file.find(name);
    if (!found)
      throw Error(path, fmt::format("expected tensor '{}' {}, which the file does not have", name,
                                    describe(tensor)));
    if (found->shape() != tensor.shape() || found->dtype() != tensor.dtype())
      throw Error(path, fmt::format("expected tensor '{}' {}, got {}", name, describe(tensor),
                                    describe(*found)));
  }
  for (const auto& [name, tensor] : file.tensors)
    if (!names.contains(name))
      throw Error(path, fmt::format("expected no tensor '{}', got {}", name, describe(tensor)));
}

void copy_into(const std::string& path, const io::Safetensors& file, Module& net) {
  std::vector<io::NamedTensor> targets = tensors_of(net);
  check_same_tensors(path, file, targets);
  for (auto& [name, tensor] : targets) tensor.copy_from(*file.find(name));
}

/// For people who took one for the other; tengen's commands leave different keys.
std::string maker_of(const Metadata& metadata) {
  if (metadata.contains("task")) return "; this one is of tengen fit";
  return metadata.contains("algo") ? "; this one is of tengen rl" : "";
}

const std::string& text_of(const std::string& path, const Metadata& metadata,
                           const std::string& key) {
  const auto found = metadata.find(key);
  if (found == metadata.end())
    throw Error(
        path,
        fmt::format("expected a policy/value net saved by tengen, with \"{}\" in its metadata{}",
                    key, maker_of(metadata)));
  return found->second;
}

int dimension_of(const std::string& path, const Metadata& metadata, const std::string& key) {
  constexpr int kMax = 65536;
  const std::string& text = text_of(path, metadata, key);
  int value = 0;
  const char* end = text.data() + text.size();
  const auto [parsed, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || parsed != end || value < 1 || value > kMax)
    throw Error(path, fmt::format("expected 1 to {} as \"{}\" in the metadata, got \"{}\"", kMax,
                                  key, text));
  return value;
}

std::size_t bytes_of(const io::Safetensors& file) {
  std::size_t bytes = 0;
  for (const auto& [name, tensor] : file.tensors)
    bytes += static_cast<std::size_t>(tensor.size()) * size_of(tensor.dtype());
  return bytes;
}

/// The net of the metadata, which must not take much more memory than the file's tensors do: a
/// small file cannot claim a huge net. (What differs a little is told apart tensor by tensor.)
std::unique_ptr<PolicyValueNet> make_described(const std::string& path, const io::Safetensors& file,
                                               const NetIo& io) {
  const std::string& spec = text_of(path, file.metadata, "net");
  const std::size_t bytes = bytes_of(file);
  constexpr std::size_t kSlack = 1 << 20;
  const StorageBudget budget(2 * bytes + kSlack);
  Rng overwritten(0);
  try {
    return make_net(spec, io, overwritten);
  } catch (const std::invalid_argument& error) {
    throw Error(path, error.what());
  } catch (const StorageBudgetExceeded&) {
    throw Error(path,
                fmt::format("expected the tensors of {} for {}x{}x{} and {} actions, got only "
                            "{} bytes of tensors",
                            spec, io.height, io.width, io.channels, io.actions, bytes));
  }
}

}  // namespace

void save_module(const std::string& path, const Module& module, const Metadata& metadata) {
  io::save_safetensors(path, tensors_of(module), metadata);
}

Metadata load_module(const std::string& path, Module& module) {
  io::Safetensors file = io::load_safetensors(path);
  copy_into(path, file, module);
  return std::move(file.metadata);
}

Metadata net_metadata(const PolicyValueNet& net) {
  const NetIo& io = net.io();
  return {{"net", net.spec()},
          {"height", std::to_string(io.height)},
          {"width", std::to_string(io.width)},
          {"channels", std::to_string(io.channels)},
          {"actions", std::to_string(io.actions)}};
}

void save_net(const std::string& path, const PolicyValueNet& net, const Metadata& extra) {
  Metadata metadata = net_metadata(net);
  for (const auto& [key, value] : extra)
    if (!metadata.emplace(key, value).second)
      bad_argument("save_net", "expected metadata of the caller's own, got \"{}\"", key);
  save_module(path, net, metadata);
}

LoadedNet load_net_file(const std::string& path) {
  if (is_leela_zero_file(path)) return load_leela_zero(path);
  refuse_foreign_file(path);
  io::Safetensors file = io::load_safetensors(path);
  const NetIo io{.height = dimension_of(path, file.metadata, "height"),
                 .width = dimension_of(path, file.metadata, "width"),
                 .channels = dimension_of(path, file.metadata, "channels"),
                 .actions = dimension_of(path, file.metadata, "actions")};
  LoadedNet loaded;
  loaded.net = make_described(path, file, io);
  copy_into(path, file, *loaded.net);
  loaded.net->eval();
  loaded.metadata = std::move(file.metadata);
  return loaded;
}

}  // namespace tengen::nets
