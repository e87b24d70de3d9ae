// What textbooks measure on MNIST with nets of fully connected layers: how initial weights decide
// whether a deep net learns, and that few examples are learned by heart.
#include <catch2/catch.hpp>
#include <numeric>

#include "engine/data/epoch.hpp"
#include "engine/data/labelled_images.hpp"
#include "engine/init/initializers.hpp"
#include "engine/kernels/backend.hpp"
#include "engine/layers/activation.hpp"
#include "engine/layers/linear.hpp"
#include "engine/layers/sequential.hpp"
#include "engine/losses/softmax_cross_entropy.hpp"
#include "engine/optim/sgd.hpp"
#include "tests/support/mnist.hpp"

using namespace tengen;
using test::mnist_directory;

namespace {

struct Digits {
  Tensor images;  // [N, 784]
  std::vector<int> labels;
};

Digits digits(const LabelledImages& data) {
  return {data.images.reshape({data.size(), 784}), data.labels};
}

Digits first_digits(const std::string& directory, Split split, std::uint32_t count) {
  std::vector<std::uint32_t> indices(count);
  std::iota(indices.begin(), indices.end(), 0u);
  return digits(gather(load_mnist(directory, split), indices));
}

/// Draws the weights anew, each layer's from N(0, deviation(its inputs)^2).
template <typename Deviation>
void redraw_weights(Sequential& net, Rng& rng, const Deviation& deviation) {
  for (NamedParameter& parameter : net.parameters()) {
    Tensor& weight = parameter.variable.value();
    if (weight.shape().rank() == 2)
      weight.copy_from(
          random_normal(weight.shape(), deviation(static_cast<double>(weight.dim(1))), rng));
  }
}

/// Adds ReLU layers of these widths from 784 inputs to 10 logits.
void add_layers(Sequential& net, std::initializer_list<std::int64_t> widths, Rng& rng) {
  std::int64_t inputs = 784;
  for (const std::int64_t width : widths) {
    net.emplace<Linear>(inputs, width, rng);
    net.emplace<Relu>();
    inputs = width;
  }
  net.emplace<Linear>(inputs, 10, rng);
}

/// The loss of the batch that came last.
double train(Sequential& net, const Digits& data, int steps, std::int64_t batch,
             const SgdOptions& options) {
  Sgd sgd(net.parameters(), options);
  double loss = 0;
  const auto size = static_cast<std::int64_t>(data.labels.size());
  for (int step = 0; step < steps;) {
    const Epoch epoch(size, batch, 1, static_cast<std::uint64_t>(step));
    for (std::int64_t b = 0; b < epoch.batches() && step < steps; ++b, ++step) {
      const auto indices = epoch.indices(b);
      Tensor x({static_cast<std::int64_t>(indices.size()), 784}, DType::f32);
      std::vector<int> labels;
      for (const std::uint32_t i : indices) {
        const auto row = static_cast<std::int64_t>(labels.size());
        x.rows(row, row + 1).copy_from(data.images.rows(i, i + 1));
        labels.push_back(data.labels[i]);
      }
      sgd.zero_grad();
      const Variable mean = softmax_cross_entropy(net.forward(Variable(x)), one_hot(labels, 10));
      mean.backward();
      sgd.step();
      loss = mean.value().item();
    }
  }
  return loss;
}

double accuracy(Sequential& net, const Digits& data) {
  const NoGrad no_grad;
  const Tensor logits = net.forward(Variable(data.images)).value();
  int right = 0;
  for (std::size_t n = 0; n < data.labels.size(); ++n) {
    const auto row = logits.values<float>().subspan(n * 10, 10);
    right += std::max_element(row.begin(), row.end()) - row.begin() == data.labels[n];
  }
  return right / static_cast<double>(data.labels.size());
}

}  // namespace

TEST_CASE("A net that has learned nothing is right about once in ten", "[layers][mnist][F1]") {
  const auto directory = mnist_directory();
  if (!directory) return;
  Rng rng(1);
  double mean = 0;
  const Digits test = first_digits(*directory, Split::test, 1000);
  for (int i = 0; i < 10; ++i) {
    Sequential net;
    add_layers(net, {50, 100, 100}, rng);
    mean += accuracy(net, test) / 10;
  }
  CHECK(mean == Approx(0.1).margin(0.04));
}

TEST_CASE("Two layers learn the digits as fast and as well as the textbook's",
          "[layers][mnist][slow][F2]") {
  const auto directory = mnist_directory();
  if (!directory) return;
  const kernels::ScopedThreads one(1);
  const Digits known = digits(load_mnist(*directory, Split::train));
  const Digits test = digits(load_mnist(*directory, Split::test));
  Rng rng(4);
  Sequential net;
  add_layers(net, {50}, rng);
  redraw_weights(net, rng, [](double) { return 0.01; });
  const auto after_epochs = [&](int epochs) {
    train(net, known, 600 * epochs, 100, {.learning_rate = 0.1, .momentum = 0});
    return accuracy(net, test);
  };
  CHECK(after_epochs(1) == Approx(0.906).margin(0.015));
  CHECK(after_epochs(1) == Approx(0.9268).margin(0.01));
  CHECK(after_epochs(15) >= 0.967);  // the 17th
}

TEST_CASE("Small initial weights keep a deep net from learning", "[layers][mnist][slow][D2]") {
  const auto directory = mnist_directory();
  if (!directory) return;
  const kernels::ScopedThreads one(1);
  const auto [name, lowest, highest] = GENERATE(table<std::string, double, double>(
      {{"deviation 0.01", 2.2, 2.4}, {"xavier", 0.1, 0.6}, {"he", 0.1, 0.5}}));
  INFO(name);
  Rng rng(2);
  Sequential net;
  add_layers(net, {100, 100, 100, 100}, rng);
  redraw_weights(net, rng, [&](double inputs) {
    if (name == "deviation 0.01") return 0.01;
    return std::sqrt((name == "he" ? 2 : 1) / inputs);
  });
  const double loss = train(net, digits(load_mnist(*directory, Split::train)), 1900, 128,
                            {.learning_rate = 0.01, .momentum = 0});
  CHECK(loss > lowest);
  CHECK(loss < highest);
}

TEST_CASE("A deep net knows 300 digits by heart unless its weights decay",
          "[layers][mnist][slow][D10][D22]") {
  const auto directory = mnist_directory();
  if (!directory) return;
  const kernels::ScopedThreads one(1);
  const Digits few = first_digits(*directory, Split::train, 300);
  const Digits test = first_digits(*directory, Split::test, 2000);
  double gap[2];
  for (const bool decays : {false, true}) {
    Rng rng(3);
    Sequential net;
    add_layers(net, {100, 100, 100, 100, 100, 100}, rng);
    train(net, few, 600, 100,
          {.learning_rate = 0.01, .momentum = 0, .weight_decay = decays ? 0.1 : 0});
    const double known = accuracy(net, few), unknown = accuracy(net, test);
    CAPTURE(decays, known, unknown);
    if (!decays) CHECK((known > 0.98 && unknown > 0.6 && unknown < 0.85));
    gap[decays] = known - unknown;
  }
  CHECK(gap[1] < gap[0] - 0.02);
}
