// Gumbel AlphaZero (Danihelka, Guez, Schrittwieser and Silver, "Policy improvement by planning with
// Gumbel", ICLR 2022): a search that improves on its prior with as few as two simulations.
//
// At the root (section 3): each action draws g(a) ~ Gumbel(0) once; the `gumbel_actions` actions of
// greatest g(a) + logit(a) share the simulations by sequential halving: in each of log2(m) phases
// those that are left get equally many visits, then the worse half by
//   g(a) + logit(a) + sigma(q(a)),   sigma(q) = (c_visit + max_b N(b)) c_scale q      (equation 8)
// drops out. The move is the best of the most visited ones by the same score.
// Below the root (section 5): the improved policy pi' = softmax(logit + sigma(completed q)), where
// an action without visits takes v_mix for its q (equations 10 and 33, appendix D):
//   v_mix = (v + sum_b N(b) * [sum_{N(a)>0} pi(a) q(a) / sum_{N(a)>0} pi(a)]) / (1 + sum_b N(b)),
// is followed deterministically: argmax pi'(a) - N(a) / (1 + sum_b N(b))              (equation 14)
// pi' at the root is the training target of the policy.
//
// Where a time may end the search nobody knows how many visits there will be. The phases then are
// equal parts of the limit, of time or of simulations, whichever is used up sooner, and each lasts
// at least as many visits as it has actions: ParallelSearch begins them at their time. The actions
// of a phase share its visits equally, those that they brought along not counted, so a search may
// also go on with the tree of another one and share out its own time. The move is the one of the
// last phase with the best score.
//
// q in sigma is scaled from [-1, 1] to [0, 1]. Actions proven lost have pi' = 0. A tree is not kept
// from move to move: sequential halving begins with actions that have no visits.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/random.hpp"
#include "mcts/config.hpp"
#include "mcts/tree.hpp"

namespace tengen::mcts {

/// Visits that the next action of sequential halving has, when `actions` share `simulations` and
/// `done` are spent. The last phase, of two actions, goes on for ever.
int considered_visits(int actions, int simulations, int done);

/// The improved policy of one node; reused from node to node, as its memory is.
class ImprovedPolicy {
 public:
  /// Of the node behind `from`; every opened edge has a number, that of its opening. Visits under
  /// way count in N.
  template <Sharing S>
  void compute(const Tree& tree, Node& node, const Edge& from, const SearchConfig& config);

  int opened() const { return static_cast<int>(edges_.size()); }
  /// pi' of an opened edge, and of an unopened action that has this prior.
  float probability(int edge) const;
  float probability_unopened(float prior) const;
  /// logit + sigma(completed q).
  float logit(int edge) const { return edges_[edge].logit; }
  bool lost(int edge) const { return edges_[edge].q == kNever; }
  int visits(int edge) const { return edges_[edge].visits; }
  int visits() const { return visits_; }  // of all
  float mixed_value() const { return mixed_value_; }

 private:
  struct EdgeView {
    float q, prior, logit;
    int visits;
  };
  template <Sharing S>
  float read(const Tree& tree, Node& node, const Edge& from, int virtual_visits);
  void mix_value(float own_value);

  std::vector<EdgeView> edges_;
  int visits_ = 0;
  float mixed_value_ = 0;
  float unopened_sigma_ = 0;  // sigma(v_mix)
  float greatest_logit_ = 0;
  float total_ = 1;  // sum over all actions of exp(logit - greatest_logit_)
};

/// The root's Gumbel draws and its share of the simulations.
class GumbelRoot {
 public:
  /// The tree has a new root.
  void forget();
  /// Draws anew for a search of `simulations` visits of the root. If the root is not expanded yet,
  /// apply() draws when it is.
  void begin(Tree& tree, const SearchConfig& config, Rng& rng, int simulations);
  /// Opens all actions of a root that was expanded since begin(); cheap if there is none.
  void apply(Tree& tree, const SearchConfig& config);

  // Where a time may end the search, after begin() and the root's expansion --------------------
  /// What must be over for the next phase to begin: both of these.
  struct PhaseEnd {
    double fraction = 0;  // of the search's limit
    int visits = 0;       // of the root
  };
  const PhaseEnd& phase_end() const { return phase_end_; }
  /// Begins the first or the next phase, while no thread is in the tree. The last one goes on
  /// for ever.
  void next_phase(const Tree& tree, const SearchConfig& config);

  /// The edge that the next simulation takes; `policy` is the root's.
  int select(const ImprovedPolicy& policy, const SearchConfig& config) const;
  /// The edge to play.
  int best(const ImprovedPolicy& policy) const;

 private:
  struct Considered {
    int edge = 0;
    int visits = 0;  // when the phase began
  };
  float score(const ImprovedPolicy& policy, int edge) const;
  void consider(const ImprovedPolicy& policy, int actions);
  const Considered* least_visited(const ImprovedPolicy& policy) const;
  const Considered* best_considered(const ImprovedPolicy& policy) const;

  std::uint64_t seed_ = 0;
  bool waiting_ = false;
  int simulations_ = 0;                 // behind the root
  std::vector<float> noise_;            // g(a), by edge
  std::vector<Considered> considered_;  // of the present phase; empty: phases are counted in visits
  int phase_ = 0, phases_ = 0;
  PhaseEnd phase_end_;
};

}  // namespace tengen::mcts
