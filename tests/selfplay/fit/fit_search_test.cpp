#include "selfplay/fit/fit_search.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/selfplay/fit/tiny_images.hpp"
#include "tests/support/temp_dir.hpp"

using namespace tengen;
using namespace tengen::selfplay;
using Catch::Matchers::Contains;

TEST_CASE("The axes of a search are parsed and checked", "[selfplay][fit][search]") {
  const SearchAxis rate = parse_search_axis("learning-rate=log:1e-4..1e-2");
  CHECK(rate.name == "learning_rate");
  CHECK(value_at(rate, 0) == Approx(1e-4));
  CHECK(value_at(rate, 0.5) == Approx(1e-3));
  const SearchAxis momentum = parse_search_axis("momentum=0.5..0.9");
  CHECK(value_at(momentum, 0.25) == Approx(0.6));
  for (const char* wrong : {"momentum", "momentum=0.5", "momentum=0.9..0.5", "momentum=0.5..2",
                            "l1=log:0..0.1", "optimizer=1..2", "depth=1..2", "l1=a..b"})
    CHECK_THROWS_AS(parse_search_axis(wrong), std::invalid_argument);
  CHECK_THROWS_WITH(parse_search_axis("depth=1..2"), Contains("depth"));
}

TEST_CASE("A search tries the knobs and repeats to the digit", "[selfplay][fit][search][D16]") {
  const test::TempDir dir;
  const ImageTask task = test::tiny_image_task({.validation = 40});
  FitConfig config;
  config.threads = 1;
  config.epochs = 1;
  FitSearchConfig search{.trials = 8, .guided = true};
  search.axes = {parse_search_axis("learning_rate=log:1e-5..1e-1"),
                 parse_search_axis("batch=5..50")};
  FitObserver quiet;
  search.trials = 4;
  search_fit(config, search, task, dir / "search", quiet);  // interrupted, as it were
  search.trials = 8;
  const auto trials = search_fit(config, search, task, dir / "search", quiet);
  REQUIRE(trials.size() == 8);
  const auto again = search_fit(config, search, task, dir / "again", quiet);
  double best = 0, worst = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    CHECK(trials[i].values == again[i].values);
    CHECK(trials[i].quality == again[i].quality);
    CHECK(trials[i].values.at("batch").find('.') == std::string::npos);
    CHECK(RunDirectory::exists(trials[i].run));
    best = std::max(best, trials[i].quality);
    worst = std::min(worst, trials[i].quality);
  }
  CHECK(best > worst + 0.2);
}

TEST_CASE("A trial that diverges is a result too", "[selfplay][fit][search]") {
  const test::TempDir dir;
  FitConfig config;
  config.threads = 1;
  config.epochs = 20;
  config.optimizer = "sgd";
  config.weight_decay = 1;
  FitSearchConfig search{.trials = 1, .guided = false};
  search.axes = {parse_search_axis("learning_rate=900..1000")};
  FitObserver quiet;
  const auto trials =
      search_fit(config, search, test::tiny_image_task({.validation = 40}), dir / "search", quiet);
  REQUIRE(trials.size() == 1);
  CHECK(std::isnan(trials[0].quality));
}

TEST_CASE("Trials are ranked by validation examples and never by the test's",
          "[selfplay][fit][search]") {
  const test::TempDir dir;
  FitConfig config;
  config.threads = 1;
  config.epochs = 1;
  FitSearchConfig search{.trials = 1, .guided = false};
  search.axes = {parse_search_axis("learning_rate=log:1e-3..1e-2")};
  FitObserver quiet;
  CHECK_THROWS_WITH(search_fit(config, search, test::tiny_image_task(), dir / "search", quiet),
                    Contains("tiny:validation=..."));
  const ImageTask task = test::tiny_image_task({.validation = 40});
  const auto trials = search_fit(config, search, task, dir / "search", quiet);
  const RunDirectory run = RunDirectory::open(trials.at(0).run, RunDirectory::Access::read);
  CHECK(trials[0].quality == load_fitted(task, run, 1)->evaluate(Part::validation).quality);
}
