// Numbers in the metadata of a file.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace tengen::selfplay {

/// The whole number under `key`. Throws Error with `path` if there is none.
std::int64_t number_in(const std::map<std::string, std::string>& metadata, const std::string& path,
                       const std::string& key);

}  // namespace tengen::selfplay
