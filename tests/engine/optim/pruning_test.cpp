#include "engine/optim/pruning.hpp"

#include <catch2/catch.hpp>

#include "engine/layers/linear.hpp"

using namespace tengen;

namespace {

struct Example {
  Example() : layer(5, 2, rng) {
    weight().copy_from(
        Tensor::from<float>({2, 5}, {.1f, -.9f, .3f, -.2f, .8f, .7f, -.4f, .5f, 0, 1}));
  }
  Tensor weight() { return layer.parameters()[0].variable.value(); }
  std::vector<float> values() {
    const Tensor w = weight();
    return {w.values<float>().begin(), w.values<float>().end()};
  }
  Rng rng{1};
  Linear layer;
};

}  // namespace

TEST_CASE("Pruning drops the smallest weights and they stay at zero", "[engine][optim][D21]") {
  Example example;
  MagnitudePruning pruning(example.layer.parameters());
  CHECK(pruning.sparsity() == Approx(0.1));  // one was zero already
  pruning.prune_to(0.4);
  const std::vector<float> expected{0, -.9f, 0, 0, .8f, .7f, -.4f, .5f, 0, 1};
  CHECK(example.values() == expected);
  CHECK(pruning.sparsity() == Approx(0.4));
  example.weight().fill(2);  // an update moves them all
  pruning.apply();
  CHECK(pruning.sparsity() == Approx(0.4));
  CHECK(example.values()[0] == 0);
  CHECK(example.values()[1] == 2);
  CHECK_THROWS_AS(pruning.prune_to(1), std::invalid_argument);
}

TEST_CASE("Pruning again keeps what was dropped and adds to it", "[engine][optim][D21]") {
  Example example, average;
  MagnitudePruning pruning(example.layer.parameters());
  pruning.prune_to(0.4);
  pruning.prune_to(0.6);
  const std::vector<float> expected{0, -.9f, 0, 0, .8f, .7f, 0, 0, 0, 1};
  CHECK(example.values() == expected);
  pruning.apply_to(average.layer.parameters());
  CHECK(average.values() == expected);
  // A fresh object finds the same weights again: what a resumed run does.
  MagnitudePruning again(example.layer.parameters());
  again.prune_to(0.6);
  CHECK(example.values() == expected);
}

TEST_CASE("Sparsity rises fast at first and ends where it should", "[engine][optim][D21]") {
  CHECK(gradual_sparsity(0.8, 0, 10) == 0);
  CHECK(gradual_sparsity(0.8, 5, 10) == Approx(0.7));  // 0.8 (1 - 1/8)
  CHECK(gradual_sparsity(0.8, 10, 10) == 0.8);
  CHECK(gradual_sparsity(0.8, 99, 10) == 0.8);
  CHECK(gradual_sparsity(0.8, 0, 0) == 0.8);
}
