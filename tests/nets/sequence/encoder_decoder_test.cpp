#include "nets/sequence/encoder_decoder.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <numeric>

#include "engine/autograd/ops_slice.hpp"
#include "engine/autograd/ops_softmax.hpp"
#include "engine/losses/masked_cross_entropy.hpp"
#include "nets/sequence/decoding.hpp"
#include "nets/sequence/sequence_classifier.hpp"
#include "tests/support/gradient_check.hpp"
#include "tests/support/tensors.hpp"

using namespace tengen;
using namespace tengen::nets;
using namespace tengen::test;
using Catch::Matchers::Contains;
using Tokens = std::vector<std::int32_t>;

namespace {

constexpr int kSymbols = 3;
constexpr std::int32_t kBoundary = 2;

const char* any_net() {
  return GENERATE("rnn:units=3,attention=none,bidirectional=false", "lstm:units=3,attention=none",
                  "lstm:units=3,layers=2,attention=dot", "gru:units=3,attention=additive",
                  "transformer:layers=1,width=4,heads=2,hidden=5",
                  "transformer:layers=1,width=4,heads=2,hidden=5,norm=post");
}

const char* any_classifier() {
  return GENERATE("lstm:units=3", "gru:units=3,bidirectional=false",
                  "rnn:layers=2,units=3,leaky=0.3,skip=true",
                  "transformer:layers=1,width=4,heads=2,hidden=5");
}

TokenBatch sources() { return pad_tokens({{0, 1, 1, 0, 2}, {1, 0}, {1, 1, 0}}, 0); }

Variable row(const Variable& x, std::int64_t n) { return slice(x, 0, n, n + 1); }

double log_chance(const Variable& logits, std::int64_t step, std::int32_t token) {
  const Tensor all = log_softmax(logits).value();
  return all.values<float>()[static_cast<std::size_t>(step * kSymbols + token)];
}

/// The log-probabilities of all targets of at most `max_tokens`, from teacher forcing.
std::map<Tokens, double> all_targets(EncoderDecoder& net, const TokenBatch& source,
                                     int max_tokens) {
  std::map<Tokens, double> result;
  const std::function<void(Tokens, double)> extend = [&](const Tokens& begun, double so_far) {
    if (static_cast<int>(begun.size()) == max_tokens) {
      result[begun] = so_far;
      return;
    }
    Tokens input = begun;
    input.insert(input.begin(), kBoundary);
    const auto steps = static_cast<std::int64_t>(input.size());
    const Variable logits =
        net.forward(source, Tensor::from({1, steps}, std::span<const std::int32_t>(input)));
    result[begun] = so_far + log_chance(logits, steps - 1, kBoundary);
    for (std::int32_t token = 0; token < kBoundary; ++token) {
      Tokens longer = begun;
      longer.push_back(token);
      extend(longer, so_far + log_chance(logits, steps - 1, token));
    }
  };
  extend({}, 0);
  return result;
}

/// Far from uniform, so that no two targets are nearly alike.
void sharpen(Module& net) {
  for (NamedParameter& parameter : net.parameters())
    for (float& x : parameter.variable.value().values<float>()) x *= 2;
}

}  // namespace

TEST_CASE("Padding behind a source changes nothing", "[nets][sequence][E16][E21]") {
  const char* spec = any_net();
  INFO(spec);
  Rng rng(1);
  const auto net = make_encoder_decoder(spec, kSymbols, rng);
  const Tensor target = Tensor::from<std::int32_t>({3, 2}, {2, 0, 2, 1, 2, 1});
  const Variable together = net->forward(sources(), target);
  const TokenBatch alone = pad_tokens({{1, 0}}, 0);
  const Variable single = net->forward(alone, target.rows(1, 2));
  CHECK(relative_difference(row(together, 1).value(), single.value()) < 1e-5);
}

TEST_CASE("Where a net looks are shares of the tokens of a source", "[nets][sequence][E21][E22]") {
  const std::string spec = any_net();
  INFO(spec);
  Rng rng(9);
  const auto net = make_encoder_decoder(spec, kSymbols, rng);
  const Tensor looked =
      net->attention(sources(), Tensor::from<std::int32_t>({3, 2}, {2, 0, 2, 1, 2, 1}));
  CHECK(looked.defined() == (spec.find("none") == std::string::npos));
  if (!looked.defined()) return;
  REQUIRE(looked.shape() == Shape{3, 2, 5});
  for (std::int64_t n = 0; n < 3; ++n)
    for (const std::int64_t t : {0, 1}) {
      const auto row = looked.values<float>().subspan(static_cast<std::size_t>((n * 2 + t) * 5), 5);
      const auto length =
          static_cast<std::ptrdiff_t>(sources().lengths[static_cast<std::size_t>(n)]);
      CHECK(std::accumulate(row.begin(), row.begin() + length, 0.f) == Approx(1));
      CHECK(std::all_of(row.begin(), row.begin() + length, [](float x) { return x > 0.01f; }));
      CHECK(std::all_of(row.begin() + length, row.end(), [](float x) { return x == 0; }));
    }
}

TEST_CASE("A classifier does not see padding", "[nets][sequence]") {
  const char* spec = any_classifier();
  INFO(spec);
  Rng rng(2);
  const auto net = make_sequence_classifier(spec, kSymbols, 4, rng);
  const Variable together = net->forward(sources());
  CHECK(together.shape() == Shape{3, 4});
  CHECK(relative_difference(row(together, 2).value(),
                            net->forward(pad_tokens({{1, 1, 0}}, 0)).value()) < 1e-5);
  CHECK(relative_difference(row(together, 2).value(),
                            net->forward(pad_tokens({{0, 1, 1}}, 0)).value()) > 1e-3);
}

