#include "selfplay/fit/sequence_class_task.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "engine/autograd/ops_softmax.hpp"
#include "engine/base/error.hpp"
#include "engine/data/labelled_lines.hpp"
#include "engine/losses/masked_cross_entropy.hpp"
#include "nets/sequence/sequence_classifier.hpp"
#include "selfplay/fit/confusion_matrix.hpp"

namespace tengen::selfplay {

namespace {

constexpr std::size_t kEvaluated = 200;  // examples at once
constexpr std::size_t kShown = 6;        // examples of a sample
constexpr std::size_t kMostClasses = 1000;

class SequenceClassModel : public FitModel {
 public:
  SequenceClassModel(const SequenceClassTask& task, const std::string& net, Rng& rng)
      : task_(task),
        net_(nets::make_sequence_classifier(net, task.vocabulary().size(),
                                            static_cast<int>(task.classes().size()), rng)) {}

  Module& net() override { return *net_; }

  Variable loss(std::span<const std::uint32_t> examples, const Rng&) override {
    std::vector<std::int32_t> labels;
    for (const std::uint32_t example : examples) labels.push_back(task_.label(example));
    const Shape shape{static_cast<std::int64_t>(labels.size())};
    return masked_cross_entropy(net_->forward(task_.batch(examples)),
                                Tensor::from(shape, std::span<const std::int32_t>(labels)));
  }

  FitScores evaluate(Part part) override { return scores_of(classified(part)); }

  std::optional<Classified> classify(Part part) override { return classified(part); }

  std::string sample(Rng& rng) override {
    std::vector<std::uint32_t> shown = task_.sizes().indices(Part::test);
    rng.shuffle(std::span(shown));
    shown.resize(std::min(shown.size(), kShown));
    std::string lines;
    const Classified answers = classified(shown);
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const std::string& answer = name(likeliest(answers, i));
      const std::string& right = name(answers.labels[i]);
      lines += fmt::format("{} -> {}{}\n", task_.text(shown[i]), answer,
                           answer == right ? "" : ", expected " + right);
    }
    return lines;
  }

 private:
  const std::string& name(int label) const {
    return task_.classes()[static_cast<std::size_t>(label)];
  }

  Classified classified(Part part) { return classified(task_.sizes().indices(part)); }

  Classified classified(std::span<const std::uint32_t> examples) {
    const NoGrad no_grad;
    const auto count = static_cast<std::int64_t>(examples.size());
    Classified result{Tensor({count, static_cast<std::int64_t>(task_.classes().size())}), {}};
    for (const std::uint32_t example : examples) result.labels.push_back(task_.label(example));
    evaluated(0, count);
    for (std::size_t begin = 0; begin < examples.size(); begin += kEvaluated) {
      const auto some = examples.subspan(begin, std::min(kEvaluated, examples.size() - begin));
      const auto end = static_cast<std::int64_t>(begin + some.size());
      result.probabilities.rows(static_cast<std::int64_t>(begin), end)
          .copy_from(softmax(net_->forward(task_.batch(some))).value());
      evaluated(end, count);
    }
    return result;
  }

  const SequenceClassTask& task_;
  const std::unique_ptr<nets::SequenceClassifier> net_;
};

std::string all_texts(const std::vector<TextPair>& pairs) {
  std::string all;
  for (const TextPair& pair : pairs) all += pair.source;
  return all;
}

std::vector<std::string> names_of(const std::vector<TextPair>& pairs) {
  std::set<std::string> names;
  for (const TextPair& pair : pairs) names.insert(pair.target);
  return {names.begin(), names.end()};
}

/// Of `count`, at least one unless the share is 0.
std::int64_t part_of(double share, std::int64_t count) {
  if (share == 0) return 0;
  return std::max<std::int64_t>(1, std::llround(share * static_cast<double>(count)));
}

}  // namespace

SequenceClassTask::SequenceClassTask(std::string spec, const std::vector<TextPair>& pairs,
                                     const PartSizes& sizes)
    : spec_(std::move(spec)),
      vocabulary_(all_texts(pairs)),
      classes_(names_of(pairs)),
      sizes_(sizes) {
  for (const TextPair& pair : pairs) {
    tokens_.push_back(vocabulary_.encode(pair.source));
    labels_.push_back(static_cast<std::int32_t>(std::ranges::lower_bound(classes_, pair.target) -
                                                classes_.begin()));
  }
}

FitDefaults SequenceClassTask::defaults() const {
  return {.net = "gru:units=64", .learning_rate = 3e-3, .batch = 50, .epochs = 10};
}

TokenBatch SequenceClassTask::batch(std::span<const std::uint32_t> examples) const {
  std::vector<std::vector<std::int32_t>> sequences;
  for (const std::uint32_t example : examples) sequences.push_back(tokens_[example]);
  return pad_tokens(sequences, 0);
}

std::string SequenceClassTask::canonical_net(const std::string& net) const {
  return nets::canonical_sequence_classifier(net);
}

std::unique_ptr<FitModel> SequenceClassTask::make_model(const std::string& net, Rng& rng) const {
  return std::make_unique<SequenceClassModel>(*this, net, rng);
}

std::unique_ptr<FitTask> make_lines_task(Spec& spec, const std::string& data) {
  const double test = spec.get_double("test", 0.1, 0.001, 0.9);
  const double validation = spec.get_double("validation", 0, 0, 0.9);
  const int seed = spec.get_int("seed", 1, 0, 1'000'000'000);
  spec.finish();
  if (data.empty())
    bad_argument("fit", "lines: expected a text file of LABEL<tab>TEXT lines, --data FILE");
  std::vector<TextPair> pairs = load_labelled_lines(data);
  const auto count = static_cast<std::int64_t>(pairs.size());
  const std::int64_t tested = part_of(test, count);
  const std::int64_t validated = part_of(validation, count);
  if (tested + validated >= count)
    throw Error(data, fmt::format("expected lines to train on beside {} for tests and {} for "
                                  "validation, got {} in all",
                                  tested, validated, count));
  const std::size_t classes = names_of(pairs).size();
  if (classes < 2 || classes > kMostClasses)
    throw Error(data,
                fmt::format("expected 2 to {} different labels, got {}", kMostClasses, classes));
  Rng rng(static_cast<std::uint64_t>(seed));
  rng.shuffle(std::span(pairs));
  return std::make_unique<SequenceClassTask>(
      fmt::format("lines:test={},validation={},seed={}", test, validation, seed), pairs,
      PartSizes::of(count, validated, tested));
}

std::unique_ptr<FitTask> make_brackets_task(Spec& spec) {
  const int length = spec.get_int("length", 20, 4, 40);
  const auto sizes = GeneratedSizes::read(spec, {.train = 2000, .test = 1000});
  spec.finish();
  Rng rng = sizes.rng();
  return std::make_unique<SequenceClassTask>(
      fmt::format("brackets:length={},train={},validation={},test={},seed={}", length, sizes.train,
                  sizes.validation, sizes.test, sizes.seed),
      bracket_strings(sizes.train + sizes.test, length, rng), sizes.parts());
}

}  // namespace tengen::selfplay
