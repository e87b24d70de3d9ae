#include "selfplay/fit/fit_task.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "engine/base/error.hpp"
#include "selfplay/fit/recurrent_task.hpp"
#include "tests/selfplay/fit/tiny_images.hpp"

using namespace tengen;
using namespace tengen::selfplay;
using Catch::Matchers::Contains;

namespace {

/// Columns of the inputs as text: which sums they are.
std::set<std::string> sums_of(const SequenceBatch& data) {
  std::set<std::string> sums;
  for (std::int64_t n = 0; n < data.inputs.dim(1); ++n) {
    std::string sum;
    for (std::int64_t t = 0; t < data.inputs.dim(0); ++t)
      for (int column = 0; column < 2; ++column)
        sum += data.inputs.values<float>()[static_cast<std::size_t>(
                   (t * data.inputs.dim(1) + n) * 2 + column)] > 0.5f
                   ? '1'
                   : '0';
    sums.insert(sum);
  }
  return sums;
}

}  // namespace

TEST_CASE("Tasks are known by name and describe themselves", "[selfplay][fit]") {
  const auto task = make_fit_task("binary_addition:bits=6,train=50,test=20", "");
  CHECK(task->spec() == "binary_addition:bits=6,train=50,test=20,seed=1");
  CHECK(make_fit_task(task->spec(), "")->spec() == task->spec());
  CHECK(task->size() == 50);
  CHECK(make_fit_task("sine:length=5", "")->size() == 495);
  CHECK(make_fit_task("sine:length=5,validation=95", "")->size() == 400);
  CHECK_THROWS_WITH(make_fit_task("cifar", ""), Contains("mnist") && Contains("sine"));
  CHECK_THROWS_WITH(make_fit_task("sine:lenght=3", ""), Contains("lenght"));
  CHECK_THROWS_WITH(make_fit_task("sine", "folder"), Contains("expected no data"));
  CHECK_THROWS_WITH(make_fit_task("mnist", ""), Contains("--data"));
  CHECK_THROWS_WITH(make_fit_task("mnist", "/nowhere"), Contains("/nowhere"));
}

TEST_CASE("No sum of the test is trained on", "[selfplay][fit][E3]") {
  const auto task = make_fit_task("binary_addition:bits=6,train=300,test=100,validation=50", "");
  const auto& parts = dynamic_cast<const RecurrentTask&>(*task).parts();
  std::set<std::string> held_out = sums_of(parts.test);
  CHECK(held_out.size() == 100);
  held_out.merge(sums_of(parts.of(Part::validation)));
  CHECK(held_out.size() == 150);
  for (const std::string& sum : sums_of(parts.train)) CHECK(held_out.count(sum) == 0);
  CHECK_THROWS_WITH(make_fit_task("binary_addition:bits=3,test=17", ""), Contains("too few"));
}

TEST_CASE("Every task's net passes its loss backward to all parameters", "[selfplay][fit]") {
  const char* name = GENERATE("binary_addition:train=10,test=10", "sine:points=20");
  const auto task = make_fit_task(name, "");
  Rng rng(1);
  const auto model = task->make_model(task->defaults().net, rng);
  const Epoch epoch = task->epoch(4, 1, 1);
  const Variable loss = model->loss(epoch.indices(0), rng);
  CHECK(loss.shape().rank() == 0);
  loss.backward();
  for (const NamedParameter& p : model->net().parameters()) CHECK(p.variable.grad().defined());
  CHECK(!model->sample(rng).empty());
}

TEST_CASE("The loss of a task is a mean over its examples", "[selfplay][fit]") {
  const auto task = make_fit_task("sine:points=30", "");
  Rng rng(1);
  const auto model = task->make_model("rnn:units=3", rng);
  const std::vector<std::uint32_t> both{3, 9}, first{3}, second{9};
  const auto loss = [&](const auto& examples) { return model->loss(examples, rng).value().item(); };
  CHECK(loss(both) == Approx((loss(first) + loss(second)) / 2));
}

