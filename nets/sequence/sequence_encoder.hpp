// What reads a whole sequence: a vector for each token, and one for all of it (the "thought
// vector"). Both are the same whatever the padding behind a sequence.
#pragma once

#include <memory>
#include <string>

#include "engine/base/random.hpp"
#include "engine/base/spec.hpp"
#include "engine/data/token_batch.hpp"
#include "engine/layers/module.hpp"

namespace tengen::nets {

struct Encoded {
  Variable steps;    // [N, T, E]; rows of padding mean nothing
  Variable summary;  // [N, E]
};

class SequenceEncoder : public Module {
 public:
  virtual Encoded forward(const TokenBatch& batch) = 0;
  /// E.
  virtual std::int64_t width() const = 0;
};

}  // namespace tengen::nets
