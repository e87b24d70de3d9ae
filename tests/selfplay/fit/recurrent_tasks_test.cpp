// What small recurrent nets learn with the defaults of their tasks, over several seeds.
#include <catch2/catch.hpp>

#include "selfplay/fit/fit_trainer.hpp"

using namespace tengen;
using namespace tengen::selfplay;

namespace {

FitScores trained(const FitTask& task, const FitConfig& config) {
  FitTrainer trainer(task, resolved(config, task), 1);
  for (int epoch = 1; epoch <= config.epochs; ++epoch)
    trainer.train_epoch(
        epoch, [](std::int64_t, double) {}, nullptr);
  return trainer.model().evaluate(Part::test);
}

}  // namespace

TEST_CASE("All held-out sums are exact after 8000 examples", "[selfplay][fit][slow][E3]") {
  FitConfig config;
  config.seed = GENERATE(1, 2, 3);
  config.epochs = 8;
  const auto task = make_fit_task("binary_addition:train=1000,test=400", "");
  CHECK(trained(*task, config).quality == 1);
}

TEST_CASE("The next sample of a sine is predicted", "[selfplay][fit][slow][E4]") {
  // Half squared errors with the task's own SGD, sample by sample. Seeds differ: a window of 2
  // gives 1.07e-5, 1.15e-5 and 2.28e-5 after 100 epochs (the mean of five seeds, with initial
  // weights of 0.01, is known to be 1.1e-5), a window of 5 gives 4.8e-7 after 500 (at
  // worst 8.8e-7). The 3000 epochs of the default take minutes: tengen fit DIR --task sine.
  const auto [spec, epochs, seed, bound] =
      GENERATE(table<const char*, int, std::uint64_t, double>({{"sine:length=2", 100, 1, 1.2e-5},
                                                               {"sine:length=2", 100, 2, 1.2e-5},
                                                               {"sine:length=2", 100, 3, 2.4e-5},
                                                               {"sine:length=5", 500, 1, 8.8e-7}}));
  FitConfig config;
  config.seed = seed;
  config.epochs = epochs;
  CAPTURE(spec, seed);
  CHECK(trained(*make_fit_task(spec, ""), config).loss < bound);
}
