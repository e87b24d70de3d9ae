#include "engine/base/read_file.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "engine/base/error.hpp"
#include "tests/support/temp_dir.hpp"

using namespace tengen;
using namespace std::string_literals;

TEST_CASE("A file is read with every byte it has", "[engine][base]") {
  const test::TempDir dir;
  const std::string path = (dir / "bytes").string();
  const std::string bytes = "a\0b\r\n\xff"s;
  std::ofstream(path, std::ios::binary) << bytes;
  CHECK(read_file(path, "bytes") == bytes);
}

TEST_CASE("What is no readable file is named with what was expected", "[engine][base]") {
  const test::TempDir dir;
  const std::string folder = dir.path().string(), missing = (dir / "none").string();
  CHECK_THROWS_WITH(read_file(folder, "an SGF file"),
                    folder + ": expected an SGF file, got a folder");
  CHECK_THROWS_WITH(read_file(missing, "an SGF file"),
                    missing + ": cannot be read, expected an SGF file");
  CHECK_THROWS_WITH(read_file("/dev/zero", "an SGF file", 100'000),
                    "/dev/zero: expected an SGF file, this one is too large");
}
