#include "engine/layers/batch_statistics.hpp"

#include <catch2/catch.hpp>
#include <stdexcept>

#include "engine/layers/batch_norm.hpp"
#include "engine/layers/sequential.hpp"

using namespace tengen;

namespace {

const Tensor kBatches[] = {Tensor::from<float>({2, 1}, {1, 3}),  // mean 2, unbiased variance 2
                           Tensor::from<float>({2, 1}, {4, 8}),  // 6, 8
                           Tensor::from<float>({2, 1}, {1, 1})};

}  // namespace

TEST_CASE("Statistics made anew are means over the batches", "[layers][batch_norm]") {
  Sequential net;
  const auto& norm = net.emplace<BatchNorm>(1);
  for (int i = 0; i < 5; ++i) net.forward(Variable(Tensor::from<float>({2, 1}, {100, 900})));
  recompute_statistics(net, 3, [&](std::int64_t batch) {
    CHECK(net.training());
    CHECK_FALSE(net.forward(Variable(kBatches[batch])).requires_grad());
  });
  CHECK(norm.running_mean().item() == Approx(3));
  CHECK(norm.running_variance().item() == Approx(10.0 / 3));
  CHECK_FALSE(net.training());
}

TEST_CASE("After a pass that failed batch norms go on as usual", "[layers][batch_norm]") {
  BatchNorm norm(1, 0.9);
  CHECK_THROWS_AS(recompute_statistics(norm, 1, [](std::int64_t) { throw std::logic_error(""); }),
                  std::logic_error);
  norm.train();
  norm.forward(Variable(kBatches[0]));
  CHECK(norm.running_mean().item() == Approx(0.2));
}
