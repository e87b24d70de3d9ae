// What the residual blocks of a tower have in common: [N, H, W, C] -> the same shape, x + f(x).
//
// Four forms. Post-activation (He et al. 2016a; AlphaGo Zero) puts a ReLU after the addition;
// pre-activation (He et al. 2016b) leaves the sum untouched, so the tower needs a last norm and
// ReLU. Bottleneck forms compute their 3x3 convolution in fewer channels.
#pragma once

#include <memory>
#include <string>

#include "engine/base/random.hpp"
#include "engine/layers/module.hpp"

namespace tengen::nets {

class GraphBuilder;

class ResidualBlock : public Layer {
 public:
  /// Appends the block in eval mode, its ops named `name`.conv1 and so on, and returns the value
  /// number of its result.
  virtual int emit(GraphBuilder& builder, const std::string& name, int input) const = 0;
};

enum class BlockForm { basic, preact, bottleneck, bottleneck_preact };

std::string to_string(BlockForm form);
/// The inverse; anything else throws std::invalid_argument with the list.
BlockForm parse_block_form(const std::string& text);
bool is_bottleneck(BlockForm form);
bool is_preactivation(BlockForm form);

/// `inner`: the width of a bottleneck's 3x3 convolution; unused by the others.
std::unique_ptr<ResidualBlock> make_block(BlockForm form, int channels, int inner, Rng& rng);

}  // namespace tengen::nets
