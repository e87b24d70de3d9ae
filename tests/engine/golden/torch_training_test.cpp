// Losses and optimizers against PyTorch; see tools/make_torch_golden.py.
#include <functional>
#include <map>
#include <memory>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_embedding.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/losses/binary_cross_entropy.hpp"
#include "engine/losses/cross_entropy.hpp"
#include "engine/losses/half_squared_error.hpp"
#include "engine/losses/kl_divergence.hpp"
#include "engine/losses/masked_cross_entropy.hpp"
#include "engine/losses/mean_squared_error.hpp"
#include "engine/losses/smooth_l1.hpp"
#include "engine/losses/softmax_cross_entropy.hpp"
#include "engine/optim/adagrad.hpp"
#include "engine/optim/adam.hpp"
#include "engine/optim/rmsprop.hpp"
#include "engine/optim/sgd.hpp"
#include "tests/support/golden_case.hpp"

using namespace tengen;
using namespace tengen::test;

namespace {

using Loss = std::function<Variable(const Variable&, const GoldenCase&)>;

std::map<std::string, Loss> losses() {
  const auto with_target = [](auto loss) {
    return
        [loss](const Variable& x, const GoldenCase& golden) { return loss(x, golden["target"]); };
  };
  const Loss labels =
      with_target([](const Variable& x, const Tensor& t) { return masked_cross_entropy(x, t); });
  return {{"mean_squared_error", with_target(mean_squared_error)},
          {"half_squared_error", with_target(half_squared_error)},
          {"smooth_l1",
           with_target([](const Variable& x, const Tensor& t) { return smooth_l1(x, t, 0.5); })},
          {"softmax_cross_entropy", with_target(softmax_cross_entropy)},
          {"masked_cross_entropy", labels},
          {"cross_entropy_of_labels", labels},
          {"smoothed_cross_entropy", with_target([](const Variable& x, const Tensor& t) {
             return softmax_cross_entropy(x, smooth_labels(one_hot(t, 4, DType::f32), 0.1));
           })},
          {"binary_cross_entropy", with_target(binary_cross_entropy)},
          {"kl_divergence", with_target(kl_divergence)},
          {"embedding", [](const Variable& table, const GoldenCase& golden) {
             return sum(multiply(embedding(table, golden["target"]), Variable(golden["weights"])));
           }}};
}

using Make = std::function<std::unique_ptr<Optimizer>(std::vector<NamedParameter>)>;

template <typename O>
Make make(auto options) {
  options.learning_rate = 0.1;
  return [options](std::vector<NamedParameter> parameters) {
    return std::make_unique<O>(std::move(parameters), options);
  };
}

std::map<std::string, Make> optimizers() {
  return {
      {"sgd", make<Sgd>(SgdOptions{.momentum = 0, .weight_decay = 0.01})},
      {"momentum", make<Sgd>(SgdOptions{})},
      {"nesterov", make<Sgd>(SgdOptions{.nesterov = true})},
      {"adagrad", make<AdaGrad>(AdaGradOptions{.weight_decay = 0.01})},
      {"rmsprop", make<RmsProp>(RmsPropOptions{.decay = 0.9, .weight_decay = 0.01})},
      {"adam", make<Adam>(AdamOptions{.weight_decay = 0.01, .decoupled = false})},
      {"adamw", make<Adam>(AdamOptions{.weight_decay = 0.1})},
  };
}

/// Part t of a tensor [T, 3, 4].
Tensor part(const Tensor& all, int t) {
  return Tensor::from(Shape{3, 4}, all.values<float>().subspan(std::size_t(t) * 12, 12));
}

}  // namespace

TEST_CASE("Every loss and its gradient agree with PyTorch", "[losses][golden]") {
  const GoldenFile file("torch/losses.safetensors");
  for (const auto& [name, loss] : losses()) {
    const GoldenCase golden(file, name);
    const Variable x(golden["prediction"], true);
    const Variable value = loss(x, golden);
    golden.check("loss", value.value());
    value.backward();
    golden.check("gradient", x.grad());
  }
}

TEST_CASE("Five steps of every optimizer agree with PyTorch",
          "[optim][golden][D3][D4][D5][D6][D7][D8]") {
  const GoldenFile file("torch/optimizers.safetensors");
  for (const auto& [name, make_optimizer] : optimizers()) {
    INFO(name);
    const GoldenCase golden(file, name);
    Variable parameter(golden["start"], true);
    const auto optimizer = make_optimizer({{"theta", parameter}});
    const Tensor gradients = golden["gradients"], values = golden["values"];
    for (int t = 0; t < 5; ++t) {
      parameter.set_grad(part(gradients, t));
      optimizer->step();
      CHECK(relative_difference(parameter.value(), part(values, t)) <= kGoldenTolerance);
    }
  }
}

TEST_CASE("Every loss and optimizer in PyTorch's files is compared", "[losses][optim][golden]") {
  std::set<std::string> compared_losses, compared_optimizers;
  for (const auto& [name, loss] : losses()) compared_losses.insert(name);
  for (const auto& [name, make_optimizer] : optimizers()) compared_optimizers.insert(name);
  CHECK(GoldenFile("torch/losses.safetensors").cases() == compared_losses);
  CHECK(GoldenFile("torch/optimizers.safetensors").cases() == compared_optimizers);
}
