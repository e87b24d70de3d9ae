#include "tools/bench/env_bench.hpp"

#include <algorithm>
#include <memory>

#include "engine/base/error.hpp"
#include "engine/base/progress.hpp"
#include "envs/rl/registry.hpp"

namespace tengen::tools {
namespace {

using envs::rl::NumpyRandom;
using envs::rl::VectorEnv;

/// Random actions of a batch: drawn beforehand, but where a mask must be asked.
class RandomActions {
 public:
  explicit RandomActions(const VectorEnv& env)
      : rows_(static_cast<std::size_t>(env.size()) * env.spec().action_space.size()) {
    if (env.spec().masks_actions) return;
    for (int i = 0; i < kDrawn; ++i) drawn_.push_back(draw(env));
  }

  const std::vector<float>& next(const VectorEnv& env) {
    if (drawn_.empty()) return draw(env);
    return drawn_[next_++ % kDrawn];
  }

 private:
  static constexpr int kDrawn = 64;

  const std::vector<float>& draw(const VectorEnv& env) {
    const std::size_t choices = static_cast<std::size_t>(mask_size(env.spec()));
    const std::size_t width = rows_.size() / static_cast<std::size_t>(env.size());
    for (std::size_t i = 0; i < static_cast<std::size_t>(env.size()); ++i)
      sample_action(env.spec(), env.action_masks().subspan(i * choices, choices), random_,
                    std::span(rows_).subspan(i * width, width));
    return rows_;
  }

  NumpyRandom random_{1};
  std::vector<float> rows_;
  std::vector<std::vector<float>> drawn_;
  std::size_t next_ = 0;
};

/// Counts steps of single environments.
Work steps(const std::string& spec, int batch) {
  const std::shared_ptr<VectorEnv> env = envs::rl::make_vector_env(spec, batch);
  env->reset(1);
  const auto actions = std::make_shared<RandomActions>(*env);
  return [=] {
    env->step(actions->next(*env));
    return static_cast<double>(batch);
  };
}

/// Copies as many bytes as a step of the batch reads of actions and writes of what follows.
Work copies(const std::string& spec, int batch) {
  const auto env = envs::rl::make_vector_env(spec, 1);
  const std::size_t numbers = env->observations().size() + env->action_masks().size() / 4 +
                              static_cast<std::size_t>(env->spec().action_space.size()) + 2;
  const auto from = std::make_shared<std::vector<float>>(numbers * batch, 1.0f);
  const auto to = std::make_shared<std::vector<float>>(numbers * batch);
  return [=] {
    std::copy(from->begin(), from->end(), to->begin());
    asm volatile("" : : "r"(to->data()) : "memory");  // somebody may read it
    return static_cast<double>(batch);
  };
}

}  // namespace

BenchReport bench_env(const EnvBenchConfig& config) {
  if (config.envs.empty()) bad_argument("bench env", "expected at least one environment");
  for (const std::string& spec : config.envs)
    envs::rl::make_env(spec);  // known, or nothing is shown
  Progress progress("bench env", "rows", config.envs.size());
  BenchReport report{"env", "env: random actions, one thread", "steps_per_second", {}};
  for (const std::string& spec : config.envs) {
    const Ceiling ceiling{"copying what a step reads and writes",
                          run_streams(1, [&](int) { return copies(spec, config.batch); })};
    const Contender contender = run_streams(1, [&](int) { return steps(spec, config.batch); });
    report.rows.push_back(
        {{{"env", spec}, {"batch", config.batch}}, measure(contender, ceiling, config.plan), {}});
    progress.advance();
  }
  return report;
}

}  // namespace tengen::tools
