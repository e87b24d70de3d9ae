// What a bench found, once as a table for people and once as JSON for programs.
//
// Keys carry their units ("evaluations_per_second", "latency_us"); the table's headings are made
// from them ("evaluations/s", "latency us").
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tools/bench/sampling.hpp"

namespace tengen::tools {

using FieldValue = std::variant<std::string, std::int64_t, double, bool>;
using Fields = std::vector<std::pair<std::string, FieldValue>>;

struct BenchRow {
  Fields labels;  // what was measured: the same keys in every row of a report
  Measurement measurement;
  Fields extras;  // what else was found, the same keys in every row
};

struct BenchReport {
  std::string name;      // key in the JSON: "net"
  std::string title;     // heading of the table
  std::string rate_key;  // what is measured: "evaluations_per_second"
  std::vector<BenchRow> rows;
  std::vector<std::string> notes = {};  // lines below the table
};

/// Heading, table and notes, each line ended.
std::string to_text(const BenchReport& report);

/// An object with an array of rows for each report, under its name; `machine` describes where it
/// was. Each row is flat: labels, the rate as median with its quartiles ("..._q1", "..._q3") and
/// "samples", "ceiling", the same of "ceiling_<rate key>", "ratio_to_ceiling", extras.
std::string to_json(const Fields& machine, const std::vector<BenchReport>& reports);

}  // namespace tengen::tools
