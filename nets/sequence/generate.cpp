#include <algorithm>
#include <cmath>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_slice.hpp"
#include "engine/autograd/ops_softmax.hpp"
#include "engine/base/error.hpp"
#include "nets/sequence/language_model.hpp"

namespace tengen::nets {

namespace {

/// From logits [1, T, V]: the token after the last.
std::int32_t draw_next(const Variable& logits, double temperature, Rng& rng) {
  const Variable last = select(logits, 1, logits.shape()[1] - 1);
  const auto values = last.value().values<float>();
  if (temperature == 0)
    return static_cast<std::int32_t>(std::ranges::max_element(values) - values.begin());
  const Tensor chances = softmax(scale(last, 1 / temperature)).value();
  return static_cast<std::int32_t>(rng.categorical(chances.values<float>()));
}

}  // namespace

std::vector<std::int32_t> generate(LanguageModel& model, const std::vector<std::int32_t>& prompt,
                                   int count, double temperature, Rng& rng) {
  if (prompt.empty() || count < 0 || !(temperature >= 0 && std::isfinite(temperature)))
    bad_argument("generate", "expected a prompt, a count and a temperature, got {} tokens, {}, {}",
                 prompt.size(), count, temperature);
  const NoGrad no_grad;
  const bool has_state = model.context() == 0;
  std::vector<std::int32_t> tokens = prompt;
  std::size_t fed = 0;  // tokens that the state knows
  model.reset();
  for (int i = 0; i < count; ++i) {
    const auto window = static_cast<std::size_t>(model.context());
    const std::size_t begin = has_state ? fed : tokens.size() - std::min(tokens.size(), window);
    const std::span<const std::int32_t> input = std::span(tokens).subspan(begin);
    fed = tokens.size();
    const Shape shape{1, static_cast<std::int64_t>(input.size())};
    tokens.push_back(draw_next(model.forward(Tensor::from(shape, input)), temperature, rng));
  }
  model.reset();
  return {tokens.begin() + static_cast<std::ptrdiff_t>(prompt.size()), tokens.end()};
}

}  // namespace tengen::nets
