#include "selfplay/fit/char_lm_task.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>

#include "engine/base/error.hpp"
#include "engine/losses/masked_cross_entropy.hpp"
#include "nets/sequence/language_model.hpp"

namespace tengen::selfplay {

namespace {

constexpr std::int64_t kStreams = 32;  // of an evaluation
constexpr int kPrompt = 20, kGenerated = 300;
constexpr double kTemperatures[] = {0.5, 1.0};

class CharLmModel : public FitModel {
 public:
  CharLmModel(const CharLmTask& task, const std::string& net, Rng& rng)
      : task_(task), net_(nets::make_language_model(net, task.vocabulary().size(), rng)) {}

  Module& net() override { return *net_; }
  void begin_epoch() override { net_->reset(); }

  Variable loss(std::span<const std::uint32_t> examples, Rng&) override {
    return loss_of(task_.chunks(Part::train).batch(examples));
  }

  FitScores evaluate(Part part) override {
    const NoGrad no_grad;
    const TextChunks& chunks = task_.chunks(part);
    const Epoch all(chunks.order(kStreams), std::min(kStreams, chunks.count()));
    net_->reset();
    double sum = 0;
    for (std::int64_t i = 0; i < all.batches(); ++i)
      sum += loss_of(chunks.batch(all.indices(i))).value().item();
    net_->reset();
    const double loss = sum / static_cast<double>(all.batches());
    return {loss, -loss, {{"perplexity", std::exp(loss)}}};
  }

  /// Text that follows the beginning of what was held out.
  std::string sample(Rng& rng) override {
    const std::vector<std::uint32_t> first{0};
    const Tensor inputs = task_.chunks(Part::test).batch(first).inputs;
    const auto begin = inputs.values<std::int32_t>();
    const auto prompt = begin.first(std::min<std::size_t>(begin.size(), kPrompt));
    std::string text;
    for (const double temperature : kTemperatures) {
      const auto generated =
          nets::generate(*net_, {prompt.begin(), prompt.end()}, kGenerated, temperature, rng);
      text += fmt::format("temperature {:g}: {}|{}\n", temperature,
                          task_.vocabulary().decode(prompt), task_.vocabulary().decode(generated));
    }
    return text;
  }

 private:
  Variable loss_of(const TextBatch& batch) {
    return masked_cross_entropy(net_->forward(batch.inputs), batch.labels);
  }

  const CharLmTask& task_;
  const std::unique_ptr<nets::LanguageModel> net_;
};

/// The tokens of the part that is trained on, or those behind it.
std::vector<std::int32_t> part_of(const std::string& text, const Vocabulary& vocabulary,
                                  double held_out, bool is_train) {
  const auto cut = static_cast<std::size_t>(static_cast<double>(text.size()) * (1 - held_out));
  return vocabulary.encode(is_train ? text.substr(0, cut) : text.substr(cut));
}

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(path, "cannot be read; expected a text file");
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) throw Error(path, "reading failed");
  return text;
}

}  // namespace

CharLmTask::CharLmTask(const CharLmOptions& options, const std::string& text)
    : options_(options),
      vocabulary_(text),
      train_(part_of(text, vocabulary_, options.held_out, true), options.steps),
      test_(part_of(text, vocabulary_, options.held_out, false), options.steps) {}

std::string CharLmTask::spec() const {
  return fmt::format("char_lm:steps={},held_out={:g}", options_.steps, options_.held_out);
}

FitDefaults CharLmTask::defaults() const {
  return {.net = "lstm:units=128", .learning_rate = 3e-3, .batch = 32, .epochs = 10};
}

Epoch CharLmTask::epoch(std::int64_t batch, std::uint64_t, std::uint64_t) const {
  return {train_.order(batch), batch};
}

std::string CharLmTask::canonical_net(const std::string& net) const {
  const NoGrad no_grad;
  const std::vector<std::uint32_t> first{0};
  Rng rng(0);
  // A net that takes no chunk as long as these says so.
  nets::make_language_model(net, vocabulary_.size(), rng)->forward(train_.batch(first).inputs);
  return nets::canonical_language_model(net);
}

std::unique_ptr<FitModel> CharLmTask::make_model(const std::string& net, Rng& rng) const {
  return std::make_unique<CharLmModel>(*this, net, rng);
}

std::unique_ptr<FitTask> make_char_lm_task(Spec& spec, const std::string& data) {
  CharLmOptions options;
  options.steps = spec.get_int("steps", options.steps, 1, 100'000);
  options.held_out = spec.get_double("held_out", options.held_out, 0.001, 0.9);
  spec.finish();
  if (data.empty()) bad_argument("fit", "char_lm: expected a text file, --data FILE");
  const std::string text = read_text(data);
  const auto smallest = static_cast<double>(options.steps + 2);
  if (static_cast<double>(text.size()) * std::min(options.held_out, 1 - options.held_out) <
      smallest)
    throw Error(data,
                fmt::format("expected a text of more than {:.0f} characters for chunks of {}, "
                            "got {}",
                            smallest / std::min(options.held_out, 1 - options.held_out),
                            options.steps, text.size()));
  return std::make_unique<CharLmTask>(options, text);
}

}  // namespace tengen::selfplay
