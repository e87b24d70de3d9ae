#include "engine/io/safetensors.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/base/error.hpp"
#include "engine/base/random.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/tensors.hpp"

using namespace tengen;
using Catch::Matchers::Contains;
using io::NamedTensor;

namespace {

std::string read_all(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_all(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

/// A file of this header and this many bytes of data.
std::string file_of(const std::string& header, std::size_t data_bytes) {
  std::string length(8, '\0');
  for (int i = 0; i < 8; ++i)
    length[i] = static_cast<char>(std::uint64_t{header.size()} >> (8 * i));
  return length + header + std::string(data_bytes, '\0');
}

std::vector<NamedTensor> some_tensors() {
  Rng rng(1);
  return {{"w", test::random_tensor({2, 3}, rng)},
          {"scalar", test::random_tensor({}, rng, DType::f64)},
          {"half", test::random_tensor({3}, rng, DType::bf16)},
          {"none", Tensor({0, 4})},
          {"steps", Tensor::from<std::int32_t>({2}, {-1, 1 << 30})}};
}

/// The message of the Error that loading this file throws.
std::string error_of(const std::string& bytes) {
  const test::TempDir directory;
  const std::string path = (directory / "net.safetensors").string();
  write_all(path, bytes);
  try {
    io::load_safetensors(path);
  } catch (const Error& error) {
    REQUIRE_THAT(error.what(), Contains(path));
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("Saved tensors load as they were with names and metadata", "[engine][io][safetensors]") {
  const test::TempDir directory;
  const std::string path = (directory / "net.safetensors").string();
  const std::vector<NamedTensor> tensors = some_tensors();
  const std::map<std::string, std::string> metadata = {{"net", "resnet:blocks=6"}, {"\"q\"", "\n"}};
  io::save_safetensors(path, tensors, metadata);
  const io::Safetensors loaded = io::load_safetensors(path);
  CHECK(loaded.metadata == metadata);
  REQUIRE(loaded.tensors.size() == tensors.size());
  for (const NamedTensor& item : tensors) {
    INFO(item.name);
    const Tensor* tensor = loaded.find(item.name);
    REQUIRE(tensor);
    CHECK(tensor->dtype() == item.tensor.dtype());
    CHECK(tensor->shape() == item.tensor.shape());
    CHECK(std::equal(
        static_cast<const char*>(tensor->data()),
        static_cast<const char*>(tensor->data()) + tensor->size() * size_of(tensor->dtype()),
        static_cast<const char*>(item.tensor.data())));
  }
  CHECK(loaded.find("absent") == nullptr);
}

TEST_CASE("The bytes of a file are those of the format", "[engine][io][safetensors]") {
  const test::TempDir directory;
  const std::string path = (directory / "x").string();
  const std::vector<NamedTensor> tensors = {{"a", Tensor::from<float>({1, 2}, {1, -2})}};
  io::save_safetensors(path, tensors, {{"k", "v"}});
  std::string header =
      R"({"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}})";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  const std::string data("\x00\x00\x80\x3f\x00\x00\x00\xc0", 8);
  CHECK(read_all(path) == file_of(header, 0) + data);
}

TEST_CASE("A file truncated anywhere or with bytes behind it is an error",
          "[engine][io][safetensors]") {
  const test::TempDir directory;
  const std::string whole = (directory / "whole").string();
  io::save_safetensors(whole, some_tensors(), {{"k", "v"}});
  const std::string bytes = read_all(whole);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    INFO("first " << length << " of " << bytes.size() << " bytes");
    CHECK_THAT(error_of(bytes.substr(0, length)), Contains("byte "));
  }
  CHECK_THAT(error_of(bytes + "x"), Contains("expected the end of the file, got 1 more bytes"));
}

TEST_CASE("A file with any one byte of its header changed loads or is an Error",
          "[engine][io][safetensors]") {
  const test::TempDir directory;
  const std::string path = (directory / "net.safetensors").string();
  io::save_safetensors(path, some_tensors());
  const std::string bytes = read_all(path);
  const std::size_t header_end = bytes.find("}}") + 2;
  for (std::size_t i = 0; i < header_end; ++i)
    for (char c : {'\0', '"', '{', '}', '9', '\xff'}) {
      std::string damaged = bytes;
      damaged[i] = c;
      CHECK_NOTHROW(error_of(damaged));  // anything but an Error would escape it
    }
}

TEST_CASE("Wrong headers say where and what would be right", "[engine][io][safetensors]") {
  const auto entry = [](const std::string& dtype, const std::string& shape,
                        const std::string& offsets) {
    return R"({"a":{"dtype":)" + dtype + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets +
           "}}";
  };
  const auto message = [&](const std::string& header) { return error_of(file_of(header, 8)); };
  REQUIRE(message(entry("\"F32\"", "[2]", "[0,8]")) == "no error");
  CHECK_THAT(error_of("PK\x03\x04 this is a zip file, not tensors"),
             Contains("byte 0: expected a safetensors header of at most"));
  CHECK_THAT(message("not JSON"), Contains("byte 10: expected a JSON header"));
  CHECK_THAT(message("[1]"), Contains("byte 8: expected a JSON object"));
  CHECK_THAT(message(R"({"a":7})"), Contains("tensor 'a': expected an object of dtype"));
  CHECK_THAT(message(entry("\"F16\"", "[4]", "[0,8]")), Contains("got \"F16\""));
  CHECK_THAT(message(entry("3", "[4]", "[0,8]")), Contains("expected dtype F32"));
  CHECK_THAT(message(entry("\"F32\"", "[-2]", "[0,8]")), Contains("a shape of at most 6"));
  CHECK_THAT(message(entry("\"F32\"", "[1,1,1,1,1,1,2]", "[0,8]")), Contains("at most 6"));
  CHECK_THAT(message(entry("\"F32\"", "[3]", "[0,8]")), Contains("expected 12 bytes of data"));
  CHECK_THAT(message(entry("\"F32\"", "[4294967296,4294967296]", "[0,8]")),
             Contains("more than fit a file"));
  CHECK_THAT(message(entry("\"F32\"", "[2]", "[0,16]")), Contains("within the 8 bytes of data"));
  CHECK_THAT(message(entry("\"F32\"", "[2]", "[8,0]")), Contains("data_offsets [begin, end]"));
  CHECK_THAT(message(entry("\"F32\"", "[1]", "[4,8]")),
             Contains("expected the data of tensor 'a'"));
  CHECK_THAT(message(R"({"__metadata__":{"k":1}})"), Contains("expected a string in __metadata__"));
  CHECK_THAT(message(std::string(100000, '[')), Contains("expected a header of objects"));
}

TEST_CASE("Overlapping data and repeated names are errors", "[engine][io][safetensors]") {
  const std::string a = R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]})";
  const std::string b = R"("b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]})";
  CHECK_THAT(error_of(file_of("{" + a + "," + b + "}", 12)),
             Contains("expected the data of tensor 'b' here, got offset 4"));
  CHECK_THAT(error_of(file_of("{" + a + "," + a + "}", 8)), Contains("got 'a' twice"));
}

