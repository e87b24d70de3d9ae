// One named case of a golden file: the tensors called "<case>/<name>".
#pragma once

#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <utility>

#include "engine/io/safetensors.hpp"
#include "tests/support/tensors.hpp"

namespace tengen::test {

inline constexpr double kGoldenTolerance = 1e-5;  // relative to the largest element

class GoldenFile {
 public:
  /// `name` below tests/golden/.
  explicit GoldenFile(const std::string& name)
      : file_(io::load_safetensors(std::string(TENGEN_GOLDEN) + "/" + name)) {}

  /// The names of all cases.
  std::set<std::string> cases() const {
    std::set<std::string> result;
    for (const io::NamedTensor& entry : file_.tensors)
      result.insert(entry.name.substr(0, entry.name.find('/')));
    return result;
  }

  Tensor get(const std::string& name) const {
    INFO(name);
    const Tensor* tensor = file_.find(name);
    REQUIRE(tensor);
    return *tensor;
  }

 private:
  io::Safetensors file_;
};

class GoldenCase {
 public:
  GoldenCase(const GoldenFile& file, std::string name) : file_(file), name_(std::move(name)) {}

  /// A copy, free to be written to.
  Tensor operator[](const std::string& name) const { return file_.get(name_ + "/" + name).clone(); }

  void check(const std::string& name, const Tensor& actual) const {
    INFO(name_ << " " << name);
    CHECK(relative_difference(actual, (*this)[name]) <= kGoldenTolerance);
  }

 private:
  const GoldenFile& file_;
  const std::string name_;
};

}  // namespace tengen::test
