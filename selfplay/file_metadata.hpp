// Numbers in the metadata of a safetensors file.
#pragma once

#include <cstdint>
#include <string>

#include "engine/io/safetensors.hpp"

namespace tengen::selfplay {

/// The whole number under `key`. Throws Error with `path` if there is none.
std::int64_t number_in(const io::Safetensors& file, const std::string& path,
                       const std::string& key);

}  // namespace tengen::selfplay
