#include "selfplay/config_field.hpp"

#include <algorithm>
#include <charconv>
#include <type_traits>

#include "engine/base/error.hpp"

namespace tengen::selfplay {

namespace {

/// "a whole number from 0 to 2000000000", "a number from 1e-09 to 10".
template <typename T>
std::string expected_number(const ConfigField& field) {
  if constexpr (std::is_integral_v<T>)
    return fmt::format("a whole number from {:.0f} to {:.0f}", field.low, field.high);
  else
    return fmt::format("a number from {:g} to {:g}", field.low, field.high);
}

template <typename T>
T parse_number(const ConfigField& field, const std::string& text) {
  T number{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end)
    bad_argument("config", "{} must be {}, got '{}'", field.name, expected_number<T>(field), text);
  return number;
}

bool parse_bool(const ConfigField& field, const std::string& text) {
  if (text == "true" || text == "1" || text == "yes") return true;
  if (text == "false" || text == "0" || text == "no") return false;
  bad_argument("config", "{} must be true or false, got '{}'", field.name, text);
}

}  // namespace

void check_bounds(const ConfigField& field) {
  std::visit(
      [&](auto* value) {
        using T = std::remove_pointer_t<decltype(value)>;
        if constexpr (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) {
          const double x = static_cast<double>(*value);
          if (!(x >= field.low && x <= field.high))
            bad_argument("config", "{} must be {}, got {}", field.name, expected_number<T>(field),
                         *value);
        }
      },
      field.value);
}

void check_choice(const char* name, const std::string& value,
                  const std::set<std::string>& allowed) {
  if (allowed.count(value)) return;
  bad_argument("config", "{} must be one of {}, got '{}'", name, fmt::join(allowed, ", "), value);
}

void set_field(const ConfigField& field, const std::string& text) {
  std::visit(
      [&](auto* value) {
        using T = std::remove_pointer_t<decltype(value)>;
        const T before = *value;
        if constexpr (std::is_same_v<T, std::string>)
          *value = text;
        else if constexpr (std::is_same_v<T, bool>)
          *value = parse_bool(field, text);
        else
          *value = parse_number<T>(field, text);
        try {
          check_bounds(field);
        } catch (...) {
          *value = before;
          throw;
        }
      },
      field.value);
}

std::string field_to_string(const ConfigField& field) {
  return std::visit([](const auto* value) { return fmt::format("{}", *value); }, field.value);
}

std::map<std::string, std::string> to_map(const std::vector<ConfigField>& fields) {
  std::map<std::string, std::string> values;
  for (const ConfigField& field : fields) values[field.name] = field_to_string(field);
  return values;
}

void set_from_map(const std::vector<ConfigField>& fields,
                  const std::map<std::string, std::string>& values) {
  for (const auto& [name, text] : values) {
    const auto field = std::ranges::find(fields, name, &ConfigField::name);
    if (field == fields.end()) throw Error("config: unknown key '" + name + "'");
    try {
      set_field(*field, text);
    } catch (const std::invalid_argument& error) {
      throw Error(error.what());
    }
  }
}

}  // namespace tengen::selfplay
