// Regression tests of GTP engines, in the files that GoGui and GNU Go use for theirs (.tst):
//
//   boardsize 9              any GTP command; one that fails is an error, unless it is a test
//   10 reg_genmove black     a test: a command with an expectation behind it
//   #? [C3|G7]               its answer must match the regular expression as a whole
//   #? [!pass]               must not match
//   #? [C3]*                 known to fail
//   # a comment
//
// Answers are compared with white space (line ends too) taken as one space; a failure is compared
// as "? text", so that errors can be expected: #? [\? illegal move]. Expressions are ECMAScript's
// without back-references: answers of any length are matched in time linear in their length.
// An answer whose id is not the request's is an error.
// Source: GNU Go's manual, "Regression testing"; GoGui's manual, "gogui-regress". That failures can
// be expected is Tengen's addition.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tengen::gtp {

struct RegressionStep {
  int line = 0;         // in the file, from 1
  std::string id;       // of the command; empty: none
  std::string command;  // the whole line, id included
  std::string pattern;  // of a test
  bool is_test = false;
  bool must_differ = false;    // "!"
  bool known_failure = false;  // "*"
};

/// Throws tengen::Error with the line of a wrong expectation.
std::vector<RegressionStep> parse_regression(std::string_view text, const std::string& source);

/// Sends a line and gives back the answer, "=ID text" or "?ID text"; throws tengen::Error if there
/// is none.
using Exchange = std::function<std::string(const std::string& line)>;

enum class Verdict { pass, fail, known_fail, unexpected_pass, error };

struct RegressionOutcome {
  RegressionStep step;
  Verdict verdict = Verdict::pass;
  std::string answer;  // as compared
};

/// One outcome for each test, and for each other command that failed; in the file's order. Where an
/// engine that has answered before breaks off, the tests from there on are errors; one that never
/// answers throws what `exchange` throws.
std::vector<RegressionOutcome> run_regression(const std::vector<RegressionStep>& steps,
                                              const Exchange& exchange);

int count(const std::vector<RegressionOutcome>& outcomes, Verdict verdict);
/// "expected [C3], got "D4""; of a long answer the beginning.
std::string describe(const RegressionOutcome& outcome);

}  // namespace tengen::gtp
