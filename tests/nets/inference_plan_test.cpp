#include "nets/inference/inference_plan.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <limits>
#include <thread>

#include "engine/base/random.hpp"
#include "engine/kernels/backend.hpp"
#include "nets/classifier.hpp"
#include "nets/inference/reference_plan.hpp"
#include "nets/policy_value_net.hpp"
#include "tests/support/net_fixtures.hpp"

namespace tengen::nets {
namespace {

struct Answers {
  std::vector<float> logits, values;
};

std::vector<float> random_floats(std::size_t count, Rng& rng) {
  std::vector<float> floats(count);
  for (float& x : floats) x = static_cast<float>(rng.normal());
  return floats;
}

/// A net with random running statistics, biases and scales, so that a wrong fold shows.
PlanGraph make_graph(const std::string& spec, const NetIo& io, Rng& rng) {
  const auto net = make_net(spec, io, rng);
  for (NamedParameter& p : net->parameters())
    for (float& x : p.variable.value().values<float>())
      x += 0.05f * static_cast<float>(rng.normal());
  for (NamedBuffer& b : net->buffers())
    for (float& x : b.tensor.values<float>()) x += 0.3f * static_cast<float>(rng.uniform());
  net->eval();
  return net->graph();
}

/// Outputs start as NaN, so that whatever the plan does not write shows.
Answers evaluate(const InferencePlan& plan, int batch, std::span<const float> observations,
                 InferencePlan::Scratch& scratch) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  Answers answers{std::vector<float>(static_cast<std::size_t>(batch * plan.num_actions()), nan),
                  std::vector<float>(static_cast<std::size_t>(batch), nan)};
  plan.evaluate(batch, observations, answers.logits, answers.values, scratch);
  return answers;
}

Answers reference(const PlanGraph& graph, int batch, std::span<const float> observations) {
  const ReferenceEvaluation e = evaluate_reference(
      graph, Tensor::from<float>({batch, graph.height, graph.width, graph.channels}, observations));
  const auto logits = e.policy_logits.values<float>(), values = e.value.values<float>();
  return {{logits.begin(), logits.end()}, {values.begin(), values.end()}};
}

std::vector<double> softmax(std::span<const float> logits) {
  double peak = -1e30, sum = 0;
  for (float x : logits) peak = std::max<double>(peak, x);
  std::vector<double> p;
  for (float x : logits) sum += p.emplace_back(std::exp(x - peak));
  for (double& x : p) x /= sum;
  return p;
}

double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  REQUIRE(a.size() == b.size());
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    REQUIRE(std::isfinite(a[i]));
    largest = std::max<double>(largest, std::abs(a[i] - b[i]));
  }
  return largest;
}

const NetIo kIo{7, 6, 5, 43};
const char* const kSpecs[] = {"resnet:blocks=2,channels=32,block=basic",
                              "resnet:blocks=2,channels=32,block=preact",
                              "resnet:blocks=2,channels=32,block=bottleneck",
                              "resnet:blocks=2,channels=32,block=bottleneck_preact",
                              "resnet:blocks=1,channels=20,policy_channels=3,value_channels=2",
                              "resnet:blocks=1,channels=16,value_hidden=8",
                              "densenet:layers=3,growth=8",
                              "mlp:layers=2,hidden=24"};

TEST_CASE("The fp32 plan agrees with the reference for every architecture and batch size",
          "[nets][inference]") {
  Rng rng(1);
  for (const char* spec : kSpecs) {
    INFO(spec);
    const PlanGraph graph = make_graph(spec, kIo, rng);
    const InferencePlan plan(graph, Precision::fp32, 20);
    const auto scratch = plan.make_scratch();
    for (int batch : {1, 3, 8, 17, 20, 2}) {
      const auto x = random_floats(static_cast<std::size_t>(batch * plan.observation_size()), rng);
      const Answers got = evaluate(plan, batch, x, *scratch), want = reference(graph, batch, x);
      CHECK(largest_difference(got.logits, want.logits) < 1e-4);
      CHECK(largest_difference(got.values, want.values) < 1e-4);
    }
  }
}

