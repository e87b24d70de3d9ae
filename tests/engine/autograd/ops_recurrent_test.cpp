// The fused recurrences against chains of plain ops, finite differences and exact cases.
#include "engine/autograd/ops_recurrent.hpp"

#include <catch2/catch.hpp>

#include "engine/autograd/ops_linear.hpp"
#include "engine/autograd/ops_slice.hpp"
#include "tests/support/gradient_check.hpp"
#include "tests/support/tensors.hpp"

using namespace tengen;
using namespace tengen::test;
using Inputs = std::vector<Variable>;

namespace {

constexpr std::int64_t kSteps = 4, kBatch = 3, kUnits = 2;

/// Elementwise functions of an activation, from plain ops.
Variable apply(RnnActivation f, const Variable& x) {
  return f == RnnActivation::relu ? relu(x) : f == RnnActivation::sigmoid ? sigmoid(x) : tanh(x);
}

Variable ones_minus(const Variable& x) {
  return subtract(Variable(Tensor::full(x.shape(), 1, x.dtype())), x);
}

Variable plain_rnn(const Inputs& v, RnnActivation f) {
  std::vector<Variable> y;
  Variable h = v[2];
  for (std::int64_t t = 0; t < kSteps; ++t)
    y.push_back(h = apply(f, add(select(v[0], 0, t), matmul(h, v[1], false, true))));
  return stack(y);
}

/// v: x, weight, state0, peephole (optional).
Variable plain_lstm(const Inputs& v) {
  std::vector<Variable> states;
  Variable h = slice(v[2], 1, 0, kUnits), c = slice(v[2], 1, kUnits, 2 * kUnits);
  for (std::int64_t t = 0; t < kSteps; ++t) {
    const Variable sums = add(select(v[0], 0, t), matmul(h, v[1], false, true));
    const auto gate = [&](int index) {
      return slice(sums, 1, index * kUnits, (index + 1) * kUnits);
    };
    const auto peep = [&](const Variable& sum, int index, const Variable& cell) {
      return v.size() < 4 ? sum : add(sum, multiply(cell, select(v[3], 0, index)));
    };
    const Variable i = sigmoid(peep(gate(0), 0, c)), f = sigmoid(peep(gate(1), 1, c));
    c = add(multiply(f, c), multiply(i, tanh(gate(2))));
    h = multiply(sigmoid(peep(gate(3), 2, c)), tanh(c));
    states.push_back(concat({h, c}, 1));
  }
  return stack(states);
}

/// v: x, weight, h0, bias_n (optional).
Variable plain_gru(const Inputs& v, GruReset reset) {
  std::vector<Variable> y;
  Variable h = v[2];
  const Variable w_rz = slice(v[1], 0, 0, 2 * kUnits), w_n = slice(v[1], 0, 2 * kUnits, 3 * kUnits);
  for (std::int64_t t = 0; t < kSteps; ++t) {
    const Variable x = select(v[0], 0, t);
    const Variable rz = sigmoid(add(slice(x, 1, 0, 2 * kUnits), matmul(h, w_rz, false, true)));
    const Variable r = slice(rz, 1, 0, kUnits), z = slice(rz, 1, kUnits, 2 * kUnits);
    const Variable x_n = slice(x, 1, 2 * kUnits, 3 * kUnits);
    Variable inner = matmul(reset == GruReset::before ? multiply(r, h) : h, w_n, false, true);
    if (v.size() > 3) inner = add(inner, v[3]);
    if (reset == GruReset::after) inner = multiply(r, inner);
    h = add(multiply(ones_minus(z), h), multiply(z, tanh(add(x_n, inner))));
    y.push_back(h);
  }
  return stack(y);
}

Inputs sequence_inputs(int gates, int states, DType dtype = DType::f64) {
  Rng rng(7);
  Inputs v;
  for (const Shape& shape : {Shape{kSteps, kBatch, gates * kUnits}, Shape{gates * kUnits, kUnits},
                             Shape{kBatch, states * kUnits}})
    v.emplace_back(uniform_doubles(shape, rng).to(dtype), true);
  return v;
}

std::vector<Tensor> values_of(const Inputs& v) {
  std::vector<Tensor> tensors;
  for (const Variable& x : v) tensors.push_back(x.value());
  return tensors;
}

}  // namespace

TEST_CASE("The fused simple recurrence equals the chain of plain ops",
          "[autograd][recurrent][E1]") {
  const RnnActivation f =
      GENERATE(RnnActivation::tanh, RnnActivation::relu, RnnActivation::sigmoid);
  const Inputs v = sequence_inputs(1, 1);
  const Variable fused = rnn_sequence(v[0], v[1], v[2], f);
  CHECK(relative_difference(fused.value(), plain_rnn(v, f).value()) < 1e-14);
  check_gradients([f](const Inputs& x) { return rnn_sequence(x[0], x[1], x[2], f); }, values_of(v));
}

