// The task "char_lm": the next character of a text in UTF-8, by a nets::LanguageModel with
// truncated backpropagation through time over chunks of the text. The end of the file is held out.
// Loss: nats a character; quality: its negative; bits_per_character loss / log 2, perplexity
// exp(loss).
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/base/spec.hpp"
#include "engine/data/text_chunks.hpp"
#include "engine/data/vocabulary.hpp"
#include "selfplay/fit/fit_task.hpp"

namespace tengen::selfplay {

inline constexpr const char* kCharLmHelp =
    "steps (50) of a chunk, held_out (0.1), validation (0): the next character of a text; data: a\n"
    "                   text file in UTF-8";

struct CharLmOptions {
  int steps = 50;         // characters of a chunk: how far back the gradient goes
  double held_out = 0.1;  // share of the text, its end, that measures
  double validation = 0;  // share before that, which chooses the best epoch
};

class CharLmTask : public FitTask {
 public:
  /// Throws std::invalid_argument for a text too short for a chunk in both parts or not in UTF-8.
  CharLmTask(const CharLmOptions& options, const std::string& text);

  std::string spec() const override;
  /// How long the text is, and how many different characters it has.
  std::string about() const override;
  FitDefaults defaults() const override;
  std::int64_t size() const override { return train_->count(); }
  bool has_validation() const override { return validation_.has_value(); }
  /// Not shuffled: in `batch` streams that go on from batch to batch.
  Epoch epoch(std::int64_t batch, std::uint64_t seed, std::uint64_t number) const override;
  /// Also refuses a net that does not take the task's chunks.
  std::string canonical_net(const std::string& net) const override;
  std::unique_ptr<FitModel> make_model(const std::string& net, Rng& rng) const override;

  const Vocabulary& vocabulary() const { return vocabulary_; }
  const TextChunks& chunks(Part part) const;

 private:
  const CharLmOptions options_;
  const Vocabulary vocabulary_;
  std::size_t length_ = 0;                               // characters
  std::optional<TextChunks> train_, validation_, test_;  // without validation only the others
};

/// `data` is the text file. Throws Error with the offset for one that is not text in UTF-8.
std::unique_ptr<FitTask> make_char_lm_task(Spec& spec, const std::string& data);

}  // namespace tengen::selfplay
