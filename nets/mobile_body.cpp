#include "nets/mobile_body.hpp"

#include <memory>

#include "engine/base/error.hpp"
#include "nets/blocks/separable_block.hpp"

namespace tengen::nets {

MobileOptions parse_mobile(Spec& spec) {
  MobileOptions options;
  options.blocks = spec.get_int("blocks", options.blocks, 1, 200);
  options.channels = spec.get_int("channels", options.channels, 1, 4096);
  options.stages = spec.get_int("stages", options.stages, 1, 5);
  return options;
}

std::string to_spec(const MobileOptions& options) {
  return fmt::format("mobile:blocks={},channels={},stages={}", options.blocks, options.channels,
                     options.stages);
}

MobileBody::MobileBody(const ImageShape& in, const MobileOptions& options, Rng& rng)
    : shape_{in.height, in.width, options.channels} {
  const Conv2dOptions stem{
      .in_channels = in.channels, .out_channels = options.channels, .kernel = 3};
  chain_.append("stem", std::make_unique<ConvPart>(stem, BodyStyle{}, rng));
  for (int i = 0; i < options.blocks * options.stages; ++i) {
    const bool down = i > 0 && i % options.blocks == 0;
    const int outputs = down ? 2 * shape_.channels : shape_.channels;
    chain_.append(std::to_string(i),
                  std::make_unique<SeparableBlock>(shape_.channels, outputs, down ? 2 : 1, rng));
    if (down) shape_ = {(shape_.height + 1) / 2, (shape_.width + 1) / 2, outputs};
  }
  register_child("chain", chain_);
}

}  // namespace tengen::nets
