// What stands between the convolutions of a net: a norm, perhaps the addition of a residual, and an
// activation. One mechanism for every block, so that each can be had with any norm and activation.
//
//   batch     over the batch (Ioffe and Szegedy 2015); folded into the convolution for inference
//   group     over `groups` of neighbouring channels of one image (Wu and He 2018)
//   layer     over one image: a single group (Ba, Kiros and Hinton 2016, as Wu and He read it)
//   instance  over each channel of one image (Ulyanov et al. 2016)
//   none      convolutions have a bias instead
#pragma once

#include <memory>
#include <string>

#include "engine/layers/batch_norm.hpp"
#include "engine/layers/conv2d.hpp"
#include "engine/layers/group_norm.hpp"
#include "nets/activation_part.hpp"

namespace tengen::nets {

struct BodyStyle {
  std::string norm = "batch";
  int groups = 8;  // of group; divides all widths
  ActivationOptions activation;
  friend bool operator==(const BodyStyle&, const BodyStyle&) = default;
};

/// Options norm, of group groups, and those of the activation.
BodyStyle parse_style(Spec& spec);
/// ",norm=group,groups=8,activation=gelu"; "" for batch norm and ReLU.
std::string to_spec(const BodyStyle& style);
/// `style` with another activation: "none".
BodyStyle linear(BodyStyle style);
/// A square convolution in that style, with a bias where no norm gives one.
Conv2dOptions conv_options(const BodyStyle& style, int inputs, int outputs, int kernel);

class NormActivation : public Module {
 public:
  /// The norm's parameters are this module's own; those of the activation are below "activation".
  NormActivation(const BodyStyle& style, std::int64_t channels, Rng& rng);

  /// activation(norm(x) [+ residual]), [N, H, W, channels].
  Variable forward(const Variable& x, const Variable& residual = {});
  /// The same of a value, which others may read, as ops of the graph.
  int emit(GraphBuilder& builder, const std::string& name, int input) const;
  /// The same of a convolution's result; `residual` is a value or -1.
  int emit_behind(GraphBuilder& builder, const std::string& name, int input, const Conv2d& conv,
                  int residual = -1) const;

  /// Of what it normalises.
  std::int64_t channels() const { return channels_; }

 private:
  const std::int64_t channels_;
  const bool is_relu_;
  std::unique_ptr<BatchNorm> batch_;        // at most one of the two
  std::unique_ptr<GroupNorm> group_;        // group, layer and instance
  std::unique_ptr<GraphLayer> activation_;  // null: none
};

}  // namespace tengen::nets
