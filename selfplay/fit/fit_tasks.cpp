// The one table of the tasks that `tengen fit` knows.
#include <array>
#include <string_view>

#include "engine/base/error.hpp"
#include "engine/base/spec.hpp"
#include "selfplay/fit/binary_addition_task.hpp"
#include "selfplay/fit/char_lm_task.hpp"
#include "selfplay/fit/fit_task.hpp"
#include "selfplay/fit/image_task.hpp"
#include "selfplay/fit/sequence_class_task.hpp"
#include "selfplay/fit/sine_task.hpp"
#include "selfplay/fit/translation_task.hpp"

namespace tengen::selfplay {

namespace {

struct TaskKind {
  std::string_view name, help;
  std::unique_ptr<FitTask> (*make)(Spec& spec, const std::string& data);
};

/// For tasks that make their own examples.
template <std::unique_ptr<FitTask> (*make)(Spec& spec)>
std::unique_ptr<FitTask> generated(Spec& spec, const std::string& data) {
  if (!data.empty()) bad_argument("fit", "{}: expected no data, got \"{}\"", spec.name(), data);
  return make(spec);
}

constexpr std::array kTasks{
    TaskKind{"mnist", kMnistHelp, make_mnist_task},
    TaskKind{"binary_addition", kBinaryAdditionHelp, generated<make_binary_addition_task>},
    TaskKind{"sine", kSineHelp, generated<make_sine_task>},
    TaskKind{"char_lm", kCharLmHelp, make_char_lm_task},
    TaskKind{"addition", kAdditionHelp, generated<make_addition_task>},
    TaskKind{"dates", kDatesHelp, generated<make_dates_task>},
    TaskKind{"lines", kLinesHelp, make_lines_task},
    TaskKind{"brackets", kBracketsHelp, generated<make_brackets_task>},
};

}  // namespace

void FitModel::compile(nets::Precision precision) {
  bad_argument("precision", "expected fp32, the nets of this task have no other, got {}",
               to_string(precision));
}

std::string FitModel::write(const WritingOptions&, Rng&) {
  bad_argument("write", "expected a language model, the nets of this task write no text");
}

std::unique_ptr<FitTask> make_fit_task(const std::string& spec, const std::string& data) {
  Spec parsed(spec);
  std::string known;
  for (const TaskKind& task : kTasks) {
    if (parsed.name() == task.name) return task.make(parsed, data);
    known += (known.empty() ? "" : ", ") + std::string(task.name);
  }
  bad_argument("fit", "expected a task of {}, got \"{}\"", known, parsed.name());
}

std::string fit_tasks_help() {
  std::string text = "Tasks, with their options:\n";
  for (const TaskKind& task : kTasks) text += fmt::format("  {:<17}{}\n", task.name, task.help);
  return text;
}

}  // namespace tengen::selfplay
