#include "envs/rl/memory/repeat_previous.hpp"

#include <utility>

namespace tengen::envs::rl {

RepeatPrevious::RepeatPrevious(const char* id, int decks, int back)
    : id_(id), back_(back), suits_(static_cast<std::size_t>(decks) * 52) {}

RepeatPrevious RepeatPrevious::easy_from_spec(Spec&) { return {"RepeatPreviousEasy-v0", 1, 4}; }
RepeatPrevious RepeatPrevious::medium_from_spec(Spec&) {
  return {"RepeatPreviousMedium-v0", 2, 32};
}
RepeatPrevious RepeatPrevious::hard_from_spec(Spec&) { return {"RepeatPreviousHard-v0", 3, 64}; }

EnvSpec RepeatPrevious::spec() const {
  return {.id = id_,
          .observation_space = Space::discrete(4),
          .action_space = Space::discrete(4),
          .reward_threshold = 0.99};
}

void RepeatPrevious::reset(NumpyRandom& random) {
  // Shuffled from sorted, so that an episode depends on the generator alone.
  for (std::size_t card = 0; card < suits_.size(); ++card)
    suits_[card] = static_cast<std::uint8_t>(card % 4);
  for (std::size_t left = suits_.size(); left > 1; --left)
    std::swap(suits_[left - 1], suits_[random.integers(static_cast<std::uint32_t>(left))]);
  dealt_ = 1;
}

Outcome RepeatPrevious::step(std::span<const float> action, NumpyRandom&) {
  const int cards = static_cast<int>(suits_.size());
  double reward = 0;
  if (dealt_ >= back_) {
    const bool right = static_cast<int>(action[0]) == suits_[dealt_ - back_];
    reward = (right ? 1.0 : -1.0) / (cards - back_);
  }
  return {reward, ++dealt_ == cards};
}

void RepeatPrevious::observe(std::span<float> out) const {
  out[0] = static_cast<float>(suits_[dealt_ - 1]);
}

}  // namespace tengen::envs::rl
