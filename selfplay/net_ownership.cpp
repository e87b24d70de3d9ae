#include "selfplay/net_ownership.hpp"

#include <cmath>
#include <utility>

#include "engine/base/error.hpp"
#include "selfplay/net_evaluator.hpp"

namespace tengen::selfplay {

NetOwnership::NetOwnership(std::unique_ptr<nets::PolicyValueNet> net) : net_(std::move(net)) {
  if (!net_->has_ownership())
    bad_argument("net_ownership", "expected a net with an ownership head, got {}", net_->spec());
  net_->eval();
}

std::vector<double> NetOwnership::evaluate(const envs::State& state) {
  const envs::Game& game = state.game();
  const envs::ObservationShape shape = game.observation_shape();
  const auto size = static_cast<std::size_t>(shape.size());
  const int symmetries = game.num_symmetries();
  std::vector<float> observation(size);
  state.write_observation(observation);
  Tensor images({symmetries, shape.height, shape.width, shape.channels});
  for (int symmetry = 0; symmetry < symmetries; ++symmetry)
    transform_observation(
        observation, game, symmetry,
        images.values<float>().subspan(static_cast<std::size_t>(symmetry) * size, size));

  const NoGrad no_gradients;
  const Tensor logits = net_->forward(Variable(images)).ownership_logits.value();
  const double sign = state.current_player() == 0 ? 1 : -1;
  std::vector<double> owners(static_cast<std::size_t>(shape.cells()));
  for (int symmetry = 0; symmetry < symmetries; ++symmetry)
    for (int cell = 0; cell < shape.cells(); ++cell) {
      const int seen = symmetry * shape.cells() + game.transform_cell(symmetry, cell);
      owners[static_cast<std::size_t>(cell)] +=
          sign * std::tanh(logits.values<float>()[static_cast<std::size_t>(seen)]) / symmetries;
    }
  return owners;
}

}  // namespace tengen::selfplay
