// Nets that tell images apart: images [N, H, W, C] -> a logit for each class [N, classes]. A body
// (bodies.hpp), the mean of each channel where that is still an image, and a linear layer.
#pragma once

#include <memory>
#include <string>

#include "engine/base/random.hpp"
#include "engine/layers/module.hpp"
#include "nets/bodies.hpp"
#include "nets/inference/graph.hpp"
#include "nets/parts.hpp"

namespace tengen::nets {

/// What a classifier is fitted to.
struct ClassifierIo {
  int height = 0, width = 0, channels = 0;
  int classes = 0;
};

class Classifier : public Layer {
 public:
  /// Children "body" and "output".
  Classifier(BodyRecipe recipe, const ClassifierIo& io, Rng& rng);

  /// Logits [N, classes]. Images that are not [N, height, width, channels] throw
  /// std::invalid_argument.
  Variable forward(const Variable& images) override;
  /// In eval mode, as fused ops, with copies of the present weights.
  PlanGraph graph() const;
  /// What make_classifier needs to build this architecture again.
  const std::string& spec() const { return recipe_.spec; }
  const ClassifierIo& io() const { return io_; }

 private:
  const BodyRecipe recipe_;
  const ClassifierIo io_;
  const std::unique_ptr<Body> body_;
  std::unique_ptr<GlobalPoolPart> pool_;  // null where the features are a vector
  DensePart output_;
};

/// Makes a classifier with initialised weights from a body's description. Throws
/// std::invalid_argument that lists the known ones or names the wrong option.
std::unique_ptr<Classifier> make_classifier(const std::string& spec, const ClassifierIo& io,
                                            Rng& rng);
/// `spec` with every option written out: equal strings mean equal architectures.
std::string canonical_classifier_spec(const std::string& spec);

/// A line per op with its output shape, parameters and multiply-adds, then the totals.
std::string describe(const Classifier& net);

}  // namespace tengen::nets
