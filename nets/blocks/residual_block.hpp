// The residual blocks of a tower by name: [N, H, W, C] -> the same shape, x + f(x).
//
// Five forms. Post-activation (He et al. 2016a; AlphaGo Zero) puts a ReLU after the addition;
// pre-activation (He et al. 2016b) leaves the sum untouched, so the tower needs a last norm and
// ReLU. Bottleneck forms compute their 3x3 convolution in fewer channels. A pyramid's blocks
// (pyramid_block.hpp) may add channels. Wide residual nets (Zagoruyko and Komodakis 2016) are
// pre-activation blocks of many channels with dropout between their convolutions.
#pragma once

#include <memory>
#include <string>

#include "engine/base/random.hpp"
#include "nets/graph_layer.hpp"
#include "nets/norm_activation.hpp"

namespace tengen::nets {

enum class BlockForm { basic, preact, bottleneck, bottleneck_preact, pyramid };

std::string to_string(BlockForm form);
/// The inverse; anything else throws std::invalid_argument with the list.
BlockForm parse_block_form(const std::string& text);
bool is_bottleneck(BlockForm form);
bool is_preactivation(BlockForm form);

struct BlockOptions {
  BlockForm form = BlockForm::basic;
  int channels = 1;    // of the input and, but for a pyramid, of the output
  int outputs = 0;     // of a pyramid's block: channels of the output
  int inner = 1;       // of bottleneck forms: width of the 3x3 convolution
  double dropout = 0;  // of preact
  BodyStyle style{};
};
std::unique_ptr<GraphLayer> make_block(const BlockOptions& options, Rng& rng);

}  // namespace tengen::nets
