#include "engine/layers/module.hpp"

#include <catch2/catch.hpp>

#include "engine/autograd/ops_shape.hpp"
#include "engine/layers/batch_norm.hpp"
#include "engine/layers/linear.hpp"
#include "engine/layers/sequential.hpp"

using namespace tengen;

namespace {

class Example : public Module {
 public:
  explicit Example(Rng& rng) {
    body.emplace<Linear>(3, 4, rng);
    body.emplace<BatchNorm>(4);
    register_child("body", body);
  }
  Sequential body;
};

}  // namespace

TEST_CASE("Parameters and buffers are named by their path", "[layers][module]") {
  Rng rng(1);
  const Example module(rng);
  std::vector<std::string> names;
  for (const NamedParameter& parameter : module.parameters()) names.push_back(parameter.name);
  CHECK(names ==
        std::vector<std::string>{"body.0.weight", "body.0.bias", "body.1.gamma", "body.1.beta"});
  names.clear();
  for (const NamedBuffer& buffer : module.buffers()) names.push_back(buffer.name);
  CHECK(names == std::vector<std::string>{"body.1.running_mean", "body.1.running_variance"});
  CHECK(module.num_parameters() == 3 * 4 + 4 + 4 + 4);
}

TEST_CASE("Named parameters share the storage of the module", "[layers][module]") {
  Rng rng(2);
  Example module(rng);
  module.parameters()[3].variable.value().fill(7);
  module.eval();
  const Variable y = module.body[1].parameters()[1].variable;
  CHECK(y.value().values<float>()[0] == 7);
}

TEST_CASE("Train and eval reach every child", "[layers][module]") {
  Rng rng(3);
  Example module(rng);
  CHECK(module.body[1].training());
  module.eval();
  CHECK_FALSE(module.training());
  CHECK_FALSE(module.body[1].training());
  module.train();
  CHECK(module.body[1].training());
}

TEST_CASE("Conversion to double keeps the numbers and the handles", "[layers][module]") {
  Rng rng(4);
  Example module(rng);
  const std::vector<NamedParameter> before = module.parameters();
  const float weight = before[0].variable.value().values<float>()[5];
  module.to(DType::f64);
  CHECK(before[0].variable.value().values<double>()[5] == double(weight));
  CHECK(module.buffers()[1].tensor.dtype() == DType::f64);
  const Variable y = module.body.forward(Variable(Tensor::zeros({2, 3}, DType::f64)));
  CHECK(y.dtype() == DType::f64);
}

TEST_CASE("Zeroing the gradients of a module forgets them all", "[layers][module]") {
  Rng rng(5);
  Example module(rng);
  sum(module.body.forward(Variable(Tensor::full({2, 3}, 1)))).backward();
  for (const NamedParameter& parameter : module.parameters())
    CHECK(parameter.variable.grad().defined());
  module.zero_grad();
  for (const NamedParameter& parameter : module.parameters())
    CHECK_FALSE(parameter.variable.grad().defined());
}
