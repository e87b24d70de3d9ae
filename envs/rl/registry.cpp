#include "envs/rl/registry.hpp"

#include <limits>

#include "engine/base/error.hpp"
#include "engine/base/spec.hpp"
#include "envs/rl/batch.hpp"
#include "envs/rl/classic_control/acrobot.hpp"
#include "envs/rl/classic_control/cart_pole.hpp"
#include "envs/rl/classic_control/mountain_car.hpp"
#include "envs/rl/classic_control/pendulum.hpp"

namespace tengen::envs::rl {
namespace {

struct Entry {
  const char* id;
  const char* help;
  std::unique_ptr<Dynamics> (*make)(Spec& spec);
  std::unique_ptr<VectorEnv> (*make_batch)(Spec& spec, int count, EnvSpec env_spec);
};

/// An entry for the class that `from_spec` makes.
template <auto from_spec>
constexpr Entry entry(const char* id, const char* help) {
  using D = decltype(from_spec(std::declval<Spec&>()));
  return {
      id, help,
      [](Spec& spec) -> std::unique_ptr<Dynamics> { return std::make_unique<D>(from_spec(spec)); },
      [](Spec& spec, int count, EnvSpec env_spec) -> std::unique_ptr<VectorEnv> {
        return std::make_unique<Batch<Each<D>>>(Each<D>(std::vector<D>(count, from_spec(spec))),
                                                std::move(env_spec));
      }};
}

constexpr Entry kEnvs[] = {
    entry<CartPole::from_spec>("CartPole-v1", "keep a pole up; low=-0.05, high=0.05 (start)"),
    entry<CartPole::positions_from_spec>("CartPole-P-v1", "CartPole-v1 with velocities hidden"),
    entry<MountainCar::from_spec>("MountainCar-v0", "rock a car uphill; low=-0.6, high=-0.4"),
    entry<MountainCarContinuous::from_spec>("MountainCarContinuous-v0",
                                            "the same by force; low=-0.6, high=-0.4"),
    entry<Acrobot::from_spec>("Acrobot-v1", "swing two links up; low=-0.1, high=0.1"),
    entry<Pendulum::from_spec>("Pendulum-v1", "swing up and hold; x=pi, y=1 (start)"),
    entry<Pendulum::positions_from_spec>("Pendulum-P-v1", "Pendulum-v1 with velocity hidden"),
};

const Entry& find_entry(const Spec& spec) {
  std::string ids;
  for (const Entry& entry : kEnvs) {
    if (spec.name() == entry.id) return entry;
    ids += ids.empty() ? entry.id : std::string(", ") + entry.id;
  }
  bad_argument("make_env", "expected one of the environments {}, got \"{}\"", ids, spec.name());
}

/// What `dynamics` says of itself, with the time limit that the user may have set.
EnvSpec limited(const Dynamics& dynamics, Spec& spec) {
  EnvSpec result = dynamics.spec();
  result.max_episode_steps =
      spec.get_int("max_steps", result.max_episode_steps, 0, std::numeric_limits<int>::max());
  return result;
}

}  // namespace

Env make_env(std::string_view text) {
  Spec spec(text);
  std::unique_ptr<Dynamics> dynamics = find_entry(spec).make(spec);
  EnvSpec env_spec = limited(*dynamics, spec);
  spec.finish();
  return Env(std::move(dynamics), std::move(env_spec));
}

std::unique_ptr<VectorEnv> make_vector_env(std::string_view text, int count) {
  if (count < 1) bad_argument("make_vector_env", "expected at least one copy, got {}", count);
  Spec spec(text);
  const Entry& entry = find_entry(spec);
  EnvSpec env_spec = limited(*entry.make(spec), spec);
  spec.finish();
  return entry.make_batch(spec, count, std::move(env_spec));
}

std::vector<EnvInfo> known_envs() {
  std::vector<EnvInfo> envs;
  for (const Entry& entry : kEnvs) envs.push_back({entry.id, entry.help});
  return envs;
}

}  // namespace tengen::envs::rl
