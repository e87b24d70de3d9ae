#include "selfplay/players/policy_player.hpp"

#include <utility>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/base/spec.hpp"
#include "envs/registry.hpp"
#include "envs/rl/registry.hpp"
#include "selfplay/policy_gradient/game_policy.hpp"
#include "selfplay/policy_gradient/policy_gradient_run.hpp"
#include "selfplay/policy_gradient/policy_net.hpp"

namespace tengen::selfplay {

namespace {

class PolicyPlayer final : public Player {
 public:
  PolicyPlayer(std::string name, std::unique_ptr<ActorCritic> net,
               std::shared_ptr<const envs::Game> game, bool likeliest)
      : name_(std::move(name)),
        game_(std::move(game)),
        net_(std::move(net)),
        policy_(policy_of(*net_, *game_)) {
    if (likeliest) policy_ = most_likely(std::move(policy_));
  }

  std::string name() const override { return name_; }
  void new_game(const envs::State&) override {}
  void observe(envs::Action) override {}
  std::optional<envs::Action> select_action(const envs::State& state, Rng& rng) override {
    state.legal_actions(legal_);
    probabilities_.resize(legal_.size());
    policy_(state, legal_, probabilities_);
    double left = rng.uniform();
    for (std::size_t i = 0; i + 1 < legal_.size(); ++i)
      if ((left -= probabilities_[i]) < 0) return legal_[i];
    return legal_.back();
  }

 private:
  const std::string name_;
  const std::shared_ptr<const envs::Game> game_;
  const std::unique_ptr<ActorCritic> net_;
  PolicyFunction policy_;
  std::vector<envs::Action> legal_;  // memory of select_action
  std::vector<double> probabilities_;
};

/// The game that the run learned; its options of the environment alone do not matter.
bool learned(const std::string& env, const envs::Game& game) {
  const envs::rl::EnvSpec spec = envs::rl::make_env(env).spec();
  const envs::ObservationShape shape = game.observation_shape();
  return spec.id == game.name() && spec.action_space.size() == 1 &&
         spec.action_space.counts() == std::vector<int>{game.num_actions()} &&
         spec.observation_space.shape() ==
             std::vector<int>{shape.height, shape.width, shape.channels};
}

std::unique_ptr<ActorCritic> load_net(const std::string& path, const envs::Game& game) {
  const RunDirectory run = RunDirectory::open(path, RunDirectory::Access::read);
  const PolicyGradientConfig config = policy_gradient_config_of(run);
  if (!learned(config.env, game))
    throw Error(path, fmt::format("this run learned {}, not {}", config.env, game.spec()));
  if (config.memory != "none" || config.normalise_observations)
    throw Error(path, "a policy with a memory or normalised observations cannot be a player");
  const auto latest = run.latest_checkpoint();
  if (!latest) throw Error(path, "this run has no checkpoint yet");
  Rng any(0);
  auto net = make_policy_net(config, envs::rl::make_env(config.env).spec(), any);
  const std::string file = run.net_path(*latest).string();
  read_weights(*net, io::load_safetensors(file), file);
  return net;
}

}  // namespace

std::string game_of_policy(const std::string& path) {
  const auto config =
      policy_gradient_config_of(RunDirectory::open(path, RunDirectory::Access::read));
  Spec spec(config.env);  // with options of the environment, which the game leaves alone
  for (const envs::GameInfo& info : envs::known_games())
    if (spec.name() == info.name) return envs::make_game(spec)->spec();
  return "";
}

std::unique_ptr<Player> make_policy_player(const std::string& description,
                                           std::shared_ptr<const envs::Game> game) {
  const std::string rest = description.substr(std::min(description.size(), std::size_t{7}));
  const std::size_t comma = rest.find(',');
  const std::string path = rest.substr(0, comma);
  Spec spec(comma == std::string::npos ? "policy" : "policy:" + rest.substr(comma + 1));
  const bool likeliest = spec.get_bool("likeliest", false);
  spec.finish();
  if (path.empty())
    bad_argument("player", "'{}': expected policy:RUN_DIRECTORY[,likeliest=1]", description);
  auto net = load_net(path, *game);
  return std::make_unique<PolicyPlayer>(description, std::move(net), std::move(game), likeliest);
}

}  // namespace tengen::selfplay
