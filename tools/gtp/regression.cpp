#include "tools/gtp/regression.hpp"

#include <algorithm>
#include <optional>
#include <regex>
#include <sstream>

#include "engine/base/error.hpp"
#include "tools/gtp/engine.hpp"

namespace tengen::gtp {
namespace {

/// Runs of white space as one space, none at the ends.
std::string squeezed(const std::string& text) {
  std::istringstream words(text);
  std::string result, word;
  while (words >> word) result += (result.empty() ? "" : " ") + word;
  return result;
}

[[noreturn]] void fail(const std::string& source, int line, const std::string& message) {
  throw Error(fmt::format("{}: line {}: {}", source, line, message));
}

/// The standard library's other matcher recurses for each character of the answer, and may try
/// every way to match.
std::regex compiled(const std::string& pattern) {
  return std::regex(pattern, std::regex::ECMAScript | std::regex_constants::__polynomial);
}

/// "[!pattern]*" behind "#?".
void read_expectation(RegressionStep& step, const std::string& text, const std::string& source,
                      int line) {
  const std::size_t open = text.find('['), close = text.rfind(']');
  if (open == std::string::npos || close == std::string::npos || close < open)
    fail(source, line, "expected \"#? [PATTERN]\"");
  step.pattern = text.substr(open + 1, close - open - 1);
  step.must_differ = !step.pattern.empty() && step.pattern[0] == '!';
  if (step.must_differ) step.pattern.erase(0, 1);
  step.known_failure = text.find('*', close) != std::string::npos;
  step.is_test = true;
  constexpr std::size_t kLongest = 4096;  // std::regex recurses for each character of a pattern
  if (step.pattern.size() > kLongest)
    fail(source, line,
         fmt::format("expected a pattern of at most {} characters, got {}", kLongest,
                     step.pattern.size()));
  try {
    compiled(step.pattern);
  } catch (const std::regex_error& error) {
    fail(source, line,
         fmt::format("[{}] is no regular expression: {}", step.pattern, error.what()));
  }
}

/// The answer as it is compared; nullopt if it carries another id.
std::optional<std::string> compared(const std::string& answer, const std::string& id) {
  const std::string text = squeezed(answer);
  if (text.empty() || text.compare(1, id.size(), id) != 0) return std::nullopt;
  const std::size_t end = 1 + id.size();
  if (end < text.size() && text[end] != ' ') return std::nullopt;
  const std::string body = end < text.size() ? text.substr(end + 1) : "";
  return text[0] == '=' ? body : body.empty() ? "?" : "? " + body;
}

Verdict judge(const RegressionStep& step, const std::string& answer) {
  const bool matches = std::regex_match(answer, compiled(step.pattern));
  const bool good = matches != step.must_differ;
  if (step.known_failure) return good ? Verdict::unexpected_pass : Verdict::known_fail;
  return good ? Verdict::pass : Verdict::fail;
}

}  // namespace

std::vector<RegressionStep> parse_regression(std::string_view text, const std::string& source) {
  std::vector<RegressionStep> steps;
  std::istringstream in{std::string(text)};
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    const std::size_t start = line.find_first_not_of(" \t\r");
    if (start != std::string::npos && line.compare(start, 2, "#?") == 0) {
      if (steps.empty()) fail(source, number, "an expectation without a command before it");
      read_expectation(steps.back(), line.substr(start + 2), source, number);
    } else if (const std::optional<Request> request = parse_request(line)) {
      steps.push_back(
          {.line = number, .id = request->id, .command = squeezed(line), .pattern = ""});
    }
  }
  return steps;
}

std::vector<RegressionOutcome> run_regression(const std::vector<RegressionStep>& steps,
                                              const Exchange& exchange) {
  std::vector<RegressionOutcome> outcomes;
  for (auto at = steps.begin(); at != steps.end(); ++at) {
    const RegressionStep& step = *at;
    std::string answer;
    try {
      answer = exchange(step.command);
    } catch (const Error& error) {
      if (at == steps.begin()) throw;
      outcomes.push_back({step, Verdict::error, error.what()});
      std::for_each(at + 1, steps.end(), [&](const RegressionStep& lost) {
        if (lost.is_test) outcomes.push_back({lost, Verdict::error, "the engine broke off before"});
      });
      return outcomes;
    }
    const std::optional<std::string> text = compared(answer, step.id);
    if (!text)
      outcomes.push_back({step, Verdict::error, squeezed(answer)});
    else if (step.is_test)
      outcomes.push_back({step, judge(step, *text), *text});
    else if (text->starts_with("?"))
      outcomes.push_back({step, Verdict::error, *text});
  }
  return outcomes;
}

int count(const std::vector<RegressionOutcome>& outcomes, Verdict verdict) {
  return static_cast<int>(std::count_if(outcomes.begin(), outcomes.end(),
                                        [&](const auto& each) { return each.verdict == verdict; }));
}

std::string describe(const RegressionOutcome& outcome) {
  constexpr std::size_t kShown = 500;
  const RegressionStep& step = outcome.step;
  const bool whole = outcome.answer.size() <= kShown;
  const std::string answer = outcome.answer.substr(0, kShown) + (whole ? "" : " ...");
  if (outcome.verdict == Verdict::error)
    return fmt::format("expected a success with the request's id, got \"{}\"", answer);
  return fmt::format("expected {}[{}], got \"{}\"", step.must_differ ? "anything but " : "",
                     step.pattern, answer);
}

}  // namespace tengen::gtp
