#include <algorithm>
#include <memory>
#include <vector>

#include "engine/base/hash.hpp"
#include "mcts/evaluators.hpp"

namespace tengen::mcts {

/// Direct-mapped: a key has one slot. Priors lie in one flat array, num_actions per slot, made at
/// the first call, when the game is known. Only what has been written to it takes real memory:
/// filling it all with zeros would take tens of milliseconds of the first move's time.
struct CachingEvaluator::Impl {
  struct Slot {
    std::uint64_t key = 0;
    std::uint32_t num_priors = 0;  // 0: empty
    float value = 0;
  };

  std::unique_ptr<Evaluator> inner;
  std::size_t max_bytes = 0;
  std::vector<Slot> slots;
  std::unique_ptr<float[]> priors;  // uninitialised where a slot is empty
  std::size_t priors_per_slot = 0;
  std::vector<EvalItem> misses;           // of the present batch
  std::vector<std::size_t> missed_items;  // their indices in it
  std::uint64_t hits = 0, lookups = 0;

  void allocate(const envs::Game& game) {
    priors_per_slot = static_cast<std::size_t>(game.num_actions());
    const std::size_t slot_bytes = sizeof(Slot) + priors_per_slot * sizeof(float);
    slots.resize(std::max<std::size_t>(1, max_bytes / slot_bytes));
    priors = std::make_unique_for_overwrite<float[]>(slots.size() * priors_per_slot);
  }

  float* priors_of(const Slot& slot) {
    return priors.get() + (&slot - slots.data()) * priors_per_slot;
  }

  Slot& slot_of(const EvalItem& item, std::uint64_t key) {
    if (slots.empty()) allocate(item.state->game());
    return slots[key % slots.size()];
  }

  /// Of what the evaluator sees: the observation, and the legal actions, which superko makes depend
  /// on more of the game than is observed. Their sum and sum of squares tell them apart in passing.
  static std::uint64_t key_of(const EvalItem& item) {
    std::uint64_t sum = 0, squares = 0;
    for (const envs::Action action : item.actions) {
      const auto a = static_cast<std::uint64_t>(action);
      sum += a;
      squares += a * a;
    }
    return hash_combine(item.state->observation_key(), sum << 40 | squares);
  }

  bool find(EvalItem& item) {
    if (item.average_symmetries) return false;  // what is remembered was seen once
    const std::uint64_t key = key_of(item);
    const Slot& slot = slot_of(item, key);
    if (slot.key != key || slot.num_priors != item.priors.size()) return false;
    std::copy_n(priors_of(slot), slot.num_priors, item.priors.begin());
    item.value = slot.value;
    return true;
  }

  void remember(const EvalItem& item) {
    const std::uint64_t key = key_of(item);
    Slot& slot = slot_of(item, key);
    slot = {key, static_cast<std::uint32_t>(item.priors.size()), item.value};
    std::copy(item.priors.begin(), item.priors.end(), priors_of(slot));
  }
};

CachingEvaluator::CachingEvaluator(std::unique_ptr<Evaluator> inner, std::size_t max_bytes)
    : impl_(std::make_unique<Impl>()) {
  impl_->inner = std::move(inner);
  impl_->max_bytes = max_bytes;
}
CachingEvaluator::~CachingEvaluator() = default;

void CachingEvaluator::evaluate(std::span<EvalItem> batch) {
  Impl& cache = *impl_;
  cache.misses.clear();
  cache.missed_items.clear();
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (cache.find(batch[i])) continue;
    cache.misses.push_back(batch[i]);
    cache.missed_items.push_back(i);
  }
  cache.lookups += batch.size();
  cache.hits += batch.size() - cache.misses.size();
  if (cache.misses.empty()) return;

  cache.inner->evaluate(cache.misses);  // priors are written in place, through the spans
  for (std::size_t i = 0; i < cache.misses.size(); ++i) {
    cache.remember(cache.misses[i]);
    batch[cache.missed_items[i]].value = cache.misses[i].value;
  }
}

std::uint64_t CachingEvaluator::hits() const { return impl_->hits; }
std::uint64_t CachingEvaluator::lookups() const { return impl_->lookups; }

}  // namespace tengen::mcts
