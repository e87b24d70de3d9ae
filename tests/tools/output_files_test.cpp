#include "tools/output_files.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "engine/base/error.hpp"
#include "tests/support/temp_dir.hpp"

using namespace tengen;

TEST_CASE("Looking whether a file can be written changes nothing", "[tools][files]") {
  const test::TempDir directory;
  const std::string old = directory / "old", fresh = directory / "fresh";
  tools::write_text_file(old, "kept");
  tools::check_writable(old);
  tools::check_writable(fresh);
  CHECK(std::filesystem::file_size(old) == 4);
  CHECK_FALSE(std::filesystem::exists(fresh));
}

TEST_CASE("No file is written in the place or below of what is none", "[tools][files]") {
  const test::TempDir directory;
  tools::write_text_file(directory / "file", "");
  CHECK_THROWS_AS(tools::check_writable(directory.path()), Error);
  CHECK_THROWS_AS(tools::check_writable(directory / "nowhere/file"), Error);
  CHECK_THROWS_AS(tools::check_writable(directory / "file/file"), Error);
}
