// Recurrent layers: gradients, and what every one of them must do with time and state.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "engine/autograd/ops_embedding.hpp"
#include "engine/autograd/ops_slice.hpp"
#include "engine/layers/bidirectional.hpp"
#include "engine/layers/gru.hpp"
#include "engine/layers/lstm.hpp"
#include "engine/layers/rnn.hpp"
#include "engine/layers/skip_time.hpp"
#include "engine/layers/stacked_recurrent.hpp"
#include "engine/layers/stateful.hpp"
#include "engine/layers/step_recurrent.hpp"
#include "engine/layers/tree_rnn.hpp"
#include "tests/support/gradient_check.hpp"
#include "tests/support/tensors.hpp"

using namespace tengen;
using namespace tengen::test;

namespace {

constexpr std::int64_t kInputs = 3, kUnits = 2, kBatch = 2;

std::unique_ptr<RecurrentLayer> make_layer(const std::string& kind, Rng& rng) {
  if (kind == "rnn") return std::make_unique<Rnn>(kInputs, kUnits, rng);
  if (kind == "lstm") return std::make_unique<Lstm>(kInputs, kUnits, rng);
  if (kind == "peephole") return std::make_unique<Lstm>(kInputs, kUnits, rng, LstmConfig{true});
  if (kind == "gru") return std::make_unique<Gru>(kInputs, kUnits, rng);
  if (kind == "gru after") return std::make_unique<Gru>(kInputs, kUnits, rng, GruReset::after);
  if (kind == "leaky") return std::make_unique<LeakyUnits>(kInputs, 0.7);
  if (kind == "skip time")
    return std::make_unique<SkipTime>(std::make_unique<Lstm>(kInputs + kUnits, kUnits, rng), 3);
  if (kind == "deep transition") {
    auto transition = std::make_unique<Linear>(kUnits, kUnits, rng, Linear::Init::xavier);
    return std::make_unique<DeepTransitionRnn>(kInputs, kUnits, std::move(transition), rng, true);
  }
  std::vector<std::unique_ptr<RecurrentLayer>> layers;  // "stacked" or "stacked with skips"
  layers.push_back(make_layer("lstm", rng));
  layers.push_back(std::make_unique<Gru>(kUnits, kUnits, rng));
  return std::make_unique<StackedRecurrent>(std::move(layers), kind != "stacked");
}

/// Parameters that start at zero would hide errors.
void randomise(Module& module, Rng& rng) {
  module.to(DType::f64);
  for (NamedParameter& parameter : module.parameters())
    parameter.variable.value().copy_from(uniform_doubles(parameter.variable.shape(), rng));
}

}  // namespace

TEST_CASE("Every recurrent layer passes the gradient check and takes a sequence in pieces",
          "[layers][recurrent][E9][E13][E14]") {
  Rng rng(1);
  const std::string kind =
      GENERATE("rnn", "lstm", "peephole", "gru", "gru after", "leaky", "deep transition",
               "skip time", "stacked", "stacked with skips");
  INFO(kind);
  const auto layer = make_layer(kind, rng);
  randomise(*layer, rng);
  const Variable x(uniform_doubles({4, kBatch, kInputs}, rng));
  const Variable state(uniform_doubles({kBatch, layer->state_size()}, rng));

  const SequenceOutput whole = layer->forward(x, state);
  CHECK(whole.y.shape() == Shape{4, kBatch, layer->output_size()});
  CHECK(whole.state.shape() == state.shape());
  Variable carried = state;
  for (std::int64_t t = 0; t < 4; ++t) {
    const SequenceOutput piece = layer->forward(slice(x, 0, t, t + 1), carried);
    CHECK(relative_difference(piece.y.value(), slice(whole.y, 0, t, t + 1).value()) < 1e-14);
    carried = piece.state;
  }
  CHECK(relative_difference(carried.value(), whole.state.value()) < 1e-14);

  check_module_gradients(
      *layer, [&](const Variable& input) { return layer->forward(input, state).y; }, x.value());
  check_module_gradients(
      *layer, [&](const Variable& input) { return layer->forward(input, state).state; }, x.value());
}

