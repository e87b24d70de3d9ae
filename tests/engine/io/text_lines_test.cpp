#include "engine/io/text_lines.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>
#include <vector>

#include "engine/base/error.hpp"
#include "tests/support/temp_dir.hpp"

using namespace tengen;

namespace {

std::vector<std::string> lines_of(const std::string& path) {
  io::TextLines file(path);
  std::vector<std::string> lines;
  for (std::string line; file.next(line);) lines.push_back(line);
  return lines;
}

std::string bytes_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("A folder has no lines", "[engine][io][text_lines]") {
  const test::TempDir dir;
  CHECK_THROWS_WITH(io::TextLines(dir.path().string()), Catch::Contains("got a folder"));
  CHECK_THROWS_WITH(io::inflated_head(dir.path().string(), 8), Catch::Contains("got a folder"));
}

TEST_CASE("Lines come back from plain and compressed files", "[engine][io][text_lines]") {
  const test::TempDir dir;
  std::string large;
  for (int i = 0; i < 100'000; ++i) large += std::to_string(i % 977 * 37 % 1009) + " ";
  const std::vector<std::string> lines{"1", "", large, "end"};
  for (const char* name : {"text", "text.gz"}) {
    const std::string path = (dir / name).string();
    io::write_lines_atomically(path, [&](const io::LineSink& sink) {
      for (const std::string& line : lines) sink(line);
    });
    const bool same = lines_of(path) == lines;
    CHECK(same);
    CHECK(io::inflated_head(path, 5) == "1\n\n0 ");
  }
  CHECK(bytes_of((dir / "text.gz").string()).substr(0, 2) == "\x1f\x8b");
  CHECK(bytes_of((dir / "text.gz").string()).size() < large.size());
}

TEST_CASE("Line ends of other systems and a missing one at the end", "[engine][io][text_lines]") {
  const test::TempDir dir;
  const std::string path = (dir / "text").string();
  std::ofstream(path, std::ios::binary) << "a\r\nb c\r\n\r\nd";
  CHECK(lines_of(path) == std::vector<std::string>{"a", "b c", "", "d"});
}

TEST_CASE("A line beyond the limit and a missing file are errors", "[engine][io][text_lines]") {
  const test::TempDir dir;
  const std::string path = (dir / "text").string();
  std::ofstream(path) << std::string(200'000, 'x') << "\n";
  std::string line;
  CHECK_THROWS_WITH(io::TextLines(path).next(line, 1000), Catch::Contains("longer than 1000"));
  CHECK_THROWS_AS(io::TextLines((dir / "missing").string()), Error);
  CHECK_THROWS_AS(io::inflated_head((dir / "missing").string(), 1), Error);
}
