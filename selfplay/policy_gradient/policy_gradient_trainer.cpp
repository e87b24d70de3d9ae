#include "selfplay/policy_gradient/policy_gradient_trainer.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/base/error.hpp"
#include "engine/io/safetensors.hpp"
#include "engine/optim/clip_gradient.hpp"
#include "envs/registry.hpp"
#include "selfplay/optimizer_file.hpp"
#include "selfplay/policy_gradient/natural_gradient.hpp"
#include "selfplay/policy_gradient/policy_net.hpp"

namespace tengen::selfplay {

namespace {

// Streams of the seed.
constexpr std::uint64_t kInit = 0, kUpdate = 1, kEpisodes = 2, kEvaluation = 3, kOpponents = 4,
                        kChoice = 5;
constexpr std::size_t kRecent = 100;
/// An evaluated episode goes no further, where the environment has no limit of its own.
constexpr int kMostEvaluationSteps = 1000;
/// REINFORCE waits so long for the end of an episode, then takes it as over.
constexpr int kMostOvertime = 10000;

void add(PolicyLossTerms& sum, const PolicyLossTerms& x) {
  sum.loss += x.loss;
  sum.policy += x.policy;
  sum.value += x.value;
  sum.entropy += x.entropy;
  sum.kl += x.kl;
  sum.clip_fraction += x.clip_fraction;
}

void divide(PolicyLossTerms& sum, double n) {
  for (double* x : {&sum.loss, &sum.policy, &sum.value, &sum.entropy, &sum.kl, &sum.clip_fraction})
    *x /= n;
}

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

std::int64_t number_in(const io::Safetensors& file, const std::string& path,
                       const std::string& name) {
  const auto found = file.metadata.find(name);
  if (found == file.metadata.end())
    throw Error(path, fmt::format("expected \"{}\" in its metadata", name));
  return std::stoll(found->second);
}

}  // namespace

PolicyGradientTrainer::PolicyGradientTrainer(const PolicyGradientConfig& config)
    : config_(config),
      opponents_(make_opponents(config)),
      environments_(make_environments(config, opponents_)),
      distribution_(Distribution::make(environments_->spec().action_space, config.squash)),
      loss_options_{.clipped = config.algo == "ppo",
                    .clip_range = config.clip_range,
                    .policy_coefficient = config.algo == "npg" ? 0.0 : 1.0,
                    .value_clip_range = config.value_clip_range,
                    .value_coefficient = config.value_coefficient,
                    .entropy_coefficient = config.algo == "npg" ? 0.0 : config.entropy_coefficient},
      observation_norm_(environments_->spec().observation_space.encoded_size()),
      return_norm_(1) {
  const envs::rl::EnvSpec& env = environments_->spec();
  Rng rng = Rng(config.seed).split(kInit);
  net_ = make_policy_net(config, env, rng);
  AdamOptions adam;
  adam.epsilon = 1e-5;
  optimizer_ = std::make_unique<Adam>(net_->parameters(), adam);
  const int width = env.observation_space.encoded_size(), count = config.environments;
  observations_.resize(std::size_t(count) * width);
  parameters_.resize(std::size_t(count) * distribution_->parameters());
  played_.resize(std::size_t(count) * distribution_->action_size());
}

// Collecting ------------------------------------------------------------------------------------

void PolicyGradientTrainer::begin() {
  if (opponents_ && opponents_->size() == 0) return change_opponent();
  began_ = updates_;
  reset_episodes();
}

void PolicyGradientTrainer::change_opponent() {
  Rng rng = Rng(config_.seed).split(kOpponents).split(updates_);
  opponents_->add(*net_, rng);
  begin();
}

void PolicyGradientTrainer::reset_episodes() {
  const std::size_t count = config_.environments;
  if (opponents_) {
    Rng rng = Rng(config_.seed).split(kChoice).split(began_);
    opponents_->choose(config_.environments, rng);
  }
  environments_.reset(Rng(config_.seed).split(kEpisodes).split(began_)());
  starting_.assign(count, 1);
  returns_.assign(count, 0);
  discounted_.assign(count, 0);
  state_ = Tensor::zeros({config_.environments, std::max<std::int64_t>(net_->state_size(), 1)});
}

void PolicyGradientTrainer::encode(const envs::rl::VectorEnv& environments,
                                   std::span<const float> raw, std::span<float> out) const {
  const envs::rl::Space& space = environments.spec().observation_space;
  const std::size_t from = space.size(), to = space.encoded_size();
  for (int i = 0; i < environments.size(); ++i)
    space.encode(raw.subspan(i * from, from), out.subspan(i * to, to));
}

void PolicyGradientTrainer::act(int step, Rng& rng) {
  const int count = config_.environments;
  const std::size_t width = observations_.size() / count, actions = distribution_->action_size(),
                    parameters = distribution_->parameters(),
                    choices = rollout_.masks.size() / rollout_.rows(),
                    first = std::size_t(step) * count;
  encode(*environments_, environments_->observations(), observations_);
  if (config_.normalise_observations) {
    observation_norm_.add(observations_);
    observation_norm_.normalise(observations_);
  }
  std::ranges::copy(observations_, rollout_.observations.begin() + first * width);
  std::ranges::copy(starting_, rollout_.starts.begin() + first);
  if (choices)
    std::ranges::copy(environments_->action_masks(), rollout_.masks.begin() + first * choices);
  net_->act(observations_, count, state_, parameters_,
            std::span(rollout_.values).subspan(first, count));
  for (int i = 0; i < count; ++i) {
    const auto row = std::span<const float>(parameters_).subspan(i * parameters, parameters);
    const auto mask =
        std::span<const std::uint8_t>(rollout_.masks).subspan((first + i) * choices, choices);
    const auto action = std::span(rollout_.actions).subspan((first + i) * actions, actions);
    distribution_->sample(row, mask, rng, action);
    if (!std::ranges::all_of(action, [](float x) { return std::isfinite(x); }))
      throw Error(fmt::format("{}: at step {} the policy's action is {}, from outputs {}",
                              config_.env, steps() + static_cast<std::int64_t>(first) + i,
                              fmt::join(action, " "), fmt::join(row, " ")));
    rollout_.log_probs[first + i] = static_cast<float>(distribution_->log_prob(row, mask, action));
    distribution_->to_environment(action, std::span(played_).subspan(i * actions, actions));
  }
}

void PolicyGradientTrainer::resize_rollout(int steps) {
  if (steps == rollout_.steps) return;
  const envs::rl::EnvSpec& env = environments_->spec();
  rollout_.resize(steps, config_.environments, env.observation_space.encoded_size(),
                  env.masks_actions ? mask_size(env) : 0, distribution_->action_size());
}

void PolicyGradientTrainer::collect(Rng& rng) {
  net_->prepare();
  rollout_.states.clear();
  last_steps_.assign(config_.environments, -1);
  resize_rollout(config_.rollout);
  for (int t = 0; !collected(t); ++t) {
    resize_rollout(std::max(t + 1, config_.rollout));
    if (net_->state_size() > 0 && t % sequence_steps() == 0)
      rollout_.states.push_back(state_.clone());
    act(t, rng);
    environments_.step(played_);
    record_step(t);
  }
  encode(*environments_, environments_->observations(), observations_);
  if (config_.normalise_observations) observation_norm_.normalise(observations_);
  Tensor ignored = state_.clone();
  net_->act(observations_, config_.environments, ignored, parameters_, rollout_.last_values);
}

/// Whether a rollout of `steps` steps is whole; sets last_steps_.
bool PolicyGradientTrainer::collected(int steps) {
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

void PolicyGradientTrainer::record_step(int step) {
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
  if (truncated) bootstrap_truncated(step);
  if (config_.normalise_rewards) scale_rewards(step);
  if (net_->state_size() == 0) return;
  for (int i = 0; i < config_.environments; ++i)
    if (starting_[i]) state_.rows(i, i + 1).fill(0);
}

void PolicyGradientTrainer::bootstrap_truncated(int step) {
  const std::size_t first = std::size_t(step) * config_.environments;
  std::vector<float> last(observations_.size()), values(config_.environments);
  encode(*environments_, environments_->final_observations(), last);
  if (config_.normalise_observations) observation_norm_.normalise(last);
  Tensor ignored = state_.clone();
  net_->act(last, config_.environments, ignored, parameters_, values);
  for (int i = 0; i < config_.environments; ++i)
    if (environments_->truncated()[i] && !environments_->terminated()[i])
      rollout_.final_values[first + i] = values[i];
}

void PolicyGradientTrainer::scale_rewards(int step) {
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

// Learning --------------------------------------------------------------------------------------

double PolicyGradientTrainer::rate() const {
  if (!config_.anneal) return config_.learning_rate;
  const double done = static_cast<double>(steps()) / static_cast<double>(config_.steps);
  return config_.learning_rate * std::max(0.0, 1 - done);
}

Advantages PolicyGradientTrainer::advantages() const {
  if (config_.algo != "reinforce")
    return estimate_advantages(rollout_, config_.gamma, config_.gae_lambda);
  Advantages result;
  result.returns = episode_returns(rollout_, config_.gamma);
  result.advantages = result.returns;
  if (config_.baseline)
    for (std::size_t i = 0; i < rollout_.rows(); ++i) result.advantages[i] -= rollout_.values[i];
  return result;
}

/// All but those after the last episode that REINFORCE waits for.
std::vector<std::uint32_t> PolicyGradientTrainer::rows_in_use() const {
  std::vector<std::uint32_t> rows;
  for (int t = 0; t < rollout_.steps; ++t)
    for (int i = 0; i < config_.environments; ++i)
      if (t <= last_steps_[i]) rows.push_back(t * config_.environments + i);
  return rows;
}

/// Rows in random order; with a memory whole sequences, in time-major order within a minibatch.
std::vector<std::vector<std::uint32_t>> PolicyGradientTrainer::minibatches(Rng& rng) const {
  std::vector<std::uint32_t> items;
  const bool sequences = net_->state_size() > 0;
  if (sequences) {
    items.resize(config_.environments * rollout_.states.size());
    std::iota(items.begin(), items.end(), 0u);
  } else {
    items = rows_in_use();
  }
  std::size_t size = items.size();
  if (learns_in_epochs()) {
    rng.shuffle(std::span(items));
    size = sequences ? std::max(1, config_.minibatch / sequence_steps()) : config_.minibatch;
  }
  std::vector<std::vector<std::uint32_t>> result;
  for (std::size_t first = 0; first < items.size(); first += size) {
    const auto part = std::span(items).subspan(first, std::min(size, items.size() - first));
    std::vector<std::uint32_t>& rows = result.emplace_back();
    if (!sequences) rows.assign(part.begin(), part.end());
    const std::uint32_t count = config_.environments;
    for (int t = 0; sequences && t < sequence_steps(); ++t)
      for (const std::uint32_t i : part)
        rows.push_back((i / count * sequence_steps() + t) * count + i % count);
  }
  return result;
}

PolicyBatch PolicyGradientTrainer::gather(std::span<const std::uint32_t> rows,
                                          const Advantages& advantages) const {
  PolicyBatch batch;
  const std::size_t actions = distribution_->action_size(),
                    choices = rollout_.masks.size() / rollout_.rows();
  for (const std::uint32_t row : rows) {
    for (std::size_t a = 0; a < actions; ++a)
      batch.actions.push_back(rollout_.actions[row * actions + a]);
    for (std::size_t c = 0; c < choices; ++c)
      batch.masks.push_back(rollout_.masks[row * choices + c]);
    batch.old_log_probs.push_back(rollout_.log_probs[row]);
    batch.old_values.push_back(rollout_.values[row]);
    batch.advantages.push_back(advantages.advantages[row]);
    batch.returns.push_back(advantages.returns[row]);
  }
  if (config_.normalise_advantages) normalise(batch.advantages);
  return batch;
}

PolicyInput PolicyGradientTrainer::input_of(std::span<const std::uint32_t> rows) {
  const std::int64_t width = environments_->spec().observation_space.encoded_size();
  Tensor observations({static_cast<std::int64_t>(rows.size()), width});
  float* out = observations.values<float>().data();
  for (const std::uint32_t row : rows)
    out = std::copy_n(rollout_.observations.data() + row * width, width, out);
  if (net_->state_size() == 0)
    return {Variable(observations), 1, static_cast<int>(rows.size()), {}, {}};
  const int steps = sequence_steps(), sequences = static_cast<int>(rows.size()) / steps;
  Tensor state({sequences, net_->state_size()});
  for (int i = 0; i < sequences; ++i) {
    const int step = rows[i] / config_.environments, environment = rows[i] % config_.environments;
    state.rows(i, i + 1).copy_from(
        rollout_.states[step / steps].rows(environment, environment + 1));
  }
  sequence_starts_.clear();
  for (const std::uint32_t row : rows) sequence_starts_.push_back(rollout_.starts[row]);
  return {Variable(observations), steps, sequences, state, sequence_starts_};
}

/// False: the policy has moved far enough (target_kl), nothing was changed.
bool PolicyGradientTrainer::gradient_step(std::span<const std::uint32_t> rows,
                                          const Advantages& advantages, UpdateReport& report) {
  const PolicyBatch batch = gather(rows, advantages);
  const PolicyOutput output = net_->forward(input_of(rows));
  PolicyLossTerms terms;
  const Variable loss =
      policy_loss(output.parameters, output.values, batch, *distribution_, loss_options_, terms);
  if (!std::isfinite(terms.loss))
    throw Error(fmt::format("{}: the loss is {} in update {}, after {} steps", config_.env,
                            terms.loss, updates_ + 1, steps()));
  if (config_.algo == "ppo" && config_.target_kl > 0 && terms.kl > 1.5 * config_.target_kl)
    return false;
  optimizer_->zero_grad();
  loss.backward();
  const auto& parameters = optimizer_->parameters();
  report.gradient_norm += config_.max_gradient_norm > 0
                              ? clip_gradient_norm(parameters, config_.max_gradient_norm)
                              : gradient_norm(parameters);
  optimizer_->step();
  add(report.terms, terms);
  ++report.gradient_steps;
  return true;
}

/// The policy's step, from the whole rollout. Terms are those of the policy after it.
PolicyLossTerms PolicyGradientTrainer::natural_gradient_step(const Advantages& advantages) {
  const std::vector<std::uint32_t> rows = rows_in_use();
  const PolicyBatch batch = gather(rows, advantages);
  const PolicyInput input = input_of(rows);
  const PolicyLossOptions policy_alone{.clipped = false,
                                       .clip_range = config_.clip_range,
                                       .value_coefficient = 0,
                                       .entropy_coefficient = config_.entropy_coefficient};
  PolicyLossTerms terms;
  const auto loss = [&] {
    const PolicyOutput output = net_->forward(input);
    return policy_loss(output.parameters, output.values, batch, *distribution_, policy_alone,
                       terms);
  };
  optimizer_->zero_grad();
  loss().backward();
  const double share = rate() / config_.learning_rate;  // anneals as the critic's rate does
  natural_step(*net_, *distribution_, input.observations.value(), batch.masks,
               {.delta = config_.target_kl * share * share});
  const NoGrad no_grad;
  loss();
  return terms;
}

UpdateReport PolicyGradientTrainer::update() {
  Rng rng = Rng(config_.seed).split(kUpdate).split(updates_);
  if (opponents_ && updates_ % config_.opponent_every == 0)
    change_opponent();
  else if (began_ < 0 || environments_.is_full() || config_.algo == "reinforce")
    begin();
  collect(rng);
  const Advantages advantage = advantages();
  UpdateReport report;
  report.learning_rate = rate();
  report.explained_variance = explained_variance(rollout_.values, advantage.returns);
  optimizer_->set_learning_rate(report.learning_rate);
  const bool natural = config_.algo == "npg";
  const PolicyLossTerms policy_terms = natural ? natural_gradient_step(advantage) : report.terms;
  const int epochs = learns_in_epochs() ? config_.epochs : 1;
  bool go_on = true;
  for (int epoch = 0; epoch < epochs && go_on; ++epoch)
    for (const auto& rows : minibatches(rng))
      if (!(go_on = gradient_step(rows, advantage, report))) break;
  if (report.gradient_steps > 0) {
    divide(report.terms, report.gradient_steps);
    report.gradient_norm /= report.gradient_steps;
  }
  if (natural) {  // the gradient steps were the critic's alone
    const double value = report.terms.value;
    report.terms = policy_terms;
    report.terms.value = value;
  }
  ++updates_;
  for (const int last : last_steps_) steps_ += last + 1;
  return report;
}

// Evaluation and files --------------------------------------------------------------------------

std::vector<double> PolicyGradientTrainer::evaluate(int episodes, std::uint64_t draw) {
  const auto environments = envs::rl::make_vector_env(config_.env, episodes);
  environments->reset(Rng(config_.seed).split(kEvaluation).split(draw)());
  net_->prepare();
  const std::size_t inputs = environments->spec().observation_space.encoded_size(),
                    parameters = distribution_->parameters(), size = distribution_->action_size();
  std::vector<float> seen(episodes * inputs), rows(episodes * parameters), values(episodes),
      actions(episodes * size), drawn(size);
  std::vector<double> returns(episodes);
  std::vector<std::uint8_t> over(episodes);
  Tensor state = Tensor::zeros({episodes, std::max<std::int64_t>(net_->state_size(), 1)});
  const bool masked = environments->spec().masks_actions;
  for (int step = 0, running = episodes; running > 0; ++step) {
    if (environments->spec().max_episode_steps == 0 && step == kMostEvaluationSteps) break;
    encode(*environments, environments->observations(), seen);
    if (config_.normalise_observations) observation_norm_.normalise(seen);
    net_->act(seen, episodes, state, rows, values);
    const std::size_t choices = masked ? environments->action_masks().size() / episodes : 0;
    for (int i = 0; i < episodes; ++i) {
      distribution_->mode(std::span(rows).subspan(i * parameters, parameters),
                          environments->action_masks().subspan(i * choices, choices), drawn);
      distribution_->to_environment(drawn, std::span(actions).subspan(i * size, size));
    }
    environments->step(actions);
    for (int i = 0; i < episodes; ++i) {
      if (over[i]) continue;
      returns[i] += environments->rewards()[i];
      over[i] = environments->done(i);
      running -= over[i];
    }
  }
  return returns;
}

void PolicyGradientTrainer::save(const std::filesystem::path& directory) const {
  std::vector<io::NamedTensor> tensors = weights_of(*net_);
  tensors.push_back({"observation_norm", observation_norm_.state()});
  tensors.push_back({"return_norm", return_norm_.state()});
  io::save_safetensors((directory / "net.safetensors").string(), tensors,
                       {{"env", config_.env},
                        {"algo", config_.algo},
                        {"updates", std::to_string(updates_)},
                        {"steps", std::to_string(steps_)}});
  write_optimizer(directory / "optimizer.safetensors", "adam", *optimizer_);
  save_episodes(directory / "episodes.safetensors");
  if (opponents_)
    io::save_safetensors((directory / "opponents.safetensors").string(), opponents_->state());
}

void PolicyGradientTrainer::load(const std::filesystem::path& directory) {
  const std::string path = (directory / "net.safetensors").string();
  const io::Safetensors file = io::load_safetensors(path);
  read_weights(*net_, file, path);
  for (const auto& [name, norm] :
       {std::pair{"observation_norm", &observation_norm_}, {"return_norm", &return_norm_}})
    norm->set_state(find_tensor(file, path, name, norm->state().shape(), DType::f64));
  updates_ = number_in(file, path, "updates");
  steps_ = number_in(file, path, "steps");
  read_optimizer(directory / "optimizer.safetensors", "adam", *optimizer_);
  if (opponents_) {
    const std::string pool = (directory / "opponents.safetensors").string();
    opponents_->set_state(io::load_safetensors(pool), pool);
  }
  load_episodes(directory / "episodes.safetensors");
}

void PolicyGradientTrainer::save_episodes(const std::filesystem::path& path) const {
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

void PolicyGradientTrainer::load_episodes(const std::filesystem::path& path) {
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
  began_ = number_in(file, path.string(), "began");
  reset_episodes();
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