TEST_CASE("A recurrent layer reads tokens as it reads their embeddings",
          "[layers][recurrent][C25]") {
  Rng rng(7);
  const std::string kind =
      GENERATE("rnn", "peephole", "gru after", "leaky", "stacked", "stacked with skips");
  const std::int64_t symbols = GENERATE(2, 50);  // fewer and more than the tokens
  CAPTURE(kind, symbols);
  const auto layer = make_layer(kind, rng);
  randomise(*layer, rng);
  const Tensor tokens = Tensor::from<std::int32_t>({3, kBatch}, {0, 1, 1, 1, 0, 1});
  const Tensor rows = uniform_doubles({symbols, kInputs}, rng);
  const Variable table(rows, true), same(rows, true);
  const auto gradients = [&](const SequenceOutput& output) {
    layer->zero_grad();
    sum(square(output.y)).backward();
    std::vector<Tensor> all;
    for (const NamedParameter& parameter : layer->parameters())
      all.push_back(parameter.variable.grad().clone());
    return all;
  };
  const SequenceOutput fast = layer->forward_tokens(table, tokens);
  const SequenceOutput slow = layer->forward(embedding(same, tokens));
  CHECK(relative_difference(fast.y.value(), slow.y.value()) < 1e-14);
  CHECK(relative_difference(fast.state.value(), slow.state.value()) < 1e-14);
  const std::vector<Tensor> got = gradients(fast), want = gradients(slow);
  CHECK(relative_difference(table.grad(), same.grad()) < 1e-13);
  for (std::size_t i = 0; i < want.size(); ++i) CHECK(relative_difference(got[i], want[i]) < 1e-13);
}

TEST_CASE("A connection that skips time brings the output of that many steps ago",
          "[layers][recurrent][E14]") {
  Rng rng(8);
  const std::int64_t delay = GENERATE(2, 3, 9);  // 9: longer than the sequence
  SkipTime layer(std::make_unique<Rnn>(kInputs + kUnits, kUnits, rng), delay);
  rng = Rng(8);
  Rnn cell(kInputs + kUnits, kUnits, rng);
  const Variable x(uniform_doubles({7, kBatch, kInputs}, rng).to(DType::f32));
  std::vector<Variable> outputs;  // step by step, as the equation says
  Variable state = cell.initial_state(kBatch);
  for (std::int64_t t = 0; t < 7; ++t) {
    const Variable past = t < delay ? cell.initial_state(kBatch) : outputs[t - delay];
    const Variable input = concat({select(x, 0, t), past}, 1);
    state = cell.forward(stack({input}), state).state;
    outputs.push_back(state);
  }
  CHECK(relative_difference(layer.forward(x).y.value(), stack(outputs).value()) < 1e-6);
}

/// What is left after ten steps of a memory of 1 in every unit that nothing but gates acts on.
template <typename LayerType>
std::vector<float> left_of_memory(double longest, std::int64_t cell) {
  constexpr std::int64_t kMany = 50;
  Rng rng(9);
  LayerType layer(kInputs, kMany, rng);
  if (longest > 0) layer.start_remembering(longest, rng);
  for (NamedParameter& parameter : layer.parameters())
    if (parameter.name != "bias") parameter.variable.value().fill(0);
  const Variable state(Tensor::full({1, layer.state_size()}, 1));
  const Tensor after =
      layer.forward(Variable(Tensor::zeros({10, 1, kInputs})), state).state.value();
  const auto values = after.values<float>().subspan(cell * kMany, kMany);
  return {values.begin(), values.end()};
}

TEST_CASE("Gates that start by remembering keep a share between 1/2 and all but 1/longest a step",
          "[layers][recurrent]") {
  const double least = std::pow(0.5, 10), most = std::pow(1 - 1.0 / 40, 10);
  for (const float left : left_of_memory<Gru>(0, 0)) CHECK(left == Approx(least));
  for (auto& shares : {left_of_memory<Gru>(40, 0), left_of_memory<Lstm>(40, 1)}) {
    const auto [low, high] = std::ranges::minmax(shares);
    CHECK(low >= Approx(least));
    CHECK(high <= Approx(most));
    CHECK(high > 0.7);  // of 0.776; and half of the units keep more than 0.57
  }
  Rng rng(9);
  CHECK_THROWS_WITH(Gru(1, 1, rng).start_remembering(1.5, rng), Catch::Contains("2 steps or more"));
}

TEST_CASE("A bidirectional layer read backwards is itself with its halves swapped",
          "[layers][recurrent][E11]") {
  Rng rng(2);
  const auto twin = [] {
    Rng same(5);
    return make_layer("lstm", same);
  };
  Bidirectional layer(twin(), twin());
  const Variable x(uniform_doubles({5, kBatch, kInputs}, rng).to(DType::f32));
  const Variable y = layer.forward(x).y, mirrored = reverse(layer.forward(reverse(x, 0)).y, 0);
  CHECK(y.shape() == Shape{5, kBatch, 2 * kUnits});
  const Variable swapped =
      concat({slice(mirrored, 2, kUnits, 2 * kUnits), slice(mirrored, 2, 0, kUnits)}, 2);
  CHECK(relative_difference(y.value(), swapped.value()) < 1e-6);
}

