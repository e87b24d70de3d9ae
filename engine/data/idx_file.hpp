// The IDX format of the MNIST database (LeCun, Cortes and Burges, yann.lecun.com/exdb/mnist): two
// zero bytes, a type byte (0x08: unsigned bytes, the only one read here), the number of dimensions,
// each dimension as a big-endian 32-bit number, then the data. Plain or compressed with gzip.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tengen {

struct IdxArray {
  std::vector<std::int64_t> dims;
  std::vector<std::uint8_t> values;  // row-major
};

/// Throws Error with the path, the offset (in the uncompressed data) and what would be right, for a
/// file that is missing, truncated, damaged or not IDX.
IdxArray read_idx(const std::string& path);

}  // namespace tengen
