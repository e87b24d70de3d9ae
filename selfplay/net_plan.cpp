#include "selfplay/net_plan.hpp"

#include "engine/base/error.hpp"
#include "engine/base/random.hpp"
#include "engine/kernels/backend.hpp"

namespace tengen::selfplay {

namespace {

constexpr int kCalibrationPositions = 128;
constexpr std::uint64_t kCalibrationSeed = 0x1e57;
constexpr std::uint32_t kPliesBetween = 4;  // on average: neighbours are much alike

nets::Calibration calibration_for(const nets::PlanGraph& graph, const envs::Game& game) {
  const envs::ObservationShape shape = game.observation_shape();
  if (graph.height != shape.height || graph.width != shape.width ||
      graph.channels != shape.channels)
    bad_argument("make_plan", "expected a net for {} ({}x{}x{} inputs), got {}x{}x{}", game.spec(),
                 shape.height, shape.width, shape.channels, graph.height, graph.width,
                 graph.channels);
  const kernels::ScopedThreads one_thread(1);  // the same bits whatever the number of threads
  return nets::calibrate(graph, random_play_observations(game, kCalibrationPositions),
                         kCalibrationPositions);
}

}  // namespace

std::vector<float> random_play_observations(const envs::Game& game, int positions) {
  const auto size = static_cast<std::size_t>(game.observation_shape().size());
  std::vector<float> observations(static_cast<std::size_t>(positions) * size);
  std::vector<envs::Action> legal;
  Rng rng(kCalibrationSeed);
  auto state = game.new_initial_state();
  for (std::size_t written = 0; written < observations.size();) {
    if (state->is_terminal()) state = game.new_initial_state();
    if (rng.below(kPliesBetween) == 0) {
      state->write_observation(std::span(observations).subspan(written, size));
      written += size;
    }
    state->legal_actions(legal);
    state->apply(legal[rng.below(static_cast<std::uint32_t>(legal.size()))]);
  }
  return observations;
}

std::shared_ptr<const nets::InferencePlan> make_plan(const nets::PlanGraph& graph,
                                                     const envs::Game& game,
                                                     nets::Precision precision, int max_batch) {
  nets::Calibration calibration;
  if (precision == nets::Precision::int8 && nets::is_supported(precision))
    calibration = calibration_for(graph, game);
  return std::make_shared<const nets::InferencePlan>(graph, precision, max_batch, calibration);
}

}  // namespace tengen::selfplay
