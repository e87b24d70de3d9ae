#include "selfplay/batch_loader.hpp"

#include <catch2/catch.hpp>
#include <stdexcept>

#include "envs/registry.hpp"
#include "tests/support/random_games.hpp"

using namespace tengen;
using namespace tengen::selfplay;

namespace {

bool same(const Tensor& a, const Tensor& b) {
  return std::ranges::equal(a.values<float>(), b.values<float>());
}

}  // namespace

TEST_CASE("Batches loaded ahead are those of sampling in turn", "[selfplay][batch_loader]") {
  const auto game = envs::make_game("connect_four");
  Rng games(1);
  ReplayWindow window(game, 1000);
  for (std::uint64_t i = 0; i < 5; ++i) window.add(test::random_record(*game, i, games));
  Rng ahead(2), in_turn(2);
  constexpr int kBatches = 7;
  BatchLoader loader(kBatches,
                     [&](TrainingBatch& batch) { window.sample(8, true, 0.5, ahead, batch); });
  TrainingBatch expected;
  for (int i = 0; i < kBatches; ++i) {
    const TrainingBatch& batch = loader.next();
    window.sample(8, true, 0.5, in_turn, expected);
    CHECK(same(batch.observations, expected.observations));
    CHECK(same(batch.policy, expected.policy));
    CHECK(same(batch.value, expected.value));
  }
}

TEST_CASE("A loader makes no more batches than it was asked for", "[selfplay][batch_loader]") {
  int made = 0;
  {
    BatchLoader loader(2, [&](TrainingBatch&) { ++made; });
    loader.next();
    loader.next();
  }
  CHECK(made == 2);
  BatchLoader none(0, [&](TrainingBatch&) { ++made; });
  CHECK(made == 2);
}

TEST_CASE("What goes wrong while loading comes out of next", "[selfplay][batch_loader]") {
  BatchLoader loader(3, [](TrainingBatch&) { throw std::runtime_error("no batch"); });
  CHECK_THROWS_WITH(loader.next(), "no batch");
}
