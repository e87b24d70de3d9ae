#include "envs/rl/registry.hpp"

#include <limits>

#include "engine/base/error.hpp"
#include "engine/base/spec.hpp"
#include "envs/registry.hpp"
#include "envs/rl/batch.hpp"
#include "envs/rl/classic_control/acrobot.hpp"
#include "envs/rl/classic_control/cart_pole.hpp"
#include "envs/rl/classic_control/mountain_car.hpp"
#include "envs/rl/classic_control/pendulum.hpp"
#include "envs/rl/game_env.hpp"
#include "envs/rl/memory/catch_ball.hpp"
#include "envs/rl/memory/deep_sea.hpp"
#include "envs/rl/memory/memory_chain.hpp"
#include "envs/rl/memory/repeat_previous.hpp"
#include "envs/rl/memory/t_maze.hpp"
#include "envs/rl/memory/umbrella.hpp"
#include "envs/rl/pixels/asterix.hpp"
#include "envs/rl/pixels/breakout.hpp"
#include "envs/rl/pixels/freeway.hpp"
#include "envs/rl/pixels/invaders.hpp"
#include "envs/rl/tabular/bandit.hpp"
#include "envs/rl/tabular/grid_worlds.hpp"
#include "envs/rl/tabular/taxi.hpp"
#include "envs/rl/wrappers/action_repeat.hpp"
#include "envs/rl/wrappers/frame_stack.hpp"

