#include "nets/activation_part.hpp"

#include <array>
#include <string_view>

#include "engine/autograd/ops_activation.hpp"
#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/base/error.hpp"
#include "engine/layers/rectifiers.hpp"
#include "nets/inference/graph_builder.hpp"

namespace tengen::nets {

namespace {

constexpr const char* kNames = "relu|leaky_relu|prelu|rrelu|tanh|sigmoid|gelu|silu|none";

/// A function of one number without parameters.
struct Function {
  std::string_view name;
  Activation in_plan;
  Variable (*apply)(const Variable& x);
};

// Those without a kernel for bf16 make f32 of it.
constexpr std::array kFunctions{
    Function{"relu", Activation::relu, relu},
    Function{"tanh", Activation::tanh, tanh},
    Function{"sigmoid", Activation::sigmoid, sigmoid},
    Function{"gelu", Activation::gelu, [](const Variable& x) { return gelu(full_precision(x)); }},
    Function{"silu", Activation::silu, [](const Variable& x) { return silu(full_precision(x)); }},
};

class FunctionPart : public GraphLayer {
 public:
  explicit FunctionPart(const Function& function) : function_(function) {}
  Variable forward(const Variable& x) override { return function_.apply(x); }
  int emit(GraphBuilder& builder, const std::string& name, int input) const override {
    return builder.activate(name, input, function_.in_plan);
  }

 private:
  const Function function_;
};

class LeakyReluPart : public GraphLayer {
 public:
  explicit LeakyReluPart(double slope) : slope_(slope) {}
  Variable forward(const Variable& x) override { return leaky_relu(full_precision(x), slope_); }
  int emit(GraphBuilder& builder, const std::string& name, int input) const override {
    return builder.activate(name, input, Activation::leaky_relu, slope_);
  }

 private:
  const double slope_;
};

/// Parameter "slope".
class ParametricReluPart : public GraphLayer {
 public:
  explicit ParametricReluPart(std::int64_t channels) : prelu_(channels) {
    register_child("", prelu_);
  }
  Variable forward(const Variable& x) override { return prelu_.forward(full_precision(x)); }
  int emit(GraphBuilder& builder, const std::string& name, int input) const override {
    return builder.prelu(name, input, parameters().front().variable.value());
  }

 private:
  ParametricRelu prelu_;
};

class RandomizedReluPart : public GraphLayer {
 public:
  explicit RandomizedReluPart(Rng& rng) : rrelu_(Rng(rng()), kLow, kHigh) {
    register_child("", rrelu_);
  }
  Variable forward(const Variable& x) override { return rrelu_.forward(full_precision(x)); }
  int emit(GraphBuilder& builder, const std::string& name, int input) const override {
    return builder.activate(name, input, Activation::leaky_relu, (kLow + kHigh) / 2);
  }

 private:
  static constexpr double kLow = 1.0 / 8, kHigh = 1.0 / 3;  // Xu et al. 2015, section 2.4
  RandomizedRelu rrelu_;
};

}  // namespace

ActivationOptions parse_activation(Spec& spec, bool with_maxout) {
  ActivationOptions options;
  options.name = spec.get_choice("activation", options.name,
                                 with_maxout ? std::string(kNames) + "|maxout" : kNames);
  if (options.name == "leaky_relu") options.slope = spec.get_double("slope", options.slope, 0, 1);
  if (options.name == "maxout") options.pieces = spec.get_int("pieces", options.pieces, 2, 64);
  return options;
}

std::string to_spec(const ActivationOptions& options) {
  if (options.name == "relu") return "";
  std::string text = ",activation=" + options.name;
  if (options.name == "leaky_relu") text += fmt::format(",slope={:g}", options.slope);
  if (options.name == "maxout") text += fmt::format(",pieces={}", options.pieces);
  return text;
}

bool is_rectifier(const ActivationOptions& options) {
  return options.name != "none" && options.name != "tanh" && options.name != "sigmoid";
}

std::unique_ptr<GraphLayer> make_activation(const ActivationOptions& options, std::int64_t channels,
                                            Rng& rng) {
  for (const Function& function : kFunctions)
    if (options.name == function.name) return std::make_unique<FunctionPart>(function);
  if (options.name == "leaky_relu") return std::make_unique<LeakyReluPart>(options.slope);
  if (options.name == "prelu") return std::make_unique<ParametricReluPart>(channels);
  if (options.name == "rrelu") return std::make_unique<RandomizedReluPart>(rng);
  if (options.name == "none") return nullptr;
  bad_argument("activation", "expected one of {}, got {}", kNames, options.name);
}

}  // namespace tengen::nets
