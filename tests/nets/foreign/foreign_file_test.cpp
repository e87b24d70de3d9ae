#include "nets/foreign/foreign_file.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/io/text_lines.hpp"
#include "nets/checkpoint.hpp"
#include "tests/support/temp_dir.hpp"

using namespace tengen;
using namespace tengen::nets;
using namespace std::string_literals;

TEST_CASE("Weight files of other programs are named in the error", "[nets][foreign]") {
  const test::TempDir dir;
  const std::string path = (dir / "net").string();
  const std::pair<std::string, std::string> files[] = {
      {"g170-b6c96-s175395328-d26788732\n8\n22\n19\ntrunk\n6\n96\n", "a KataGo model, version 8"},
      {"kata1-b18c384nbt-s9996604416-d4316597426\n14\n22\n19\n@BIN@\x01\x02",
       "a KataGo model, version 14"},
      {"\x0d\xc0\x01\0\0\x12\x03"s, "an Lc0 network"},
      {"PK\x03\x04\x14", "PyTorch"},
      {"\x08\x07\x12\x07pytorch\x1a", "an ONNX model"},
      {"\x89HDF\r\n\x1a\n", "HDF5"},
      {"\x1c\0\0\0TFL3"s, "TensorFlow Lite"},
      {"(;GM[1]FF[4])", "SGF"},
      {"", "an empty file"},
      {"hello\nworld\n1\n2\n", "a text;"},
      {"3\n0.1 0.2\n", "a text that begins with 3, where Leela Zero's weights have their version"},
      {"\n1\n0.1 0.2\n", "a text that begins with 1, where"},
  };
  for (const auto& [bytes, kind] : files) {
    INFO(kind);
    std::ofstream(path, std::ios::binary) << bytes;
    CHECK_THROWS_WITH(load_net_file(path),
                      Catch::StartsWith(path + ": this is ") && Catch::Contains(kind) &&
                          Catch::EndsWith("; Tengen reads Leela Zero text weights and its own "
                                          "safetensors"));
  }
}

TEST_CASE("A compressed file of another program is looked into", "[nets][foreign]") {
  const test::TempDir dir;
  const std::string path = (dir / "model.txt.gz").string();
  io::write_lines_atomically(path, [](const io::LineSink& sink) {
    for (const char* line : {"g170", "8", "22", "19", "trunk"}) sink(line);
  });
  CHECK(foreign_kind(path) == "a KataGo model, version 8");
}

TEST_CASE("A damaged compressed file is said to be damaged", "[nets][foreign]") {
  const test::TempDir dir;
  const std::string path = (dir / "model.txt.gz").string();
  std::ofstream(path, std::ios::binary) << "\x1f\x8b\x08"s + std::string(20, '\xff');
  CHECK_THROWS_WITH(load_net_file(path), path + ": cannot read: damaged gzip data");
}

TEST_CASE("What no program is known to write is no foreign file", "[nets][foreign]") {
  const test::TempDir dir;
  const std::string path = (dir / "net").string();
  for (const std::string& bytes : std::vector{"\x08\0\0\0\0\0\0\0{}"s, "a\n8\n\x02"s}) {
    std::ofstream(path, std::ios::binary) << bytes;
    CHECK(foreign_kind(path).empty());
  }
}