TEST_CASE("A missing file or a directory is an Error that names it", "[engine][io][safetensors]") {
  const test::TempDir directory;
  CHECK_THROWS_WITH(io::load_safetensors((directory / "none").string()),
                    Contains("none: cannot read: No such file"));
  CHECK_THROWS_WITH(io::load_safetensors(directory.path().string()), Contains("directory"));
}

TEST_CASE("Tensors that a file could not tell apart are rejected", "[engine][io][safetensors]") {
  const test::TempDir directory;
  const std::string path = (directory / "x").string();
  const Tensor one({1});
  using Tensors = std::vector<NamedTensor>;
  CHECK_THROWS_AS(io::save_safetensors(path, Tensors{{"a", one}, {"a", one}}),
                  std::invalid_argument);
  CHECK_THROWS_AS(io::save_safetensors(path, Tensors{{"__metadata__", one}}),
                  std::invalid_argument);
  CHECK_THROWS_AS(io::save_safetensors(path, Tensors{{"a", Tensor()}}), std::invalid_argument);
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("Names and metadata that are not UTF-8 are rejected", "[engine][io][safetensors]") {
  const test::TempDir dir;
  const std::string path = (dir / "file").string(), latin = "K\xf6ln";
  const std::vector<io::NamedTensor> good = {{"Köln", Tensor::zeros({1})}};
  const std::vector<io::NamedTensor> bad = {{latin, Tensor::zeros({1})}};
  const auto utf8 = Catch::Contains("UTF-8");
  CHECK_THROWS_WITH(io::save_safetensors(path, bad), utf8);
  CHECK_THROWS_WITH(io::save_safetensors(path, good, {{latin, ""}}), utf8);
  CHECK_THROWS_WITH(io::save_safetensors(path, good, {{"city", latin}}), utf8);
  CHECK_FALSE(std::filesystem::exists(path));
  io::save_safetensors(path, good, {{"city", "Köln"}});
  CHECK(io::load_safetensors(path).metadata.at("city") == "Köln");
}