namespace tengen::envs::rl {
namespace {

struct Entry {
  const char* id;
  const char* help;
  std::unique_ptr<Dynamics> (*make)(Spec& spec);
  std::unique_ptr<VectorEnv> (*make_batch)(Spec& spec, int count, EnvSpec env_spec);
};

/// `count` copies of `one`, in the layout that its class chose.
template <typename D>
auto group_of(const D& one, int count) {
  if constexpr (requires { typename D::Group; })
    return typename D::Group(one, count);
  else
    return Each<D>(std::vector<D>(count, one));
}

template <typename Group>
std::unique_ptr<VectorEnv> batch_of(Group group, EnvSpec env_spec) {
  return std::make_unique<Batch<Group>>(std::move(group), std::move(env_spec));
}

/// An entry for the class that `from_spec` makes.
template <auto from_spec>
constexpr Entry entry(const char* id, const char* help) {
  using D = decltype(from_spec(std::declval<Spec&>()));
  return {
      id, help,
      [](Spec& spec) -> std::unique_ptr<Dynamics> { return std::make_unique<D>(from_spec(spec)); },
      [](Spec& spec, int count, EnvSpec env_spec) {
        return batch_of(group_of(from_spec(spec), count), std::move(env_spec));
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
    entry<frozen_lake_from_spec>("FrozenLake-v1",
                                 "over the ice; map_name=4x4|8x8, is_slippery=true"),
    entry<frozen_lake_8x8_from_spec>("FrozenLake8x8-v1", "a larger lake; is_slippery=true"),
    entry<cliff_walking_from_spec>("CliffWalking-v1", "along a cliff; is_slippery=false"),
    entry<taxi_from_spec>("Taxi-v3", "fetch and carry; mask=false (allow only what moves)"),
    entry<four_rooms_from_spec>("FourRooms-v0", "find the goal; goal=hallway|room"),
    entry<Bandit::from_spec>("Bandit-v0", "arms=10, pulls=1, values_seed=0, noise=1, redraw=false"),
    entry<CatchBall::from_spec>("Catch-v0", "catch a falling ball; rows=10, columns=5"),
    entry<DeepSea::from_spec>(
        "DeepSea-v0", "one rare way; size=10, mapping_seed=0, randomize=true, stochastic=false"),
    entry<deep_sea_cells_from_spec>(
        "DeepSeaCells-v0", "DeepSea-v0 as a table; size=10, mapping_seed=0, randomize=true"),
    entry<MemoryChain::from_spec>("MemoryChain-v0", "keep bits in mind; length=10, bits=1"),
    entry<Umbrella::from_spec>("Umbrella-v0", "credit far back; length=10, distractors=0"),
    entry<TMaze::from_spec>("TMaze-v0", "turn as the sign said; length=10"),
    entry<RepeatPrevious::easy_from_spec>("RepeatPreviousEasy-v0", "the suit 3 cards ago"),
    entry<RepeatPrevious::medium_from_spec>("RepeatPreviousMedium-v0", "the suit 31 cards ago"),
    entry<RepeatPrevious::hard_from_spec>("RepeatPreviousHard-v0", "the suit 63 cards ago"),
    entry<Breakout::from_spec>("PixelBreakout-v0", "break bricks with a ball"),
    entry<Asterix::from_spec>("PixelAsterix-v0", "collect treasure between enemies"),
    entry<Freeway::from_spec>("PixelFreeway-v0", "cross a road of eight lanes"),
    entry<Invaders::from_spec>("PixelInvaders-v0", "shoot aliens before they land"),
};

/// nullptr for a game.
const Entry* find_entry(const Spec& spec) {
  for (const Entry& entry : kEnvs)
    if (spec.name() == entry.id) return &entry;
  std::string ids;
  for (const EnvInfo& info : known_envs()) ids += (ids.empty() ? "" : ", ") + info.id;
  for (const GameInfo& game : known_games())
    if (spec.name() == game.name) return nullptr;
  bad_argument("make_env", "expected one of the environments {}, got \"{}\"", ids, spec.name());
}

/// A description taken apart: the dynamics' own options are read each time that they are made.
struct Description {
  explicit Description(std::string_view text)
      : spec(text),
        entry(find_entry(spec)),
        action_repeat(spec.get_int("action_repeat", 1, 1, 1000)),
        frame_stack(spec.get_int("frame_stack", 1, 1, 1000)) {}

  bool is_wrapped() const { return action_repeat > 1 || frame_stack > 1; }

  /// `count` copies without wrappers.
  std::unique_ptr<VectorEnv> make_batch(int count, EnvSpec env_spec) {
    return entry ? entry->make_batch(spec, count, std::move(env_spec))
                 : batch_of(games_from_spec(spec, count), std::move(env_spec));
  }

  std::unique_ptr<Dynamics> make() {
    std::unique_ptr<Dynamics> dynamics =
        entry ? entry->make(spec) : std::make_unique<GameDynamics>(games_from_spec(spec, 1));
    if (action_repeat > 1)
      dynamics = std::make_unique<ActionRepeat>(std::move(dynamics), action_repeat);
    if (frame_stack > 1) dynamics = std::make_unique<FrameStack>(std::move(dynamics), frame_stack);
    return dynamics;
  }

  /// What `dynamics` says of itself, with the time limit that the user may have set; the last of
  /// the options.
  EnvSpec limited(const Dynamics& dynamics) {
    EnvSpec result = dynamics.spec();
    result.max_episode_steps =
        spec.get_int("max_steps", result.max_episode_steps, 0, std::numeric_limits<int>::max());
    spec.finish();
    return result;
  }

  Spec spec;
  const Entry* entry;
  int action_repeat, frame_stack;
};

}  // namespace

Env make_env(std::string_view text) {
  Description description(text);
  std::unique_ptr<Dynamics> dynamics = description.make();
  EnvSpec env_spec = description.limited(*dynamics);
  return Env(std::move(dynamics), std::move(env_spec));
}

std::unique_ptr<VectorEnv> make_vector_env(std::string_view text, int count) {
  if (count < 1) bad_argument("make_vector_env", "expected at least one copy, got {}", count);
  Description description(text);
  EnvSpec env_spec = description.limited(*description.make());
  if (!description.is_wrapped()) return description.make_batch(count, std::move(env_spec));
  std::vector<AnyDynamics> copies;
  for (int i = 0; i < count; ++i) copies.emplace_back(description.make());
  return batch_of(Each<AnyDynamics>(std::move(copies)), std::move(env_spec));
}

std::unique_ptr<Dynamics> make_dynamics(std::string_view text) {
  Description description(text);
  std::unique_ptr<Dynamics> dynamics = description.make();
  description.limited(*dynamics);
  return dynamics;
}

std::shared_ptr<const TabularModel> tabular_model(std::string_view text) {
  const std::unique_ptr<Dynamics> dynamics = make_dynamics(text);
  const auto* tabular = dynamic_cast<const TabularDynamics*>(dynamics.get());
  if (!tabular) bad_argument("tabular_model", "expected a tabular environment, got \"{}\"", text);
  return tabular->model();
}

std::vector<EnvInfo> known_envs() {
  std::vector<EnvInfo> envs;
  for (const Entry& entry : kEnvs) envs.push_back({entry.id, entry.help});
  for (const GameInfo& game : known_games())
    envs.push_back(
        {game.name, "against random moves; side=first|second|random|both; " + game.help});
  return envs;
}

}  // namespace tengen::envs::rl
