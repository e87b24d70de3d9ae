// Named tensors in a file: the safetensors format of Hugging Face, which other frameworks read.
//
//   8 bytes   length H of the header, little-endian
//   H bytes   JSON: {"__metadata__": {string: string}, NAME: {"dtype": "F32", "shape": [2, 3],
//             "data_offsets": [begin, end]}, ...}, offsets counted from the end of the header
//   the rest  the tensors' numbers, row-major, little-endian, without gaps or overlaps
//
// Source: the format section of https://github.com/huggingface/safetensors.
// Limits: dtypes F32, F64, BF16 and I32; at most six dimensions; a little-endian machine.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/tensor/tensor.hpp"

namespace tengen::io {

struct NamedTensor {
  std::string name;
  Tensor tensor;
};

struct Safetensors {
  std::vector<NamedTensor> tensors;  // in the order of their data
  std::map<std::string, std::string> metadata;

  /// The tensor of this name, or null.
  const Tensor* find(const std::string& name) const;
};

/// Writes the file aside and renames it into place (see atomic_file.hpp): an existing file stays as
/// it was on any failure. Names must be distinct, UTF-8 (as the metadata) and not "__metadata__",
/// and the tensors defined, else std::invalid_argument. Throws Error if the file cannot be written.
void save_safetensors(const std::string& path, std::span<const NamedTensor> tensors,
                      const std::map<std::string, std::string>& metadata = {});

/// Throws Error with path, byte offset and what would be right for a file that is missing,
/// truncated or not exactly of the format above.
Safetensors load_safetensors(const std::string& path);

}  // namespace tengen::io
