#include "nets/dense_body.hpp"

#include <memory>

#include "engine/base/error.hpp"
#include "nets/blocks/dense_layer.hpp"
#include "nets/inference/graph_builder.hpp"

namespace tengen::nets {

DenseOptions parse_dense(Spec& spec, int default_stages) {
  DenseOptions options;
  options.layers = spec.get_int("layers", options.layers, 1, 100);
  options.growth = spec.get_int("growth", options.growth, 1, 1024);
  options.stages = spec.get_int("stages", default_stages, 1, 5);
  return options;
}

std::string to_spec(const DenseOptions& options) {
  return fmt::format("densenet:layers={},growth={},stages={}", options.layers, options.growth,
                     options.stages);
}

DenseBody::DenseBody(const ImageShape& in, const DenseOptions& options, Rng& rng)
    : shape_{in.height, in.width, 2 * options.growth} {
  const Conv2dOptions stem{
      .in_channels = in.channels, .out_channels = shape_.channels, .kernel = 3};
  chain_.append("stem", std::make_unique<ConvPart>(stem, BodyStyle{}, rng));
  for (int stage = 0; stage < options.stages; ++stage) {
    if (stage > 0) {
      const int narrow = shape_.channels / 2;
      chain_.append("down" + std::to_string(stage),
                    std::make_unique<DenseTransition>(shape_.channels, narrow, rng));
      shape_ = {shape_.height / 2, shape_.width / 2, narrow};
    }
    for (int layer = 0; layer < options.layers; ++layer) {
      chain_.append(std::to_string(stage) + "_" + std::to_string(layer),
                    std::make_unique<DenseLayer>(shape_.channels, options.growth, rng));
      shape_.channels += options.growth;
    }
  }
  final_norm_ = std::make_unique<BatchNorm>(shape_.channels);
  register_child("chain", chain_);
  register_child("final_norm", *final_norm_);
}

Variable DenseBody::forward(const Variable& x) {
  return final_norm_->forward_relu(chain_.forward(x));
}

int DenseBody::emit(GraphBuilder& builder, const std::string& name, int input) const {
  const int y = chain_.emit(builder, name, input);
  return builder.affine(name + ".final_norm", y, *final_norm_, Activation::relu);
}

}  // namespace tengen::nets
