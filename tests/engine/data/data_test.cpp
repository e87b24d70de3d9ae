#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <numeric>
#include <set>
#include <utility>

#include "engine/base/error.hpp"
#include "engine/data/epoch.hpp"
#include "engine/data/idx_file.hpp"
#include "engine/data/labelled_images.hpp"
#include "tests/support/mnist.hpp"
#include "tests/support/temp_dir.hpp"

using namespace tengen;
using Catch::Contains;

namespace {

std::string write_bytes(const test::TempDir& dir, const std::string& name,
                        const std::vector<int>& bytes) {
  const std::string path = (dir.path() / name).string();
  std::ofstream out(path, std::ios::binary);
  for (const int byte : bytes) out.put(static_cast<char>(byte));
  return path;
}

}  // namespace

TEST_CASE("An IDX file gives its dimensions and values", "[engine][data]") {
  const test::TempDir dir;
  const IdxArray array =
      read_idx(write_bytes(dir, "a", {0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255}));
  CHECK(array.dims == std::vector<std::int64_t>{2, 3});
  CHECK(array.values == std::vector<std::uint8_t>{1, 2, 3, 4, 5, 255});
}

TEST_CASE("Of a compressed IDX file it is said which bytes are counted", "[engine][data]") {
  const test::TempDir dir;
  // A gzip header and a stored block of ten bytes, without the end of the stream.
  const auto packed = [](std::vector<int> ten) {
    std::vector<int> bytes{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 10, 0, 0xf5, 0xff};
    bytes.insert(bytes.end(), ten.begin(), ten.end());
    return bytes;
  };
  const auto read = [&](const std::vector<int>& bytes) {
    return read_idx(write_bytes(dir, "packed", bytes));
  };
  CHECK_THROWS_WITH(read(packed({'G', 'I', 'F', '8', '9', 'a', 0, 0, 0, 0})),
                    Contains("byte 0 of the unpacked data: expected an IDX file"));
  CHECK_THROWS_WITH(read(packed({0, 0, 8, 1, 0, 0, 0, 3, 7, 9})),
                    Contains("byte 25: expected as many values"));
  std::vector<int> damaged = packed({0, 0, 8, 1, 0, 0, 0, 2, 7, 9});
  CHECK_THROWS_WITH(read(damaged), Contains("byte 25: damaged gzip data"));  // no checksum
  damaged[10] = 7;  // there is no block of that kind
  CHECK_THROWS_WITH(read(damaged), Contains("byte 11: damaged gzip data"));
  CHECK_THROWS_WITH(read_idx(dir.path().string()), Contains("got a folder"));
}

TEST_CASE("Damaged IDX files are named with the offset", "[engine][data]") {
  const test::TempDir dir;
  CHECK_THROWS_WITH(read_idx((dir.path() / "none").string()), Contains("cannot open"));
  CHECK_THROWS_WITH(read_idx(write_bytes(dir, "short", {0, 0, 8, 1, 0, 0, 0, 4, 1, 2})),
                    Contains("short: byte 10: expected as many values"));
  CHECK_THROWS_WITH(read_idx(write_bytes(dir, "floats", {0, 0, 0x0d, 1, 0, 0, 0, 1, 1})),
                    Contains("byte 0: expected an IDX file of unsigned bytes"));
  CHECK_THROWS_WITH(read_idx(write_bytes(dir, "long", {0, 0, 8, 1, 0, 0, 0, 1, 1, 2})),
                    Contains("byte 9: expected the end"));
  CHECK_THROWS_WITH(
      read_idx(write_bytes(dir, "huge", {0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255})),
      Contains("expected at most"));
  CHECK_THROWS_WITH(load_mnist(dir.path().string(), Split::test),
                    Contains("expected MNIST's file t10k-images-idx3-ubyte"));
}

