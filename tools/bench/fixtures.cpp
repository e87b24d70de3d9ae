#include "tools/bench/fixtures.hpp"

#include <algorithm>
#include <filesystem>

#include "engine/base/error.hpp"
#include "nets/checkpoint.hpp"
#include "selfplay/net_evaluator.hpp"
#include "selfplay/players/net_player.hpp"
#include "tools/machine.hpp"

namespace tengen::tools {
namespace {

constexpr int kFewestPositions = 64;  // of a stream, so that the data is not always the same

nets::NetIo io_of(const envs::Game& game) {
  const envs::ObservationShape shape = game.observation_shape();
  return {shape.height, shape.width, shape.channels, game.num_actions()};
}

std::unique_ptr<nets::PolicyValueNet> load_net(const std::string& path, const envs::Game& game) {
  auto net = nets::load_net_file(selfplay::resolve_net_path(path).string()).net;
  const nets::NetIo have = net->io(), want = io_of(game);
  if (have.height != want.height || have.width != want.width || have.channels != want.channels ||
      have.actions != want.actions)
    throw Error(path,
                fmt::format("expected a net for {}, got one for {}x{}x{} observations and {} "
                            "actions",
                            game.spec(), have.height, have.width, have.channels, have.actions));
  return net;
}

/// Positions with all that an evaluation writes to.
class Batches {
 public:
  Batches(std::shared_ptr<const envs::Game> game,
          const std::shared_ptr<const nets::InferencePlan>& plan, int batch, const Rng& rng)
      : game_(std::move(game)),
        evaluator_(plan, *game_, rng.split(0)),
        batch_(static_cast<std::size_t>(batch)),
        states_(
            random_positions(*game_, (kFewestPositions + batch - 1) / batch * batch, rng.split(1))),
        actions_(states_.size()),
        priors_(states_.size()) {
    for (std::size_t i = 0; i < states_.size(); ++i) {
      states_[i]->legal_actions(actions_[i]);
      priors_[i].resize(actions_[i].size());
      items_.push_back({states_[i].get(), actions_[i], priors_[i], 0});
    }
  }

  double evaluate_next() {
    evaluator_.evaluate(std::span(items_).subspan(next_, batch_));
    next_ = (next_ + batch_) % items_.size();
    return static_cast<double>(batch_);
  }

 private:
  const std::shared_ptr<const envs::Game> game_;
  selfplay::NetEvaluator evaluator_;
  const std::size_t batch_;
  std::vector<std::unique_ptr<envs::State>> states_;
  std::vector<std::vector<envs::Action>> actions_;
  std::vector<std::vector<float>> priors_;
  std::vector<mcts::EvalItem> items_;
  std::size_t next_ = 0;
};

}  // namespace

std::unique_ptr<nets::PolicyValueNet> net_for(const std::string& net, const envs::Game& game) {
  Rng rng(1);
  auto made =
      std::filesystem::exists(net) ? load_net(net, game) : nets::make_net(net, io_of(game), rng);
  made->eval();
  return made;
}

nets::Precision supported_precision(const std::string& text) {
  const nets::Precision precision = nets::parse_precision(text);
  if (!nets::is_supported(precision))
    bad_argument("precision", "expected one that this CPU can compute, got {}: {}", text,
                 how_computed(precision));
  return precision;
}

std::vector<std::unique_ptr<envs::State>> random_positions(const envs::Game& game, int count,
                                                           Rng rng) {
  std::vector<std::unique_ptr<envs::State>> positions;
  std::vector<envs::Action> actions;
  const auto state = game.new_initial_state();
  const auto typical_plies = static_cast<std::uint32_t>(game.observation_shape().cells());
  while (static_cast<int>(positions.size()) < count) {
    state->copy_from(*game.new_initial_state());
    for (auto plies = rng.below(typical_plies); plies > 0 && !state->is_terminal(); --plies) {
      state->legal_actions(actions);
      state->apply(actions[rng.below(static_cast<std::uint32_t>(actions.size()))]);
    }
    if (!state->is_terminal()) positions.push_back(state->clone());
  }
  return positions;
}

Work evaluation_work(const std::shared_ptr<const envs::Game>& game,
                     const std::shared_ptr<const nets::InferencePlan>& plan, int batch,
                     int stream) {
  const Rng rng = Rng(2).split(static_cast<std::uint64_t>(stream));
  return [batches = std::make_shared<Batches>(game, plan, batch, rng)] {
    return batches->evaluate_next();
  };
}

Contender evaluation_streams(const std::shared_ptr<const envs::Game>& game,
                             const std::shared_ptr<const nets::InferencePlan>& plan, int batch,
                             int threads) {
  return run_streams(threads,
                     [=](int stream) { return evaluation_work(game, plan, batch, stream); });
}

}  // namespace tengen::tools
