#include "nets/sequence/transformer_language_model.hpp"

#include "engine/base/error.hpp"
#include "engine/layers/at_each_step.hpp"

namespace tengen::nets {

TransformerLmOptions parse_transformer_lm(Spec& spec) {
  TransformerLmOptions options;
  options.stack = read_transformer(spec);
  options.context = spec.get_int("context", options.context, 1, 65536);
  spec.finish();
  return options;
}

std::string to_spec(const TransformerLmOptions& options) {
  return fmt::format("{},context={}", to_spec(options.stack), options.context);
}

TransformerLanguageModel::TransformerLanguageModel(const TransformerLmOptions& options, int symbols,
                                                   Rng& rng)
    : options_(options), stack_(symbols, options.stack, rng), output_(stack_.embedding()) {
  register_child("stack", stack_);
  register_child("output", output_);
}

Variable TransformerLanguageModel::forward(const Tensor& tokens) {
  const std::int64_t steps = tokens.dim(1);
  if (steps > context())
    bad_argument("TransformerLanguageModel", "expected at most context={} tokens, got {}",
                 context(), steps);
  const Tensor mask = causal_mask(steps, steps, stack_.embedding().dtype());
  return at_each_step(output_, stack_.forward(tokens, mask));
}

}  // namespace tengen::nets
