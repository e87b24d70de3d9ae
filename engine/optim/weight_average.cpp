#include "engine/optim/weight_average.hpp"

#include <algorithm>
#include <utility>

#include "engine/base/check.hpp"
#include "engine/kernels/backend.hpp"

namespace tengen {

namespace {

void average_tensor(Tensor& average, const Tensor& latest, float keep) {
  const std::span<float> out = average.values<float>();
  const std::span<const float> in = latest.values<float>();
  CHECK_INVARIANT(out.size() == in.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = keep * out[i] + (1 - keep) * in[i];
}

void average_all(Module& average, const Module& net, float keep) {
  auto parameters = average.parameters();
  const auto latest_parameters = net.parameters();
  CHECK_INVARIANT(parameters.size() == latest_parameters.size());
  const bool shared = net.num_parameters() >= kernels::kMinShared;
#pragma omp parallel for schedule(dynamic) if (shared)
  for (std::size_t i = 0; i < parameters.size(); ++i)
    average_tensor(parameters[i].variable.value(), latest_parameters[i].variable.value(), keep);
  auto buffers = average.buffers();
  const auto latest_buffers = net.buffers();
  for (std::size_t i = 0; i < buffers.size(); ++i)
    average_tensor(buffers[i].tensor, latest_buffers[i].tensor, keep);
}

}  // namespace

void average_weights(Module& average, const Module& net, double decay, std::int64_t step) {
  const double early = static_cast<double>(1 + step) / static_cast<double>(10 + step);
  average_all(average, net, static_cast<float>(std::min(decay, early)));
}

void average_equally(Module& average, const Module& net, std::int64_t count) {
  const auto before = static_cast<double>(count);
  average_all(average, net, static_cast<float>(before / (before + 1)));
}

}  // namespace tengen