TEST_CASE("An image task keeps its parts apart", "[selfplay][fit]") {
  const ImageTask task = test::tiny_image_task({.train = 150, .validation = 40});
  CHECK(task.size() == 110);
  CHECK(task.images(Part::validation).size() == 40);
  CHECK(task.images(Part::test).size() == 60);
  const LabelledImages all = test::tiny_images(200, 1);
  CHECK(task.images(Part::validation).labels[0] == all.labels[110]);
  CHECK(test::tiny_image_task().images(Part::validation).size() == 60);  // the test's
  CHECK_THROWS_AS(test::tiny_image_task({.train = 201}), Error);
  CHECK_THROWS_AS(test::tiny_image_task({.train = 40, .validation = 40}), Error);
}

TEST_CASE("A bootstrap sample draws training images with replacement", "[selfplay][fit][A7]") {
  ImageTaskOptions options;
  options.bag = 1;
  const ImageTask one = test::tiny_image_task(options), same = test::tiny_image_task(options);
  options.bag = 2;
  const ImageTask two = test::tiny_image_task(options);
  CHECK(one.size() == 200);
  CHECK(one.images(Part::train).labels == same.images(Part::train).labels);
  CHECK(one.images(Part::train).labels != two.images(Part::train).labels);
  std::set<float> pixels;  // the first of an image tells it from the others
  for (int n = 0; n < 200; ++n)
    pixels.insert(one.images(Part::train).images.values<float>()[36 * n]);
  CHECK(pixels.size() > 100);  // 1 - 1/e of them: 126
  CHECK(pixels.size() < 150);
  CHECK_THAT(one.spec(), Contains("bag=1"));
}

TEST_CASE("The scores of an image task follow from its probabilities", "[selfplay][fit]") {
  const ImageTask task = test::tiny_image_task();
  Rng rng(3);
  const auto model = task.make_model("mlp", rng);
  const FitScores scores = model->evaluate(Part::test);
  const Classified classified = *model->classify(Part::test);
  double right = 0, loss = 0;
  for (std::size_t n = 0; n < 60; ++n) {
    const auto p = std::as_const(classified.probabilities).values<float>().subspan(2 * n, 2);
    CHECK(p[0] + p[1] == Approx(1));
    right += (p[1] > p[0]) == (classified.labels[n] == 1);
    loss -= std::log(p[static_cast<std::size_t>(classified.labels[n])]) / 60;
  }
  CHECK(scores.quality == Approx(right / 60));
  CHECK(scores.loss == Approx(loss));
  CHECK(model->first_layer_filters().shape() == Shape{50, 6, 6, 1});
}

TEST_CASE("A compiled image model answers as the net does up to its precision",
          "[selfplay][fit][D19]") {
  const ImageTask task = test::tiny_image_task();
  Rng rng(4);
  const auto model = task.make_model("resnet:blocks=1,channels=8", rng);
  model->net().eval();
  const double exact = model->evaluate(Part::test).loss;
  for (const auto& [precision, bound] : {std::pair{nets::Precision::fp32, 1e-5},
                                         {nets::Precision::bf16, 0.03},
                                         {nets::Precision::int8, 0.03}}) {
    if (!nets::is_supported(precision)) continue;
    INFO(to_string(precision));
    model->compile(precision);
    const double loss = model->evaluate(Part::test).loss;
    CHECK(std::abs(loss - exact) < bound);
    CHECK(loss != exact);  // it is another arithmetic
  }
  if (nets::is_supported(nets::Precision::int8))
    CHECK_THROWS_WITH(task.make_model("mlp:hidden=4", rng)->compile(nets::Precision::int8),
                      Contains("convolution"));
  const auto sine = make_fit_task("sine:points=20", "");
  CHECK_THROWS_WITH(sine->make_model("rnn:units=3", rng)->compile(nets::Precision::int8),
                    Contains("precision"));
}
