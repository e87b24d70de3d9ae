// What small recurrent nets learn with the defaults of their tasks, over several seeds.
#include <catch2/catch.hpp>

#include "selfplay/fit/fit_trainer.hpp"

using namespace tengen;
using namespace tengen::selfplay;

namespace {

FitScores trained(const std::string& task_spec, int epochs, std::uint64_t seed) {
  const auto task = make_fit_task(task_spec, "");
  FitConfig config;
  config.epochs = epochs;
  config.seed = seed;
  FitTrainer trainer(*task, resolved(config, *task), 1);
  for (int epoch = 1; epoch <= epochs; ++epoch)
    trainer.train_epoch(
        epoch, [](std::int64_t, double) {}, nullptr);
  return trainer.model().evaluate(Part::test);
}

}  // namespace

TEST_CASE("All held-out sums are exact after 8000 examples", "[selfplay][fit][slow][E3]") {
  const std::uint64_t seed = GENERATE(1, 2, 3);
  const FitScores scores = trained("binary_addition:train=1000,test=400", 8, seed);
  CHECK(scores.quality == 1);
}

TEST_CASE("The next sample of a sine is predicted", "[selfplay][fit][slow][E4]") {
  const std::uint64_t seed = GENERATE(1, 2, 3);
  CAPTURE(seed);
  CHECK(trained("sine:length=2", 100, seed).loss < 3e-5);
  CHECK(trained("sine:length=5", 500, seed).loss < 1e-6);
}
