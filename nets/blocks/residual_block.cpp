#include "nets/blocks/residual_block.hpp"

#include "engine/base/error.hpp"
#include "nets/blocks/basic_block.hpp"
#include "nets/blocks/basic_preact_block.hpp"
#include "nets/blocks/bottleneck_block.hpp"
#include "nets/blocks/bottleneck_preact_block.hpp"
#include "nets/blocks/pyramid_block.hpp"

namespace tengen::nets {

std::string to_string(BlockForm form) {
  switch (form) {
    case BlockForm::basic:
      return "basic";
    case BlockForm::preact:
      return "preact";
    case BlockForm::bottleneck:
      return "bottleneck";
    case BlockForm::bottleneck_preact:
      return "bottleneck_preact";
    case BlockForm::pyramid:
      return "pyramid";
  }
  bad_argument("BlockForm", "expected a known form, got {}", int(form));
}

BlockForm parse_block_form(const std::string& text) {
  for (BlockForm form : {BlockForm::basic, BlockForm::preact, BlockForm::bottleneck,
                         BlockForm::bottleneck_preact, BlockForm::pyramid})
    if (text == to_string(form)) return form;
  bad_argument("BlockForm", "expected basic|preact|bottleneck|bottleneck_preact|pyramid, got {}",
               text);
}

bool is_bottleneck(BlockForm form) {
  return form == BlockForm::bottleneck || form == BlockForm::bottleneck_preact;
}

bool is_preactivation(BlockForm form) {
  return form == BlockForm::preact || form == BlockForm::bottleneck_preact ||
         form == BlockForm::pyramid;
}

std::unique_ptr<GraphLayer> make_block(const BlockOptions& options, Rng& rng) {
  switch (options.form) {
    case BlockForm::basic:
      return std::make_unique<BasicBlock>(options.channels, options.style, rng);
    case BlockForm::preact:
      return std::make_unique<BasicPreactBlock>(options.channels, options.dropout, options.style,
                                                rng);
    case BlockForm::bottleneck:
      return std::make_unique<BottleneckBlock>(options.channels, options.inner, options.style, rng);
    case BlockForm::bottleneck_preact:
      return std::make_unique<BottleneckPreactBlock>(options.channels, options.inner, options.style,
                                                     rng);
    case BlockForm::pyramid:
      return std::make_unique<PyramidBlock>(options.channels, options.outputs, options.style, rng);
  }
  bad_argument("BlockForm", "expected a known form, got {}", int(options.form));
}

}  // namespace tengen::nets
