#include "mcts/root_noise.hpp"

namespace tengen::mcts {

void RootNoise::forget() {
  waiting_seed_.reset();
  clean_priors_.clear();
}

void RootNoise::begin(Tree& tree, const SearchConfig& config, Rng& rng) {
  if (!clean_priors_.empty()) {
    const std::vector<float*> slots = tree.prior_slots(*tree.root_node());
    for (std::size_t i = 0; i < slots.size(); ++i) *slots[i] = clean_priors_[i];
    tree.priors_changed(*tree.root_node());
  }
  forget();
  if (config.noise_fraction <= 0) return;
  waiting_seed_ = rng();
  apply(tree, config);
}

void RootNoise::apply(Tree& tree, const SearchConfig& config) {
  if (!waiting_seed_ || tree.root_node() == nullptr) return;
  Node& root = *tree.root_node();
  std::vector<float> noise(root.num_actions);
  const double alpha = config.noise_alpha > 0 ? config.noise_alpha : 10.83 / root.num_actions;
  Rng(*waiting_seed_).dirichlet(alpha, noise);
  waiting_seed_.reset();

  // An opened action's slot is its edge: kOpened marks stay.
  const std::vector<float*> slots = tree.prior_slots(root);
  clean_priors_.resize(slots.size());
  for (std::size_t i = 0; i < slots.size(); ++i) {
    clean_priors_[i] = *slots[i];
    *slots[i] = (1 - config.noise_fraction) * *slots[i] + config.noise_fraction * noise[i];
  }
  tree.priors_changed(root);
}

}  // namespace tengen::mcts
