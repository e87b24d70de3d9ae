#include "selfplay/policy_gradient/policy_gradient_trainer.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/base/error.hpp"
#include "engine/io/safetensors.hpp"
#include "engine/optim/clip_gradient.hpp"
#include "selfplay/optimizer_file.hpp"

namespace tengen::selfplay {

namespace {

// Streams of the seed.
constexpr std::uint64_t kInit = 0, kUpdate = 1, kEpisodes = 2, kEvaluation = 3;
constexpr std::size_t kRecent = 100;
/// An evaluated episode goes no further, where the environment has no limit of its own.
constexpr int kMostEvaluationSteps = 1000;

ActorCriticShape shape_of(const PolicyGradientConfig& config, const envs::rl::EnvSpec& env) {
  return {.inputs = env.observation_space.encoded_size(),
          .layers = config.layers,
          .hidden = config.hidden,
          .memory = config.memory,
          .memory_units = config.memory_units,
          .log_std = config.log_std};
}

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

}  // namespace

PolicyGradientTrainer::PolicyGradientTrainer(const PolicyGradientConfig& config)
    : config_(config),
      environments_(envs::rl::make_vector_env(config.env, config.environments)),
      distribution_(Distribution::make(environments_->spec().action_space, config.squash)),
      loss_options_{.clipped = config.algo == "ppo",
                    .clip_range = config.clip_range,
                    .value_clip_range = config.value_clip_range,
                    .value_coefficient = config.value_coefficient,
                    .entropy_coefficient = config.entropy_coefficient},
      observation_norm_(environments_->spec().observation_space.encoded_size()),
      return_norm_(1) {
  const envs::rl::EnvSpec& env = environments_->spec();
  Rng rng = Rng(config.seed).split(kInit);
  net_ = make_actor_critic(shape_of(config, env), *distribution_, rng);
  AdamOptions adam;
  adam.epsilon = 1e-5;
  optimizer_ = std::make_unique<Adam>(net_->parameters(), adam);
  const int width = env.observation_space.encoded_size(), count = config.environments;
  rollout_.resize(config.rollout, count, width, env.masks_actions ? mask_size(env) : 0,
                  distribution_->action_size());
  observations_.resize(std::size_t(count) * width);
  parameters_.resize(std::size_t(count) * distribution_->parameters());
  played_.resize(std::size_t(count) * distribution_->action_size());
}

// Collecting ------------------------------------------------------------------------------------

void PolicyGradientTrainer::begin() {
  const std::size_t count = config_.environments;
  environments_->reset(Rng(config_.seed).split(kEpisodes).split(updates_)());
  starting_.assign(count, 1);
  recent_returns_.clear();
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

void PolicyGradientTrainer::collect(Rng& rng) {
  net_->prepare();
  rollout_.first_state = state_.clone();
  for (int t = 0; t < config_.rollout; ++t) {
    act(t, rng);
    environments_->step(played_);
    record_step(t);
  }
  encode(*environments_, environments_->observations(), observations_);
  if (config_.normalise_observations) observation_norm_.normalise(observations_);
  Tensor ignored = state_.clone();
  net_->act(observations_, config_.environments, ignored, parameters_, rollout_.last_values);
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
    recent_returns_.push_back(returns_[i]);
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
  result.returns = episode_returns(rollout_, config_.gamma).returns;
  result.advantages = result.returns;
  if (config_.baseline)
    for (std::size_t i = 0; i < rollout_.rows(); ++i) result.advantages[i] -= rollout_.values[i];
  return result;
}

/// REINFORCE needs to know how an episode ended; if none did, the rollout teaches nothing.
std::vector<std::uint32_t> PolicyGradientTrainer::rows_in_use() const {
  std::vector<std::uint32_t> rows(rollout_.rows());
  std::iota(rows.begin(), rows.end(), 0u);
  if (config_.algo != "reinforce" || net_->state_size() > 0) return rows;
  const EpisodeReturns episodes = episode_returns(rollout_, config_.gamma);
  std::erase_if(rows, [&](std::uint32_t row) { return !episodes.whole[row]; });
  return rows;
}

/// Rows in random order; with a memory whole sequences, in time-major order within a minibatch.
std::vector<std::vector<std::uint32_t>> PolicyGradientTrainer::minibatches(Rng& rng) const {
  std::vector<std::uint32_t> items;
  const bool sequences = net_->state_size() > 0;
  if (sequences) {
    items.resize(config_.environments);
    std::iota(items.begin(), items.end(), 0u);
  } else {
    items = rows_in_use();
  }
  std::size_t size = items.size();
  if (config_.algo == "ppo") {
    rng.shuffle(std::span(items));
    size = sequences ? std::max(1, config_.minibatch / config_.rollout) : config_.minibatch;
  }
  std::vector<std::vector<std::uint32_t>> result;
  for (std::size_t first = 0; first < items.size(); first += size) {
    const auto part = std::span(items).subspan(first, std::min(size, items.size() - first));
    std::vector<std::uint32_t>& rows = result.emplace_back();
    if (!sequences) rows.assign(part.begin(), part.end());
    for (int t = 0; sequences && t < config_.rollout; ++t)
      for (const std::uint32_t i : part) rows.push_back(t * config_.environments + i);
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
  if (net_->state_size() == 0) return {observations, 1, static_cast<int>(rows.size()), {}, {}};
  const int sequences = static_cast<int>(rows.size()) / config_.rollout;
  Tensor state({sequences, net_->state_size()});
  for (int i = 0; i < sequences; ++i)
    state.rows(i, i + 1).copy_from(rollout_.first_state.rows(rows[i], rows[i] + 1));
  sequence_starts_.clear();
  for (const std::uint32_t row : rows) sequence_starts_.push_back(rollout_.starts[row]);
  return {observations, config_.rollout, sequences, state, sequence_starts_};
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
  if (config_.target_kl > 0 && terms.kl > 1.5 * config_.target_kl) return false;
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

UpdateReport PolicyGradientTrainer::update() {
  Rng rng = Rng(config_.seed).split(kUpdate).split(updates_);
  collect(rng);
  const Advantages advantage = advantages();
  UpdateReport report;
  report.learning_rate = rate();
  report.explained_variance = explained_variance(rollout_.values, advantage.returns);
  optimizer_->set_learning_rate(report.learning_rate);
  const int epochs = config_.algo == "ppo" ? config_.epochs : 1;
  bool go_on = true;
  for (int epoch = 0; epoch < epochs && go_on; ++epoch)
    for (const auto& rows : minibatches(rng))
      if (!(go_on = gradient_step(rows, advantage, report))) break;
  if (report.gradient_steps > 0) {
    divide(report.terms, report.gradient_steps);
    report.gradient_norm /= report.gradient_steps;
  }
  ++updates_;
  return report;
}

// Evaluation and files --------------------------------------------------------------------------

std::vector<double> PolicyGradientTrainer::evaluate(int episodes) {
  const auto environments = envs::rl::make_vector_env(config_.env, episodes);
  environments->reset(Rng(config_.seed).split(kEvaluation)());
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
  std::vector<io::NamedTensor> tensors;
  for (const NamedParameter& parameter : net_->parameters())
    tensors.push_back({parameter.name, parameter.variable.value()});
  tensors.push_back({"observation_norm", observation_norm_.state()});
  tensors.push_back({"return_norm", return_norm_.state()});
  io::save_safetensors(
      (directory / "net.safetensors").string(), tensors,
      {{"env", config_.env}, {"algo", config_.algo}, {"updates", std::to_string(updates_)}});
  write_optimizer(directory / "optimizer.safetensors", "adam", *optimizer_);
}

void PolicyGradientTrainer::load(const std::filesystem::path& directory) {
  const std::string path = (directory / "net.safetensors").string();
  const io::Safetensors file = io::load_safetensors(path);
  const auto tensor = [&](const std::string& name, const Shape& shape,
                          DType dtype) -> const Tensor& {
    const Tensor* found = file.find(name);
    if (!found || found->shape() != shape || found->dtype() != dtype)
      throw Error(path, fmt::format("expected a tensor \"{}\" {} {}", name, to_string(dtype),
                                    to_string(shape)));
    return *found;
  };
  for (NamedParameter parameter : net_->parameters()) {
    Tensor& value = parameter.variable.value();
    value.copy_from(tensor(parameter.name, value.shape(), value.dtype()));
  }
  for (const auto& [name, norm] :
       {std::pair{"observation_norm", &observation_norm_}, {"return_norm", &return_norm_}})
    norm->set_state(tensor(name, norm->state().shape(), DType::f64));
  if (!file.metadata.contains("updates")) throw Error(path, "expected \"updates\" in its metadata");
  updates_ = std::stoll(file.metadata.at("updates"));
  read_optimizer(directory / "optimizer.safetensors", "adam", *optimizer_);
}

}  // namespace tengen::selfplay
