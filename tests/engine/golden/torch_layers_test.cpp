// Every layer against PyTorch: forward, and the gradients of input and parameters. The file is made
// by tools/make_torch_golden.py, which has one entry for each of those here.
#include <functional>
#include <map>
#include <memory>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/layers/activation.hpp"
#include "engine/layers/batch_norm.hpp"
#include "engine/layers/conv1d.hpp"
#include "engine/layers/conv2d.hpp"
#include "engine/layers/conv_transpose2d.hpp"
#include "engine/layers/group_norm.hpp"
#include "engine/layers/linear.hpp"
#include "engine/layers/local_response_norm.hpp"
#include "engine/layers/maxout.hpp"
#include "engine/layers/pool2d.hpp"
#include "engine/layers/rectifiers.hpp"
#include "tests/support/golden_case.hpp"

using namespace tengen;
using namespace tengen::test;
using kernels::Pool2dParams;

namespace {

using Make = std::function<std::unique_ptr<Layer>(Rng&)>;

template <typename L>
Make plain() {
  return [](Rng&) { return std::make_unique<L>(); };
}
template <typename L, typename... Args>
Make layer(Args... args) {
  return [args...](Rng&) { return std::make_unique<L>(args...); };
}
template <typename L>
Make evaluated(auto... args) {
  return [args...](Rng&) {
    auto made = std::make_unique<L>(args...);
    made->eval();
    return made;
  };
}
Make conv2d_layer(Conv2dOptions options) {
  options.in_channels = 4;
  options.out_channels = 8;
  options.bias = true;
  return [options](Rng& rng) { return std::make_unique<Conv2d>(options, rng); };
}
Make conv1d_layer(Conv1dOptions options) {
  options.in_channels = 4;
  options.out_channels = 6;
  return [options](Rng& rng) { return std::make_unique<Conv1d>(options, rng); };
}
Make conv_transpose2d_layer(ConvTranspose2dOptions options) {
  options.in_channels = 4;
  options.out_channels = 6;
  return [options](Rng& rng) { return std::make_unique<ConvTranspose2d>(options, rng); };
}
Make average_pool(Pool2dParams params) {
  params.kind = Pool2dParams::Kind::average;
  return layer<Pool2d>(params);
}

std::map<std::string, Make> layers() {
  return {
      {"linear", [](Rng& rng) { return std::make_unique<Linear>(5, 3, rng); }},
      {"conv2d", conv2d_layer({})},
      {"conv2d_5x5", conv2d_layer({.kernel = 5})},
      {"conv2d_stride", conv2d_layer({.stride = 2, .padding = 1})},
      {"conv2d_dilated", conv2d_layer({.dilation = 2})},
      {"conv2d_grouped", conv2d_layer({.groups = 2})},
      {"conv2d_depthwise", conv2d_layer({.groups = 4})},
      {"conv2d_pointwise", conv2d_layer({.kernel = 1})},
      {"conv1d", conv1d_layer({})},
      {"conv1d_dilated", conv1d_layer({.dilation = 2})},
      {"conv1d_stride_grouped",
       conv1d_layer({.kernel = 4, .stride = 2, .padding = 1, .groups = 2})},
      {"conv1d_causal", conv1d_layer({.kernel = 2, .dilation = 3, .causal = true})},
      {"conv_transpose2d", conv_transpose2d_layer({.kernel = 4, .padding = 1})},
      {"conv_transpose2d_output_padding",
       conv_transpose2d_layer({.kernel = 3, .padding = 1, .output_padding = 1})},
      {"conv_transpose2d_grouped", conv_transpose2d_layer({.groups = 2})},
      {"conv_transpose2d_dilated",
       conv_transpose2d_layer({.kernel = 3, .stride = 1, .dilation = 2})},
      {"max_pool", layer<Pool2d>(Pool2dParams{})},
      {"max_pool_padded", layer<Pool2d>(Pool2dParams{.kernel = 3, .padding = 1})},
      {"average_pool", average_pool({})},
      {"average_pool_padded", average_pool({.kernel = 3, .padding = 1})},
      {"global_average_pool", layer<GlobalPool>(Pool2dParams::Kind::average)},
      {"global_max_pool", layer<GlobalPool>(Pool2dParams::Kind::max)},
      {"batch_norm_train", layer<BatchNorm>(4)},
      {"batch_norm_eval", evaluated<BatchNorm>(4)},
      {"group_norm_1", layer<GroupNorm>(4, 1)},
      {"group_norm_2", layer<GroupNorm>(4, 2)},
      {"group_norm_4", layer<GroupNorm>(4, 4)},
      {"instance_norm", layer<InstanceNorm>(4)},
      {"layer_norm", layer<LayerNorm>(6)},
      {"local_response_norm",
       layer<LocalResponseNorm>(LocalResponseNormOptions{.size = 3, .alpha = 0.5, .k = 2})},
      {"relu", plain<Relu>()},
      {"leaky_relu", layer<LeakyRelu>(0.1)},
      {"parametric_relu", layer<ParametricRelu>(4)},
      {"randomized_relu", evaluated<RandomizedRelu>(Rng(1))},
      {"gelu", plain<Gelu>()},
      {"silu", plain<Silu>()},
      {"sigmoid", plain<Sigmoid>()},
      {"tanh", plain<Tanh>()},
      {"softmax", plain<Softmax>()},
      {"log_softmax", plain<LogSoftmax>()},
      {"maxout", [](Rng& rng) { return std::make_unique<Maxout>(5, 3, 4, rng); }},
  };
}

/// Runs the layer forward and backward on the file's numbers, in `dtype`.
void compare(Layer& layer, const GoldenCase& golden, DType dtype) {
  layer.to(dtype);
  for (NamedParameter& parameter : layer.parameters())
    parameter.variable.value().copy_from(golden["parameter." + parameter.name].to(dtype));
  for (NamedBuffer& buffer : layer.buffers())
    buffer.tensor.copy_from(golden["buffer_before." + buffer.name].to(dtype));
  const Variable x(golden["input"].to(dtype), true);
  const Variable y = layer.forward(x);
  golden.check("output", y.value());
  sum(multiply(y, Variable(golden["output_gradient"].to(dtype)))).backward();
  golden.check("input_gradient", x.grad());
  for (const NamedParameter& parameter : layer.parameters())
    golden.check("gradient." + parameter.name, parameter.variable.grad());
  for (const NamedBuffer& buffer : layer.buffers())
    golden.check("buffer_after." + buffer.name, buffer.tensor);
}

}  // namespace

TEST_CASE("Every layer agrees with PyTorch in float and in double", "[layers][golden]") {
  const GoldenFile file("torch/layers.safetensors");
  for (const auto& [name, make] : layers())
    for (DType dtype : {DType::f32, DType::f64}) {
      Rng rng(1);
      compare(*make(rng), GoldenCase(file, name), dtype);
    }
}

TEST_CASE("Every layer in PyTorch's file is compared", "[layers][golden]") {
  std::set<std::string> compared;
  for (const auto& [name, make] : layers()) compared.insert(name);
  CHECK(GoldenFile("torch/layers.safetensors").cases() == compared);
}
