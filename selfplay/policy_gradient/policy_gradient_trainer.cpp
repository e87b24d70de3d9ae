#include "selfplay/policy_gradient/policy_gradient_trainer.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "engine/base/error.hpp"
#include "engine/io/safetensors.hpp"
#include "engine/optim/clip_gradient.hpp"
#include "envs/rl/registry.hpp"
#include "selfplay/file_metadata.hpp"
#include "selfplay/optimizer_file.hpp"
#include "selfplay/policy_gradient/natural_gradient.hpp"
#include "selfplay/policy_gradient/policy_net.hpp"

namespace tengen::selfplay {

namespace {

// Streams of the seed.
constexpr std::uint64_t kInit = 0, kUpdate = 1, kEvaluation = 3;
/// An evaluated episode goes no further, where the environment has no limit of its own.
constexpr int kMostEvaluationSteps = 1000;

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
      collector_(config_),
      loss_options_{
          .clipped = config.algo == "ppo",
          .clip_range = config.clip_range,
          .policy_coefficient = config.algo == "npg" ? 0.0 : 1.0,
          .value_clip_range = config.value_clip_range,
          .value_coefficient = config.value_coefficient,
          .entropy_coefficient = config.algo == "npg" ? 0.0 : config.entropy_coefficient} {
  Rng rng = Rng(config.seed).split(kInit);
  net_ = make_policy_net(config, collector_.spec(), rng);
  AdamOptions adam;
  adam.epsilon = 1e-5;
  optimizer_ = std::make_unique<Adam>(net_->parameters(), adam);
}

double PolicyGradientTrainer::rate() const {
  if (!config_.anneal) return config_.learning_rate;
  const double done = static_cast<double>(steps()) / static_cast<double>(config_.steps);
  return config_.learning_rate * std::max(0.0, 1 - done);
}

Advantages PolicyGradientTrainer::advantages() const {
  if (config_.algo != "reinforce")
    return estimate_advantages(rollout(), config_.gamma, config_.gae_lambda);
  Advantages result;
  result.returns = episode_returns(rollout(), config_.gamma);
  result.advantages = result.returns;
  if (config_.baseline)
    for (std::size_t i = 0; i < rollout().rows(); ++i) result.advantages[i] -= rollout().values[i];
  return result;
}

/// All but those after the last episode that REINFORCE waits for.
std::vector<std::uint32_t> PolicyGradientTrainer::rows_in_use() const {
  std::vector<std::uint32_t> rows;
  for (int t = 0; t < rollout().steps; ++t)
    for (int i = 0; i < config_.environments; ++i)
      if (t <= collector_.last_steps()[i]) rows.push_back(t * config_.environments + i);
  return rows;
}

/// Rows in random order; with a memory whole sequences, in time-major order within a minibatch.
std::vector<std::vector<std::uint32_t>> PolicyGradientTrainer::minibatches(Rng& rng) const {
  std::vector<std::uint32_t> items;
  const bool sequences = net_->state_size() > 0;
  if (sequences) {
    items.resize(config_.environments * rollout().states.size());
    std::iota(items.begin(), items.end(), 0u);
  } else {
    items = rows_in_use();
  }
  std::size_t size = items.size();
  if (learns_in_epochs()) {
    rng.shuffle(std::span(items));
    size =
        sequences ? std::max(1, config_.minibatch / config_.sequence_steps()) : config_.minibatch;
  }
  std::vector<std::vector<std::uint32_t>> result;
  for (std::size_t first = 0; first < items.size(); first += size) {
    const auto part = std::span(items).subspan(first, std::min(size, items.size() - first));
    std::vector<std::uint32_t>& rows = result.emplace_back();
    if (!sequences) rows.assign(part.begin(), part.end());
    const std::uint32_t count = config_.environments;
    for (int t = 0; sequences && t < config_.sequence_steps(); ++t)
      for (const std::uint32_t i : part)
        rows.push_back((i / count * config_.sequence_steps() + t) * count + i % count);
  }
  return result;
}

PolicyBatch PolicyGradientTrainer::gather(std::span<const std::uint32_t> rows,
                                          const Advantages& advantages) const {
  PolicyBatch batch;
  const std::size_t actions = distribution().action_size(),
                    choices = rollout().masks.size() / rollout().rows();
  for (const std::uint32_t row : rows) {
    for (std::size_t a = 0; a < actions; ++a)
      batch.actions.push_back(rollout().actions[row * actions + a]);
    for (std::size_t c = 0; c < choices; ++c)
      batch.masks.push_back(rollout().masks[row * choices + c]);
    batch.old_log_probs.push_back(rollout().log_probs[row]);
    batch.old_values.push_back(rollout().values[row]);
    batch.advantages.push_back(advantages.advantages[row]);
    batch.returns.push_back(advantages.returns[row]);
  }
  if (config_.normalise_advantages) normalise(batch.advantages);
  return batch;
}

PolicyInput PolicyGradientTrainer::input_of(std::span<const std::uint32_t> rows) {
  const std::int64_t width = collector_.spec().observation_space.encoded_size();
  Tensor observations({static_cast<std::int64_t>(rows.size()), width});
  float* out = observations.values<float>().data();
  for (const std::uint32_t row : rows)
    out = std::copy_n(rollout().observations.data() + row * width, width, out);
  if (net_->state_size() == 0)
    return {Variable(observations), 1, static_cast<int>(rows.size()), {}, {}};
  const int steps = config_.sequence_steps(), sequences = static_cast<int>(rows.size()) / steps;
  Tensor state({sequences, net_->state_size()});
  for (int i = 0; i < sequences; ++i) {
    const int step = rows[i] / config_.environments, environment = rows[i] % config_.environments;
    state.rows(i, i + 1).copy_from(
        rollout().states[step / steps].rows(environment, environment + 1));
  }
  sequence_starts_.clear();
  for (const std::uint32_t row : rows) sequence_starts_.push_back(rollout().starts[row]);
  return {Variable(observations), steps, sequences, state, sequence_starts_};
}

/// False: the policy has moved far enough (target_kl), nothing was changed.
bool PolicyGradientTrainer::gradient_step(std::span<const std::uint32_t> rows,
                                          const Advantages& advantages, UpdateReport& report) {
  const PolicyBatch batch = gather(rows, advantages);
  const PolicyOutput output = net_->forward(input_of(rows));
  PolicyLossTerms terms;
  const Variable loss =
      policy_loss(output.parameters, output.values, batch, distribution(), loss_options_, terms);
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
    return policy_loss(output.parameters, output.values, batch, distribution(), policy_alone,
                       terms);
  };
  optimizer_->zero_grad();
  loss().backward();
  const double share = rate() / config_.learning_rate;  // anneals as the critic's rate does
  natural_step(*net_, distribution(), input.observations.value(), batch.masks,
               {.delta = config_.target_kl * share * share});
  const NoGrad no_grad;
  loss();
  return terms;
}

UpdateReport PolicyGradientTrainer::update() {
  Rng rng = Rng(config_.seed).split(kUpdate).split(updates_);
  collector_.prepare(*net_, updates_);
  collector_.collect(*net_, steps(), rng);
  const Advantages advantage = advantages();
  UpdateReport report;
  report.learning_rate = rate();
  report.explained_variance = explained_variance(rollout().values, advantage.returns);
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
  for (const int last : collector_.last_steps()) steps_ += last + 1;
  return report;
}

std::vector<double> PolicyGradientTrainer::evaluate(int episodes, std::uint64_t draw) {
  const auto environments = envs::rl::make_vector_env(config_.env, episodes);
  environments->reset(Rng(config_.seed).split(kEvaluation).split(draw)());
  net_->prepare();
  const std::size_t inputs = environments->spec().observation_space.encoded_size(),
                    parameters = distribution().parameters(), size = distribution().action_size();
  std::vector<float> seen(episodes * inputs), rows(episodes * parameters), values(episodes),
      actions(episodes * size), drawn(size);
  std::vector<double> returns(episodes);
  std::vector<std::uint8_t> over(episodes);
  Tensor state = Tensor::zeros({episodes, std::max<std::int64_t>(net_->state_size(), 1)});
  const bool masked = environments->spec().masks_actions;
  for (int step = 0, running = episodes; running > 0; ++step) {
    if (environments->spec().max_episode_steps == 0 && step == kMostEvaluationSteps) break;
    collector_.observe(*environments, environments->observations(), seen);
    net_->act(seen, episodes, state, rows, values);
    const std::size_t choices = masked ? environments->action_masks().size() / episodes : 0;
    for (int i = 0; i < episodes; ++i) {
      distribution().mode(std::span(rows).subspan(i * parameters, parameters),
                          environments->action_masks().subspan(i * choices, choices), drawn);
      distribution().to_environment(drawn, std::span(actions).subspan(i * size, size));
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
  std::ranges::copy(collector_.norms(), std::back_inserter(tensors));
  io::save_safetensors((directory / "net.safetensors").string(), tensors,
                       {{"env", config_.env},
                        {"algo", config_.algo},
                        {"updates", std::to_string(updates_)},
                        {"steps", std::to_string(steps_)}});
  write_optimizer(directory / "optimizer.safetensors", "adam", *optimizer_);
  collector_.save(directory);
}

void PolicyGradientTrainer::load(const std::filesystem::path& directory) {
  const std::string path = (directory / "net.safetensors").string();
  const io::Safetensors file = io::load_safetensors(path);
  read_weights(*net_, file, path);
  collector_.set_norms(file, path);
  updates_ = number_in(file.metadata, path, "updates");
  steps_ = number_in(file.metadata, path, "steps");
  read_optimizer(directory / "optimizer.safetensors", "adam", *optimizer_);
  collector_.load(directory, *net_);
}

}  // namespace tengen::selfplay
