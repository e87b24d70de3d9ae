#include "nets/sequence/sequence_classifier.hpp"

namespace tengen::nets {

SequenceClassifier::SequenceClassifier(std::unique_ptr<SequenceEncoder> encoder, std::string spec,
                                       int classes, Rng& rng)
    : encoder_(std::move(encoder)),
      spec_(std::move(spec)),
      output_(encoder_->width(), classes, rng, Linear::Init::xavier) {
  register_child("encoder", *encoder_);
  register_child("output", output_);
}

}  // namespace tengen::nets