TEST_CASE("The fp32 plan agrees with the reference for Go nets of six blocks and 96 channels",
          "[nets][inference]") {
  Rng rng(6);
  for (const int size : {9, 19}) {  // Winograd tiles of three and of four
    INFO(size);
    const NetIo io{size, size, 17, size * size + 1};
    const PlanGraph graph = make_graph("resnet:blocks=6,channels=96", io, rng);
    const InferencePlan plan(graph, Precision::fp32, 2);
    const auto scratch = plan.make_scratch();
    const auto x = random_floats(static_cast<std::size_t>(2 * plan.observation_size()), rng);
    const Answers got = evaluate(plan, 2, x, *scratch), want = reference(graph, 2, x);
    // Activations grow from block to block of a random net: logits reach 50 to 110.
    const float largest =
        std::abs(*std::ranges::max_element(want.logits, {}, [](float x) { return std::abs(x); }));
    CHECK(largest_difference(got.logits, want.logits) < 1e-5 * largest);
    CHECK(largest_difference(got.values, want.values) < 1e-4);
  }
}

double largest_probability_difference(const Answers& got, const Answers& want, std::size_t count) {
  double largest = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto p = softmax(std::span(got.logits).subspan(i * 43, 43));
    const auto q = softmax(std::span(want.logits).subspan(i * 43, 43));
    for (std::size_t a = 0; a < 43; ++a) largest = std::max(largest, std::abs(p[a] - q[a]));
  }
  return largest;
}

bool skip(Precision precision) {
  if (is_supported(precision)) return false;
  WARN("SKIPPED: this CPU has no " << requirement(precision) << ", so oneDNN offers no "
                                   << to_string(precision));
  return true;
}

TEST_CASE("The bf16 plan stays within 0.02 of policy probability and value", "[nets][inference]") {
  if (skip(Precision::bf16)) return;
  Rng rng(2);
  for (const char* spec : kSpecs) {
    INFO(spec);
    const PlanGraph graph = make_graph(spec, kIo, rng);
    const InferencePlan plan(graph, Precision::bf16, 8);
    const auto scratch = plan.make_scratch();
    const auto x = random_floats(static_cast<std::size_t>(5 * plan.observation_size()), rng);
    const Answers got = evaluate(plan, 5, x, *scratch), want = reference(graph, 5, x);
    CHECK(largest_difference(got.values, want.values) < 0.02);
    CHECK(largest_probability_difference(got, want, 5) < 0.02);
  }
}

TEST_CASE("The int8 plan stays within 0.05 of policy probability and value", "[nets][inference]") {
  if (skip(Precision::int8)) return;
  // Without VNNI weights have half as many levels, and errors are twice as large.
  const double bound = has_exact_int8() ? 0.05 : 0.1;
  Rng rng(6);
  for (const char* spec : kSpecs) {
    for (const bool planes : {true, false}) {  // observations of zeros and ones, or of any sign
      INFO(spec << (planes ? " planes" : " any numbers"));
      const PlanGraph graph = make_graph(spec, kIo, rng);
      const auto size = static_cast<std::size_t>(graph.height * graph.width * graph.channels);
      auto x = random_floats(45 * size, rng);
      if (planes)
        for (float& number : x) number = number > 0;
      const Calibration calibration = calibrate(graph, std::span(x).subspan(5 * size), 40);
      const InferencePlan plan(graph, Precision::int8, 8, calibration);
      const auto scratch = plan.make_scratch();
      const Answers got = evaluate(plan, 5, x, *scratch);
      const Answers want = reference(graph, 5, std::span(x).first(5 * size));
      CHECK(largest_difference(got.values, want.values) < bound);
      CHECK(largest_probability_difference(got, want, 5) < bound);
    }
  }
}

const char* const kClassifiers[] = {"mlp:layers=2,hidden=24",
                                    "lenet",
                                    "cnn:channels=6,kernel=3,hidden=10",
                                    "deep_cnn:channels=8,hidden=12",
                                    "alexnet:channels=6,hidden=12",
                                    "resnet:blocks=1,channels=8,stages=2",
                                    "densenet:layers=2,growth=6,stages=2",
                                    "mobile:blocks=2,channels=16"};
