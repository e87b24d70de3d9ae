#include "selfplay/fit/sequence_class_task.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <set>

#include "engine/base/error.hpp"
#include "engine/kernels/backend.hpp"
#include "selfplay/fit/confusion_matrix.hpp"
#include "tests/selfplay/fit/trained.hpp"
#include "tests/support/temp_dir.hpp"

using namespace tengen;
using namespace tengen::selfplay;
using Catch::Matchers::Contains;

namespace {

/// Greetings and farewells of many lengths.
std::string some_lines(int count) {
  Rng rng(1);
  std::string text;
  for (int i = 0; i < count; ++i) {
    const bool greets = rng.below(2) == 1;
    text += greets ? "hello\thi, " : "bye\tsee you, ";
    text += std::string(1 + rng.below(5), static_cast<char>('a' + rng.below(26))) + "\n";
  }
  return text;
}

std::unique_ptr<FitTask> lines_task(const test::TempDir& dir, const std::string& text,
                                    const std::string& spec = "lines") {
  std::ofstream(dir / "lines") << text;
  return make_fit_task(spec, dir / "lines");
}

std::unique_ptr<FitTrainer> trained(const FitTask& task, const std::string& net, int epochs) {
  FitConfig config;
  config.net = net;
  config.epochs = epochs;
  return test::trained(task, config, epochs);
}

}  // namespace

TEST_CASE("Every sequence classifier learns what the lines of a file are",
          "[selfplay][fit][lines]") {
  const char* net = GENERATE("rnn:units=16,leaky=0.2", "lstm:units=12,peephole=true",
                             "gru:units=12,bidirectional=false,reset=after",
                             "transformer:layers=1,width=16,heads=2");
  INFO(net);
  const kernels::ScopedThreads one(1);
  const test::TempDir dir;
  const auto task = lines_task(dir, some_lines(300), "lines:validation=0.1");
  CHECK(task->size() == 240);
  const auto trainer = trained(*task, net, 20);
  FitModel& model = trainer->model();
  const FitScores scores = model.evaluate(Part::test);
  CHECK(scores.quality > 0.95);
  const auto classified = model.classify(Part::test);
  REQUIRE(classified);
  const ConfusionMatrix matrix(*classified);
  CHECK(matrix.classes() == 2);
  CHECK(matrix.total() == 30);
  CHECK(matrix.accuracy() == Approx(scores.quality));
  Rng rng(1);
  CHECK_THAT(model.sample(rng), Contains(" -> hello"));
  CHECK(task->class_names() == std::vector<std::string>{"bye", "hello"});
}

TEST_CASE("Balanced brackets are told from others", "[selfplay][fit][lines]") {
  const kernels::ScopedThreads one(1);
  const auto task = make_fit_task("brackets:train=500,test=200", "");
  CHECK(trained(*task, "gru:units=32", 15)->model().evaluate(Part::test).quality > 0.95);
}

TEST_CASE("The task of a file of lines says what is wrong with it", "[selfplay][fit][lines]") {
  const test::TempDir dir;
  CHECK_THROWS_WITH(make_fit_task("lines", ""), Contains("LABEL<tab>TEXT"));
  CHECK_THROWS_WITH(lines_task(dir, "a\tone\nb two\n"), Contains("lines: line 2: expected LABEL"));
  CHECK_THROWS_WITH(lines_task(dir, "a\tone\na\ttwo\n"), Contains("different labels, got 1"));
  CHECK_THROWS_WITH(lines_task(dir, ""), Contains("got 0 in all"));
  CHECK_THROWS_WITH(lines_task(dir, "a\t1\nb\t2\n", "lines:test=0.9"), Contains("got 2 in all"));
  CHECK_THROWS_WITH(make_fit_task("brackets", "folder"), Contains("expected no data"));
  CHECK_THROWS_WITH(make_fit_task("brackets:length=6", ""), Contains("quarter of all balanced"));
}

TEST_CASE("Labelled sequences fall into parts that do not overlap", "[selfplay][fit][lines]") {
  const test::TempDir dir;
  const auto lines = lines_task(dir, some_lines(200), "lines:test=0.25,validation=0.125");
  CHECK(lines->spec() == "lines:test=0.25,validation=0.125,seed=1");
  const auto brackets = make_fit_task("brackets:train=90,validation=20,test=30", "");
  CHECK(make_fit_task(brackets->spec(), "")->spec() == brackets->spec());
  CHECK(brackets->size() == 70);
  CHECK(brackets->canonical_net("gru") == "gru:layers=1,units=128,bidirectional=true");
  for (const FitTask* task : {lines.get(), brackets.get()}) {
    const auto& sizes = dynamic_cast<const SequenceClassTask&>(*task).sizes();
    std::set<std::uint32_t> all;
    std::size_t count = 0;
    for (const Part part : {Part::train, Part::validation, Part::test})
      for (const std::uint32_t i : sizes.indices(part)) {
        all.insert(i);
        ++count;
      }
    CHECK(all.size() == count);
    CHECK(count == std::size_t(sizes.train + sizes.validation + sizes.test));
  }
}

TEST_CASE("A file of lines is shuffled by its seed", "[selfplay][fit][lines]") {
  const test::TempDir dir;
  const auto first_text = [&](const char* spec) {
    const auto task = lines_task(dir, some_lines(100), spec);
    return dynamic_cast<const SequenceClassTask&>(*task).text(0);
  };
  CHECK(first_text("lines:seed=1") == first_text("lines"));
  CHECK(first_text("lines:seed=1") != first_text("lines:seed=3"));
}
