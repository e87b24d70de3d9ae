// Trajectories and random numbers as tools/make_env_golden.py writes them.
#pragma once

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace tengen::test {

/// The lines of tests/golden/rl/`name`, each split at its spaces.
inline std::vector<std::vector<std::string>> golden_lines(const std::string& name) {
  std::ifstream file(std::string(TENGEN_GOLDEN) + "/rl/" + name);
  REQUIRE(file);
  std::vector<std::vector<std::string>> lines;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    lines.emplace_back(std::istream_iterator<std::string>(words),
                       std::istream_iterator<std::string>());
  }
  return lines;
}

inline std::vector<float> floats(const std::vector<std::string>& words, std::size_t first) {
  std::vector<float> numbers;
  for (std::size_t i = first; i < words.size(); ++i) numbers.push_back(std::stof(words[i]));
  return numbers;
}

}  // namespace tengen::test