TEST_CASE("Sequence nets pass the gradient check with their loss",
          "[nets][sequence][gradient][E16][E21][E22]") {
  Rng rng(3);
  SECTION("encoder-decoders") {
    const char* spec = any_net();
    INFO(spec);
    const auto net = make_encoder_decoder(spec, kSymbols, rng);
    net->to(DType::f64);
    const Tensor target = Tensor::from<std::int32_t>({3, 2}, {2, 0, 2, 1, 2, 1});
    const Tensor labels = Tensor::from<std::int32_t>({3, 2}, {0, 2, 1, 1, 2, kIgnoreLabel});
    check_gradients([&] { return masked_cross_entropy(net->forward(sources(), target), labels); },
                    net->parameters());
  }
  SECTION("classifiers") {
    const char* spec = any_classifier();
    INFO(spec);
    const auto net = make_sequence_classifier(spec, kSymbols, 4, rng);
    net->to(DType::f64);
    const Tensor labels = Tensor::from<std::int32_t>({3}, {0, 3, 1});
    check_gradients([&] { return masked_cross_entropy(net->forward(sources()), labels); },
                    net->parameters());
  }
}

TEST_CASE("Step by step a decoder says what it says under teacher forcing",
          "[nets][sequence][E12][E16]") {
  const char* spec = any_net();
  INFO(spec);
  Rng rng(4);
  const auto net = make_encoder_decoder(spec, kSymbols, rng);
  const Variable target(Tensor::from<std::int32_t>({3, 3}, {2, 0, 1, 2, 1, 1, 2, 1, 0}));
  const Variable whole = net->forward(sources(), target.value());
  DecoderState state = net->begin(sources());
  for (std::int64_t t = 0; t < 3; ++t) {
    const Tensor logits = net->step(state, select(target, 1, t).value());
    CHECK(relative_difference(logits, select(whole, 1, t).value()) < 1e-5);
  }
}

TEST_CASE("A beam of all beginnings finds the likeliest target, a beam of one is greedy",
          "[nets][sequence][E16]") {
  const char* spec = any_net();
  INFO(spec);
  const std::uint64_t seed = GENERATE(5, 6, 7);
  Rng rng(seed);
  const auto net = make_encoder_decoder(spec, kSymbols, rng);
  sharpen(*net);
  const TokenBatch source = pad_tokens({{1, 0, 0, 1}}, 0);
  const DecodingLimits limits{.boundary = kBoundary, .max_tokens = 4};
  const std::map<Tokens, double> all = all_targets(*net, source, 4);
  const std::vector<Hypothesis> found = decode_by_beam(*net, source, 81, limits);
  REQUIRE(found.size() == all.size());  // 1 + 2 + 4 + 8 with a boundary, 16 cut off
  double total = 0, last = 0;
  for (const Hypothesis& hypothesis : found) {
    CHECK(hypothesis.log_probability == Approx(all.at(hypothesis.tokens)).margin(1e-5));
    CHECK(hypothesis.log_probability <= last);
    CHECK(hypothesis.finished == (hypothesis.tokens.size() < 4));
    last = hypothesis.log_probability;
    total += std::exp(last);
  }
  CHECK(total == Approx(1).epsilon(1e-4));
  const Hypothesis greedy = decode_by_beam(*net, source, 1, limits).front();
  CHECK(greedy.tokens == decode_greedily(*net, source, limits).front());
  CHECK(greedy.log_probability <= found.front().log_probability + 1e-6);
  CHECK(decode_by_beam(*net, source, 2, limits).front().log_probability >=
        greedy.log_probability - 1e-6);
}

TEST_CASE("Sources are decoded together as they are alone", "[nets][sequence][E16]") {
  const char* spec = any_net();
  INFO(spec);
  Rng rng(8);
  const auto net = make_encoder_decoder(spec, kSymbols, rng);
  sharpen(*net);
  const DecodingLimits limits{.boundary = kBoundary, .max_tokens = 6};
  const std::vector<Tokens> together = decode_greedily(*net, sources(), limits);
  REQUIRE(together.size() == 3);
  CHECK(together[1] == decode_greedily(*net, pad_tokens({{1, 0}}, 0), limits)[0]);
  CHECK_THROWS_AS(decode_by_beam(*net, sources(), 2, limits), std::invalid_argument);
}

TEST_CASE("Encoder-decoders and classifiers are known by name", "[nets][sequence][registry]") {
  Rng rng(9);
  CHECK(canonical_encoder_decoder("gru:attention=additive") ==
        "gru:layers=1,units=128,bidirectional=true,attention=additive");
  CHECK(canonical_sequence_classifier("lstm") == "lstm:layers=1,units=128,bidirectional=true");
  for (const char* spec : {"rnn:units=4", "transformer:layers=1,width=8"}) {
    CHECK(make_encoder_decoder(spec, 3, rng)->spec() == canonical_encoder_decoder(spec));
    CHECK(make_sequence_classifier(spec, 3, 2, rng)->spec() == canonical_sequence_classifier(spec));
  }
  CHECK_THROWS_WITH(make_encoder_decoder("wavenet", 3, rng),
                    Contains("[encoder-decoder] expected one of rnn, lstm, gru, transformer"));
  CHECK_THROWS_WITH(make_sequence_classifier("lstm:attention=dot", 3, 2, rng),
                    Contains("attention"));
}