constexpr ClassifierIo kImages{.height = 19, .width = 17, .channels = 2, .classes = 5};

std::vector<float> class_logits(const InferencePlan& plan, int batch, std::span<const float> x) {
  std::vector<float> logits(static_cast<std::size_t>(batch * plan.num_actions()), NAN);
  plan.evaluate(batch, x, logits, {}, *plan.make_scratch());
  return logits;
}

TEST_CASE("Plans of every classifier agree with the reference in all precisions",
          "[nets][inference][classifier]") {
  Rng rng(8);
  for (const char* spec : kClassifiers) {
    const auto net = make_classifier(spec, kImages, rng);
    test::randomize_norms_and_biases(*net, rng);
    net->eval();
    const PlanGraph graph = net->graph();
    const Tensor x = test::uniform_floats({40, 19, 17, 2}, rng, 0);
    const std::span<const float> images = x.values<float>();
    const Tensor exact = evaluate_reference(graph, x).policy_logits;
    const std::vector<float> want(exact.values<float>().begin(), exact.values<float>().end());
    const auto [low, high] = std::ranges::minmax(want);
    const Calibration calibration = calibrate(graph, images, 40);
    for (const auto& [precision, bound] : {std::pair{Precision::fp32, 1e-5},
                                           {Precision::bf16, 0.03},
                                           {Precision::int8, has_exact_int8() ? 0.04 : 0.08}}) {
      if (skip(precision)) continue;
      INFO(spec << " " << to_string(precision));
      const InferencePlan plan(graph, precision, 40, calibration);
      CHECK(largest_difference(class_logits(plan, 40, images), want) < bound * (high - low));
    }
  }
}

TEST_CASE("An int8 plan needs a calibration of its net", "[nets][inference]") {
  if (skip(Precision::int8)) return;
  Rng rng(7);
  const PlanGraph graph = make_graph(kSpecs[0], kIo, rng);
  CHECK_THROWS_AS(InferencePlan(graph, Precision::int8, 8), std::invalid_argument);
  Calibration of_another;
  of_another.ranges.resize(3);
  CHECK_THROWS_AS(InferencePlan(graph, Precision::int8, 8, of_another), std::invalid_argument);
}

TEST_CASE("A position's answer does not depend on the others in its batch", "[nets][inference]") {
  Rng rng(3);
  const PlanGraph graph = make_graph(kSpecs[0], kIo, rng);
  const auto size = static_cast<std::size_t>(graph.height * graph.width * graph.channels);
  const auto x = random_floats(8 * size, rng), others = random_floats(8 * size, rng);
  const Calibration calibration = calibrate(graph, x, 8);
  for (const Precision precision : {Precision::fp32, Precision::bf16, Precision::int8}) {
    if (skip(precision)) continue;
    INFO(to_string(precision));
    const InferencePlan plan(graph, precision, 8, calibration);
    const auto scratch = plan.make_scratch();
    const Answers all = evaluate(plan, 8, x, *scratch);
    for (std::size_t i = 0; i < 8; ++i) {
      auto batch = others;
      std::copy_n(x.begin() + static_cast<std::ptrdiff_t>(i * size), size,
                  batch.begin() + static_cast<std::ptrdiff_t>(i * size));
      const Answers among_others = evaluate(plan, 8, batch, *scratch);
      CHECK(among_others.values[i] == all.values[i]);
      CHECK(std::equal(all.logits.begin() + static_cast<std::ptrdiff_t>(i * 43),
                       all.logits.begin() + static_cast<std::ptrdiff_t>(i * 43 + 43),
                       among_others.logits.begin() + static_cast<std::ptrdiff_t>(i * 43)));
      const Answers alone = evaluate(plan, 1, std::span(x).subspan(i * size, size), *scratch);
      CHECK(std::abs(alone.values[0] - all.values[i]) <
            (precision == Precision::fp32 ? 1e-5 : 0.01));
    }
  }
}

