#include "selfplay/fit/sine_task.hpp"

#include <cmath>
#include <numeric>
#include <vector>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_slice.hpp"
#include "engine/base/error.hpp"
#include "engine/losses/half_squared_error.hpp"
#include "selfplay/fit/recurrent_task.hpp"

namespace tengen::selfplay {

namespace {

Tensor last_step(const Tensor& x) { return x.rows(x.dim(0) - 1, x.dim(0)); }

Variable loss(const Variable& output, const Tensor& targets) {
  const std::int64_t steps = targets.dim(0);
  const Variable last = slice(output, 0, steps - 1, steps);
  return scale(half_squared_error(last, last_step(targets)),
               1.0 / static_cast<double>(targets.dim(1)));
}

void score(const Tensor& output, const Tensor& targets, FitScores& scores) {
  const Tensor y = last_step(output), t = last_step(targets);
  float worst = 0;
  for (std::size_t i = 0; i < y.values<float>().size(); ++i)
    worst = std::max(worst, std::abs(y.values<float>()[i] - t.values<float>()[i]));
  scores.metrics = {{"half_squared_error", scores.loss}, {"worst_error", worst}};
  scores.quality = -scores.loss;
}

SequenceBatch range_of(const SequenceBatch& windows, int begin, int end) {
  std::vector<std::uint32_t> indices(static_cast<std::size_t>(end - begin));
  std::iota(indices.begin(), indices.end(), static_cast<std::uint32_t>(begin));
  return gather(windows, indices);
}

std::string line(const SequenceBatch& data, const Tensor& output, std::int64_t n) {
  const auto i = static_cast<std::size_t>(n);
  return fmt::format("window {}: {:+.5f}, expected {:+.5f}", n,
                     last_step(output).values<float>()[i],
                     last_step(data.targets).values<float>()[i]);
}

}  // namespace

std::unique_ptr<FitTask> make_sine_task(Spec& spec) {
  const int points = spec.get_int("points", 500, 3, 1'000'000);
  const double periods = spec.get_double("periods", 5, 1e-3, 1e6);
  const int length = spec.get_int("length", 5, 1, points - 2);
  const int validation = spec.get_int("validation", 0, 0, points - length - 1);
  spec.finish();
  RecurrentTaskParts parts;
  parts.spec = fmt::format("sine:points={},periods={:g},length={}", points, periods, length);
  if (validation > 0) parts.spec += fmt::format(",validation={}", validation);
  parts.defaults = {.net = "rnn:units=5,activation=tanh",
                    .optimizer = "sgd",
                    .learning_rate = 0.1,
                    .batch = 1,
                    .epochs = 3000};
  const SequenceBatch windows = sine_windows(points, periods, length);
  const int trained = points - length - validation;
  parts.train = parts.test = range_of(windows, 0, trained);
  if (validation > 0) parts.validation = range_of(windows, trained, points - length);
  parts.loss = loss;
  parts.score = score;
  parts.line = line;
  return std::make_unique<RecurrentTask>(std::move(parts));
}

}  // namespace tengen::selfplay
