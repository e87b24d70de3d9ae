#include "envs/rl/memory/deep_sea.hpp"

#include <algorithm>
#include <limits>

namespace tengen::envs::rl {
namespace {

constexpr double kMoveCost = 0.01;

int size_from_spec(Spec& spec) { return spec.get_int("size", 10, 2, 1000); }

/// Of each cell the action that goes right, [N, N].
std::vector<std::uint8_t> right_actions_from_spec(Spec& spec, int size) {
  std::vector<std::uint8_t> right(static_cast<std::size_t>(size) * size, 1);
  NumpyRandom mapping(spec.get_int("mapping_seed", 0, 0, std::numeric_limits<int>::max()));
  if (spec.get_bool("randomize", true))
    for (std::uint8_t& action : right) action = static_cast<std::uint8_t>(mapping.integers(2));
  return right;
}

double move_reward(bool goes_right, int column, int size) {
  if (!goes_right) return 0;
  return (column == size - 1 ? 1.0 : 0.0) - kMoveCost / size;
}

}  // namespace

DeepSea DeepSea::from_spec(Spec& spec) {
  DeepSea env;
  env.size_ = size_from_spec(spec);
  env.stochastic_ = spec.get_bool("stochastic", env.stochastic_);
  env.right_ = right_actions_from_spec(spec, env.size_);
  return env;
}

EnvSpec DeepSea::spec() const {
  return {.id = "DeepSea-v0",
          .observation_space = Space::box(0, 1, {size_, size_, 1}),
          .action_space = Space::discrete(2),
          .reward_threshold = stochastic_ ? std::nullopt : std::optional(1 - kMoveCost)};
}

void DeepSea::reset(NumpyRandom&) { row_ = column_ = 0; }

Outcome DeepSea::step(std::span<const float> action, NumpyRandom& random) {
  const bool goes_right = static_cast<int>(action[0]) == right_action(row_, column_);
  double reward = move_reward(goes_right, column_, size_);
  const bool in_corner = row_ == size_ - 1 && (column_ == 0 || column_ == size_ - 1);
  if (stochastic_ && in_corner) reward += random.normal();
  if (!goes_right)
    column_ = std::max(column_ - 1, 0);
  else if (!stochastic_ || random.random() > 1.0 / size_)
    column_ = std::min(column_ + 1, size_ - 1);
  return {reward, ++row_ == size_};
}

void DeepSea::observe(std::span<float> out) const {
  std::fill(out.begin(), out.end(), 0.0f);
  if (row_ < size_) out[row_ * size_ + column_] = 1;
}

TabularDynamics deep_sea_cells_from_spec(Spec& spec) {
  const int size = size_from_spec(spec);
  const std::vector<std::uint8_t> right = right_actions_from_spec(spec, size);
  TabularModel model(size * size, 2);
  model.initial[0] = 1;
  for (int cell = 0; cell < size * size; ++cell)
    for (int action = 0; action < 2; ++action) {
      const int row = cell / size, column = cell % size;
      const bool goes_right = action == right[cell], last = row == size - 1;
      const int below = std::clamp(column + (goes_right ? 1 : -1), 0, size - 1);
      model.outcomes(cell, action) = {{1, last ? cell : cell - column + size + below,
                                       move_reward(goes_right, column, size), last}};
    }
  return {{.id = "DeepSeaCells-v0", .reward_threshold = 1 - kMoveCost},
          std::make_shared<const TabularModel>(std::move(model))};
}

}  // namespace tengen::envs::rl
