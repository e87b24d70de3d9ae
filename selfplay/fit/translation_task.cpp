#include "selfplay/fit/translation_task.hpp"

#include <algorithm>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/losses/masked_cross_entropy.hpp"
#include "nets/sequence/decoding.hpp"

namespace tengen::selfplay {

namespace {

constexpr std::size_t kEvaluated = 200;  // examples at once
constexpr std::size_t kShown = 6;        // pairs of a sample

class TranslationModel : public FitModel {
 public:
  TranslationModel(const TranslationTask& task, const std::string& net, Rng& rng)
      : task_(task), net_(nets::make_encoder_decoder(net, task.pairs().symbols(), rng)) {}

  Module& net() override { return *net_; }

  Variable loss(std::span<const std::uint32_t> examples, const Rng&) override {
    return loss_of(task_.pairs().batch(examples));
  }

  FitScores evaluate(Part part) override {
    const NoGrad no_grad;
    const std::vector<std::uint32_t> all = task_.indices(part);
    const auto total = static_cast<std::int64_t>(all.size());
    double loss = 0, exact = 0;
    evaluated(0, total);
    for (std::size_t begin = 0; begin < all.size(); begin += kEvaluated) {
      const auto some = std::span(all).subspan(begin, std::min(kEvaluated, all.size() - begin));
      const TranslationBatch batch = task_.pairs().batch(some);
      loss += loss_of(batch).value().item() * static_cast<double>(some.size());
      const std::vector<std::string> answers = translate(batch.source);
      for (std::size_t i = 0; i < some.size(); ++i)
        exact += answers[i] == task_.pairs()[some[i]].target;
      evaluated(static_cast<std::int64_t>(begin + some.size()), total);
    }
    const auto count = static_cast<double>(total);
    return {loss / count, exact / count, {{"exact", exact / count}}};
  }

  std::string sample(Rng& rng) override {
    const std::vector<std::uint32_t> shown = draw_shown(rng);
    const std::vector<std::string> answers = translate(task_.pairs().batch(shown).source);
    std::string lines;
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const TextPair& pair = task_.pairs()[shown[i]];
      lines += fmt::format("{} -> {}{}\n", pair.source, answers[i],
                           answers[i] == pair.target ? "" : ", expected " + pair.target);
    }
    return lines;
  }

  std::vector<AttentionMap> attention_maps(Rng& rng) override {
    std::vector<AttentionMap> maps;
    for (const std::uint32_t index : draw_shown(rng)) {
      const std::string& source = task_.pairs()[index].source;
      const TranslationBatch batch = task_.pairs().batch({&index, 1});
      const std::string answer = translate(batch.source).front();
      const Tensor weights = net_->attention(batch.source, written(answer));
      if (!weights.defined()) return {};
      maps.push_back({source, answer, weights.reshape({weights.dim(1), weights.dim(2)})});
    }
    return maps;
  }

 private:
  std::vector<std::uint32_t> draw_shown(Rng& rng) const {
    std::vector<std::uint32_t> shown = task_.indices(Part::test);
    rng.shuffle(std::span(shown));
    shown.resize(std::min(shown.size(), kShown));
    return shown;
  }

  /// What the decoder is fed to write `answer` and its end, [1, T].
  Tensor written(const std::string& answer) const {
    std::vector<std::int32_t> tokens = task_.pairs().vocabulary().encode(answer);
    tokens.insert(tokens.begin(), task_.pairs().boundary());
    return Tensor::from({1, static_cast<std::int64_t>(tokens.size())},
                        std::span<const std::int32_t>(tokens));
  }

  /// Of whole targets: the mean over the tokens times the tokens of a target.
  Variable loss_of(const TranslationBatch& batch) {
    const auto labels = batch.labels.values<std::int32_t>();
    const auto tokens =
        static_cast<double>(batch.labels.size() - std::ranges::count(labels, kIgnoreLabel));
    return scale(masked_cross_entropy(net_->forward(batch.source, batch.inputs), batch.labels),
                 tokens / static_cast<double>(batch.labels.dim(0)));
  }

  std::vector<std::string> translate(const TokenBatch& source) {
    const NoGrad no_grad;
    const TranslationPairs& pairs = task_.pairs();
    std::vector<std::string> targets;
    for (const auto& tokens : nets::decode_greedily(
             *net_, source, {.boundary = pairs.boundary(), .max_tokens = pairs.longest_target()}))
      targets.push_back(pairs.vocabulary().decode(tokens));
    return targets;
  }

  const TranslationTask& task_;
  const std::unique_ptr<nets::EncoderDecoder> net_;
};

}  // namespace

TranslationTask::TranslationTask(std::string spec, std::vector<TextPair> pairs,
                                 const PartSizes& sizes, FitDefaults defaults)
    : spec_(std::move(spec)),
      pairs_(std::move(pairs)),
      sizes_(sizes),
      defaults_(std::move(defaults)) {}

std::string TranslationTask::canonical_net(const std::string& net) const {
  return nets::canonical_encoder_decoder(net);
}

std::unique_ptr<FitModel> TranslationTask::make_model(const std::string& net, Rng& rng) const {
  return std::make_unique<TranslationModel>(*this, net, rng);
}

std::unique_ptr<FitTask> make_addition_task(Spec& spec) {
  const int digits = spec.get_int("digits", 3, 1, 8);
  const auto sizes = GeneratedSizes::read(spec, {.train = 45000, .test = 2000});
  spec.finish();
  Rng rng = sizes.rng();
  return std::make_unique<TranslationTask>(
      fmt::format("addition:digits={},{}", digits, sizes.text()),
      addition_strings(sizes.train + sizes.test, digits, rng), sizes.parts(),
      FitDefaults{.net = "gru:attention=dot", .learning_rate = 3e-3, .batch = 128, .epochs = 8});
}

std::unique_ptr<FitTask> make_dates_task(Spec& spec) {
  const auto sizes = GeneratedSizes::read(spec, {.train = 20000, .test = 2000});
  spec.finish();
  Rng rng = sizes.rng();
  return std::make_unique<TranslationTask>(
      "dates:" + sizes.text(), date_strings(sizes.train + sizes.test, rng), sizes.parts(),
      FitDefaults{.net = "gru:attention=dot", .learning_rate = 3e-3, .batch = 128, .epochs = 3});
}

}  // namespace tengen::selfplay
