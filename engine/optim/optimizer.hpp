// Optimizer: changes parameters along their gradients, in place.
//
// The learning rate is a plain number that the caller sets before step(), usually from a function
// in schedules.hpp. state() exposes every tensor that the update remembers: together with steps()
// and the parameters it is all that a checkpoint needs to go on bit for bit. Thread safety: none;
// one trainer owns the optimizer and its parameters.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/layers/module.hpp"

namespace tengen {

class Optimizer {
 public:
  virtual ~Optimizer() = default;
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;

  /// One update from the present gradients; a parameter without a gradient is left alone. Shares
  /// the parameters out over the calling thread's OpenMP threads; the result does not depend on
  /// their number.
  void step();
  /// Forgets the gradients. Call before the next backward().
  void zero_grad();

  double learning_rate() const { return learning_rate_; }
  void set_learning_rate(double rate) { learning_rate_ = rate; }

  /// Updates done so far, and those of them that state() remembers: all, unless another optimizer
  /// did the first `began_at`.
  std::int64_t steps() const { return steps_; }
  std::int64_t began_at() const { return began_at_; }
  /// A resumed run sets them together with the state tensors.
  void set_steps(std::int64_t steps, std::int64_t began_at = 0);

  /// The remembered tensors, named "<kind>.<parameter>" ("momentum.stem.conv.weight"). They share
  /// the optimizer's storage: restore with copy_from().
  virtual std::vector<NamedBuffer> state() const = 0;

  const std::vector<NamedParameter>& parameters() const { return parameters_; }

 protected:
  Optimizer(std::vector<NamedParameter> parameters, double learning_rate);

  /// Updates parameter number `index`; steps() already counts the present step (from 1). Must not
  /// throw; called for several parameters at once.
  virtual void update(std::size_t index, Tensor& value, const Tensor& grad) = 0;

  /// A zero tensor for each parameter.
  std::vector<Tensor> zeros_like_parameters() const;
  /// Names `tensors` (one per parameter) as "<kind>.<parameter>".
  std::vector<NamedBuffer> named(const std::string& kind, const std::vector<Tensor>& tensors) const;

 private:
  std::vector<NamedParameter> parameters_;
  double learning_rate_;
  std::int64_t total_size_ = 0;  // of all parameters
  std::int64_t steps_ = 0, began_at_ = 0;
};

}  // namespace tengen
