// The tasks "addition" and "dates": one string into another, by a nets::EncoderDecoder.
//
// Loss: -log p(target | source) in nats a target; quality: the share of test sources whose target,
// decoded greedily, is right in every character. No test source is trained on.
#pragma once

#include <memory>
#include <string>

#include "engine/base/spec.hpp"
#include "engine/data/translation_pairs.hpp"
#include "selfplay/fit/fit_task.hpp"
#include "selfplay/fit/part_sizes.hpp"

namespace tengen::selfplay {

inline constexpr const char* kAdditionHelp =
    "digits (3), train (45000), validation (0) of them, test (2000), seed (1): \"57+5\" -> "
    "\"62\";\n"
    "                   needs no data";
inline constexpr const char* kDatesHelp =
    "train (20000), validation (0) of them, test (2000), seed (1): \"Sep 27th, 1994\" ->\n"
    "                   \"1994-09-27\"; needs no data";

class TranslationTask : public FitTask {
 public:
  TranslationTask(std::string spec, std::vector<TextPair> pairs, const PartSizes& sizes,
                  FitDefaults defaults);

  std::string spec() const override { return spec_; }
  FitDefaults defaults() const override { return defaults_; }
  std::int64_t size() const override { return sizes_.train; }
  bool has_validation() const override { return sizes_.validation > 0; }
  std::string canonical_net(const std::string& net) const override;
  std::unique_ptr<FitModel> make_model(const std::string& net, Rng& rng) const override;

  const TranslationPairs& pairs() const { return pairs_; }
  /// The numbers of a part's pairs.
  std::vector<std::uint32_t> indices(Part part) const { return sizes_.indices(part); }

 private:
  const std::string spec_;
  const TranslationPairs pairs_;
  const PartSizes sizes_;
  const FitDefaults defaults_;
};

std::unique_ptr<FitTask> make_addition_task(Spec& spec);
std::unique_ptr<FitTask> make_dates_task(Spec& spec);

}  // namespace tengen::selfplay
