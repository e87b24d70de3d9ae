#include "engine/optim/weight_average.hpp"

#include <catch2/catch.hpp>

#include "engine/layers/linear.hpp"

using namespace tengen;

namespace {

struct Scalar : Module {
  Variable weight{Tensor::full({1}, 0.0), true};
  Tensor statistic = Tensor::full({1}, 0.0);
  Scalar(double w, double s) {
    weight.value().fill(w);
    statistic.fill(s);
    register_parameter("weight", weight);
    register_buffer("statistic", statistic);
  }
};

}  // namespace

TEST_CASE("A late average moves by one minus the decay", "[engine][optim]") {
  Scalar average(2, 10), net(4, 20);
  average_weights(average, net, 0.75, 1'000'000);
  CHECK(average.weight.value().item() == Approx(2.5));
  CHECK(average.statistic.item() == Approx(12.5));
  CHECK(net.weight.value().item() == 4);
}

TEST_CASE("The first steps follow the net closely", "[engine][optim]") {
  Scalar average(0, 0), net(11, 11);
  average_weights(average, net, 0.999, 1);  // keeps 2/11
  CHECK(average.weight.value().item() == Approx(9));
}

TEST_CASE("An equal average is the mean of all nets whatever it was before", "[engine][optim]") {
  Scalar average(99, 99);
  std::int64_t count = 0;
  for (const double weight : {1.0, 2.0, 6.0})
    average_equally(average, Scalar(weight, 10 * weight), count++);
  CHECK(average.weight.value().item() == Approx(3));
  CHECK(average.statistic.item() == Approx(30));
}
