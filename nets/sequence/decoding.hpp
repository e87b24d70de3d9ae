// From an encoder-decoder's logits to a target: greedy search and beam search (Sutskever et al.
// 2014, section 3.2), by the sum of the tokens' log-probabilities.
#pragma once

#include <cstdint>
#include <vector>

#include "nets/sequence/encoder_decoder.hpp"

namespace tengen::nets {

struct DecodingLimits {
  std::int32_t boundary = 0;  // begins and ends a target; no part of the result
  int max_tokens = 100;       // of a target, the boundary at its end included
};

/// The likeliest token at each step, for all sources at once. The net should be in eval mode.
std::vector<std::vector<std::int32_t>> decode_greedily(EncoderDecoder& net,
                                                       const TokenBatch& source,
                                                       const DecodingLimits& limits);

struct Hypothesis {
  std::vector<std::int32_t> tokens;
  double log_probability = 0;  // of these tokens and the boundary behind them, if it was reached
  bool finished = false;       // the boundary was reached
};

/// The likeliest targets of one source (`source` has one row), best first, at most `beam`: at each
/// step the `beam` best beginnings are kept. A beam of 1 is greedy; one of all beginnings is exact.
std::vector<Hypothesis> decode_by_beam(EncoderDecoder& net, const TokenBatch& source, int beam,
                                       const DecodingLimits& limits);

}  // namespace tengen::nets
