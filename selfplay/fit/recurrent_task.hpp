// A task whose examples are sequences with an answer at every step, for nets::RecurrentNet: what
// binary addition and the sine have in common.
#pragma once

#include <string>

#include "engine/data/sequence_tasks.hpp"
#include "selfplay/fit/fit_task.hpp"

namespace tengen::selfplay {

/// What makes one such task.
struct RecurrentTaskParts {
  std::string spec;
  FitDefaults defaults;
  SequenceBatch train, test;
  SequenceBatch validation = {};  // undefined: none
  /// Mean over the N sequences; output and targets [T, N, K].
  Variable (*loss)(const Variable& output, const Tensor& targets);
  /// `loss` is filled in already.
  void (*score)(const Tensor& output, const Tensor& targets, FitScores& scores);
  /// Sequence `n` as a line for people.
  std::string (*line)(const SequenceBatch& data, const Tensor& output, std::int64_t n);

  bool has_validation() const { return validation.inputs.defined(); }
  const SequenceBatch& of(Part part) const;
};

class RecurrentTask : public FitTask {
 public:
  explicit RecurrentTask(RecurrentTaskParts parts) : parts_(std::move(parts)) {}

  std::string spec() const override { return parts_.spec; }
  FitDefaults defaults() const override { return parts_.defaults; }
  std::int64_t size() const override { return parts_.train.inputs.dim(1); }
  bool has_validation() const override { return parts_.has_validation(); }
  std::string canonical_net(const std::string& net) const override;
  std::unique_ptr<FitModel> make_model(const std::string& net, Rng& rng) const override;

  const RecurrentTaskParts& parts() const { return parts_; }

 private:
  const RecurrentTaskParts parts_;
};

}  // namespace tengen::selfplay
