#include "selfplay/net_evaluator.hpp"

#include <algorithm>
#include <cmath>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"

namespace tengen::selfplay {

namespace {

/// priors <- softmax of the logits of `actions`, each seen under the symmetry.
void softmax_legal(std::span<const float> logits, const envs::Game& game, int symmetry,
                   std::span<const envs::Action> actions, std::span<float> priors) {
  float largest = -INFINITY;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const envs::Action seen =
        symmetry == 0 ? actions[i] : game.transform_action(symmetry, actions[i]);
    priors[i] = logits[static_cast<std::size_t>(seen)];
    largest = std::max(largest, priors[i]);
  }
  float sum = 0;
  for (float& p : priors) sum += p = std::exp(p - largest);
  if (!std::isfinite(sum)) throw Error("the net's policy is not finite: its weights are damaged");
  for (float& p : priors) p /= sum;
}

}  // namespace

void transform_observation(std::span<const float> observation, const envs::Game& game, int symmetry,
                           std::span<float> out) {
  const envs::ObservationShape shape = game.observation_shape();
  for (int cell = 0; cell < shape.cells(); ++cell)
    std::copy_n(observation.begin() + cell * shape.channels, shape.channels,
                out.begin() + game.transform_cell(symmetry, cell) * shape.channels);
}

NetEvaluator::NetEvaluator(std::shared_ptr<const nets::InferencePlan> plan, const envs::Game& game,
                           std::optional<Rng> symmetry_rng)
    : plan_(std::move(plan)), scratch_(plan_->make_scratch()), symmetry_rng_(symmetry_rng) {
  const auto observation = static_cast<std::size_t>(game.observation_shape().size());
  if (plan_->observation_size() != game.observation_shape().size() ||
      plan_->num_actions() != game.num_actions())
    bad_argument("net_evaluator", "expected a net for {} ({} inputs, {} actions), got {} and {}",
                 game.spec(), observation, game.num_actions(), plan_->observation_size(),
                 plan_->num_actions());
  const auto batch = static_cast<std::size_t>(plan_->max_batch());
  observations_.resize(batch * observation);
  logits_.resize(batch * static_cast<std::size_t>(game.num_actions()));
  values_.resize(batch);
  plane_scratch_.resize(observation);
  symmetries_.resize(batch);
}

void NetEvaluator::evaluate(std::span<mcts::EvalItem> batch) {
  const auto piece = static_cast<std::size_t>(plan_->max_batch());
  for (std::size_t begin = 0; begin < batch.size(); begin += piece)
    evaluate_piece(batch.subspan(begin, std::min(piece, batch.size() - begin)), symmetry_);
  for (mcts::EvalItem& item : batch)
    if (item.average_symmetries) evaluate_average(item);
}

void NetEvaluator::evaluate_average(mcts::EvalItem& item) {
  const int symmetries = item.state->game().num_symmetries();
  const float share = 1.0f / static_cast<float>(symmetries);
  std::vector<float> priors(item.priors.size());
  float value = 0;
  for (int symmetry = 0; symmetry < symmetries; ++symmetry) {
    evaluate_piece({&item, 1}, symmetry);
    for (std::size_t i = 0; i < priors.size(); ++i) priors[i] += share * item.priors[i];
    value += share * item.value;
  }
  std::copy(priors.begin(), priors.end(), item.priors.begin());
  item.value = value;
}

/// Under `symmetry` if given, else as the constructor says.
void NetEvaluator::evaluate_piece(std::span<mcts::EvalItem> piece, std::optional<int> symmetry) {
  const auto observation_size = static_cast<std::size_t>(plan_->observation_size());
  const auto actions = static_cast<std::size_t>(plan_->num_actions());
  for (std::size_t i = 0; i < piece.size(); ++i) {
    const envs::State& state = *piece[i].state;
    const envs::Game& game = state.game();
    const auto out = std::span(observations_).subspan(i * observation_size, observation_size);
    // The symmetry is drawn by position, not by order of arrival: the answer for a position is the
    // same in whatever batch it comes, and may be cached.
    symmetries_[i] = symmetry.value_or(0);
    if (!symmetry && symmetry_rng_)
      symmetries_[i] =
          static_cast<int>(symmetry_rng_->split(state.observation_key())
                               .below(static_cast<std::uint32_t>(game.num_symmetries())));
    if (symmetries_[i] == 0) {
      state.write_observation(out);
    } else {
      state.write_observation(plane_scratch_);
      transform_observation(plane_scratch_, game, symmetries_[i], out);
    }
  }
  const Stopwatch watch;
  plan_->evaluate(static_cast<int>(piece.size()),
                  std::span(observations_).first(piece.size() * observation_size),
                  std::span(logits_).first(piece.size() * actions),
                  std::span(values_).first(piece.size()), *scratch_);
  net_use_.seconds += watch.seconds();
  net_use_.evaluations += piece.size();
  for (std::size_t i = 0; i < piece.size(); ++i) {
    softmax_legal(std::span(logits_).subspan(i * actions, actions), piece[i].state->game(),
                  symmetries_[i], piece[i].actions, piece[i].priors);
    if (!std::isfinite(values_[i]))
      throw Error("the net's value is not finite: its weights are damaged");
    piece[i].value = std::clamp(values_[i], -1.0f, 1.0f);
  }
}

}  // namespace tengen::selfplay
