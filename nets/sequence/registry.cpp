// The tables of sequence nets that can be named in a description.
#include <array>
#include <string_view>

#include "engine/base/error.hpp"
#include "engine/base/spec.hpp"
#include "nets/sequence/recurrent_encoder_decoder.hpp"
#include "nets/sequence/recurrent_language_model.hpp"
#include "nets/sequence/sequence_classifier.hpp"
#include "nets/sequence/transformer_encoder_decoder.hpp"
#include "nets/sequence/transformer_language_model.hpp"
#include "nets/sequence/wavenet_language_model.hpp"

namespace tengen::nets {

namespace {

template <typename Net>
struct Architecture {
  std::string_view name;
  std::string (*canonical)(Spec& spec);
  std::unique_ptr<Net> (*make)(Spec& spec, int symbols, Rng& rng);
};

/// A line of a table: `N` made from the options that `parse` reads.
template <typename Interface, typename N, auto parse>
constexpr Architecture<Interface> line(std::string_view name) {
  return {name, [](Spec& spec) { return to_spec(parse(spec)); },
          [](Spec& spec, int symbols, Rng& rng) -> std::unique_ptr<Interface> {
            return std::make_unique<N>(parse(spec), symbols, rng);
          }};
}

constexpr auto recurrent_lm = line<LanguageModel, RecurrentLanguageModel, parse_recurrent_lm>;
constexpr std::array kLanguageModels{
    recurrent_lm("rnn"),
    recurrent_lm("lstm"),
    recurrent_lm("gru"),
    line<LanguageModel, TransformerLanguageModel, parse_transformer_lm>("transformer"),
    line<LanguageModel, WavenetLanguageModel, parse_wavenet>("wavenet"),
};

constexpr auto recurrent_pair =
    line<EncoderDecoder, RecurrentEncoderDecoder, parse_recurrent_encoder_decoder>;
constexpr std::array kEncoderDecoders{
    recurrent_pair("rnn"),
    recurrent_pair("lstm"),
    recurrent_pair("gru"),
    line<EncoderDecoder, TransformerEncoderDecoder, parse_transformer>("transformer"),
};

RecurrentEncoderOptions parse_recurrent_encoder(Spec& spec) {
  const RecurrentEncoderOptions options = read_recurrent_encoder(spec);
  spec.finish();
  return options;
}

constexpr auto recurrent_encoder = line<SequenceEncoder, RecurrentEncoder, parse_recurrent_encoder>;
constexpr std::array kEncoders{
    recurrent_encoder("rnn"),
    recurrent_encoder("lstm"),
    recurrent_encoder("gru"),
    line<SequenceEncoder, TransformerEncoder, parse_transformer>("transformer"),
};

template <typename Table>
const auto& find(const Table& table, const char* what, const std::string& name) {
  std::string known;
  for (const auto& architecture : table) {
    if (name == architecture.name) return architecture;
    known += (known.empty() ? "" : ", ") + std::string(architecture.name);
  }
  bad_argument(what, "expected one of {}, got \"{}\"", known, name);
}

template <typename Table>
auto make(const Table& table, const char* what, const std::string& spec, int symbols, Rng& rng) {
  Spec parsed(spec);
  const auto& architecture = find(table, what, parsed.name());
  if (symbols < 1) bad_argument(what, "expected a vocabulary, got {} tokens", symbols);
  return architecture.make(parsed, symbols, rng);
}

template <typename Table>
std::string canonical(const Table& table, const char* what, const std::string& spec) {
  Spec parsed(spec);
  return find(table, what, parsed.name()).canonical(parsed);
}

constexpr const char* kLanguageModel = "language model";
constexpr const char* kEncoderDecoder = "encoder-decoder";
constexpr const char* kClassifier = "sequence classifier";

}  // namespace

std::unique_ptr<LanguageModel> make_language_model(const std::string& spec, int symbols, Rng& rng) {
  return make(kLanguageModels, kLanguageModel, spec, symbols, rng);
}

std::string canonical_language_model(const std::string& spec) {
  return canonical(kLanguageModels, kLanguageModel, spec);
}

std::unique_ptr<EncoderDecoder> make_encoder_decoder(const std::string& spec, int symbols,
                                                     Rng& rng) {
  return make(kEncoderDecoders, kEncoderDecoder, spec, symbols, rng);
}

std::string canonical_encoder_decoder(const std::string& spec) {
  return canonical(kEncoderDecoders, kEncoderDecoder, spec);
}

std::unique_ptr<SequenceClassifier> make_sequence_classifier(const std::string& spec, int symbols,
                                                             int classes, Rng& rng) {
  return std::make_unique<SequenceClassifier>(make(kEncoders, kClassifier, spec, symbols, rng),
                                              canonical_sequence_classifier(spec), classes, rng);
}

std::string canonical_sequence_classifier(const std::string& spec) {
  return canonical(kEncoders, kClassifier, spec);
}

}  // namespace tengen::nets
