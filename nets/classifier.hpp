// Nets that tell images apart: images [N, H, W, C] -> a logit for each class [N, classes].
#pragma once

#include <memory>
#include <string>

#include "engine/base/random.hpp"
#include "engine/layers/module.hpp"

namespace tengen::nets {

/// What a classifier is fitted to.
struct ClassifierIo {
  int height = 0, width = 0, channels = 0;
  int classes = 0;
};

class Classifier : public Layer {
 public:
  /// What make_classifier needs to build this architecture again.
  virtual std::string spec() const = 0;
  virtual const ClassifierIo& io() const = 0;
};

/// Makes a classifier with initialised weights from a description:
///   "mlp:layers=1,hidden=50"
///   "cnn:channels=30,kernel=5,hidden=100"
/// Throws std::invalid_argument that lists the known architectures or names the wrong option.
std::unique_ptr<Classifier> make_classifier(const std::string& spec, const ClassifierIo& io,
                                            Rng& rng);
/// `spec` with every option written out: equal strings mean equal architectures.
std::string canonical_classifier_spec(const std::string& spec);

}  // namespace tengen::nets
