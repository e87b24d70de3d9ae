#include "engine/layers/first_non_finite.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "engine/autograd/ops_shape.hpp"
#include "engine/layers/activation.hpp"
#include "engine/layers/linear.hpp"
#include "engine/layers/sequential.hpp"

using namespace tengen;

namespace {

struct Net {
  explicit Net() {
    Rng rng(1);
    first = &net.emplace<Linear>(2, 3, rng);
    net.emplace<Softmax>();
    second = &net.emplace<Linear>(3, 1, rng);
  }
  std::string origin(const Tensor& x) {
    return first_non_finite(sum(net.forward(Variable(x))), net.parameters());
  }
  static void fill_weight(Linear& layer, float value) {
    layer.parameters()[0].variable.value().fill(value);
  }
  Sequential net;
  Linear *first, *second;
};

constexpr float kInfinity = std::numeric_limits<float>::infinity();

}  // namespace

TEST_CASE("The first value that is not finite is named by its layer", "[engine][layers][finite]") {
  Net net;
  const Tensor x = Tensor::from<float>({1, 2}, {1, 2});
  CHECK(net.origin(x).empty());
  SECTION("an overflow in a layer") {
    Net::fill_weight(*net.second, 3e38f);
    CHECK(net.origin(Tensor::from<float>({1, 2}, {1, 2})).empty());  // 3e38 in every unit
    Net::fill_weight(*net.first, 3e38f);
    CHECK(net.origin(x) == "layer 0");
  }
  SECTION("a weight") {
    Net::fill_weight(*net.second, kInfinity);
    CHECK(net.origin(x) == "parameter 2.weight");
  }
  SECTION("the input") {
    CHECK(net.origin(Tensor::from<float>({1, 2}, {1, kInfinity})) == "the input");
  }
}

TEST_CASE("An operation without weights is named by the layer before it",
          "[engine][layers][finite]") {
  Net net;
  Net::fill_weight(*net.second, 3e38f);
  const Tensor x = Tensor::from<float>({4, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  CHECK(net.origin(x) == "an operation after layer 2");  // the sum over the rows
}
