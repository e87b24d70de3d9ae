// The tasks of `tengen fit` on texts: a character language model, written sums and dates.
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <set>

#include "engine/base/error.hpp"
#include "engine/base/utf8.hpp"
#include "engine/kernels/backend.hpp"
#include "selfplay/fit/char_lm_task.hpp"
#include "selfplay/fit/translation_task.hpp"
#include "tests/selfplay/fit/trained.hpp"
#include "tests/support/temp_dir.hpp"

using namespace tengen;
using namespace tengen::selfplay;
using Catch::Matchers::Contains;

namespace {

const char* kVerse =
    "the cat sat on the mat and the dog sat on the log, the cat and the dog saw the fog. ";

/// A text of many lines that are alike but not the same.
std::string some_text(int lines) {
  Rng rng(1);
  std::string text;
  for (int i = 0; i < lines; ++i) text += std::string(kVerse).substr(rng.below(40)) + "\n";
  return text;
}

std::unique_ptr<FitTask> any_task(const std::string& name) {
  if (name == "char_lm")
    return std::make_unique<CharLmTask>(CharLmOptions{.steps = 6}, some_text(20));
  return make_fit_task(name + ":train=40,test=10", "");
}

/// What is left open is the task's own choice; seed 1.
FitScores trained(const FitTask& task, const FitConfig& config) {
  return test::trained(task, config, config.epochs)->model().evaluate(Part::test);
}

FitScores trained(const FitTask& task, const std::string& net, int epochs) {
  FitConfig config;
  config.net = net;
  config.epochs = epochs;
  return trained(task, config);
}

}  // namespace

TEST_CASE("Text tasks describe themselves", "[selfplay][fit][text]") {
  const auto task = make_fit_task("addition:train=50,test=10", "");
  CHECK(task->spec() == "addition:digits=3,train=50,test=10,seed=1");
  CHECK(make_fit_task(task->spec(), "")->spec() == task->spec());
  CHECK(task->size() == 50);
  CHECK(make_fit_task("dates:train=30,seed=2", "")->spec() == "dates:train=30,test=2000,seed=2");
  CHECK(task->canonical_net("gru") == "gru:layers=1,units=128,bidirectional=true,attention=dot");
  CHECK_THROWS_WITH(make_fit_task("dates", "folder"), Contains("expected no data"));
  CHECK_THROWS_WITH(task->canonical_net("mlp"), Contains("expected one of rnn"));
  CHECK_THROWS_WITH(make_fit_task("char_lm", ""), Contains("--data FILE"));
  CHECK_THROWS_WITH(make_fit_task("char_lm", "/nowhere"), Contains("/nowhere: cannot be read"));
  const test::TempDir dir;
  std::ofstream(dir / "text") << "short";
  CHECK_THROWS_WITH(make_fit_task("char_lm", dir / "text"), Contains("more than 520 characters"));
  std::ofstream(dir / "text") << some_text(30);
  CHECK_THROWS_WITH(make_fit_task("char_lm:held_out=0.5,validation=0.5", dir / "text"),
                    Contains("something left to train on"));
  CHECK(make_fit_task("char_lm:steps=20", dir / "text")->spec() == "char_lm:steps=20,held_out=0.1");
}

TEST_CASE("A text is counted and written in characters of UTF-8", "[selfplay][fit][text]") {
  const kernels::ScopedThreads one(1);
  std::string text;
  for (int i = 0; i < 60; ++i) text += "春はあけぼの。";  // seven characters of three bytes
  const CharLmTask task({.steps = 10, .held_out = 0.5}, text);
  CHECK(task.vocabulary().size() == 7);
  CHECK(task.size() == 20);  // chunks of 210 characters
  CHECK(task.about() == "text of 420 characters, 7 different ones");
  Rng rng(1);
  const auto model = task.make_model("rnn:units=3", rng);
  model->net().eval();
  const std::string written = model->write({.prompt = "春は", .length = 20}, rng);
  CHECK(decode_utf8(written).size() == 20);
}

