// One source for two searches: Sharing::single reads and writes plain memory, so that self-play
// pays for no locked instruction; Sharing::shared goes through std::atomic_ref, so that several
// threads may walk one tree. Tree fields are plain values; every access to a field that may be
// shared uses these functions, and the field's comment names its protocol.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

namespace tengen::mcts {

enum class Sharing { single, shared };

template <Sharing S, typename T>
T load(const T& field, std::memory_order order = std::memory_order_relaxed) {
  if constexpr (S == Sharing::single)
    return field;
  else
    return std::atomic_ref<T>(const_cast<T&>(field)).load(order);
}

template <Sharing S, typename T>
void store(T& field, T value, std::memory_order order = std::memory_order_relaxed) {
  if constexpr (S == Sharing::single)
    field = value;
  else
    std::atomic_ref<T>(field).store(value, order);
}

/// Sequentially consistent; wraps around for unsigned types, so that adding -x subtracts.
template <Sharing S, typename T>
void add(T& field, T delta) {
  if constexpr (S == Sharing::single)
    field += delta;
  else
    std::atomic_ref<T>(field).fetch_add(delta, std::memory_order_seq_cst);
}

/// Replaces `from` by `to`; false, and nothing happens, if the field holds anything else.
template <Sharing S, typename T>
bool replace(T& field, T from, T to) {
  if constexpr (S == Sharing::single) {
    if (field != from) return false;
    field = to;
    return true;
  } else {
    return std::atomic_ref<T>(field).compare_exchange_strong(from, to, std::memory_order_acq_rel);
  }
}

/// Holds a one-byte spin lock for its lifetime; nothing at all when single.
template <Sharing S>
class SpinGuard {
 public:
  explicit SpinGuard(std::uint8_t& lock) : lock_(lock) {
    if constexpr (S == Sharing::shared)
      while (std::atomic_ref(lock_).exchange(1, std::memory_order_acquire))
        std::this_thread::yield();
  }
  ~SpinGuard() { store<S>(lock_, std::uint8_t{0}, std::memory_order_release); }
  SpinGuard(const SpinGuard&) = delete;
  SpinGuard& operator=(const SpinGuard&) = delete;

 private:
  std::uint8_t& lock_;
};

}  // namespace tengen::mcts
