// The tasks "lines" and "brackets": which class a string is of, by a nets::SequenceClassifier over
// its characters.
//
// Loss: -log p(class) in nats; quality: accuracy. No string of the test of "brackets" is trained
// on; the lines of a file are as they are.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/base/spec.hpp"
#include "engine/data/text_pairs.hpp"
#include "engine/data/token_batch.hpp"
#include "engine/data/vocabulary.hpp"
#include "selfplay/fit/fit_task.hpp"
#include "selfplay/fit/part_sizes.hpp"

namespace tengen::selfplay {

inline constexpr const char* kLinesHelp =
    "test (0.1), validation (0) of the lines, seed (1) of their order: the label of a line;\n"
    "                   data: a text file, LABEL<tab>TEXT in each line";
inline constexpr const char* kBracketsHelp =
    "length (20) at most, train (2000), validation (0) of them, test (1000), seed (1):\n"
    "                   \"(()())\" -> \"balanced\"; needs no data";

class SequenceClassTask : public FitTask {
 public:
  /// Texts, none of them empty, with their classes as targets.
  SequenceClassTask(std::string spec, const std::vector<TextPair>& pairs, const PartSizes& sizes);

  std::string spec() const override { return spec_; }
  FitDefaults defaults() const override;
  std::int64_t size() const override { return sizes_.train; }
  bool has_validation() const override { return sizes_.validation > 0; }
  std::string canonical_net(const std::string& net) const override;
  std::unique_ptr<FitModel> make_model(const std::string& net, Rng& rng) const override;

  const Vocabulary& vocabulary() const { return vocabulary_; }
  /// The classes' names, in the order of their numbers.
  const std::vector<std::string>& classes() const { return classes_; }
  std::vector<std::string> class_names() const override { return classes_; }
  const PartSizes& sizes() const { return sizes_; }

  TokenBatch batch(std::span<const std::uint32_t> examples) const;
  std::int32_t label(std::uint32_t example) const { return labels_[example]; }
  std::string text(std::uint32_t example) const { return vocabulary_.decode(tokens_[example]); }

 private:
  const std::string spec_;
  const Vocabulary vocabulary_;
  std::vector<std::string> classes_;
  std::vector<std::vector<std::int32_t>> tokens_;
  std::vector<std::int32_t> labels_;
  const PartSizes sizes_;
};

/// `data` is the text file. Throws Error that names the file, and the line where one is bad.
std::unique_ptr<FitTask> make_lines_task(Spec& spec, const std::string& data);
std::unique_ptr<FitTask> make_brackets_task(Spec& spec);

}  // namespace tengen::selfplay
