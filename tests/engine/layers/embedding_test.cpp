#include "engine/layers/embedding.hpp"

#include <catch2/catch.hpp>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_linear.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/layers/linear.hpp"
#include "engine/optim/sgd.hpp"
#include "tests/support/gradient_check.hpp"
#include "tests/support/tensors.hpp"

using namespace tengen;
using namespace tengen::test;

namespace {

/// Token to logits over the same tokens, through one table.
struct TiedModel : Module {
  explicit TiedModel(Rng& rng) : embedding(4, 3, rng), output(embedding.weight()) {
    register_child("embedding", embedding);
    register_child("output", output);
  }
  Variable forward(const Tensor& tokens) { return output.forward(embedding.forward(tokens)); }
  Embedding embedding;
  Linear output;
};

Tensor tokens() { return Tensor::from<std::int32_t>({3}, {1, 0, 1}); }

}  // namespace

TEST_CASE("A sequence of embeddings is that of its single steps", "[layers][C25][C26]") {
  Rng rng(1);
  const Embedding layer(5, 3, rng);
  const Tensor sequence = Tensor::from<std::int32_t>({2, 3}, {4, 0, 2, 2, 1, 4});  // [N, T]
  const Tensor whole = layer.forward(sequence).value();
  for (std::size_t t = 0; t < 3; ++t) {
    const auto all = sequence.values<std::int32_t>();
    const Tensor step =
        layer.forward(Tensor::from<std::int32_t>({2}, {all[t], all[3 + t]})).value();
    for (std::size_t n = 0; n < 2; ++n)
      CHECK(std::ranges::equal(whole.values<float>().subspan((n * 3 + t) * 3, 3),
                               step.values<float>().subspan(n * 3, 3)));
  }
}

TEST_CASE("A shared weight is one parameter with one gradient", "[layers][D12]") {
  Rng rng(2);
  TiedModel model(rng);
  std::vector<std::string> names;
  for (const NamedParameter& parameter : model.parameters()) names.push_back(parameter.name);
  CHECK(names == std::vector<std::string>{"embedding.weight", "output.bias"});
}

TEST_CASE("The gradients of both uses of a shared weight add up", "[layers][gradient][D12]") {
  Rng rng(3);
  TiedModel model(rng);
  model.to(DType::f64);
  check_gradients([&] { return model.forward(tokens()); }, model.parameters());

  // The same computation with a copy of the table for each use.
  const Variable table = model.embedding.weight();
  const Variable first(table.value().clone(), true), second(table.value().clone(), true);
  const Tensor one_hots = Tensor::from<double>({3, 4}, {0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0});
  sum(square(matmul(matmul(Variable(one_hots), first), second, false, true))).backward();
  model.zero_grad();
  sum(square(model.forward(tokens()))).backward();
  const Tensor apart = add(Variable(first.grad()), Variable(second.grad())).value();
  CHECK(relative_difference(table.grad(), apart) < 1e-13);
}

TEST_CASE("An optimizer moves a shared weight once", "[layers][D12]") {
  Rng rng(4);
  TiedModel model(rng);
  const Tensor before = model.embedding.weight().value().clone();
  sum(model.forward(tokens())).backward();
  const Tensor grad = model.embedding.weight().grad();
  Sgd sgd(model.parameters(), {.learning_rate = 0.5, .momentum = 0});
  sgd.step();
  for (std::size_t i = 0; i < 12; ++i)
    CHECK(model.embedding.weight().value().values<float>()[i] ==
          Approx(before.values<float>()[i] - 0.5f * grad.values<float>()[i]).margin(1e-6));
}
