// Rosenblatt's perceptron as a Linear layer and a step: what one layer can compute and what it
// cannot (Minsky and Papert 1969).
#include <catch2/catch.hpp>

#include "engine/layers/activation.hpp"
#include "engine/layers/linear.hpp"
#include "engine/layers/sequential.hpp"

using namespace tengen;

namespace {

/// The four rows 00, 01, 10, 11.
Variable truth_table() { return Variable(Tensor::from<float>({4, 2}, {0, 0, 0, 1, 1, 0, 1, 1})); }

std::vector<float> column(const Variable& y) {
  const auto values = y.value().values<float>();
  return {values.begin(), values.end()};
}

void set(Linear& layer, std::initializer_list<float> weight, std::initializer_list<float> bias) {
  auto parameters = layer.parameters();
  parameters[0].variable.value().copy_from(
      Tensor::from(parameters[0].variable.shape(), std::span(weight.begin(), weight.size())));
  parameters[1].variable.value().copy_from(
      Tensor::from(parameters[1].variable.shape(), std::span(bias.begin(), bias.size())));
}

/// 1 where w1 x1 + w2 x2 + b > 0, over the truth table.
std::vector<float> perceptron(float w1, float w2, float bias) {
  Rng rng(1);
  Linear layer(2, 1, rng);
  set(layer, {w1, w2}, {bias});
  return column(Step().forward(layer.forward(truth_table())));
}

}  // namespace

TEST_CASE("A perceptron computes OR and AND and NAND", "[layers][B1]") {
  CHECK(perceptron(0.5f, 0.5f, -0.2f) == std::vector<float>{0, 1, 1, 1});
  CHECK(perceptron(0.5f, 0.5f, -0.7f) == std::vector<float>{0, 0, 0, 1});
  CHECK(perceptron(-0.5f, -0.5f, 0.7f) == std::vector<float>{1, 1, 1, 0});
}

TEST_CASE("Two layers of perceptrons compute XOR as the AND of NAND and OR", "[layers][B2]") {
  Rng rng(2);
  Sequential net;
  set(net.emplace<Linear>(2, 2, rng), {-0.5f, -0.5f, 0.5f, 0.5f}, {0.7f, -0.2f});
  net.emplace<Step>();
  set(net.emplace<Linear>(2, 1, rng), {0.5f, 0.5f}, {-0.7f});
  net.emplace<Step>();
  CHECK(column(net.forward(truth_table())) == std::vector<float>{0, 1, 1, 0});
}

TEST_CASE("No single perceptron computes XOR", "[layers][B2]") {
  // XOR asks b <= 0, w1 + b > 0, w2 + b > 0 and w1 + w2 + b <= 0; the middle two give
  // w1 + w2 + b > -b >= 0. The grid shows it: every linear threshold function of two inputs is in
  // it, 14 of the 16, and the two that are missing are XOR and its negation.
  std::vector<std::vector<float>> found;
  for (float w1 = -2; w1 <= 2; w1 += 0.5f)
    for (float w2 = -2; w2 <= 2; w2 += 0.5f)
      for (float bias = -2.25f; bias <= 2.25f; bias += 0.5f) {
        const std::vector<float> table = perceptron(w1, w2, bias);
        if (std::ranges::find(found, table) == found.end()) found.push_back(table);
      }
  CHECK(found.size() == 14);
  CHECK(std::ranges::find(found, std::vector<float>{0, 1, 1, 0}) == found.end());
  CHECK(std::ranges::find(found, std::vector<float>{1, 0, 0, 1}) == found.end());
}
