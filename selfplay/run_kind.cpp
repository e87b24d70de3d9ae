#include "selfplay/run_kind.hpp"

#include "engine/base/error.hpp"

namespace tengen::selfplay {

namespace {

struct Mark {
  RunKind kind;
  const char *key, *command;  // a key that this command's configs alone have
};

constexpr Mark kMarks[] = {{RunKind::train, "game", "tengen train"},
                           {RunKind::fit, "task", "tengen fit"},
                           {RunKind::rl, "algo", "tengen rl"}};

}  // namespace

RunKind kind_of(const RunDirectory& run) {
  const auto config = run.config();
  for (const Mark& mark : kMarks)
    if (config.contains(mark.key)) return mark.kind;
  throw Error(run.path().string(), "expected a run of tengen train, fit or rl, its config is none");
}

std::string command_of(RunKind kind) {
  for (const Mark& mark : kMarks)
    if (mark.kind == kind) return mark.command;
  return "";
}

void expect_kind(const RunDirectory& run, RunKind kind) {
  if (const RunKind found = kind_of(run); found != kind)
    throw Error(run.path().string(), fmt::format("expected a run of {}, this is one of {}",
                                                 command_of(kind), command_of(found)));
}

}  // namespace tengen::selfplay
