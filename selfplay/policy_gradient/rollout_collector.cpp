#include "selfplay/policy_gradient/rollout_collector.hpp"

#include <algorithm>
#include <cmath>

#include "engine/base/error.hpp"
#include "envs/registry.hpp"
#include "envs/rl/registry.hpp"
#include "selfplay/file_metadata.hpp"
#include "selfplay/policy_gradient/policy_net.hpp"

namespace tengen::selfplay {

namespace {

// Streams of the seed.
constexpr std::uint64_t kEpisodes = 2, kOpponents = 4, kChoice = 5;
constexpr std::size_t kRecent = 100;
/// REINFORCE waits so long for the end of an episode, then takes it as over.
constexpr int kMostOvertime = 10000;
constexpr const char *kEpisodesFile = "episodes.safetensors",
                     *kOpponentsFile = "opponents.safetensors";

/// The policies that play against the one that learns; null unless the config asks for them.
std::shared_ptr<PolicyPool> make_opponents(const PolicyGradientConfig& config) {
  if (config.opponents == 0) return nullptr;
  const auto game = envs::make_game(config.env);
  const auto make_net = [config] {
    const envs::rl::EnvSpec env = envs::rl::make_env(config.env).spec();
    Rng any(0);
    return make_policy_net(config, env, any);
  };
  return std::make_shared<PolicyPool>(*game, config.opponents, make_net);
}

std::unique_ptr<envs::rl::VectorEnv> make_environments(const PolicyGradientConfig& config,
                                                       std::shared_ptr<PolicyPool> opponents) {
  if (!opponents) return envs::rl::make_vector_env(config.env, config.environments);
  return envs::rl::make_game_vector_env(envs::make_game(config.env), std::move(opponents),
                                        envs::rl::Side::random, config.environments,
                                        config.opening_plies);
}

}  // namespace

RolloutCollector::RolloutCollector(const PolicyGradientConfig& config)
    : config_(config),
      opponents_(make_opponents(config)),
      environments_(make_environments(config, opponents_)),
      distribution_(Distribution::make(spec().action_space, config.squash)),
      observation_norm_(spec().observation_space.encoded_size()),
      return_norm_(1) {
  const std::size_t count = config.environments;
  observations_.resize(count * spec().observation_space.encoded_size());
  parameters_.resize(count * distribution_->parameters());
  played_.resize(count * distribution_->action_size());
}

void RolloutCollector::prepare(ActorCritic& net, std::int64_t update) {
  const bool joins = opponents_ && update % config_.opponent_every == 0;
  if (joins) {
    Rng rng = Rng(config_.seed).split(kOpponents).split(update);
    opponents_->add(net, rng);
  }
  if (!joins && began_ >= 0 && !environments_.is_full() && config_.algo != "reinforce") return;
  began_ = update;
  reset_episodes(net);
}

void RolloutCollector::reset_episodes(const ActorCritic& net) {
  const std::size_t count = config_.environments;
  if (opponents_) {
    Rng rng = Rng(config_.seed).split(kChoice).split(began_);
    opponents_->choose(config_.environments, rng);
  }
  environments_.reset(Rng(config_.seed).split(kEpisodes).split(began_)());
  starting_.assign(count, 1);
  returns_.assign(count, 0);
  discounted_.assign(count, 0);
  state_ = Tensor::zeros({config_.environments, std::max<std::int64_t>(net.state_size(), 1)});
}

void RolloutCollector::encode(const envs::rl::VectorEnv& environments, std::span<const float> raw,
                              std::span<float> out) const {
  const envs::rl::Space& space = environments.spec().observation_space;
  const std::size_t from = space.size(), to = space.encoded_size();
  for (int i = 0; i < environments.size(); ++i)
    space.encode(raw.subspan(i * from, from), out.subspan(i * to, to));
}

void RolloutCollector::normalise(std::span<float> observations) const {
  if (config_.normalise_observations) observation_norm_.normalise(observations);
}

void RolloutCollector::observe(const envs::rl::VectorEnv& environments, std::span<const float> raw,
                               std::span<float> out) const {
  encode(environments, raw, out);
  normalise(out);
}

void RolloutCollector::act(ActorCritic& net, int step, std::int64_t steps_before, Rng& rng) {
  const int count = config_.environments;
  const std::size_t width = observations_.size() / count, actions = distribution_->action_size(),
                    parameters = distribution_->parameters(),
                    choices = rollout_.masks.size() / rollout_.rows(),
                    first = std::size_t(step) * count;
  encode(*environments_, environments_->observations(), observations_);
  if (config_.normalise_observations) observation_norm_.add(observations_);
  normalise(observations_);
  std::ranges::copy(observations_, rollout_.observations.begin() + first * width);
  std::ranges::copy(starting_, rollout_.starts.begin() + first);
  if (choices)
    std::ranges::copy(environments_->action_masks(), rollout_.masks.begin() + first * choices);
  net.act(observations_, count, state_, parameters_,
          std::span(rollout_.values).subspan(first, count));
  for (int i = 0; i < count; ++i) {
    const auto row = std::span<const float>(parameters_).subspan(i * parameters, parameters);
    const auto mask =
        std::span<const std::uint8_t>(rollout_.masks).subspan((first + i) * choices, choices);
    const auto action = std::span(rollout_.actions).subspan((first + i) * actions, actions);
    distribution_->sample(row, mask, rng, action);
    if (!std::ranges::all_of(action, [](float x) { return std::isfinite(x); }))
      throw Error(fmt::format("{}: at step {} the policy's action is {}, from outputs {}",
                              config_.env, steps_before + static_cast<std::int64_t>(first) + i,
                              fmt::join(action, " "), fmt::join(row, " ")));
    rollout_.log_probs[first + i] = static_cast<float>(distribution_->log_prob(row, mask, action));
    distribution_->to_environment(action, std::span(played_).subspan(i * actions, actions));
  }
}

void RolloutCollector::resize_rollout(int steps) {
  if (steps == rollout_.steps) return;
  const envs::rl::EnvSpec& env = environments_->spec();
  rollout_.resize(steps, config_.environments, env.observation_space.encoded_size(),
                  env.masks_actions ? mask_size(env) : 0, distribution_->action_size());
}

void RolloutCollector::collect(ActorCritic& net, std::int64_t steps_before, Rng& rng) {
  net.prepare();
  rollout_.states.clear();
  last_steps_.assign(config_.environments, -1);
  resize_rollout(config_.rollout);
  for (int t = 0; !collected(t); ++t) {
    resize_rollout(std::max(t + 1, config_.rollout));
    if (net.state_size() > 0 && t % config_.sequence_steps() == 0)
      rollout_.states.push_back(state_.clone());
    act(net, t, steps_before, rng);
    environments_.step(played_);
    record_step(net, t);
  }
  observe(*environments_, environments_->observations(), observations_);
  Tensor ignored = state_.clone();
  net.act(observations_, config_.environments, ignored, parameters_, rollout_.last_values);
}

/// Whether a rollout of `steps` steps is whole; sets last_steps_.
bool RolloutCollector::collected(int steps) {
  if (steps < config_.rollout) return false;
  const bool whole_episodes = config_.algo == "reinforce",
             late = steps >= config_.rollout + kMostOvertime;
  bool all = true;
  for (int i = 0; i < config_.environments; ++i) {
    if (last_steps_[i] >= 0) continue;
    std::uint8_t& end = rollout_.ends[std::size_t(steps - 1) * config_.environments + i];
    if (whole_episodes && late) end = 1;
    if (!whole_episodes || end)
      last_steps_[i] = steps - 1;
    else
      all = false;
  }
  return all;
}

void RolloutCollector::record_step(ActorCritic& net, int step) {
  const std::size_t first = std::size_t(step) * config_.environments;
  bool truncated = false;
  for (int i = 0; i < config_.environments; ++i) {
    const bool done = environments_->done(i);
    rollout_.rewards[first + i] = environments_->rewards()[i];
    rollout_.ends[first + i] = done;
    rollout_.final_values[first + i] = 0;
    truncated = truncated || (environments_->truncated()[i] && !environments_->terminated()[i]);
    returns_[i] += environments_->rewards()[i];
    starting_[i] = done;
    if (!done) continue;
    if (last_steps_[i] < 0) recent_returns_.push_back(returns_[i]);
    if (recent_returns_.size() > kRecent) recent_returns_.pop_front();
    returns_[i] = 0;
  }
  if (truncated) bootstrap_truncated(net, step);
  if (config_.normalise_rewards) scale_rewards(step);
  if (net.state_size() == 0) return;
  for (int i = 0; i < config_.environments; ++i)
    if (starting_[i]) state_.rows(i, i + 1).fill(0);
}

void RolloutCollector::bootstrap_truncated(ActorCritic& net, int step) {
  const std::size_t first = std::size_t(step) * config_.environments;
  std::vector<float> last(observations_.size()), values(config_.environments);
  observe(*environments_, environments_->final_observations(), last);
  Tensor ignored = state_.clone();
  net.act(last, config_.environments, ignored, parameters_, values);
  for (int i = 0; i < config_.environments; ++i)
    if (environments_->truncated()[i] && !environments_->terminated()[i])
      rollout_.final_values[first + i] = values[i];
}

void RolloutCollector::scale_rewards(int step) {
  const std::size_t first = std::size_t(step) * config_.environments;
  std::vector<float> sums(config_.environments);
  for (int i = 0; i < config_.environments; ++i)
    sums[i] = static_cast<float>(discounted_[i] =
                                     discounted_[i] * config_.gamma + rollout_.rewards[first + i]);
  return_norm_.add(sums);
  const double scale = 1 / return_norm_.deviation(0);
  for (int i = 0; i < config_.environments; ++i) {
    float& reward = rollout_.rewards[first + i];
    reward = static_cast<float>(std::clamp(reward * scale, -10.0, 10.0));
    if (rollout_.ends[first + i]) discounted_[i] = 0;
  }
}

std::vector<io::NamedTensor> RolloutCollector::norms() const {
  return {{"observation_norm", observation_norm_.state()}, {"return_norm", return_norm_.state()}};
}

void RolloutCollector::set_norms(const io::Safetensors& file, const std::string& path) {
  for (const auto& [name, norm] :
       {std::pair{"observation_norm", &observation_norm_}, {"return_norm", &return_norm_}})
    norm->set_state(find_tensor(file, path, name, norm->state().shape(), DType::f64));
}

void RolloutCollector::save(const std::filesystem::path& directory) const {
  save_episodes(directory / kEpisodesFile);
  if (opponents_) io::save_safetensors((directory / kOpponentsFile).string(), opponents_->state());
}

void RolloutCollector::load(const std::filesystem::path& directory, const ActorCritic& net) {
  if (opponents_) {
    const std::string pool = (directory / kOpponentsFile).string();
    opponents_->set_state(io::load_safetensors(pool), pool);
  }
  load_episodes(directory / kEpisodesFile, net);
}

void RolloutCollector::save_episodes(const std::filesystem::path& path) const {
  const std::int64_t count = config_.environments;
  std::vector<double> running(returns_);
  running.insert(running.end(), discounted_.begin(), discounted_.end());
  running.insert(running.end(), starting_.begin(), starting_.end());
  const std::vector<double> recent(recent_returns_.begin(), recent_returns_.end());
  const std::vector<io::NamedTensor> tensors{
      {"actions", environments_.record()},
      {"running", Tensor::from<double>({3, count}, running)},  // returns_, discounted_, starting_
      {"state", state_},
      {"recent_returns", Tensor::from<double>({static_cast<std::int64_t>(recent.size())}, recent)}};
  io::save_safetensors(path.string(), tensors, {{"began", std::to_string(began_)}});
}

void RolloutCollector::load_episodes(const std::filesystem::path& path, const ActorCritic& net) {
  const io::Safetensors file = io::load_safetensors(path.string());
  const Tensor *actions = file.find("actions"), *running = file.find("running"),
               *state = file.find("state"), *recent = file.find("recent_returns");
  if (!actions || !running || !state || !recent)
    throw Error(path.string(), "expected the tensors actions, running, state, recent_returns");
  const auto returns = recent->values<double>();
  recent_returns_.assign(returns.begin(), returns.end());
  const std::int64_t count = config_.environments;
  began_ = -1;
  if (running->shape() != Shape{3, count}) return;
  began_ = number_in(file.metadata, path.string(), "began");
  reset_episodes(net);
  try {
    environments_.replay(*actions);
    state_.copy_from(*state);
  } catch (const std::invalid_argument& error) {
    throw Error(path.string(), error.what());
  }
  const std::span<const double> numbers = running->values<double>();
  std::copy_n(numbers.begin(), count, returns_.begin());
  std::copy_n(numbers.begin() + count, count, discounted_.begin());
  std::copy_n(numbers.begin() + 2 * count, count, starting_.begin());
}

}  // namespace tengen::selfplay