TEST_CASE("The fused LSTM equals the chain of plain ops", "[autograd][recurrent][E6][E7]") {
  Inputs v = sequence_inputs(4, 2);
  const bool peepholes = GENERATE(false, true);
  Rng rng(3);
  if (peepholes) v.emplace_back(uniform_doubles({3, kUnits}, rng), true);
  const auto fused = [](const Inputs& x) {
    return lstm_sequence(x[0], x[1], x.size() > 3 ? x[3] : Variable(), x[2]);
  };
  CHECK(relative_difference(fused(v).value(), plain_lstm(v).value()) < 1e-14);
  check_gradients(fused, values_of(v));
}

TEST_CASE("The fused GRU equals the chain of plain ops", "[autograd][recurrent][E8]") {
  Inputs v = sequence_inputs(3, 1);
  const GruReset reset = GENERATE(GruReset::before, GruReset::after);
  Rng rng(3);
  if (reset == GruReset::after) v.emplace_back(uniform_doubles({kUnits}, rng), true);
  const auto fused = [reset](const Inputs& x) {
    return gru_sequence(x[0], x[1], x.size() > 3 ? x[3] : Variable(), x[2], reset);
  };
  CHECK(relative_difference(fused(v).value(), plain_gru(v, reset).value()) < 1e-14);
  check_gradients(fused, values_of(v));
}

TEST_CASE("Backpropagation through time in float vectors agrees with double",
          "[autograd][recurrent][E2]") {
  const std::int64_t units = GENERATE(5, 16, 37);
  Rng rng(9);
  Inputs exact, fast;
  for (const Shape& shape :
       {Shape{6, 3, 4 * units}, Shape{4 * units, units}, Shape{3, units}, Shape{3, 2 * units}}) {
    exact.emplace_back(uniform_doubles(shape, rng), true);
    fast.emplace_back(exact.back().value().to(DType::f32), true);
  }
  for (const Inputs* v : {&exact, &fast})
    sum(square(lstm_sequence((*v)[0], (*v)[1], (*v)[2], (*v)[3]))).backward();
  for (std::size_t i = 0; i < exact.size(); ++i)
    CHECK(relative_difference(fast[i].grad(), exact[i].grad()) < 1e-5);
}

TEST_CASE("With open forget and closed input gates the LSTM carries its cell and the gradient",
          "[autograd][recurrent][E5]") {
  Tensor x = Tensor::zeros({50, 1, 4}, DType::f64);
  for (std::int64_t t = 0; t < 50; ++t) {
    x.values<double>()[t * 4] = -50;     // i = 0
    x.values<double>()[t * 4 + 1] = 50;  // f = 1
  }
  const Variable state0(Tensor::from<double>({1, 2}, {0.0, 0.7}), true);
  const Variable weight(Tensor::zeros({4, 1}, DType::f64));
  const Variable states = lstm_sequence(Variable(x), weight, Variable(), state0);
  const Variable last_cell = slice(select(states, 0, 49), 1, 1, 2);
  CHECK(last_cell.value().item() == Approx(0.7).epsilon(1e-12));
  sum(last_cell).backward();
  CHECK(state0.grad().values<double>()[1] == Approx(1).epsilon(1e-12));
}

TEST_CASE("A sigmoid recurrence loses its gradient at least as fast as a quarter per step",
          "[autograd][recurrent][D17]") {
  const Variable h0(Tensor::zeros({1, 1}, DType::f64), true);
  const Variable weight(Tensor::full({1, 1}, 1.0, DType::f64));
  const Variable x(Tensor::zeros({10, 1, 1}, DType::f64));
  const Variable y = rnn_sequence(x, weight, h0, RnnActivation::sigmoid);
  sum(select(y, 0, 9)).backward();
  CHECK(h0.grad().item() > 0);
  CHECK(h0.grad().item() <= std::pow(0.25, 10));
}

TEST_CASE("Recurrences refuse shapes that do not fit", "[autograd][recurrent]") {
  const Variable x(Tensor({3, 2, 4})), state(Tensor({2, 1})), state2(Tensor({2, 2}));
  CHECK_THROWS_WITH(rnn_sequence(x, Variable(Tensor({4, 3})), state),
                    "[rnn_sequence] expected a recurrent weight f32 [4, 4], got f32 [4, 3]");
  CHECK_THROWS_AS(lstm_sequence(x, Variable(Tensor({4, 1})), Variable(), state),
                  std::invalid_argument);
  CHECK_THROWS_AS(lstm_sequence(x, Variable(Tensor({4, 1})), Variable(Tensor({3, 2})), state2),
                  std::invalid_argument);
  CHECK_THROWS_AS(gru_sequence(x, Variable(Tensor({4, 1})), Variable(), state, GruReset::before),
                  std::invalid_argument);
  CHECK_THROWS_AS(
      rnn_sequence(Variable(Tensor({0, 2, 4})), Variable(Tensor({4, 4})), Variable(Tensor({2, 4}))),
      std::invalid_argument);
}