TEST_CASE("A bidirectional layer passes the gradient check", "[layers][recurrent][E11]") {
  Rng rng(2);
  Bidirectional layer(make_layer("gru", rng), make_layer("rnn", rng));
  randomise(layer, rng);
  check_module_gradients(
      layer, [&](const Variable& x) { return layer.forward(x).y; },
      uniform_doubles({3, kBatch, kInputs}, rng));
}

TEST_CASE("A stateful layer goes on where it stopped but stops the gradient",
          "[layers][recurrent][E9][E12]") {
  Rng rng(3);
  const auto plain = make_layer("lstm", rng);
  rng = Rng(3);
  Stateful stateful(make_layer("lstm", rng));
  const Variable x(uniform_doubles({4, kBatch, kInputs}, rng).to(DType::f32), true);
  const Tensor whole = plain->forward(x).y.value();
  const Variable first = stateful.forward(slice(x, 0, 0, 2));
  const Variable second = stateful.forward(slice(x, 0, 2, 4));
  CHECK(relative_difference(concat({first, second}, 0).value(), whole) < 1e-6);

  sum(second).backward();
  const auto grad = x.grad().values<float>();
  const auto half = static_cast<std::ptrdiff_t>(grad.size() / 2);
  CHECK(std::all_of(grad.begin(), grad.begin() + half, [](float g) { return g == 0; }));
  CHECK(std::any_of(grad.begin() + half, grad.end(), [](float g) { return g != 0; }));

  stateful.reset_state();
  CHECK(relative_difference(stateful.forward(slice(x, 0, 0, 2)).value(), first.value()) == 0);
}

TEST_CASE("Truncation as long as the sequence gives the full gradient",
          "[layers][recurrent][E12]") {
  Rng rng(4);
  Stateful stateful(make_layer("gru", rng));
  rng = Rng(4);
  const auto plain = make_layer("gru", rng);
  const Variable x(uniform_doubles({4, kBatch, kInputs}, rng).to(DType::f32));
  sum(square(stateful.forward(x))).backward();
  sum(square(plain->forward(x).y)).backward();
  const auto a = stateful.parameters(), b = plain->parameters();
  for (std::size_t i = 0; i < b.size(); ++i)
    CHECK(relative_difference(a[i].variable.grad(), b[i].variable.grad()) == 0);
}

TEST_CASE("A tree net passes the gradient check and works as a chain", "[layers][recurrent][E15]") {
  Rng rng(5);
  TreeRnn tree(2, rng);
  randomise(tree, rng);
  const BinaryTree shape{4, {{0, 1}, {2, 3}, {4, 5}}};
  const Tensor leaves = uniform_doubles({4, 2}, rng);
  check_module_gradients(
      tree, [&](const Variable& x) { return tree.forward(x, shape); }, leaves);
  CHECK(tree.forward(Variable(leaves), shape).shape() == Shape{7, 2});
  CHECK_THROWS_AS(tree.forward(Variable(leaves), BinaryTree{4, {{0, 4}}}), std::invalid_argument);
  CHECK_THROWS_AS(tree.forward(Variable(leaves), BinaryTree{3, {}}), std::invalid_argument);
}

TEST_CASE("Layers that do not fit on each other are refused", "[layers][recurrent]") {
  Rng rng(6);
  std::vector<std::unique_ptr<RecurrentLayer>> layers;
  layers.push_back(make_layer("rnn", rng));
  layers.push_back(make_layer("rnn", rng));
  CHECK_THROWS_WITH(StackedRecurrent(std::move(layers)),
                    "[StackedRecurrent] expected layer 1 to take 2 inputs, got 3");
  CHECK_THROWS_AS(LeakyUnits(2, 1.5), std::invalid_argument);
  CHECK_THROWS_WITH(SkipTime(make_layer("rnn", rng), 1), Catch::Contains("at least 2"));
  CHECK_THROWS_WITH(SkipTime(std::make_unique<Rnn>(2, 2, rng), 2),
                    Catch::Contains("more than its 2 outputs"));
  CHECK_THROWS_WITH(make_layer("rnn", rng)->forward(Variable(Tensor({2, 2, 4}))),
                    "[recurrent layer] expected a sequence [T, N, 3], got [2, 2, 4]");
}
