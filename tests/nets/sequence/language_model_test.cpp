#include "nets/sequence/language_model.hpp"

#include <catch2/catch.hpp>

#include "engine/autograd/ops_slice.hpp"
#include "engine/data/epoch.hpp"
#include "engine/data/text_chunks.hpp"
#include "engine/kernels/backend.hpp"
#include "engine/losses/masked_cross_entropy.hpp"
#include "engine/optim/adam.hpp"
#include "tests/support/gradient_check.hpp"
#include "tests/support/tensors.hpp"

using namespace tengen;
using namespace tengen::nets;
using namespace tengen::test;
using Catch::Matchers::Contains;

namespace {

constexpr int kSymbols = 5;

const char* any_model() {
  return GENERATE("rnn:units=3", "lstm:layers=2,units=3", "gru:units=3,tied=true",
                  "lstm:units=3,peephole=true,leaky=0.3",
                  "gru:layers=2,units=3,reset=after,skip=true", "rnn:units=3,transition=1",
                  "gru:units=3,skip_time=2", "transformer:layers=1,width=4,heads=2,hidden=5",
                  "transformer:layers=1,width=4,heads=2,hidden=5,norm=post,activation=relu",
                  "wavenet:channels=4,skip=16,layers=2");
}

Tensor tokens(std::int64_t rows, std::int64_t steps, std::uint64_t seed) {
  Rng rng(seed);
  Tensor result({rows, steps}, DType::i32);
  for (std::int32_t& token : result.values<std::int32_t>())
    token = static_cast<std::int32_t>(rng.below(kSymbols));
  return result;
}

Variable afresh(LanguageModel& model, const Tensor& input) {
  model.reset();
  return model.forward(input);
}

}  // namespace

TEST_CASE("Logits of a language model depend on no later token to the bit",
          "[nets][sequence][E20][E22][C16]") {
  const char* spec = any_model();
  INFO(spec);
  Rng rng(1);
  const auto model = make_language_model(spec, kSymbols, rng);
  const Tensor one = tokens(1, 7, 2), two = tokens(1, 7, 3);
  const Variable before = afresh(*model, one);
  CHECK(before.shape() == Shape{1, 7, kSymbols});
  for (std::int64_t from = 1; from < 7; ++from) {
    const Tensor mixed =
        concat({slice(Variable(one), 1, 0, from), slice(Variable(two), 1, from, 7)}, 1).value();
    const Variable after = afresh(*model, mixed);
    CHECK(std::ranges::equal(slice(after, 1, 0, from).value().values<float>(),
                             slice(before, 1, 0, from).value().values<float>()));
  }
  CHECK(relative_difference(afresh(*model, two).value(), before.value()) > 1e-3);
}

TEST_CASE("A language model passes the gradient check with its loss",
          "[nets][sequence][gradient][E10]") {
  const char* spec = any_model();
  INFO(spec);
  Rng rng(4);
  const auto model = make_language_model(spec, kSymbols, rng);
  model->to(DType::f64);
  for (NamedParameter& parameter : model->parameters())  // biases of zero: see wavenet_test.cpp
    if (parameter.name.ends_with("bias"))
      parameter.variable.value().copy_from(random_away_from_zero(parameter.variable.shape(), rng));
  const Tensor input = tokens(2, 4, 5), labels = tokens(2, 4, 6);
  check_gradients([&] { return masked_cross_entropy(afresh(*model, input), labels); },
                  model->parameters());
}

TEST_CASE("A recurrent language model reads on where it stopped", "[nets][sequence][E9][E12]") {
  Rng rng(7);
  const auto model = make_language_model("lstm:units=3", kSymbols, rng);
  const Variable input(tokens(2, 6, 8));
  const Variable whole = afresh(*model, input.value());
  const Variable first = afresh(*model, slice(input, 1, 0, 2).value());
  const Variable second = model->forward(slice(input, 1, 2, 6).value());
  CHECK(relative_difference(concat({first, second}, 1).value(), whole.value()) < 1e-6);
}

TEST_CASE("Tied embeddings are one parameter with the gradient of both uses",
          "[nets][sequence][D12]") {
  Rng rng(9);
  const auto tied = make_language_model("lstm:units=8,tied=true", kSymbols, rng);
  const auto loose = make_language_model("lstm:units=8", kSymbols, rng);
  CHECK(loose->num_parameters() - tied->num_parameters() == 8 * kSymbols);
  const Tensor input = Tensor::from<std::int32_t>({1, 2}, {0, 1});
  masked_cross_entropy(afresh(*tied, input), Tensor::from<std::int32_t>({1, 2}, {1, 2})).backward();
  const auto gradient = tied->parameters()[0].variable.grad().values<float>();
  CHECK(std::ranges::all_of(gradient.subspan(4 * 8, 8), [](float g) { return g != 0; }));
}

