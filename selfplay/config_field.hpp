// A knob of a run's configuration, declared once: name, meaning, place, bounds. The command line,
// the TOML file, run.db and validation are all made from a table of them.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace tengen::selfplay {

/// One knob. `value` points into the config that the table was made for; its present value is the
/// default.
struct ConfigField {
  std::string name;   // "learning_rate"; unique; as a flag: "--learning-rate"
  std::string group;  // a heading: "run", "self-play", "training", ...
  std::string help;   // meaning, with units
  std::variant<int*, std::int64_t*, std::uint64_t*, float*, double*, bool*, std::string*> value;
  double low = 0, high = 0;  // of numbers, inclusive
};

/// Sets a knob from text. Throws std::invalid_argument if the text is no such value or out of
/// bounds.
void set_field(const ConfigField& field, const std::string& text);
std::string field_to_string(const ConfigField& field);

/// Throws std::invalid_argument that names the knob and what it may be.
void check_bounds(const ConfigField& field);
void check_choice(const char* name, const std::string& value, const std::set<std::string>& allowed);

/// Name -> value of every knob, as run.db keeps it.
std::map<std::string, std::string> to_map(const std::vector<ConfigField>& fields);
/// Inverse; absent knobs are left alone. Throws Error on an unknown name or a bad value.
void set_from_map(const std::vector<ConfigField>& fields,
                  const std::map<std::string, std::string>& values);

}  // namespace tengen::selfplay