TEST_CASE("A file that is no text is refused with the offset", "[selfplay][fit][text]") {
  const test::TempDir dir;
  const auto refused = [&](const std::string& bytes, const char* why) {
    std::ofstream(dir / "data", std::ios::binary) << bytes;
    CHECK_THROWS_WITH(make_fit_task("char_lm", dir / "data"), Contains(why));
  };
  refused("\x1f\x8b\x08packed", "byte 1: expected a text in UTF-8, got byte 0x8b");
  refused(some_text(30) + "caf\xe9", "expected a text in UTF-8, got byte 0xe9");
  refused("text" + std::string(2, '\0') + "\xff", "byte 4: expected a text, got a zero byte");
}

TEST_CASE("A net that does not take the chunks of a text is refused", "[selfplay][fit][text]") {
  const kernels::ScopedThreads one(1);
  const CharLmTask task({.steps = 20}, some_text(20));
  CHECK_THROWS_WITH(task.canonical_net("transformer:context=19"), Contains("context=19"));
  CHECK_THAT(task.canonical_net("transformer:context=20"), Contains("context=20"));
}

TEST_CASE("A text falls into what trains what chooses and what measures", "[selfplay][fit][text]") {
  const std::string text = some_text(30);
  const CharLmTask whole({.steps = 10}, text);
  const CharLmTask task({.steps = 10, .validation = 0.3}, text);
  CHECK(!whole.has_validation());
  CHECK(task.has_validation());
  CHECK(task.spec() == "char_lm:steps=10,held_out=0.1,validation=0.3");
  CHECK(&whole.chunks(Part::validation) == &whole.chunks(Part::test));
  const auto length = static_cast<double>(text.size());
  CHECK(double(task.chunks(Part::train).count()) == Approx(0.06 * length).margin(1));
  CHECK(double(task.chunks(Part::validation).count()) == Approx(0.03 * length).margin(1));
  CHECK(task.chunks(Part::test).count() == whole.chunks(Part::test).count());
}

TEST_CASE("No source of the test is trained on", "[selfplay][fit][text][E16]") {
  const char* name = GENERATE("addition:train=900,test=100,validation=50",
                              "dates:train=900,test=100,validation=50");
  const auto task = make_fit_task(name, "");
  CHECK(task->has_validation());
  CHECK(make_fit_task(task->spec(), "")->spec() == task->spec());
  const auto& pairs = dynamic_cast<const TranslationTask&>(*task);
  std::set<std::string> sources;
  std::size_t count = 0;
  for (const Part part : {Part::train, Part::validation, Part::test})
    for (const std::uint32_t i : pairs.indices(part)) {
      sources.insert(pairs.pairs()[i].source);
      ++count;
    }
  CHECK(count == 1000);
  CHECK(sources.size() == 1000);
  CHECK(pairs.indices(Part::train).size() == 850);
  CHECK(pairs.indices(Part::test).size() == 100);
}

TEST_CASE("Every net of a text task passes its loss backward to all parameters",
          "[selfplay][fit][text]") {
  const auto [name, net] = GENERATE(
      table<std::string, std::string>({{"char_lm", "lstm:units=4"},
                                       {"char_lm", "transformer:layers=1,width=8,heads=2"},
                                       {"char_lm", "wavenet:channels=4,skip=8,layers=2"},
                                       {"addition", "lstm:units=4"},
                                       {"dates", "gru:units=4,attention=additive"},
                                       {"dates", "rnn:units=4,attention=none"},
                                       {"dates", "transformer:layers=1,width=8,heads=2"}}));
  INFO(name << " " << net);
  const kernels::ScopedThreads one(1);
  const auto task = any_task(name);
  Rng rng(1);
  const auto model = task->make_model(net, rng);
  const Epoch epoch = task->epoch(4, 1, 1);
  const Variable loss = model->loss(epoch.indices(0), rng);
  CHECK(loss.shape().rank() == 0);
  loss.backward();
  for (const NamedParameter& p : model->net().parameters()) CHECK(p.variable.grad().defined());
  model->net().eval();
  CHECK(!model->sample(rng).empty());
  const FitScores scores = model->evaluate(Part::test);
  CHECK(scores.loss > 0);
  CHECK(!scores.metrics.empty());
}

