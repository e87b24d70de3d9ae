#include "selfplay/trainer.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "engine/base/error.hpp"
#include "envs/registry.hpp"
#include "tests/support/random_games.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/tiny_nets.hpp"

using namespace tengen;
using namespace tengen::selfplay;

namespace {

TrainingBatch some_batch(const std::shared_ptr<const envs::Game>& game, std::uint64_t seed) {
  Rng rng(seed);
  ReplayWindow window(game, 1000);
  for (std::uint64_t i = 0; i < 10; ++i) window.add(test::random_record(*game, i, rng));
  TrainingBatch batch;
  window.sample(32, false, 0, rng, batch);
  return batch;
}

std::vector<float> weights(const nets::PolicyValueNet& net) {
  std::vector<float> all;
  for (const NamedParameter& p : net.parameters())
    for (float x : p.variable.value().values<float>()) all.push_back(x);
  return all;
}

/// Its head's parameters are the last.
constexpr const char* kOwnershipNet = "resnet:blocks=1,channels=8,value_hidden=8,ownership=true";
constexpr std::size_t kOwnershipParameters = 8 + 1;

TrainerConfig quick_config(const char* optimizer) {
  TrainerConfig config;
  config.optimizer = optimizer;
  config.learning_rate = config.optimizer == "adam" ? 0.01 : 0.05;
  config.warmup_steps = 0;
  config.weight_decay = 0;
  return config;
}

}  // namespace

TEST_CASE("Training steps fit a fixed batch", "[selfplay][trainer]") {
  const auto game = envs::make_game("tic_tac_toe");
  const TrainingBatch batch = some_batch(game, 1);
  for (const char* optimizer : {"sgd", "adam"}) {
    const auto net = test::tiny_net(*game);
    Trainer trainer(*net, quick_config(optimizer));
    const Losses first = trainer.step(batch);
    Losses last;
    for (int i = 0; i < 300; ++i) last = trainer.step(batch);
    CHECK(last.total < first.total);
    CHECK(last.policy - last.entropy < 0.7 * (first.policy - first.entropy));
    CHECK(last.value < first.value);
    CHECK(last.policy >= last.entropy);  // Gibbs
    CHECK(last.total == Approx(last.policy + last.value).epsilon(1e-4));
    CHECK(trainer.steps() == 301);
  }
}

TEST_CASE("The loss of ownership falls where the owners show", "[selfplay][trainer]") {
  const auto game = envs::make_game("go:size=5,max_plies=2000");
  const TrainingBatch batch = some_batch(game, 3);
  const auto net = test::tiny_net(*game, 1, kOwnershipNet);
  Trainer trainer(*net, quick_config("adam"));
  const Losses first = trainer.step(batch);
  Losses last;
  for (int i = 0; i < 100; ++i) last = trainer.step(batch);
  CHECK(last.ownership < 0.5 * first.ownership);
  CHECK(last.total == Approx(last.policy + last.value + 1.5 * last.ownership).epsilon(1e-4));
}

TEST_CASE("Positions without owners teach an ownership head nothing", "[selfplay][trainer]") {
  const auto game = envs::make_game("go:size=5");
  TrainingBatch batch = some_batch(game, 3);
  batch.owner_known.fill(0);
  const auto net = test::tiny_net(*game, 1, kOwnershipNet);
  Trainer trainer(*net, quick_config("sgd"));
  const auto before = weights(*net);
  CHECK(trainer.step(batch).ownership == 0);
  const auto after = weights(*net);
  CHECK(before.front() != after.front());
  for (std::size_t i = before.size() - kOwnershipParameters; i < before.size(); ++i)
    CHECK(before[i] == after[i]);
}

TEST_CASE("Shares weigh the owners that they know as the whole batch does", "[selfplay][trainer]") {
  const auto game = envs::make_game("go:size=5,max_plies=2000");
  TrainingBatch batch = some_batch(game, 4);
  std::ranges::fill(batch.owner_known.values<float>().first(20 * 25), 0.0f);  // so shares differ
  Losses losses[2];
  for (const int threads : {1, 2}) {
    const auto net = test::tiny_net(*game, 1, kOwnershipNet);
    losses[threads - 1] = Trainer(*net, quick_config("sgd"), threads).step(batch);
  }
  CHECK(losses[0].ownership == Approx(losses[1].ownership).epsilon(0.1));  // ghost batch norm
}

