#include "selfplay/fit/binary_addition_task.hpp"

#include <set>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/base/error.hpp"
#include "selfplay/fit/part_sizes.hpp"
#include "selfplay/fit/recurrent_task.hpp"

namespace tengen::selfplay {

namespace {

float at(const Tensor& x, std::int64_t step, std::int64_t n, std::int64_t column = 0) {
  return x.values<float>()[static_cast<std::size_t>((step * x.dim(1) + n) * x.dim(2) + column)];
}

bool bit(const Tensor& output, std::int64_t step, std::int64_t n) {
  return at(output, step, n) > 0;  // a logit
}

/// Half the squared error of the sigmoid of each bit, summed over the bits.
Variable loss(const Variable& output, const Tensor& targets) {
  const Variable error = subtract(sigmoid(output), Variable(targets));
  return scale(sum(square(error)), 0.5 / static_cast<double>(targets.dim(1)));
}

bool is_exact(const Tensor& output, const Tensor& targets, std::int64_t n) {
  for (std::int64_t t = 0; t < output.dim(0); ++t)
    if (bit(output, t, n) != (at(targets, t, n) > 0.5f)) return false;
  return true;
}

void score(const Tensor& output, const Tensor& targets, FitScores& scores) {
  double exact = 0;
  for (std::int64_t n = 0; n < output.dim(1); ++n) exact += is_exact(output, targets, n);
  const double share = exact / static_cast<double>(output.dim(1));
  scores.metrics = {{"exact", share}};
  scores.quality = share;
}

std::string line(const SequenceBatch& data, const Tensor& output, std::int64_t n) {
  int a = 0, b = 0, answer = 0;
  for (std::int64_t t = 0; t < output.dim(0); ++t) {
    a |= (at(data.inputs, t, n, 0) > 0.5f) << t;
    b |= (at(data.inputs, t, n, 1) > 0.5f) << t;
    answer |= bit(output, t, n) << t;
  }
  return fmt::format("{} + {} = {}{}", a, b, answer,
                     a + b == answer ? "" : fmt::format(", expected {}", a + b));
}

/// Both numbers of a sum as one.
std::uint64_t sum_key(const SequenceBatch& data, std::int64_t n) {
  std::uint64_t key = 0;
  for (std::int64_t t = 0; t < data.inputs.dim(0); ++t)
    for (std::int64_t column = 0; column < 2; ++column)
      key = key * 2 + (at(data.inputs, t, n, column) > 0.5f);
  return key;
}

/// Draws until `count` sums are found that are in `accept`'s sense; `pool` is large enough for it.
template <typename Accept>
SequenceBatch draw(int bits, std::int64_t count, Rng& rng, Accept&& accept) {
  const SequenceBatch pool = binary_addition(bits, 4 * count + 1000, rng);
  std::vector<std::uint32_t> chosen;
  for (std::uint32_t n = 0; n < pool.inputs.dim(1) && std::int64_t(chosen.size()) < count; ++n)
    if (accept(sum_key(pool, n))) chosen.push_back(n);
  if (std::int64_t(chosen.size()) < count)
    bad_argument("binary_addition", "expected fewer examples, {} bits have too few different sums",
                 bits);
  return gather(pool, chosen);
}

}  // namespace

std::unique_ptr<FitTask> make_binary_addition_task(Spec& spec) {
  const int bits = spec.get_int("bits", 8, 2, 30);
  const auto sizes = GeneratedSizes::read(spec, {.train = 1000, .test = 400});
  spec.finish();
  Rng rng = sizes.rng();
  std::set<std::uint64_t> held_out;
  const auto is_new = [&](std::uint64_t key) { return held_out.insert(key).second; };
  RecurrentTaskParts parts;
  parts.spec = fmt::format("binary_addition:bits={},{}", bits, sizes.text());
  parts.defaults = {.net = "rnn:units=16,activation=sigmoid",
                    .optimizer = "sgd",
                    .learning_rate = 0.3,
                    .batch = 1,
                    .epochs = 8};
  parts.test = draw(bits, sizes.test, rng, is_new);
  if (sizes.validation > 0) parts.validation = draw(bits, sizes.validation, rng, is_new);
  parts.train =
      draw(bits, sizes.train, rng, [&](std::uint64_t key) { return !held_out.contains(key); });
  parts.loss = loss;
  parts.score = score;
  parts.line = line;
  return std::make_unique<RecurrentTask>(std::move(parts));
}

}  // namespace tengen::selfplay
