// What the recurrent ops share: checks of their shapes and views of single steps.
#pragma once

#include "engine/autograd/variable.hpp"

namespace tengen {

struct SequenceShape {
  std::int64_t steps = 0, batch = 0, units = 0;  // T, N, H
};

/// Throws std::invalid_argument unless x is [T, N, gates H], weight [gates H, H] and state
/// [N, states H], all of one floating dtype.
SequenceShape check_sequence(const char* where, const Variable& x, const Variable& weight,
                             const Variable& state, int gates, int states);

/// Step t of [T, N, K] as [N, K]; a view.
Tensor step_of(const Tensor& sequence, std::int64_t t);

/// The state that each step starts from, [T N, K]: `first` [N, K], then all but the last of
/// `states` [T, N, K].
Tensor previous_states(const Tensor& first, const Tensor& states);

}  // namespace tengen
