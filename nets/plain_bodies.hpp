// Bodies that are a plain chain of small parts and end in a vector: the multi-layer perceptron and
// the convolutional nets of the textbooks. ReLU stands for the activation that each may be given.
#pragma once

#include "engine/base/spec.hpp"
#include "nets/bodies.hpp"

namespace tengen::nets {

/// Fully connected layers, by default 1 of 50 units (mlp_options.hpp). "mlp:layers=1,hidden=50"
/// with the last layer of a classifier is the two-layer net.
BodyRecipe parse_mlp_body(Spec& spec);
/// LeNet-5 (LeCun et al. 1998) with ReLU and max pooling: conv5x5 6 (padded)-pool-conv5x5
/// 16-pool-120-84.
BodyRecipe parse_lenet(Spec& spec);
/// channels, kernel, hidden: conv-pool-fully connected, without padding.
BodyRecipe parse_cnn(Spec& spec);
/// channels, hidden, dropout: three stages of conv3x3-conv3x3-pool with channels doubling, then
/// fully connected-dropout.
BodyRecipe parse_deep_cnn(Spec& spec);
/// channels, hidden, dropout: AlexNet's (Krizhevsky, Sutskever and Hinton 2012) order of layers,
/// with 3x3 kernels and a first stride of 1 for images of about 28x28: two stages of
/// conv-response norm-pool, three convolutions and a pool, two fully connected layers with dropout.
/// Widths are in the paper's proportions, 96 : 256 : 384 : 384 : 256, with `channels` for the
/// first.
BodyRecipe parse_alexnet(Spec& spec);

}  // namespace tengen::nets
