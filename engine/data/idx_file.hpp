// The IDX format of the MNIST database (LeCun, Cortes and Burges, yann.lecun.com/exdb/mnist): two
// zero bytes, a type byte (0x08: unsigned bytes, the only one read here), the number of dimensions,
// each dimension as a big-endian 32-bit number, then the data. Plain or compressed with gzip.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/error.hpp"

namespace tengen {

struct IdxArray {
  std::vector<std::int64_t> dims;
  std::vector<std::uint8_t> values;  // row-major
  bool packed = false;               // the file is compressed
};

/// Throws Error with the path, the offset and what would be right, for a file that is missing,
/// truncated, damaged or not IDX. The offset is that of the wrong bytes in the data, and in the
/// file itself where that is damaged or cut off.
IdxArray read_idx(const std::string& path);

/// For data that are wrong at `offset`; of a compressed file it says that unpacked bytes count.
Error idx_error(const std::string& path, bool packed, std::uint64_t offset,
                const std::string& message);

}  // namespace tengen
