#include "selfplay/fit/char_lm_task.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/base/error.hpp"
#include "engine/base/read_file.hpp"
#include "engine/base/utf8.hpp"
#include "engine/losses/masked_cross_entropy.hpp"
#include "nets/sequence/language_model.hpp"

namespace tengen::selfplay {

namespace {

constexpr std::int64_t kStreams = 32;  // of an evaluation
constexpr int kPrompt = 20;            // characters
constexpr int kManyCharacters = 3000;  // different ones, worth a word
constexpr double kTemperatures[] = {0.5, 1.0};

class CharLmModel : public FitModel {
 public:
  CharLmModel(const CharLmTask& task, const std::string& net, Rng& rng)
      : task_(task), net_(nets::make_language_model(net, task.vocabulary().size(), rng)) {}

  Module& net() override { return *net_; }
  void begin_epoch() override { net_->reset(); }

  Variable loss(std::span<const std::uint32_t> examples, const Rng&) override {
    return loss_of(task_.chunks(Part::train).batch(examples));
  }

  FitScores evaluate(Part part) override {
    const NoGrad no_grad;
    const TextChunks& chunks = task_.chunks(part);
    const Epoch all(chunks.order(kStreams), std::min(kStreams, chunks.count()));
    net_->reset();
    double sum = 0;
    evaluated(0, all.batches());
    for (std::int64_t i = 0; i < all.batches(); ++i) {
      sum += loss_of(chunks.batch(all.indices(i))).value().item();
      evaluated(i + 1, all.batches());
    }
    net_->reset();
    const double loss = sum / static_cast<double>(all.batches());
    return {loss,
            -loss,
            {{"bits_per_character", loss / std::numbers::ln2}, {"perplexity", std::exp(loss)}}};
  }

  std::string sample(Rng& rng) override {
    std::string text;
    for (const double temperature : kTemperatures)
      text += fmt::format("temperature {:g}: {}|{}\n", temperature, held_out_beginning(),
                          write({.temperature = temperature}, rng));
    return text;
  }

  std::string write(const WritingOptions& options, Rng& rng) override {
    const std::string prompt = options.prompt.empty() ? held_out_beginning() : options.prompt;
    return task_.vocabulary().decode(nets::generate(*net_, task_.vocabulary().encode(prompt),
                                                    options.length, options.temperature, rng));
  }

 private:
  std::string held_out_beginning() const {
    const std::vector<std::uint32_t> first{0};
    const Tensor inputs = task_.chunks(Part::test).batch(first).inputs;
    const auto tokens = inputs.values<std::int32_t>();
    return task_.vocabulary().decode(tokens.first(std::min<std::size_t>(tokens.size(), kPrompt)));
  }
  Variable loss_of(const TextBatch& batch) {
    return masked_cross_entropy(net_->forward(batch.inputs), batch.labels);
  }

  const CharLmTask& task_;
  const std::unique_ptr<nets::LanguageModel> net_;
};

/// The chunks of the text from one share of it to another.
TextChunks chunks_of(const std::vector<std::int32_t>& text, double begin, double end, int steps) {
  const auto at = [&](double share) {
    return text.begin() + static_cast<std::ptrdiff_t>(static_cast<double>(text.size()) * share);
  };
  return {{at(begin), at(end)}, steps};
}

void check_text(const std::string& bytes, const std::string& path) {
  const std::size_t valid = valid_utf8(bytes);
  const std::size_t zero = bytes.substr(0, valid).find('\0');
  if (zero != std::string::npos) throw Error(path, zero, "expected a text, got a zero byte");
  if (valid < bytes.size())
    throw Error(path, valid,
                fmt::format("expected a text in UTF-8, got byte 0x{:02x}",
                            static_cast<unsigned char>(bytes[valid])));
}

std::string read_text(const std::string& path) {
  std::string text = read_file(path, "a text file");
  check_text(text, path);
  return text;
}

/// Every part must have a chunk.
void check_length(const CharLmOptions& options, std::size_t size, const std::string& path) {
  const double held_out = options.held_out, validation = options.validation;
  const double trained = 1 - held_out - validation;
  if (trained < 0.001)
    bad_argument("char_lm",
                 "expected something left to train on, got held_out={:g} and "
                 "validation={:g}",
                 held_out, validation);
  const double smallest = std::min({trained, held_out, validation > 0 ? validation : 1});
  const double needed = (options.steps + 2) / smallest;
  if (static_cast<double>(size) < needed)
    throw Error(path, fmt::format("expected a text of more than {:.0f} characters for chunks of "
                                  "{}, got {}",
                                  needed, options.steps, size));
}

}  // namespace

CharLmTask::CharLmTask(const CharLmOptions& options, const std::string& text)
    : options_(options), vocabulary_(text) {
  const std::vector<std::int32_t> tokens = vocabulary_.encode(text);
  const double test = 1 - options.held_out, validation = test - options.validation;
  length_ = tokens.size();
  train_ = chunks_of(tokens, 0, validation, options.steps);
  if (options.validation > 0) validation_ = chunks_of(tokens, validation, test, options.steps);
  test_ = chunks_of(tokens, test, 1, options.steps);
}

const TextChunks& CharLmTask::chunks(Part part) const {
  if (part == Part::train) return *train_;
  return part == Part::validation && validation_ ? *validation_ : *test_;
}

std::string CharLmTask::about() const {
  const std::string text =
      fmt::format("text of {} characters, {} different ones", length_, vocabulary_.size());
  if (vocabulary_.size() < kManyCharacters) return text;
  return text + ": the net is large for it, and most of them are too rare to be learned well";
}

std::string CharLmTask::spec() const {
  const std::string text =
      fmt::format("char_lm:steps={},held_out={:g}", options_.steps, options_.held_out);
  return has_validation() ? text + fmt::format(",validation={:g}", options_.validation) : text;
}

FitDefaults CharLmTask::defaults() const {
  return {.net = "lstm:units=128", .learning_rate = 3e-3, .batch = 32, .epochs = 10};
}

Epoch CharLmTask::epoch(std::int64_t batch, std::uint64_t, std::uint64_t) const {
  return {train_->order(batch), batch};
}

std::string CharLmTask::canonical_net(const std::string& net) const {
  const NoGrad no_grad;
  const std::vector<std::uint32_t> first{0};
  Rng rng(0);
  // A net that takes no chunk as long as these says so.
  nets::make_language_model(net, vocabulary_.size(), rng)->forward(train_->batch(first).inputs);
  return nets::canonical_language_model(net);
}

std::unique_ptr<FitModel> CharLmTask::make_model(const std::string& net, Rng& rng) const {
  return std::make_unique<CharLmModel>(*this, net, rng);
}

std::unique_ptr<FitTask> make_char_lm_task(Spec& spec, const std::string& data) {
  CharLmOptions options;
  options.steps = spec.get_int("steps", options.steps, 1, 100'000);
  options.held_out = spec.get_double("held_out", options.held_out, 0.001, 0.9);
  options.validation = spec.get_double("validation", options.validation, 0, 0.9);
  spec.finish();
  if (data.empty()) bad_argument("fit", "char_lm: expected a text file, --data FILE");
  const std::string text = read_text(data);
  check_length(options, decode_utf8(text).size(), data);
  return std::make_unique<CharLmTask>(options, text);
}

}  // namespace tengen::selfplay
