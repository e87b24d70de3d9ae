#include <limits>
#include <map>
#include <string>

#include "engine/base/error.hpp"
#include "tools/gtp/commands.hpp"
#include "tools/gtp/engine.hpp"
#include "tools/gtp/session.hpp"

namespace tengen::gtp {
namespace {

/// A parameter of play: how to read it from a configuration and how to write it there.
struct Parameter {
  const char* name;
  double low, high;
  double (*get)(const SessionConfig&);
  void (*set)(SessionConfig&, double);
};

constexpr double kMiB = 1 << 20;
constexpr double kMany = 1e9;

constexpr Parameter kParameters[] = {
    {"simulations", 0, 1e8, [](const SessionConfig& c) { return double(c.limits.simulations); },
     [](SessionConfig& c, double v) { c.limits.simulations = static_cast<int>(v); }},
    {"time_seconds", 0, 86400, [](const SessionConfig& c) { return c.limits.time_seconds; },
     [](SessionConfig& c, double v) { c.limits.time_seconds = v; }},
    {"c_puct_init", 0, 100, [](const SessionConfig& c) { return double{c.search.c_puct_init}; },
     [](SessionConfig& c, double v) { c.search.c_puct_init = static_cast<float>(v); }},
    {"c_puct_base", 1, kMany, [](const SessionConfig& c) { return double{c.search.c_puct_base}; },
     [](SessionConfig& c, double v) { c.search.c_puct_base = static_cast<float>(v); }},
    {"fpu_reduction", -2, 2, [](const SessionConfig& c) { return double{c.search.fpu_reduction}; },
     [](SessionConfig& c, double v) { c.search.fpu_reduction = static_cast<float>(v); }},
    {"fpu_root_reduction", -2, 2,
     [](const SessionConfig& c) { return double{c.search.fpu_root_reduction}; },
     [](SessionConfig& c, double v) { c.search.fpu_root_reduction = static_cast<float>(v); }},
    {"c_puct_spread_scale", 0, 100,
     [](const SessionConfig& c) { return double{c.search.c_puct_spread_scale}; },
     [](SessionConfig& c, double v) { c.search.c_puct_spread_scale = static_cast<float>(v); }},
    {"policy_temperature", 0.01, 100,
     [](const SessionConfig& c) { return double{c.search.policy_temperature}; },
     [](SessionConfig& c, double v) { c.search.policy_temperature = static_cast<float>(v); }},
    {"root_policy_temperature", 0.01, 100,
     [](const SessionConfig& c) { return double{c.search.root_policy_temperature}; },
     [](SessionConfig& c, double v) { c.search.root_policy_temperature = static_cast<float>(v); }},
    {"lcb_errors", 0, 100, [](const SessionConfig& c) { return double{c.search.lcb_errors}; },
     [](SessionConfig& c, double v) { c.search.lcb_errors = static_cast<float>(v); }},
    {"lcb_move", 0, 1, [](const SessionConfig& c) { return double(c.search.lcb_move); },
     [](SessionConfig& c, double v) { c.search.lcb_move = v != 0; }},
    {"average_root", 0, 1, [](const SessionConfig& c) { return double(c.search.average_root); },
     [](SessionConfig& c, double v) { c.search.average_root = v != 0; }},
    {"noise_fraction", 0, 1, [](const SessionConfig& c) { return double{c.search.noise_fraction}; },
     [](SessionConfig& c, double v) { c.search.noise_fraction = static_cast<float>(v); }},
    {"max_tree_mb", 1, kMany,
     [](const SessionConfig& c) { return static_cast<double>(c.search.max_tree_bytes) / kMiB; },
     [](SessionConfig& c, double v) {
       c.search.max_tree_bytes = static_cast<std::size_t>(v * kMiB);
     }},
    {"lag_seconds", 0, 60, [](const SessionConfig& c) { return c.lag_seconds; },
     [](SessionConfig& c, double v) { c.lag_seconds = v; }},
    {"resign_value", -1, 0, [](const SessionConfig& c) { return c.resign_value; },
     [](SessionConfig& c, double v) { c.resign_value = v; }},
    {"ponder", 0, 1, [](const SessionConfig& c) { return double(c.ponder); },
     [](SessionConfig& c, double v) { c.ponder = v != 0; }},
    {"friendly_pass", 0, 1, [](const SessionConfig& c) { return double(c.friendly_pass); },
     [](SessionConfig& c, double v) { c.friendly_pass = v != 0; }},
    {"temperature_plies", 0, 10000,
     [](const SessionConfig& c) { return double(c.temperature_plies); },
     [](SessionConfig& c, double v) { c.temperature_plies = static_cast<int>(v); }},
};

const Parameter& find(const std::string& name) {
  for (const Parameter& each : kParameters)
    if (name == each.name) return each;
  throw Failure("unknown parameter " + name);
}

std::string list(const Session& session) {
  std::string lines;
  for (const Parameter& each : kParameters)
    lines += fmt::format("[string] {} {:g}\n", each.name, each.get(session.config()));
  return lines;
}

/// Without arguments as GoGui's "param" wants it.
std::string parameter(Session& session, const Args& args) {
  expect_args(args, 0, 2);
  if (args.empty()) return list(session);
  const Parameter& parameter = find(args[0]);
  if (args.size() == 1) return fmt::format("{:g}", parameter.get(session.config()));
  const double value = parse_double(args[1]);
  if (value < parameter.low || value > parameter.high)
    throw Failure(fmt::format("expected {} from {:g} to {:g}, got {}", args[0], parameter.low,
                              parameter.high, args[1]));
  SessionConfig config = session.config();
  parameter.set(config, value);
  session.set_config(config);
  return "";
}

}  // namespace

void add_parameter_commands(Engine& engine, Session& session) {
  engine.add({"tengen-param", "[NAME [VALUE]]: list the parameters of play, show one or set it",
              [&session](const Args& args) { return parameter(session, args); }});
}

}  // namespace tengen::gtp
