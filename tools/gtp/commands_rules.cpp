#include <string>

#include "engine/base/error.hpp"
#include "tools/gtp/commands.hpp"
#include "tools/gtp/engine.hpp"
#include "tools/gtp/go_rules.hpp"
#include "tools/gtp/session.hpp"

namespace tengen::gtp {
namespace {

std::string set_rules(Session& session, const Args& args) {
  if (args.empty()) throw Failure("syntax error");
  use_rules(session, rules_from_text(rules_of(session), joined(args)));
  return "";
}

std::string set_rule(Session& session, const Args& args) {
  expect_args(args, 2, 2);
  use_rules(session, with_rule(rules_of(session), args[0], args[1]));
  return "";
}

std::string kgs_rules(Session& session, const Args& args) {
  expect_args(args, 1, 1);
  return set_rules(session, {lower_case(args[0]) == "chinese" ? "chinese-kgs" : args[0]});
}

}  // namespace

void add_rules_commands(Engine& engine, Session& session) {
  engine.add({"kata-get-rules", "the rules as a JSON object (Go)",
              [&session](const Args&) { return rules_to_json(rules_of(session)); }});
  engine.add(
      {"kata-set-rules",
       "tromp-taylor|chinese|chinese-ogs|chinese-kgs|japanese|korean|aga|bga|french|aga-button|"
       "new-zealand|ing|stone-scoring|ancient-territory, or a JSON object (Go)",
       [&session](const Args& args) { return set_rules(session, args); }});
  engine.add({"kata-set-rule", "FIELD VALUE: one field of kata-get-rules (Go)",
              [&session](const Args& args) { return set_rule(session, args); }});
  engine.add({"kgs-rules", "chinese|japanese|aga|new_zealand (Go)",
              [&session](const Args& args) { return kgs_rules(session, args); }});
}

}  // namespace tengen::gtp
