// What the textbooks measure on MNIST: how initial weights and few examples show in training.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <optional>

#include "engine/autograd/ops_shape.hpp"
#include "engine/data/epoch.hpp"
#include "engine/data/labelled_images.hpp"
#include "engine/init/initializers.hpp"
#include "engine/layers/activation.hpp"
#include "engine/layers/linear.hpp"
#include "engine/layers/sequential.hpp"
#include "engine/losses/softmax_cross_entropy.hpp"
#include "engine/optim/sgd.hpp"

using namespace tengen;

namespace {

std::optional<LabelledImages> mnist(Split split) {
  const char* directory = std::getenv("TENGEN_MNIST");
  if (directory != nullptr) return load_mnist(directory, split);
  WARN("SKIPPED: TENGEN_MNIST does not name a directory with the four MNIST files");
  return std::nullopt;
}

/// 784-100-...-100-10 with ReLU; the weights of a layer with n inputs are N(0, deviation(n)^2).
template <typename Deviation>
void build_deep_net(Sequential& net, int hidden_layers, const Deviation& deviation, Rng& rng) {
  std::int64_t in = 784;
  for (int i = 0; i <= hidden_layers; ++i) {
    const std::int64_t out = i < hidden_layers ? 100 : 10;
    Linear& layer = net.emplace<Linear>(in, out, rng);
    layer.parameters()[0].variable.value().copy_from(
        random_normal({out, in}, deviation(double(in)), rng));
    if (i < hidden_layers) net.emplace<Relu>();
    in = out;
  }
}

Variable logits(Sequential& net, const LabelledImages& data) {
  return net.forward(reshape(Variable(data.images), {data.size(), 784}));
}

/// Plain gradient descent at 0.01; the loss of the last step.
double train(Sequential& net, const LabelledImages& data, std::int64_t batch, int steps) {
  Sgd sgd(net.parameters(), {.learning_rate = 0.01, .momentum = 0});
  double last = 0;
  for (int step = 0, number = 0; step < steps; ++number) {
    const Epoch epoch(data.size(), batch, 1, std::uint64_t(number));
    for (std::int64_t b = 0; b < data.size() / batch && step < steps; ++b, ++step) {
      const LabelledImages part = gather(data, epoch.indices(b));
      sgd.zero_grad();
      const Variable loss = softmax_cross_entropy(logits(net, part), one_hot(part.labels, 10));
      loss.backward();
      sgd.step();
      last = loss.value().item();
    }
  }
  return last;
}

double accuracy(Sequential& net, const LabelledImages& data) {
  const Tensor scores = logits(net, data).value();
  int right = 0;
  for (std::int64_t i = 0; i < data.size(); ++i) {
    const auto row = scores.values<float>().subspan(std::size_t(i) * 10, 10);
    right += std::max_element(row.begin(), row.end()) - row.begin() == data.labels[std::size_t(i)];
  }
  return double(right) / double(data.size());
}

LabelledImages first_images(const LabelledImages& data, std::uint32_t count) {
  std::vector<std::uint32_t> indices(count);
  std::iota(indices.begin(), indices.end(), 0);
  return gather(data, indices);
}

}  // namespace

TEST_CASE("Five layers learn MNIST from Xavier and He weights and not from tiny ones",
          "[engine][data][slow][D2]") {
  const auto data = mnist(Split::train);
  if (!data) return;
  const auto loss_after_1900_steps = [&](auto deviation) {
    Rng rng(1);
    Sequential net;
    build_deep_net(net, 5, deviation, rng);
    return train(net, *data, 128, 1900);
  };
  CHECK(loss_after_1900_steps([](double) { return 0.01; }) > 2.25);
  CHECK(loss_after_1900_steps([](double n) { return std::sqrt(1 / n); }) < 0.6);
  CHECK(loss_after_1900_steps([](double n) { return std::sqrt(2 / n); }) < 0.5);
}

TEST_CASE("A deep net learns 300 digits by heart and recognises about three quarters of others",
          "[engine][data][slow][D22]") {
  const auto data = mnist(Split::train), test = mnist(Split::test);
  if (!data || !test) return;
  Rng rng(1);
  Sequential net;
  build_deep_net(
      net, 6, [](double n) { return std::sqrt(2 / n); }, rng);
  const LabelledImages few = first_images(*data, 300);
  train(net, few, 100, 200 * 3);
  CHECK(accuracy(net, few) > 0.99);
  CHECK(accuracy(net, *test) > 0.65);
  CHECK(accuracy(net, *test) < 0.85);
}
