// Bodies by description: what a policy/value net puts its heads on and an image classifier its last
// layer. All compile into an InferencePlan. The table is in registry.cpp: towers and the perceptron
// serve games and images, the chains that pool their image away classify images only.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/base/spec.hpp"
#include "nets/graph_layer.hpp"
#include "nets/initial_weights.hpp"

namespace tengen::nets {

struct BodyRecipe {
  std::string spec;  // canonical description, without the options of heads
  std::function<std::unique_ptr<Body>(const ImageShape& in, Rng& rng)> make;
  /// Asked for by init=; its owner applies it to the whole net, what stands on the body included.
  InitialWeights init = {};
};

/// `spec` with ",key=value,..." behind it; "" adds nothing.
std::string with_options(const std::string& spec, const std::string& options);

/// What for: decides which bodies there are, and a default (see densenet).
enum class Purpose { images, games };

/// Reads the options of the body that spec.name() names; those of heads are left to the caller, who
/// calls finish(). Throws std::invalid_argument that lists the bodies or names a bad value; make()
/// throws it for images that are too small.
///
///   resnet:blocks=6,channels=96,block=basic  residual towers, trunk.hpp
///   mobile:blocks=6,channels=64              depthwise separable convolutions
///   densenet:layers=6,growth=12,stages=3     dense blocks; for games stages=1: the whole board
///   mlp:layers=1,hidden=50                   fully connected; hidden=50-100: of each layer;
///                                            dropout, drop_connect, activation, also maxout
///   lenet                                    LeCun et al. 1998: conv6-pool-conv16-pool-120-84
///   cnn:channels=30,kernel=5,hidden=100      conv-pool-fully connected
///   deep_cnn:channels=16,hidden=50           three times conv-conv-pool, dropout
///   alexnet:channels=24,hidden=256           Krizhevsky et al. 2012, scaled to small images
///
/// All but mobile and densenet have activation=NAME (activation_part.hpp), resnet also norm=NAME
/// (norm_activation.hpp), and all init=NAME (initial_weights.hpp).
BodyRecipe parse_body(Spec& spec, Purpose purpose = Purpose::images);

}  // namespace tengen::nets
