// What supervised training needs to know of a task: its examples, a net for it, the loss of a batch
// and the scores on examples held out. `tengen fit` knows tasks by this interface alone.
//
// To add a task, derive a FitTask (data and defaults) and a FitModel (a net with the task's loss),
// as in binary_addition_task.cpp, and add a line to the table in fit_tasks.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/random.hpp"
#include "engine/data/epoch.hpp"
#include "engine/layers/module.hpp"
#include "nets/inference/precision.hpp"

namespace tengen::selfplay {

/// The examples of a task fall into those that are trained on, those that choose the best epoch,
/// and those that measure the result. A task without validation examples shows scores on the test's
/// instead, but chooses nothing by them: its newest epoch is the best.
enum class Part { train, validation, test };

struct FitScores {
  double loss = 0;     // mean over the examples, as training has it, without penalties
  double quality = 0;  // the best epoch is the one where this is highest: accuracy, or -loss
  std::vector<std::pair<std::string, double>> metrics;  // the others for people, "accuracy" first
};

/// What a classifier says of each example of a part, in their order.
struct Classified {
  Tensor probabilities;     // [N, classes], f32
  std::vector<int> labels;  // N, the true classes
};

/// What a language model is to write.
struct WritingOptions {
  std::string prompt = {};  // empty: the beginning of the text that was held out
  int length = 300;         // characters
  double temperature = 1;   // of softmax(logits / temperature); 0: always the likeliest character
};

/// Hears how many examples of how many an evaluation has done: 0 first, then after each batch. It
/// may throw, which ends the evaluation.
using OnEvaluated = std::function<void(std::int64_t done, std::int64_t total)>;

/// Where a net that turns one text into another looked before each character of its answer.
struct AttentionMap {
  std::string source, answer;
  Tensor weights;  // [answer's length + 1, source's length], rows that sum to 1; last row: its end
};

/// A net at work on a task's examples. Training on several threads has one for each, whose nets
/// share weights. Thread safety: one thread at a time; the task may be shared.
class FitModel {
 public:
  virtual ~FitModel() = default;

  virtual Module& net() = 0;

  /// Before the first batch of an epoch: states that go from batch to batch start afresh.
  virtual void begin_epoch() {}
  /// The mean loss over these training examples, rank 0; the net is in training mode. `rng` is for
  /// augmentation alone, where example i draws from rng.split(i) so that it does not matter how a
  /// batch is shared out; what the net itself draws was settled with Module::reseed().
  virtual Variable loss(std::span<const std::uint32_t> examples, const Rng& rng) = 0;

  /// From here on evaluate() and classify() tell `on_evaluated` (may be empty) how far they are.
  void watch_evaluation(OnEvaluated on_evaluated) { on_evaluated_ = std::move(on_evaluated); }

  // These expect the net in eval mode.
  virtual FitScores evaluate(Part part) = 0;
  /// From here on evaluate() and classify() compute with the present weights in this precision,
  /// int8 with steps chosen on training examples. Throws std::invalid_argument for tasks whose nets
  /// do not compile, CPUs that lack the precision, and int8 of a net no layer of which takes it.
  virtual void compile(nets::Precision precision);
  /// Only of tasks that are classifications.
  virtual std::optional<Classified> classify(Part) { return std::nullopt; }
  /// What the first layer looks for, as images [K, H, W, C]; undefined where that means nothing.
  virtual Tensor first_layer_filters() { return {}; }
  /// A few test examples with the net's answers, or generated text, as lines for people.
  virtual std::string sample(Rng&) { return ""; }
  /// Only of language models: the text that follows the prompt. Throws std::invalid_argument for
  /// other tasks and for a prompt with characters that the text it learned from lacks.
  virtual std::string write(const WritingOptions& options, Rng& rng);
  /// As sample(), of nets with attention: with an equal `rng`, of the examples of sample().
  virtual std::vector<AttentionMap> attention_maps(Rng&) { return {}; }

 protected:
  void evaluated(std::int64_t done, std::int64_t total) const {
    if (on_evaluated_) on_evaluated_(done, total);
  }

 private:
  OnEvaluated on_evaluated_;
};

/// What training uses where the user says nothing.
struct FitDefaults {
  std::string net;
  std::string optimizer = "adam";
  double learning_rate = 1e-3;
  int batch = 100;
  int epochs = 20;
};

/// Thread safety: const calls from several threads are safe.
class FitTask {
 public:
  virtual ~FitTask() = default;

  /// Its canonical description, every option written out: "mnist:rotation=0,...".
  virtual std::string spec() const = 0;
  /// What is worth knowing of the examples before training, as a line; may be empty.
  virtual std::string about() const { return ""; }
  /// Whether a run of the task that `spec` describes may go on with this one: the examples and what
  /// is asked about them are the same.
  virtual bool continues(const std::string& spec) const { return spec == this->spec(); }
  virtual FitDefaults defaults() const = 0;
  /// Training examples; they are numbered from 0.
  virtual std::int64_t size() const = 0;
  /// Whether there are examples that may choose the best epoch.
  virtual bool has_validation() const { return false; }
  /// Of a classification, what its classes are called; empty: by their numbers.
  virtual std::vector<std::string> class_names() const { return {}; }
  /// Loads what training needs beyond the examples. Throws Error if it is missing or damaged.
  virtual void prepare_training() const {}
  /// The order of epoch `number`: shuffled, unless the examples follow one another.
  virtual Epoch epoch(std::int64_t batch, std::uint64_t seed, std::uint64_t number) const {
    return {size(), batch, seed, number};
  }

  /// Throws std::invalid_argument that names the wrong option.
  virtual std::string canonical_net(const std::string& net) const = 0;
  /// A net with initial weights from `rng`, put to this task, which must outlive it.
  virtual std::unique_ptr<FitModel> make_model(const std::string& net, Rng& rng) const = 0;
};

/// Makes a task from a description such as "mnist:rotation=10" and loads or generates its
/// examples; `data` is the folder or file they come from, if any. Throws std::invalid_argument that
/// lists the tasks or names the wrong option, and Error for data that are missing or damaged.
std::unique_ptr<FitTask> make_fit_task(const std::string& spec, const std::string& data);

/// A line for each task, for people: name, options and what is learned.
std::string fit_tasks_help();

}  // namespace tengen::selfplay
