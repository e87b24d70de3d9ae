#include "nets/classifier.hpp"

#include <utility>

#include "engine/base/error.hpp"
#include "nets/inference/graph_builder.hpp"

namespace tengen::nets {

namespace {

BodyRecipe parse(const std::string& text) {
  Spec spec(text);
  BodyRecipe recipe = parse_body(spec);
  spec.finish();
  return recipe;
}

bool is_vector(const ImageShape& shape) { return shape.height == 1 && shape.width == 1; }

ImageShape image_of(const ClassifierIo& io) { return {io.height, io.width, io.channels}; }

}  // namespace

Classifier::Classifier(BodyRecipe recipe, const ClassifierIo& io, Rng& rng)
    : recipe_(std::move(recipe)),
      io_(io),
      body_(recipe_.make(image_of(io), rng)),
      pool_(is_vector(body_->output_shape()) ? nullptr : std::make_unique<GlobalPoolPart>()),
      output_(body_->output_shape().channels, io.classes, {.activation = {.name = "none"}}, rng) {
  register_child("body", *body_);
  register_child("output", output_);
  initialise(*this, recipe_.init, rng);
}

Variable Classifier::forward(const Variable& images) {
  const Shape expected{images.shape().rank() > 0 ? images.shape()[0] : 0, io_.height, io_.width,
                       io_.channels};
  if (!(images.shape() == expected))
    bad_argument("Classifier", "expected images [N, {}, {}, {}], got {}", io_.height, io_.width,
                 io_.channels, to_string(images.shape()));
  const Variable features = body_->forward(images);
  return output_.forward(pool_ ? pool_->forward(features) : features);
}

PlanGraph Classifier::graph() const {
  GraphBuilder builder(io_.height, io_.width, io_.channels);
  int y = body_->emit(builder, "body", GraphBuilder::kInput);
  if (pool_) y = pool_->emit(builder, "pool", y);
  y = output_.emit(builder, "output", y);
  return std::move(builder).finish(y);
}

std::unique_ptr<Classifier> make_classifier(const std::string& spec, const ClassifierIo& io,
                                            Rng& rng) {
  if (io.height < 1 || io.width < 1 || io.channels < 1 || io.classes < 1)
    bad_argument("net", "expected positive sizes, got {}x{}x{} images and {} classes", io.height,
                 io.width, io.channels, io.classes);
  return std::make_unique<Classifier>(parse(spec), io, rng);
}

std::string canonical_classifier_spec(const std::string& spec) { return parse(spec).spec; }

}  // namespace tengen::nets