TEST_CASE("MNIST loads from its own files", "[engine][data]") {
  const auto directory = test::mnist_directory();
  if (!directory) return;
  const LabelledImages test = load_mnist(*directory, Split::test);
  CHECK(test.images.shape() == Shape{10000, 28, 28, 1});
  CHECK(std::vector<int>(test.labels.begin(), test.labels.begin() + 5) ==
        std::vector<int>{7, 2, 1, 0, 4});
  CHECK(load_mnist(*directory, Split::train).size() == 60000);
}

TEST_CASE("Each epoch visits every example once, in an order of its own", "[engine][data]") {
  const Epoch first(10, 4, 1, 0), second(10, 4, 1, 1), again(10, 4, 1, 0);
  REQUIRE(first.batches() == 3);
  CHECK(first.indices(2).size() == 2);
  std::set<std::uint32_t> seen;
  bool differs = false;
  for (std::int64_t b = 0; b < 3; ++b)
    for (std::size_t i = 0; i < first.indices(b).size(); ++i) {
      seen.insert(first.indices(b)[i]);
      CHECK(first.indices(b)[i] == again.indices(b)[i]);
      differs = differs || first.indices(b)[i] != second.indices(b)[i];
    }
  CHECK(seen.size() == 10);
  CHECK(differs);
  CHECK_THROWS_AS(Epoch(0, 4, 1, 0), std::invalid_argument);
}

TEST_CASE("Gathered images keep their labels", "[engine][data]") {
  LabelledImages data{Tensor::from<float>({3, 1, 2, 1}, {0, 1, 2, 3, 4, 5}), {7, 8, 9}, 10};
  const std::vector<std::uint32_t> indices = {2, 0};
  const LabelledImages picked = gather(data, indices);
  CHECK(picked.labels == std::vector<int>{9, 7});
  CHECK(picked.images.values<float>()[0] == 4);
  CHECK(picked.images.values<float>()[3] == 1);
  const Tensor rows = one_hot(picked.labels, 10);
  CHECK(rows.values<float>()[9] == 1);
  CHECK(std::accumulate(rows.values<float>().begin(), rows.values<float>().end(), 0.0f) == 2);
  CHECK_THROWS_AS(one_hot(picked.labels, 9), std::invalid_argument);
}

TEST_CASE("Distortions move an image and nothing else", "[engine][data][D14]") {
  Tensor images = Tensor::zeros({1, 9, 9, 1});
  images.values<float>()[4 * 9 + 4] = 1;
  const Rng rng(1);
  const std::vector<std::uint32_t> first{0};
  Tensor same = images.clone();
  distort(same, {}, rng, first);
  CHECK(std::equal(same.values<float>().begin(), same.values<float>().end(),
                   images.values<float>().begin()));
  Tensor turned = images.clone();
  distort(turned, {.rotation = 90, .scale = 0}, rng, first);  // the centre stays where it is
  CHECK(turned.values<float>()[4 * 9 + 4] == Approx(1));
  Tensor shifted = images.clone();
  distort(shifted, {.shift = 2}, rng, first);
  const auto values = shifted.values<float>();
  CHECK(std::accumulate(values.begin(), values.end(), 0.0f) ==
        Approx(1));  // bilinear keeps the sum
  CHECK(values[4 * 9 + 4] < 1);
}

TEST_CASE("An image is distorted alike whichever come with it", "[engine][data][D14]") {
  Tensor both({2, 5, 5, 1});
  for (std::size_t i = 0; i < 50; ++i) both.values<float>()[i] = static_cast<float>(i % 25);
  Tensor one = both.rows(1, 2).clone();
  const std::vector<std::uint32_t> numbers{3, 8}, second{8};
  distort(both, {.rotation = 20, .scale = 0.1, .shift = 1}, Rng(1), numbers);
  distort(one, {.rotation = 20, .scale = 0.1, .shift = 1}, Rng(1), second);
  const auto values = std::as_const(both).values<float>();
  CHECK(std::ranges::equal(values.subspan(25), std::as_const(one).values<float>()));
  CHECK_FALSE(std::ranges::equal(values.first(25), values.subspan(25)));
  CHECK_THROWS_AS(distort(both, {.shift = 1}, Rng(1), second), std::invalid_argument);
}
