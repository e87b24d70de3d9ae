#include "envs/rl/check_env.hpp"

#include <algorithm>
#include <cmath>

#include "engine/base/error.hpp"
#include "envs/rl/env.hpp"
#include "envs/rl/registry.hpp"

namespace tengen::envs::rl {
namespace {

/// Everything that a caller can see of one step.
struct Sight {
  std::vector<float> observation, action;
  std::vector<std::uint8_t> mask;
  Outcome outcome;

  friend bool operator==(const Sight& a, const Sight& b) {
    return a.observation == b.observation && a.action == b.action && a.mask == b.mask &&
           a.outcome.reward == b.outcome.reward && a.outcome.terminated == b.outcome.terminated;
  }
};

/// One copy that plays random actions and checks each thing that it sees.
class Visitor {
 public:
  explicit Visitor(std::unique_ptr<Dynamics> dynamics)
      : dynamics_(std::move(dynamics)), spec_(dynamics_->spec()) {
    check(spec_.max_episode_steps >= 0, "a time limit of 0 or more steps");
    check(!spec_.id.empty(), "an id");
  }

  /// Starts an episode with new generators.
  Sight reset(std::uint64_t seed) {
    random_ = NumpyRandom(seed);
    choices_ = NumpyRandom(~seed);
    return begin();
  }

  /// One step, or the start of the next episode after the last one.
  Sight step() {
    if (over_) return begin();
    ++step_;
    std::vector<float> action(spec_.action_space.size());
    sample_action(spec_, mask_, choices_, action);
    const Outcome outcome = dynamics_->step(action, random_);
    check(std::isfinite(outcome.reward), "a finite reward");
    over_ = outcome.terminated;
    return look(std::move(action), outcome);
  }

  void check(bool good, const char* promise) const {
    if (!good) throw Error(spec_.id, fmt::format("expected {} at step {}", promise, step_));
  }

 private:
  Sight begin() {
    dynamics_->reset(random_);
    over_ = false;
    return look({}, {});
  }

  Sight look(std::vector<float> action, Outcome outcome) {
    Sight sight{observed(), std::move(action), {}, outcome};
    check(spec_.observation_space.contains(sight.observation), "an observation in its space");
    check(observed() == sight.observation, "the same observation when looking again");
    if (!over_) sight.mask = mask_ = checked_mask();
    return sight;
  }

  std::vector<float> observed() const {
    // NaN lies in no space: what is left of it has not been written.
    std::vector<float> out(spec_.observation_space.size(), std::nanf(""));
    dynamics_->observe(out);
    return out;
  }

  std::vector<std::uint8_t> checked_mask() const {
    std::vector<std::uint8_t> mask(mask_size(spec_), 7);
    if (mask.empty()) return mask;
    dynamics_->action_mask(mask);
    const auto count = [&](std::uint8_t value) {
      return static_cast<std::size_t>(std::count(mask.begin(), mask.end(), value));
    };
    check(count(0) + count(1) == mask.size(), "a mask of 0 and 1");
    check(count(1) > 0, "an allowed action");
    check(spec_.masks_actions || count(0) == 0, "masks_actions in the spec of one that masks");
    return mask;
  }

  std::unique_ptr<Dynamics> dynamics_;
  EnvSpec spec_;
  NumpyRandom random_{0}, choices_{0};
  std::vector<std::uint8_t> mask_;
  int step_ = 0;
  bool over_ = false;
};

}  // namespace

void check_env(const DynamicsMaker& make, int steps) {
  constexpr std::uint64_t kSeed = 11, kOtherSeed = 12;
  Visitor first(make());
  std::vector<Sight> trajectory = {first.reset(kSeed)};
  for (int i = 0; i < steps; ++i) trajectory.push_back(first.step());

  Visitor second(make()), other(make());
  other.reset(kOtherSeed);
  second.check(second.reset(kSeed) == trajectory[0], "one seed to give one start");
  first.check(first.reset(kSeed) == trajectory[0], "a used copy to start as a new one");
  for (int i = 1; i <= steps; ++i) {
    other.step();
    second.check(second.step() == trajectory[i], "one seed to give one trajectory on every copy");
    first.check(first.step() == trajectory[i], "a used copy to go on as a new one");
  }
}

void check_env(std::string_view spec, int steps) {
  check_env([&] { return make_dynamics(spec); }, steps);
}

}  // namespace tengen::envs::rl