TEST_CASE("Threads share a plan with a scratch each", "[nets][inference]") {
  Rng rng(4);
  const InferencePlan plan(make_graph(kSpecs[1], kIo, rng), Precision::fp32, 4);
  const auto x = random_floats(static_cast<std::size_t>(4 * plan.observation_size()), rng);
  const auto own = plan.make_scratch();
  const Answers want = evaluate(plan, 4, x, *own);
  std::vector<Answers> got(4);
  std::vector<std::thread> threads;
  for (Answers& answers : got)
    threads.emplace_back([&] {
      const auto scratch = plan.make_scratch();
      for (int i = 0; i < 20; ++i) {
        answers.logits.assign(4 * 43, 0);
        answers.values.assign(4, 0);
        plan.evaluate(1 + i % 4, x, answers.logits, answers.values, *scratch);
      }
    });
  for (std::thread& t : threads) t.join();
  for (const Answers& answers : got) {
    CHECK(answers.logits == want.logits);
    CHECK(answers.values == want.values);
  }
}

/// How many threads there are more after a caller with `callers_threads` has had a batch evaluated
/// for the first time.
std::ptrdiff_t threads_started(const InferencePlan& plan, int callers_threads) {
  const auto threads = [] {
    const std::filesystem::directory_iterator tasks("/proc/self/task");
    return std::distance(begin(tasks), end(tasks));
  };
  std::ptrdiff_t started = 0;
  std::thread([&] {  // OpenMP keeps a team for each thread that has asked for one
    const kernels::ScopedThreads guard(callers_threads);
    const std::vector<float> x(static_cast<std::size_t>(8 * plan.observation_size()), 0.5f);
    const auto scratch = plan.make_scratch();
    const auto before = threads();
    evaluate(plan, 8, x, *scratch);
    started = threads() - before;
  })
      .join();
  return started;
}

TEST_CASE("A plan computes on as many threads as it was made for", "[nets][inference][threads]") {
  Rng rng(9);
  const PlanGraph graph = make_graph("resnet:blocks=1,channels=20", kIo, rng);
  CHECK(threads_started(InferencePlan(graph, Precision::fp32, 8), 3) == 0);
  CHECK(threads_started(InferencePlan(graph, Precision::fp32, 8, {}, 3), 1) == 2);
  CHECK_THROWS_AS(InferencePlan(graph, Precision::fp32, 8, {}, 0), std::invalid_argument);
}

TEST_CASE("A prepared plan has nothing left to compile", "[nets][inference]") {
  Rng rng(10);
  const InferencePlan plan(make_graph(kSpecs[0], kIo, rng), Precision::fp32, 8);
  const auto x = random_floats(static_cast<std::size_t>(8 * plan.observation_size()), rng);
  const auto scratch = plan.make_scratch();
  evaluate(plan, 2, x, *scratch);
  CHECK(plan.prepare(3) == 2);  // for 1 and for 4; that for 2 has been used
  CHECK(plan.prepare(4) == 0);
  CHECK(plan.prepare(8) == 1);
  evaluate(plan, 8, x, *scratch);
  CHECK(plan.prepare(8) == 0);
}

TEST_CASE("A plan refuses batches and spans that do not fit", "[nets][inference]") {
  Rng rng(5);
  const InferencePlan plan(make_graph("mlp:layers=1,hidden=8", kIo, rng), Precision::fp32, 4);
  const auto scratch = plan.make_scratch();
  std::vector<float> x(static_cast<std::size_t>(5 * plan.observation_size())), p(5 * 43), v(5);
  CHECK_THROWS_AS(plan.evaluate(5, x, p, v, *scratch), std::invalid_argument);
  CHECK_THROWS_AS(plan.evaluate(0, x, p, v, *scratch), std::invalid_argument);
  CHECK_THROWS_AS(plan.prepare(5), std::invalid_argument);
  CHECK_THROWS_AS(plan.evaluate(2, std::span(x).first(1), p, v, *scratch), std::invalid_argument);
}

}  // namespace
}  // namespace tengen::nets