TEST_CASE("Attention maps are of the examples that are shown", "[selfplay][fit][text][E21]") {
  const auto [net, has_maps] =
      GENERATE(table<std::string, bool>({{"gru:units=4,attention=dot", true},
                                         {"transformer:layers=1,width=8,heads=2", true},
                                         {"gru:units=4,attention=none", false}}));
  INFO(net);
  const kernels::ScopedThreads one(1);
  const auto task = any_task("dates");
  Rng rng(1), same(7), again(7);
  const auto model = task->make_model(net, rng);
  model->net().eval();
  const auto maps = model->attention_maps(same);
  CHECK(maps.size() == (has_maps ? 6 : 0));
  const std::string lines = model->sample(again);
  for (const AttentionMap& map : maps) {
    CHECK_THAT(lines, Contains(map.source + " -> " + map.answer));
    CHECK(map.weights.shape() == Shape{static_cast<std::int64_t>(map.answer.size() + 1),
                                       static_cast<std::int64_t>(map.source.size())});
  }
}

TEST_CASE("The loss of a text task is a mean over its examples", "[selfplay][fit][text]") {
  const std::string name = GENERATE("char_lm", "addition", "dates");
  INFO(name);
  const kernels::ScopedThreads one(1);
  const auto task = any_task(name);
  Rng rng(1);
  const auto model = task->make_model(task->defaults().net, rng);
  const std::vector<std::uint32_t> both{3, 9}, first{3}, second{9};
  const auto loss = [&](const auto& examples) {
    model->begin_epoch();
    return model->loss(examples, rng).value().item();
  };
  CHECK(loss(both) == Approx((loss(first) + loss(second)) / 2));
}

TEST_CASE("An epoch of a language model reads the text once with one state",
          "[selfplay][fit][text][E12]") {
  const kernels::ScopedThreads one(1);
  const CharLmTask task({.steps = 6, .held_out = 0.5}, some_text(4));
  const CharLmTask whole({.steps = static_cast<int>(6 * task.size()), .held_out = 0.5},
                         some_text(4));
  Rng rng(2), same(2);
  const auto model = task.make_model("gru:units=5", rng);
  const auto other = whole.make_model("gru:units=5", same);
  const Epoch epoch = task.epoch(1, 1, 1);
  REQUIRE(epoch.batches() == task.size());
  model->begin_epoch();
  double sum = 0;
  for (std::int64_t i = 0; i < epoch.batches(); ++i)
    sum += model->loss(epoch.indices(i), rng).value().item();
  const std::vector<std::uint32_t> all{0};
  CHECK(sum / static_cast<double>(task.size()) ==
        Approx(other->loss(all, rng).value().item()).epsilon(1e-5));
}

TEST_CASE("The perplexity of a text falls from its characters to few",
          "[selfplay][fit][text][E10][E20]") {
  const char* net = GENERATE("lstm:units=24", "transformer:layers=1,width=32,heads=2",
                             "wavenet:channels=16,skip=32,layers=4");
  INFO(net);
  const kernels::ScopedThreads one(1);
  const CharLmTask task({.steps = 20}, some_text(300));
  const double untrained = std::exp(trained(task, net, 0).loss);
  CHECK(untrained > 0.5 * task.vocabulary().size());
  CHECK(std::exp(trained(task, net, 3).loss) < 3);
}

TEST_CASE("Written sums and dates are learned", "[selfplay][fit][text][slow][E16][E21]") {
  // Small tasks: the sums that are trained on are few, so fewer of the others come out exactly than
  // the 0.90 of the whole task, which takes minutes: tengen fit DIR --task addition.
  const auto [name, epochs, exact] =
      GENERATE(table<std::string, int, double>({{"addition:digits=2,train=2200,test=300", 12, 0.75},
                                                {"dates:train=4000,test=500", 3, 0.99}}));
  INFO(name);
  FitConfig config;
  config.epochs = epochs;
  config.batch = 64;
  config.learning_rate = 5e-3;
  config.schedule = "cosine";
  CHECK(trained(*make_fit_task(name, ""), config).quality >= exact);
}
