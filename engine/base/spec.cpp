#include "engine/base/spec.hpp"

#include <charconv>

#include "engine/base/error.hpp"

namespace tengen {

namespace {

template <typename T>
T parse_number(const std::string& text, const std::string& key, const std::string& value, T low,
               T high) {
  T number{};
  const char* end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, number);
  if (error != std::errc() || stop != end || !(number >= low && number <= high))
    bad_argument("spec", "'{}': {} must be a number from {} to {}, got '{}'", text, key, low, high,
                 value);
  return number;
}

}  // namespace

Spec::Spec(std::string_view text) : text_(text) {
  const std::size_t colon = text.find(':');
  name_ = text.substr(0, colon);
  if (name_.empty()) bad_argument("spec", "'{}': expected NAME or NAME:KEY=VALUE,...", text);
  std::string_view rest = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  while (!rest.empty()) {
    const std::string_view item = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), item.size() + 1));
    const std::size_t equals = item.find('=');
    if (equals == 0 || equals == std::string_view::npos)
      bad_argument("spec", "'{}': expected KEY=VALUE, got '{}'", text_, item);
    const std::string key(item.substr(0, equals));
    if (!values_.emplace(key, item.substr(equals + 1)).second)
      bad_argument("spec", "'{}': {} is given twice", text_, key);
  }
}

const std::string* Spec::find(const std::string& key) {
  known_.insert(key);
  const auto it = values_.find(key);
  return it == values_.end() ? nullptr : &it->second;
}

int Spec::get_int(const std::string& key, int fallback, int low, int high) {
  const std::string* value = find(key);
  return value ? parse_number(text_, key, *value, low, high) : fallback;
}

double Spec::get_double(const std::string& key, double fallback, double low, double high) {
  const std::string* value = find(key);
  return value ? parse_number(text_, key, *value, low, high) : fallback;
}

bool Spec::get_bool(const std::string& key, bool fallback) {
  const std::string* value = find(key);
  if (!value) return fallback;
  if (*value == "true" || *value == "1" || *value == "yes") return true;
  if (*value == "false" || *value == "0" || *value == "no") return false;
  bad_argument("spec", "'{}': {} must be true or false, got '{}'", text_, key, *value);
}

std::string Spec::get_string(const std::string& key, const std::string& fallback) {
  const std::string* value = find(key);
  return value ? *value : fallback;
}

std::string Spec::get_choice(const std::string& key, const std::string& fallback,
                             std::string_view allowed) {
  const std::string value = get_string(key, fallback);
  const bool known =
      ("|" + std::string(allowed) + "|").find("|" + value + "|") != std::string::npos;
  if (!known || value.find('|') != std::string::npos)
    bad_argument("spec", "'{}': {} must be one of {}, got '{}'", text_, key, allowed, value);
  return value;
}

void Spec::finish() const {
  for (const auto& [key, value] : values_) {
    if (known_.count(key)) continue;
    std::string list;
    for (const std::string& k : known_) list += (list.empty() ? "" : ", ") + k;
    bad_argument("spec", "'{}': unknown key '{}' (known: {})", text_, key,
                 list.empty() ? "none" : list);
  }
}

}  // namespace tengen
