// Hashes, durations and errors.
#include <catch2/catch.hpp>
#include <limits>
#include <set>
#include <string_view>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/base/hash.hpp"

using namespace tengen;
using Catch::Matchers::Message;

namespace {
std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span<const char>(text));
}
}  // namespace

TEST_CASE("CRC-32 has its published check value", "[engine][base][hash]") {
  CHECK(crc32(bytes_of("123456789")) == 0xCBF43926u);
  CHECK(crc32({}) == 0u);
}

TEST_CASE("CRC-32 of pieces in order is that of the whole", "[engine][base][hash]") {
  const std::string_view text = "123456789";
  for (std::size_t cut = 0; cut <= text.size(); ++cut)
    CHECK(crc32(bytes_of(text.substr(cut)), crc32(bytes_of(text.substr(0, cut)))) == 0xCBF43926u);
}

TEST_CASE("FNV-1a has its published values", "[engine][base][hash]") {
  CHECK(hash_bytes("") == 0xcbf29ce484222325ULL);
  CHECK(hash_bytes("foobar") == 0x85944171f73967e8ULL);
}

TEST_CASE("Combined hashes depend on the order and mixing loses nothing", "[engine][base][hash]") {
  CHECK(hash_combine(hash_combine(0, 1), 2) != hash_combine(hash_combine(0, 2), 1));
  std::set<std::uint64_t> mixed;
  for (std::uint64_t x = 0; x < 1000; ++x) mixed.insert(mix64(x));
  CHECK(mixed.size() == 1000);
}

TEST_CASE("Durations are written in two units at most", "[engine][base][clock]") {
  CHECK(format_duration(0) == "0s");
  CHECK(format_duration(-5) == "0s");
  CHECK(format_duration(59.4) == "59s");
  CHECK(format_duration(59.6) == "1m00s");
  CHECK(format_duration(185) == "3m05s");
  CHECK(format_duration(7620) == "2h07m");
}

TEST_CASE("Bad arguments say where and errors say which file and byte", "[engine][base][error]") {
  CHECK_THROWS_MATCHES(bad_argument("conv2d", "expected {} channels, got {}", 17, 16),
                       std::invalid_argument, Message("[conv2d] expected 17 channels, got 16"));
  CHECK(std::string(Error("run.db", "expected a database").what()) ==
        "run.db: expected a database");
  CHECK(std::string(Error("x", 12, "expected JSON").what()) == "x: byte 12: expected JSON");
}
