#include "mcts/root_priors.hpp"

#include <algorithm>
#include <cmath>

namespace tengen::mcts {

void temper(std::span<float> priors, float temperature) {
  const float most = *std::ranges::max_element(priors);
  if (!(most > 0)) return;
  float sum = 0;  // at least 1: of the greatest one
  for (float& prior : priors) sum += prior = std::pow(prior / most, 1 / temperature);
  for (float& prior : priors) prior /= sum;
}

void RootPriors::forget() {
  waiting_ = false;
  clean_.clear();
}

// An opened action's slot is its edge: kOpened marks stay.
void RootPriors::replace(Tree& tree, std::span<const float> priors) {
  const std::vector<float*> slots = tree.prior_slots(*tree.root_node());
  for (std::size_t i = 0; i < slots.size(); ++i) *slots[i] = priors[i];
  tree.priors_changed(*tree.root_node());
}

void RootPriors::begin(Tree& tree, const SearchConfig& config, Rng& rng) {
  if (!clean_.empty()) replace(tree, clean_);
  forget();
  noise_seed_.reset();
  if (config.noise_fraction > 0) noise_seed_ = rng();
  waiting_ = noise_seed_ || config.root_policy_temperature != 1;
  apply(tree, config);
}

void RootPriors::apply(Tree& tree, const SearchConfig& config) {
  if (!waiting_ || tree.root_node() == nullptr) return;
  waiting_ = false;
  Node& root = *tree.root_node();
  for (const float* slot : tree.prior_slots(root)) clean_.push_back(*slot);
  std::vector<float> priors = clean_;
  if (config.root_policy_temperature != 1) temper(priors, config.root_policy_temperature);
  if (noise_seed_) {
    std::vector<float> noise(priors.size());
    const double alpha = config.noise_alpha > 0 ? config.noise_alpha : 10.83 / root.num_actions;
    Rng(*noise_seed_).dirichlet(alpha, noise);
    for (std::size_t i = 0; i < priors.size(); ++i)
      priors[i] = (1 - config.noise_fraction) * priors[i] + config.noise_fraction * noise[i];
  }
  replace(tree, priors);
}

}  // namespace tengen::mcts