TEST_CASE("Generated tokens are those of the whole text so far", "[nets][sequence][E20]") {
  const char* spec = any_model();
  INFO(spec);
  Rng rng(10);
  const auto model = make_language_model(spec, kSymbols, rng);
  std::vector<std::int32_t> text{1, 2};
  const std::vector<std::int32_t> generated = generate(*model, text, 4, 0, rng);
  REQUIRE(generated.size() == 4);
  for (const std::int32_t token : generated) {
    const auto steps = static_cast<std::int64_t>(text.size());
    const Variable logits =
        afresh(*model, Tensor::from({1, steps}, std::span<const std::int32_t>(text)));
    const Variable last = select(logits, 1, steps - 1);
    const auto row = last.value().values<float>();
    CHECK(std::ranges::max_element(row) - row.begin() == token);
    text.push_back(token);
  }
  CHECK(generate(*model, {0}, 50, 1, rng) != generate(*model, {0}, 50, 1, rng));
  CHECK_THROWS_AS(generate(*model, {}, 1, 1, rng), std::invalid_argument);
}

TEST_CASE("Every language model learns a text by heart", "[nets][sequence][E10]") {
  const char* spec = GENERATE("lstm:units=24", "gru:units=24,tied=true",
                              "transformer:layers=1,width=24,heads=2,hidden=48",
                              "wavenet:channels=16,skip=24,layers=3");
  INFO(spec);
  Rng rng(11);
  const auto model = make_language_model(spec, kSymbols, rng);
  Adam adam(model->parameters(), {.learning_rate = 0.01});
  const Tensor text = tokens(1, 25, 12);
  const Tensor input = slice(Variable(text), 1, 0, 24).value();
  const Tensor labels = slice(Variable(text), 1, 1, 25).value();
  double loss = 0;
  for (int step = 0; step < 150; ++step) {
    adam.zero_grad();
    const Variable mean = masked_cross_entropy(afresh(*model, input), labels);
    mean.backward();
    adam.step();
    loss = mean.value().item();
  }
  CHECK(loss < 0.1);  // at first about log 5 = 1.6
}

TEST_CASE("Language models are known by name", "[nets][sequence][registry]") {
  Rng rng(13);
  CHECK(canonical_language_model("lstm") == "lstm:layers=1,units=128,tied=false,dropout=0");
  for (const char* spec :
       {"gru:tied=true", "transformer:norm=post,context=9", "wavenet:stacks=2"}) {
    const std::string whole = canonical_language_model(spec);
    CHECK(canonical_language_model(whole) == whole);
    CHECK(make_language_model(spec, kSymbols, rng)->spec() == whole);
  }
  CHECK_THROWS_WITH(make_language_model("lstn", kSymbols, rng),
                    Contains("[language model] expected one of rnn, lstm, gru, transformer"));
  CHECK_THROWS_WITH(canonical_language_model("lstm:unit=3"), Contains("unit"));
  const auto narrow = make_language_model("transformer:context=3", kSymbols, rng);
  CHECK_THROWS_WITH(narrow->forward(tokens(1, 4, 1)),
                    Contains("expected at most context=3 tokens, got 4"));
}

TEST_CASE("A recurrent language model overfits a corpus of a thousand words",
          "[nets][sequence][slow][E10]") {
  constexpr int kWords = 200, kStreams = 10, kSteps = 10;
  const kernels::ScopedThreads one(1);
  Rng rng(13);
  std::vector<std::int32_t> corpus(1001);
  for (std::int32_t& word : corpus) word = static_cast<std::int32_t>(rng.below(kWords));
  const TextChunks chunks(corpus, kSteps);
  const Epoch epoch(chunks.order(kStreams), kStreams);
  const auto model = make_language_model("rnn:units=100", kWords, rng);
  Adam adam(model->parameters(), {.learning_rate = 0.003});
  double loss = 0;
  for (int pass = 0; pass < 60; ++pass) {
    model->reset();
    loss = 0;
    for (std::int64_t i = 0; i < epoch.batches(); ++i) {
      const TextBatch batch = chunks.batch(epoch.indices(i));
      adam.zero_grad();
      const Variable mean = masked_cross_entropy(model->forward(batch.inputs), batch.labels);
      mean.backward();
      adam.step();
      loss += mean.value().item() / static_cast<double>(epoch.batches());
    }
  }
  CHECK(std::exp(loss) < 1.2);  // the perplexity; at first 200
}
