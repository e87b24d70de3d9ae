#include <cmath>
#include <string>

#include "engine/base/error.hpp"
#include "tools/gtp/commands.hpp"
#include "tools/gtp/engine.hpp"
#include "tools/gtp/session.hpp"

namespace tengen::gtp {
namespace {

enum class Kind { real, count, flag };

/// A parameter of play: how to read it from a configuration and how to write it there.
struct Parameter {
  const char* name;
  const char* kata_name;  // KataGo's parameter of this meaning; null: none
  Kind kind;
  double low, high;
  double (*get)(const SessionConfig&);
  void (*set)(SessionConfig&, double);
};

constexpr double kMiB = 1 << 20;
constexpr double kMany = 1e9;

constexpr Parameter kParameters[] = {
    {"simulations", "maxVisits", Kind::count, 0, 1e8,
     [](const SessionConfig& c) { return double(c.limits.simulations); },
     [](SessionConfig& c, double v) { c.limits.simulations = static_cast<int>(v); }},
    {"time_seconds", "maxTime", Kind::real, 0, 86400,
     [](const SessionConfig& c) { return c.limits.time_seconds; },
     [](SessionConfig& c, double v) { c.limits.time_seconds = v; }},
    {"c_puct_init", "cpuctExploration", Kind::real, 0, 100,
     [](const SessionConfig& c) { return double{c.search.c_puct_init}; },
     [](SessionConfig& c, double v) { c.search.c_puct_init = static_cast<float>(v); }},
    {"c_puct_base", "cpuctExplorationBase", Kind::real, 1, kMany,
     [](const SessionConfig& c) { return double{c.search.c_puct_base}; },
     [](SessionConfig& c, double v) { c.search.c_puct_base = static_cast<float>(v); }},
    {"fpu_reduction", "fpuReductionMax", Kind::real, -2, 2,
     [](const SessionConfig& c) { return double{c.search.fpu_reduction}; },
     [](SessionConfig& c, double v) { c.search.fpu_reduction = static_cast<float>(v); }},
    {"fpu_root_reduction", "rootFpuReductionMax", Kind::real, -2, 2,
     [](const SessionConfig& c) { return double{c.search.fpu_root_reduction}; },
     [](SessionConfig& c, double v) { c.search.fpu_root_reduction = static_cast<float>(v); }},
    {"fpu_absolute", nullptr, Kind::flag, 0, 1,
     [](const SessionConfig& c) { return double(c.search.fpu_absolute); },
     [](SessionConfig& c, double v) { c.search.fpu_absolute = v != 0; }},
    {"fpu_value", nullptr, Kind::real, -2, 2,
     [](const SessionConfig& c) { return double{c.search.fpu_value}; },
     [](SessionConfig& c, double v) { c.search.fpu_value = static_cast<float>(v); }},
    {"fpu_root_value", nullptr, Kind::real, -2, 2,
     [](const SessionConfig& c) { return double{c.search.fpu_root_value}; },
     [](SessionConfig& c, double v) { c.search.fpu_root_value = static_cast<float>(v); }},
    {"c_puct_spread_scale", nullptr, Kind::real, 0, 100,
     [](const SessionConfig& c) { return double{c.search.c_puct_spread_scale}; },
     [](SessionConfig& c, double v) { c.search.c_puct_spread_scale = static_cast<float>(v); }},
    {"policy_temperature", "nnPolicyTemperature", Kind::real, 0.01, 100,
     [](const SessionConfig& c) { return double{c.search.policy_temperature}; },
     [](SessionConfig& c, double v) { c.search.policy_temperature = static_cast<float>(v); }},
    {"root_policy_temperature", "rootPolicyTemperature", Kind::real, 0.01, 100,
     [](const SessionConfig& c) { return double{c.search.root_policy_temperature}; },
     [](SessionConfig& c, double v) { c.search.root_policy_temperature = static_cast<float>(v); }},
    {"lcb_errors", "lcbStdevs", Kind::real, 0, 100,
     [](const SessionConfig& c) { return double{c.search.lcb_errors}; },
     [](SessionConfig& c, double v) { c.search.lcb_errors = static_cast<float>(v); }},
    {"lcb_move", "useLcbForSelection", Kind::flag, 0, 1,
     [](const SessionConfig& c) { return double(c.search.lcb_move); },
     [](SessionConfig& c, double v) { c.search.lcb_move = v != 0; }},
    {"lcb_share", "minVisitPropForLCB", Kind::real, 0, 1,
     [](const SessionConfig& c) { return double{c.search.lcb_share}; },
     [](SessionConfig& c, double v) { c.search.lcb_share = static_cast<float>(v); }},
    {"gumbel", nullptr, Kind::flag, 0, 1,
     [](const SessionConfig& c) { return double(c.search.selection == mcts::Selection::gumbel); },
     [](SessionConfig& c, double v) {
       c.search.selection = v != 0 ? mcts::Selection::gumbel : mcts::Selection::puct;
     }},
    {"gumbel_actions", nullptr, Kind::count, 1, 65535,
     [](const SessionConfig& c) { return double(c.search.gumbel_actions); },
     [](SessionConfig& c, double v) { c.search.gumbel_actions = static_cast<int>(v); }},
    {"gumbel_scale", nullptr, Kind::real, 0, 10,
     [](const SessionConfig& c) { return double{c.search.gumbel_scale}; },
     [](SessionConfig& c, double v) { c.search.gumbel_scale = static_cast<float>(v); }},
    {"gumbel_c_visit", nullptr, Kind::real, 0, 1e6,
     [](const SessionConfig& c) { return double{c.search.gumbel_c_visit}; },
     [](SessionConfig& c, double v) { c.search.gumbel_c_visit = static_cast<float>(v); }},
    {"gumbel_c_scale", nullptr, Kind::real, 0, 1000,
     [](const SessionConfig& c) { return double{c.search.gumbel_c_scale}; },
     [](SessionConfig& c, double v) { c.search.gumbel_c_scale = static_cast<float>(v); }},
    {"average_root", nullptr, Kind::flag, 0, 1,
     [](const SessionConfig& c) { return double(c.search.average_root); },
     [](SessionConfig& c, double v) { c.search.average_root = v != 0; }},
    {"noise_fraction", "rootDirichletNoiseWeight", Kind::real, 0, 1,
     [](const SessionConfig& c) { return double{c.search.noise_fraction}; },
     [](SessionConfig& c, double v) { c.search.noise_fraction = static_cast<float>(v); }},
    {"noise_alpha", nullptr, Kind::real, 0, 1000,
     [](const SessionConfig& c) { return double{c.search.noise_alpha}; },
     [](SessionConfig& c, double v) { c.search.noise_alpha = static_cast<float>(v); }},
    {"max_tree_mb", nullptr, Kind::real, 1, 131072,
     [](const SessionConfig& c) { return static_cast<double>(c.search.max_tree_bytes) / kMiB; },
     [](SessionConfig& c, double v) {
       c.search.max_tree_bytes = static_cast<std::size_t>(v * kMiB);
     }},
    {"lag_seconds", "lagBuffer", Kind::real, 0, 60,
     [](const SessionConfig& c) { return c.lag_seconds; },
     [](SessionConfig& c, double v) { c.lag_seconds = v; }},
    {"resign_value", nullptr, Kind::real, -1, 0,
     [](const SessionConfig& c) { return c.resign_value; },
     [](SessionConfig& c, double v) { c.resign_value = v; }},
    {"ponder", "ponderingEnabled", Kind::flag, 0, 1,
     [](const SessionConfig& c) { return double(c.ponder); },
     [](SessionConfig& c, double v) { c.ponder = v != 0; }},
    {"friendly_pass", nullptr, Kind::flag, 0, 1,
     [](const SessionConfig& c) { return double(c.friendly_pass); },
     [](SessionConfig& c, double v) { c.friendly_pass = v != 0; }},
    {"temperature_plies", nullptr, Kind::count, 0, 10000,
     [](const SessionConfig& c) { return double(c.temperature_plies); },
     [](SessionConfig& c, double v) { c.temperature_plies = static_cast<int>(v); }},
};

std::string text_of(const Parameter& parameter, const SessionConfig& config) {
  const double value = parameter.get(config);
  return parameter.kind == Kind::real ? fmt::format("{:g}", value) : fmt::format("{:.0f}", value);
}

void set(Session& session, const Parameter& parameter, const std::string& text) {
  const double value = parse_double(text);
  if (value < parameter.low || value > parameter.high)
    throw Failure(fmt::format("expected a value from {:g} to {:g}, got {}", parameter.low,
                              parameter.high, text));
  if (parameter.kind != Kind::real && value != std::floor(value))
    throw Failure("expected a whole number, got " + text);
  SessionConfig config = session.config();
  parameter.set(config, value);
  session.set_config(config);
}

const Parameter& find(const std::string& name) {
  for (const Parameter& each : kParameters)
    if (name == each.name) return each;
  throw Failure("unknown parameter " + name);
}

std::string list(const Session& session) {
  std::string lines;
  for (const Parameter& each : kParameters)
    lines += fmt::format("[string] {} {}\n", each.name, text_of(each, session.config()));
  return lines;
}

/// Without arguments as GoGui's "param" wants it.
std::string parameter(Session& session, const Args& args) {
  expect_args(args, 0, 2);
  if (args.empty()) return list(session);
  const Parameter& parameter = find(args[0]);
  if (args.size() == 1) return text_of(parameter, session.config());
  set(session, parameter, args[1]);
  return "";
}

// By KataGo's names, where flags are true and false ---------------------------------------------

const Parameter& find_kata(const std::string& name) {
  for (const Parameter& each : kParameters)
    if (each.kata_name != nullptr && name == each.kata_name) return each;
  throw Failure("unknown parameter " + name);
}

std::string kata_list() {
  std::string names;
  for (const Parameter& each : kParameters)
    if (each.kata_name != nullptr)
      names += (names.empty() ? "" : " ") + std::string(each.kata_name);
  return names;
}

std::string kata_get(const Session& session, const Args& args) {
  expect_args(args, 1, 1);
  const Parameter& parameter = find_kata(args[0]);
  if (parameter.kind != Kind::flag) return text_of(parameter, session.config());
  return parameter.get(session.config()) != 0 ? "true" : "false";
}

std::string kata_set(Session& session, const Args& args) {
  expect_args(args, 2, 2);
  const Parameter& parameter = find_kata(args[0]);
  const bool flag = parameter.kind == Kind::flag;
  set(session, parameter, !flag ? args[1] : parse_bool(args[1]) ? "1" : "0");
  return "";
}

}  // namespace

void add_parameter_commands(Engine& engine, Session& session) {
  engine.add({"tengen-param", "[NAME [VALUE]]: list the parameters of play, show one or set it",
              [&session](const Args& args) { return parameter(session, args); }});
  engine.add({"kata-list-params", "the parameters of play that have a name of KataGo's",
              [](const Args&) { return kata_list(); }});
  engine.add({"kata-get-param", "NAME: show one of kata-list-params",
              [&session](const Args& args) { return kata_get(session, args); }});
  engine.add({"kata-set-param", "NAME VALUE: set one of kata-list-params",
              [&session](const Args& args) { return kata_set(session, args); }});
}

}  // namespace tengen::gtp
