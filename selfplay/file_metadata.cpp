#include "selfplay/file_metadata.hpp"

#include <charconv>

#include "engine/base/error.hpp"

namespace tengen::selfplay {

std::int64_t number_in(const std::map<std::string, std::string>& metadata, const std::string& path,
                       const std::string& key) {
  const auto found = metadata.find(key);
  if (found == metadata.end())
    throw Error(path, fmt::format("expected \"{}\" in its metadata", key));
  const std::string& text = found->second;
  std::int64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stop != text.data() + text.size())
    throw Error(path,
                fmt::format("expected a number as \"{}\" in its metadata, got \"{}\"", key, text));
  return number;
}

}  // namespace tengen::selfplay
