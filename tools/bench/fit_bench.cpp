#include "tools/bench/fit_bench.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <string_view>
#include <utility>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/base/progress.hpp"
#include "engine/base/threads.hpp"
#include "engine/data/labelled_images.hpp"
#include "engine/data/text_chunks.hpp"
#include "engine/losses/masked_cross_entropy.hpp"
#include "nets/sequence/language_model.hpp"
#include "selfplay/fit/fit_trainer.hpp"
#include "selfplay/fit/image_task.hpp"

namespace tengen::tools {

namespace {

using selfplay::FitTask;

constexpr int kSymbols = 65, kSteps = 35;  // of the text
constexpr std::int64_t kChunks = 10'000;
constexpr int kNoLabel = -1;  // masked_cross_entropy(): every token counts

/// Noise, as much of it as MNIST has: what training costs does not depend on what it learns.
LabelledImages random_images(std::int64_t count) {
  Rng rng(1);
  LabelledImages data{Tensor({count, 28, 28, 1}), std::vector<int>(count), 10};
  for (float& pixel : data.images.values<float>()) pixel = static_cast<float>(rng.uniform());
  for (int& label : data.labels) label = static_cast<int>(rng.below(10));
  return data;
}

std::unique_ptr<FitTask> make_images() {
  return std::make_unique<selfplay::ImageTask>("images", random_images(60'000), random_images(1),
                                               selfplay::ImageTaskOptions{});
}

class TextModel : public selfplay::FitModel {
 public:
  TextModel(const TextChunks& text, const std::string& net, Rng& rng)
      : text_(text), net_(nets::make_language_model(net, kSymbols, rng)) {}

  Module& net() override { return *net_; }
  void begin_epoch() override { net_->reset(); }
  Variable loss(std::span<const std::uint32_t> examples, const Rng&) override {
    const TextBatch batch = text_.batch(examples);
    return masked_cross_entropy(net_->forward(batch.inputs), batch.labels, kNoLabel);
  }
  selfplay::FitScores evaluate(selfplay::Part) override { return {}; }

 private:
  const TextChunks& text_;
  const std::unique_ptr<nets::LanguageModel> net_;
};

/// Random letters, read in streams as a language model reads a text.
class TextTask : public FitTask {
 public:
  TextTask() : text_(random_tokens(), kSteps) {}

  std::string spec() const override { return "text"; }
  selfplay::FitDefaults defaults() const override { return {}; }
  std::int64_t size() const override { return text_.count(); }
  Epoch epoch(std::int64_t batch, std::uint64_t, std::uint64_t) const override {
    return {text_.order(batch), batch};
  }
  std::string canonical_net(const std::string& net) const override {
    return nets::canonical_language_model(net);
  }
  std::unique_ptr<selfplay::FitModel> make_model(const std::string& net, Rng& rng) const override {
    return std::make_unique<TextModel>(text_, net, rng);
  }

 private:
  static std::vector<std::int32_t> random_tokens() {
    Rng rng(1);
    std::vector<std::int32_t> tokens(kChunks * kSteps + 1);
    for (std::int32_t& token : tokens) token = static_cast<std::int32_t>(rng.below(kSymbols));
    return tokens;
  }

  const TextChunks text_;
};

std::unique_ptr<FitTask> make_text() { return std::make_unique<TextTask>(); }

struct FitCase {
  std::string_view name;
  std::unique_ptr<FitTask> (*make_task)();
  const char* net;
  const char* optimizer;
  double learning_rate;
  int batch;
};

constexpr std::array kCases{
    FitCase{"mlp", make_images, "mlp:layers=1,hidden=50", "sgd", 0.1, 100},
    FitCase{"cnn", make_images, "cnn:channels=30,kernel=5,hidden=100", "adam", 0.001, 100},
    FitCase{"lstm", make_text, "lstm:units=100", "sgd", 0.1, 20},
};

const FitCase& find_case(const std::string& name) {
  const auto* const found = std::ranges::find(kCases, std::string_view(name), &FitCase::name);
  if (found == kCases.end())
    bad_argument("bench fit", "expected {}, got \"{}\"", fmt::join(fit_bench_cases(), ", "), name);
  return *found;
}

class Training {
 public:
  Training(const FitCase& chosen, int threads)
      : task_(chosen.make_task()), trainer_(*task_, config_of(chosen, *task_), threads) {}

  /// Steps per second over about `seconds`, from the start of an epoch on.
  double run(double seconds) {
    const Stopwatch watch;
    const std::int64_t before = trainer_.steps();
    std::atomic<bool> stop = false;
    const auto on_step = [&](std::int64_t, double) { stop = watch.seconds() >= seconds; };
    while (!stop) trainer_.train_epoch(++epoch_, on_step, &stop);
    return static_cast<double>(trainer_.steps() - before) / watch.seconds();
  }

 private:
  static selfplay::FitConfig config_of(const FitCase& chosen, const FitTask& task) {
    selfplay::FitConfig config;
    config.net = chosen.net;
    config.optimizer = chosen.optimizer;
    config.learning_rate = chosen.learning_rate;
    config.batch = chosen.batch;
    config.epochs = 1'000'000;
    return selfplay::resolved(config, task);
  }

  const std::unique_ptr<FitTask> task_;
  selfplay::FitTrainer trainer_;
  int epoch_ = 0;
};

}  // namespace

std::vector<std::string> fit_bench_cases() {
  std::vector<std::string> names;
  for (const FitCase& known : kCases) names.emplace_back(known.name);
  return names;
}

BenchReport bench_fit(const FitBenchConfig& config) {
  const std::vector<std::string> names = config.cases.empty() ? fit_bench_cases() : config.cases;
  const int threads = threads_or_default(config.threads);
  std::vector<const FitCase*> cases;  // all known, before anything is shown
  for (const std::string& name : names) cases.push_back(&find_case(name));
  Progress progress("bench fit", "rows", cases.size());
  BenchReport report{"fit", "supervised training steps, batches included", "steps_per_second", {}};
  for (const FitCase* chosen : cases) {
    Training training(*chosen, threads);
    report.rows.push_back(
        {{{"case", std::string(chosen->name)},
          {"net", chosen->net},
          {"optimizer", chosen->optimizer},
          {"threads", threads},
          {"batch", chosen->batch}},
         measure([&](double seconds) { return training.run(seconds); }, std::nullopt, config.plan),
         {}});
    progress.advance();
  }
  return report;
}

}  // namespace tengen::tools
