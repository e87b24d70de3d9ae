// A trained policy/value net or classifier compiled for speed (see PlanGraph): bias, residual
// addition and ReLU run as post-operations inside oneDNN's convolutions, activations stay
// channels-last in the chosen precision from stem to heads, weights are packed once into the layout
// that oneDNN asks for and shared by every thread.
//
// Batches are padded up to a bucket (1, 2, 4, 8, 16, 24, 32, ...), so no primitive is ever rebuilt.
// The result of a position does not depend on the other positions in its batch, but may differ in
// the last bits between buckets, as oneDNN may choose another kernel.
#pragma once

#include <memory>
#include <span>

#include "nets/inference/calibration.hpp"
#include "nets/inference/graph.hpp"
#include "nets/inference/precision.hpp"

namespace tengen::nets {

class InferencePlan {
 public:
  /// Batches are at most `max_batch`. int8 needs a `calibration` of this graph; the others ignore
  /// it. Each call of evaluate() computes on `threads` threads, whatever kernels::ScopedThreads
  /// says where it is made: several are for large batches and a single caller, 1 is fastest with
  /// one stream per core. Throws std::invalid_argument if the calibration is missing or the CPU
  /// lacks the precision.
  InferencePlan(const PlanGraph& graph, Precision precision, int max_batch,
                const Calibration& calibration = {}, int threads = 1);
  ~InferencePlan();
  InferencePlan(InferencePlan&&) noexcept;
  InferencePlan& operator=(InferencePlan&&) noexcept;

  int max_batch() const;
  int observation_size() const;  // H * W * C
  int num_actions() const;       // of a classifier: its classes
  Precision precision() const;
  /// Whether anything is computed in 8 bits: not so by an int8 plan of a net that has no
  /// convolution behind its first one (int8_graph.hpp).
  bool has_integers() const;

  /// Working memory of one calling thread.
  class Scratch {
   public:
    ~Scratch();

   private:
    friend class InferencePlan;
    struct Impl;
    explicit Scratch(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
  };
  std::unique_ptr<Scratch> make_scratch() const;

  /// Compiles now what evaluate() would compile when a batch of its size first comes, which takes
  /// some 10 ms for each bucket: for all batches of at most `batch`. Returns how many buckets it
  /// had to compile. Thread-safe.
  int prepare(int batch) const;

  /// observations [batch, H, W, C] -> policy_logits [batch, A], values [batch] in [-1, 1]; values
  /// are left alone for a classifier, whose class logits are the policy's.
  /// Const and thread-safe, each thread with its own scratch.
  void evaluate(int batch, std::span<const float> observations, std::span<float> policy_logits,
                std::span<float> values, Scratch& scratch) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tengen::nets