TEST_CASE("The learning rate warms up and then follows the cosine", "[selfplay][trainer]") {
  const auto net = test::tiny_net(*envs::make_game("tic_tac_toe"));
  TrainerConfig config;
  config.learning_rate = 0.1;
  config.warmup_steps = 10;
  CHECK(Trainer(*net, config).learning_rate_at(4) == Approx(0.05));
  CHECK(Trainer(*net, config).learning_rate_at(1000) == Approx(0.1));
  config.final_learning_rate = 0.01;
  config.decay_steps = 100;
  CHECK(Trainer(*net, config).learning_rate_at(50) == Approx(0.055));
  CHECK(Trainer(*net, config).learning_rate_at(1000) == Approx(0.01));
}

TEST_CASE("A loss that is not finite stops training and leaves the weights",
          "[selfplay][trainer]") {
  const auto game = envs::make_game("tic_tac_toe");
  const auto net = test::tiny_net(*game);
  Trainer trainer(*net, quick_config("sgd"));
  TrainingBatch batch = some_batch(game, 2);
  batch.value.values<float>()[3] = std::numeric_limits<float>::quiet_NaN();
  const auto before = weights(*net);
  CHECK_THROWS_WITH(trainer.step(batch), Catch::Contains("diverged at step 0"));
  CHECK(weights(*net) == before);
}

TEST_CASE("Training goes on bit for bit from a saved optimizer", "[selfplay][trainer]") {
  const auto game = envs::make_game("tic_tac_toe");
  const test::TempDir dir;
  for (const char* kind : {"sgd", "adam"}) {
    const TrainerConfig config = quick_config(kind);
    const auto net = test::tiny_net(*game);
    Trainer trainer(*net, config);
    for (std::uint64_t i = 0; i < 5; ++i) trainer.step(some_batch(game, i));
    trainer.save_optimizer(dir / "optimizer.safetensors");
    const auto resumed_net = test::tiny_net(*game, 99);
    const auto from = net->parameters(), to = resumed_net->parameters();
    for (std::size_t i = 0; i < from.size(); ++i) {
      Variable target = to[i].variable;
      target.value().copy_from(from[i].variable.value());
    }
    Trainer resumed(*resumed_net, config);
    CHECK(resumed.load_optimizer(dir / "optimizer.safetensors"));
    CHECK(resumed.steps() == 5);
    for (std::uint64_t i = 5; i < 8; ++i) {
      trainer.step(some_batch(game, i));
      resumed.step(some_batch(game, i));
    }
    CHECK(weights(*net) == weights(*resumed_net));
  }
}

TEST_CASE("Another optimizer starts afresh with the step count", "[selfplay][trainer]") {
  const auto game = envs::make_game("tic_tac_toe");
  const test::TempDir dir;
  const auto net = test::tiny_net(*game);
  Trainer sgd(*net, quick_config("sgd"));
  sgd.step(some_batch(game, 1));
  sgd.save_optimizer(dir / "o.safetensors");
  Trainer adam(*net, quick_config("adam"));
  CHECK_FALSE(adam.load_optimizer(dir / "o.safetensors"));
  CHECK(adam.steps() == 1);
  const auto before = weights(*net);
  adam.step(some_batch(game, 2));
  float longest = 0;
  for (std::size_t i = 0; i < before.size(); ++i)
    longest = std::max(longest, std::abs(weights(*net)[i] - before[i]));
  CHECK(longest == Approx(quick_config("adam").learning_rate).epsilon(1e-3));
  adam.save_optimizer(dir / "o.safetensors");
  Trainer resumed(*net, quick_config("adam"));
  CHECK(resumed.load_optimizer(dir / "o.safetensors"));
  const auto resume_point = weights(*net);
  adam.step(some_batch(game, 3));
  const auto straight = weights(*net);
  for (std::size_t i = 0, p = 0; i < net->parameters().size(); ++i)
    for (float& x : Tensor(net->parameters()[i].variable.value()).values<float>())
      x = resume_point[p++];
  resumed.step(some_batch(game, 3));
  CHECK(weights(*net) == straight);
  CHECK_THROWS_AS(adam.load_optimizer(dir / "missing.safetensors"), Error);
}
