// The generated tasks, and that recurrent nets learn them.
#include "engine/data/sequence_tasks.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/autograd/ops_slice.hpp"
#include "engine/kernels/backend.hpp"
#include "engine/layers/linear.hpp"
#include "engine/layers/rnn.hpp"
#include "engine/optim/sgd.hpp"

using namespace tengen;

namespace {

/// A recurrent layer with a linear output at each step.
struct StepNet : Module {
  StepNet(std::int64_t inputs, std::int64_t units, RnnActivation activation, Rng& rng)
      : rnn(inputs, units, rng, activation), output(units, 1, rng, Linear::Init::xavier) {
    register_child("rnn", rnn);
    register_child("output", output);
  }
  Variable forward(const Variable& x) {
    const Variable y = rnn.forward(x).y;
    const std::int64_t steps = y.shape()[0], batch = y.shape()[1];
    return reshape(output.forward(reshape(y, {steps * batch, y.shape()[2]})), {steps, batch, 1});
  }
  Rnn rnn;
  Linear output;
};

int exact_sums(const Tensor& y, const Tensor& targets) {
  int exact = 0;
  for (std::int64_t n = 0; n < y.dim(1); ++n) {
    bool right = true;
    for (std::int64_t t = 0; t < y.dim(0); ++t) {
      const auto at = static_cast<std::size_t>(t * y.dim(1) + n);
      right = right && (y.values<float>()[at] > 0.5f) == (targets.values<float>()[at] > 0.5f);
    }
    exact += right;
  }
  return exact;
}

}  // namespace

TEST_CASE("Binary addition is addition", "[engine][data][E3]") {
  Rng rng(1);
  const SequenceBatch task = binary_addition(8, 50, rng);
  for (int n = 0; n < 50; ++n) {
    int a = 0, b = 0, sum = 0;
    for (int t = 0; t < 8; ++t) {
      a += int(task.inputs.values<float>()[(t * 50 + n) * 2]) << t;
      b += int(task.inputs.values<float>()[(t * 50 + n) * 2 + 1]) << t;
      sum += int(task.targets.values<float>()[t * 50 + n]) << t;
    }
    CHECK(a + b == sum);
  }
  CHECK_THROWS_AS(binary_addition(1, 1, rng), std::invalid_argument);
}

TEST_CASE("Sine windows are shifted by one point", "[engine][data][E4]") {
  const SequenceBatch task = sine_windows(500, 5, 5);
  CHECK(task.inputs.shape() == Shape{5, 495, 1});
  const auto in = task.inputs.values<float>(), out = task.targets.values<float>();
  for (std::size_t i = 0; i + 495 < in.size(); ++i) CHECK(out[i] == in[i + 495]);
  CHECK(in[100] == Approx(std::sin(10 * M_PI * 100 / 499)).margin(1e-6));
}

TEST_CASE("A sigmoid recurrent net learns to add binary numbers exactly",
          "[engine][data][recurrent][slow][E3]") {
  const std::uint64_t seed = GENERATE(1, 2, 3);
  const kernels::ScopedThreads one(1);
  Rng rng(seed);
  StepNet net(2, 16, RnnActivation::sigmoid, rng);
  Sgd sgd(net.parameters(), {.learning_rate = 0.3, .momentum = 0});
  for (int iteration = 0; iteration < 8000; ++iteration) {
    const SequenceBatch task = binary_addition(8, 1, rng);
    sgd.zero_grad();
    const Variable error =
        subtract(sigmoid(net.forward(Variable(task.inputs))), Variable(task.targets));
    scale(sum(square(error)), 0.5).backward();
    sgd.step();
  }
  const SequenceBatch test = binary_addition(8, 400, rng);
  const NoGrad no_grad;
  CHECK(exact_sums(net.forward(Variable(test.inputs)).value(), test.targets) == 400);
}
