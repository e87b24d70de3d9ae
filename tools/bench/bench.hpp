// What every bench gives: a table for people and the same numbers as JSON.
#pragma once

#include <string>

namespace tengen::tools {

struct BenchOutput {
  std::string title;
  std::string text;  // a table, lines
  std::string json;  // an array of objects, units in the keys
};

}  // namespace tengen::tools
