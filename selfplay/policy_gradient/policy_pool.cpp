#include "selfplay/policy_gradient/policy_pool.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>

#include "engine/base/error.hpp"
#include "selfplay/policy_gradient/policy_net.hpp"

namespace tengen::selfplay {

PolicyPool::PolicyPool(const envs::Game& game, int capacity,
                       std::function<std::unique_ptr<ActorCritic>()> make_net)
    : observation_size_(game.observation_shape().size()),
      num_actions_(game.num_actions()),
      capacity_(capacity),
      make_net_(std::move(make_net)),
      distribution_(Distribution::make(envs::rl::Space::discrete(num_actions_), false)) {
  if (capacity < 1) bad_argument("PolicyPool", "expected room for a policy, got {}", capacity);
}

void PolicyPool::add(const ActorCritic& net, Rng& rng) {
  std::unique_ptr<ActorCritic> copy = make_net_();
  const auto from = net.parameters(), to = copy->parameters();
  for (std::size_t i = 0; i < to.size(); ++i) {
    Variable variable = to[i].variable;
    variable.value().copy_from(from[i].variable.value());
  }
  copy->prepare();
  if (size() < capacity_)
    nets_.push_back(std::move(copy));
  else
    nets_[rng.below(static_cast<std::uint32_t>(capacity_))] = std::move(copy);
}

void PolicyPool::choose(int games, Rng& rng) {
  chosen_.resize(games);
  for (int& chosen : chosen_)
    chosen = static_cast<int>(rng.below(static_cast<std::uint32_t>(nets_.size())));
}

void PolicyPool::evaluate(ActorCritic& net, std::span<const envs::rl::Turn> turns,
                          std::span<const int> which) {
  const std::size_t width = observation_size_, choices = num_actions_;
  observations_.resize(which.size() * width);
  rows_.resize(which.size() * choices);
  values_.resize(which.size());
  for (std::size_t k = 0; k < which.size(); ++k)
    turns[which[k]].state.write_observation(std::span(observations_).subspan(k * width, width));
  net.act(observations_, static_cast<int>(which.size()), no_state_, rows_, values_);
  for (std::size_t k = 0; k < which.size(); ++k)
    std::copy_n(rows_.begin() + k * choices, choices, logits_.begin() + which[k] * choices);
}

void PolicyPool::select_actions(std::span<const envs::rl::Turn> turns,
                                std::span<envs::Action> actions) {
  const std::size_t choices = num_actions_;
  const auto policy_of = [&](int turn) { return chosen_[turns[turn].game]; };
  order_.resize(turns.size());
  std::iota(order_.begin(), order_.end(), 0);
  std::ranges::stable_sort(order_, {}, policy_of);
  logits_.resize(turns.size() * choices);
  for (auto first = order_.begin(); first != order_.end();) {
    const int policy = policy_of(*first);
    const auto last =
        std::find_if(first, order_.end(), [&](int t) { return policy_of(t) != policy; });
    evaluate(*nets_[policy], turns, {first, last});
    first = last;
  }
  for (std::size_t i = 0; i < turns.size(); ++i) {
    turns[i].state.legal_actions(legal_);
    mask_.assign(choices, 0);
    for (const envs::Action action : legal_) mask_[action] = 1;
    Rng rng(turns[i].random.next64());
    float action = 0;
    distribution_->sample(std::span(logits_).subspan(i * choices, choices), mask_, rng,
                          {&action, 1});
    actions[i] = static_cast<envs::Action>(action);
  }
}

std::vector<io::NamedTensor> PolicyPool::state() const {
  std::vector<io::NamedTensor> tensors;
  for (std::size_t i = 0; i < nets_.size(); ++i)
    std::ranges::move(weights_of(*nets_[i], fmt::format("{}.", i)), std::back_inserter(tensors));
  return tensors;
}

void PolicyPool::set_state(const io::Safetensors& file, const std::string& path) {
  nets_.clear();
  for (std::size_t seen = 0; seen < file.tensors.size();) {
    std::unique_ptr<ActorCritic> net = make_net_();
    read_weights(*net, file, path, fmt::format("{}.", nets_.size()));
    seen += net->parameters().size();
    nets_.push_back(std::move(net));
  }
  if (nets_.empty()) throw Error(path, "expected the tensors of a policy, got none");
}

}  // namespace tengen::selfplay
