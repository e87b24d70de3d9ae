// An edge of the search tree: an action that was tried, and the statistics of what lies behind it.
// Edges live in groups of four, which selection walks with vector instructions.
//
//   EdgeGroup, 160 bytes
//   +---------+---------------+--------+--------+--------+--------+
//   | q[4] 16 | explore[4] 16 | edge 0 | edge 1 | edge 2 | edge 3 |
//   +---------+---------------+--------+--------+--------+--------+
//   Edge, 32 bytes: value_sum 8 | visits 4 | pending 4 | child 4 | prior 4 | action 2 | proof 1 |
//                   square_sum 4
//
// What selection wants of an edge, its Q and its share of the exploration term, changes when a
// visit passes, but is read whenever its parent is visited. So a visit works both out, with their
// two divisions, and leaves them in the group (refresh()); selection multiplies and adds
// (scores()).
//
// Perspective: everything is for the player who chooses the edge, the mover at its upper end.
#pragma once

#include <smmintrin.h>

#include <cstdint>
#include <limits>

#include "mcts/arena.hpp"
#include "mcts/proof.hpp"
#include "mcts/puct.hpp"
#include "mcts/sharing.hpp"

namespace tengen::mcts {

/// Edge::child of a leaf that one thread has claimed for evaluation: INITIAL is kNoLink, EXPANDED
/// any real link. INITIAL -> EXPANDING by compare-exchange, so that no two threads evaluate one
/// leaf; EXPANDING -> EXPANDED (or back to INITIAL: terminal, or no memory) by a release store of
/// the claiming thread; readers load with acquire.
inline constexpr Link kExpanding = 1;

/// Values are summed in fixed point: exact in any order, and addable by one locked instruction.
using FixedValue = std::int64_t;
inline constexpr float kFixedOne = 0x1p30f;
inline FixedValue to_fixed(float value) { return static_cast<FixedValue>(value * kFixedOne); }

inline float mean_value(FixedValue sum, std::uint32_t visits) {
  return static_cast<float>(sum) / kFixedOne / static_cast<float>(visits);
}

struct alignas(32) Edge {
  FixedValue value_sum = 0;      // added to, sequentially consistent; so are the next two
  std::uint32_t visits = 0;      //
  std::uint32_t pending = 0;     // virtual visits of those under way
  Link child = kNoLink;          // see kExpanding
  float prior = 0;               // written before the edge is published, and by root noise
  std::uint16_t action = 0;      // written before the edge is published
  Proof proof = Proof::unknown;  // set once, sequentially consistent
  float square_sum = 0;          // of the values' squares; added to as value_sum, but rounded
};
static_assert(sizeof(Edge) == 32);

inline constexpr int kGroupSize = 4;
/// EdgeGroup::q of an action that must not be chosen: a proven loss, or no edge at all.
inline constexpr float kNever = -std::numeric_limits<float>::infinity();
/// EdgeGroup::q of an edge that no visit has come back from: first-play urgency stands for it.
inline constexpr float kUnvisited = std::numeric_limits<float>::infinity();

struct alignas(32) EdgeGroup {
  // Of the edge as refresh() saw it last. Writing q for the first time publishes the edge to
  // selection, which loads it with acquire.
  float q[kGroupSize] = {kNever, kNever, kNever, kNever};
  float explore[kGroupSize] = {};  // prior / (1 + visits, those under way as well)
  Edge edges[kGroupSize];
};
static_assert(sizeof(EdgeGroup) == 160);

/// Standard deviation of the values of a visited edge (puct.hpp).
template <Sharing S>
float value_spread(const Edge& edge) {
  const std::uint32_t visits = load<S>(edge.visits);
  const float n = static_cast<float>(visits);
  return value_spread(mean_value(load<S>(edge.value_sum), visits), load<S>(edge.square_sum) / n, n);
}

/// Points to an edge in its group, or to none.
class EdgeRef {
 public:
  EdgeRef() = default;
  EdgeRef(EdgeGroup& group, int lane) : group_(&group), lane_(lane) {}
  explicit operator bool() const { return group_ != nullptr; }
  Edge& operator*() const { return group_->edges[lane_]; }
  Edge* operator->() const { return &group_->edges[lane_]; }
  float& q() const { return group_->q[lane_]; }
  float& explore() const { return group_->explore[lane_]; }

 private:
  EdgeGroup* group_ = nullptr;
  int lane_ = 0;
};

/// What q and explore are made of.
struct EdgeStats {
  FixedValue value_sum;
  std::uint32_t visits, pending;
  Proof proof;

  template <Sharing S>
  static EdgeStats of(const Edge& edge) {
    constexpr auto kOrder = std::memory_order_seq_cst;
    return {load<S>(edge.value_sum, kOrder), load<S>(edge.visits, kOrder),
            load<S>(edge.pending, kOrder), load<S>(edge.proof, kOrder)};
  }
  float q() const {
    if (proof == Proof::unknown || proof == Proof::win)
      return visits == 0 ? kUnvisited : mean_value(value_sum, visits);
    return proof == Proof::draw ? 0.0f : kNever;
  }
  friend bool operator==(const EdgeStats&, const EdgeStats&) = default;
};

/// Brings q and explore of an edge up to date. Whoever changes what they are made of calls this
/// afterwards. With several threads the last of them may have read before the others wrote: so each
/// looks again after its store. All of it is sequentially consistent: of two threads one sees the
/// other's change, and what stays is made of both.
template <Sharing S>
void refresh(EdgeRef edge) {
  constexpr auto kOrder = std::memory_order_seq_cst;
  EdgeStats stats = EdgeStats::of<S>(*edge);
  for (;;) {
    const auto visits = static_cast<float>(stats.visits + stats.pending);
    store<S>(edge.explore(), exploration_share(edge->prior, visits), kOrder);
    store<S>(edge.q(), stats.q(), kOrder);
    if constexpr (S == Sharing::single) return;
    const EdgeStats now = EdgeStats::of<S>(*edge);
    if (now == stats) return;
    stats = now;
  }
}

/// Four floats of a group in one vector.
template <Sharing S>
__m128 load_lanes(const float (&lanes)[kGroupSize]) {
  constexpr auto kOrder = std::memory_order_acquire;
  if constexpr (S == Sharing::single)
    return _mm_load_ps(lanes);
  else
    return _mm_setr_ps(load<S>(lanes[0], kOrder), load<S>(lanes[1], kOrder),
                       load<S>(lanes[2], kOrder), load<S>(lanes[3], kOrder));
}

/// PUCT scores of the four edges; kNever where there is none.
template <Sharing S>
__m128 scores(const EdgeGroup& group, float fpu, float scale) {
  const __m128 q = load_lanes<S>(group.q);
  const __m128 explore = load_lanes<S>(group.explore);
  const __m128 unvisited = _mm_cmpeq_ps(q, _mm_set1_ps(kUnvisited));
  return _mm_add_ps(_mm_blendv_ps(q, _mm_set1_ps(fpu), unvisited),
                    _mm_mul_ps(explore, _mm_set1_ps(scale)));
}

}  // namespace tengen::mcts
