#include "selfplay/replay_shard.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "engine/base/error.hpp"
#include "envs/registry.hpp"
#include "tests/support/random_games.hpp"
#include "tests/support/temp_dir.hpp"

using namespace tengen;
using namespace tengen::selfplay;

namespace {

std::vector<GameRecord> some_records(int count) {
  const auto game = envs::make_game("tic_tac_toe");
  Rng rng(7);
  std::vector<GameRecord> records;
  for (int i = 0; i < count; ++i)
    records.push_back(test::random_record(*game, static_cast<std::uint64_t>(i), rng));
  return records;
}

void flip_byte(const std::filesystem::path& path, std::uint64_t offset) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(offset));
  const char byte = static_cast<char>(file.get() ^ 0x40);
  file.seekp(static_cast<std::streamoff>(offset));
  file.put(byte);
}

}  // namespace

TEST_CASE("A shard gives back the records appended to it", "[selfplay][shard]") {
  const test::TempDir dir;
  const auto records = some_records(5);
  std::vector<std::uint64_t> offsets;
  {
    ShardWriter writer(dir / "1.shard", 0);
    offsets = writer.append(std::span(records).first(2));
    for (std::uint64_t offset : writer.append(std::span(records).subspan(2)))
      offsets.push_back(offset);
    CHECK(writer.size() == std::filesystem::file_size(dir / "1.shard"));
  }
  const ShardContents contents = read_shard(dir / "1.shard");
  CHECK(contents.records == records);
  CHECK_FALSE(contents.truncated);
  for (std::size_t i = 0; i < records.size(); ++i)
    CHECK(read_record(dir / "1.shard", offsets[i]) == records[i]);
}

TEST_CASE("A shard cut at any byte keeps its whole records", "[selfplay][shard]") {
  const test::TempDir dir;
  const auto records = some_records(2);
  std::vector<std::uint64_t> offsets;
  {
    ShardWriter writer(dir / "1.shard", 0);
    offsets = writer.append(records);
  }
  const auto full = std::filesystem::file_size(dir / "1.shard");
  for (std::uint64_t size = offsets[1] + 1; size < full; ++size) {
    std::filesystem::resize_file(dir / "1.shard", full);
    std::filesystem::resize_file(dir / "1.shard", size);
    const ShardContents contents = read_shard(dir / "1.shard");
    REQUIRE(contents.records.size() == 1);
    REQUIRE(contents.records[0] == records[0]);
    REQUIRE(contents.truncated);
    REQUIRE(contents.valid_size == offsets[1]);
  }
}

TEST_CASE("A flipped bit in a shard is noticed", "[selfplay][shard]") {
  const test::TempDir dir;
  const auto records = some_records(2);
  std::vector<std::uint64_t> offsets;
  {
    ShardWriter writer(dir / "1.shard", 0);
    offsets = writer.append(records);
  }
  flip_byte(dir / "1.shard", offsets[1] + 20);
  CHECK(read_shard(dir / "1.shard").records.size() == 1);
  CHECK(read_record(dir / "1.shard", offsets[0]) == records[0]);
  CHECK_THROWS_WITH(read_record(dir / "1.shard", offsets[1]),
                    Catch::Contains("byte " + std::to_string(offsets[1])));
}

TEST_CASE("Reopening a shard cuts what was never committed", "[selfplay][shard]") {
  const test::TempDir dir;
  const auto records = some_records(3);
  std::uint64_t committed = 0;
  {
    ShardWriter writer(dir / "1.shard", 0);
    writer.append(std::span(records).first(1));
    committed = writer.size();
    writer.append(std::span(records).subspan(1, 1));
  }
  {
    ShardWriter writer(dir / "1.shard", committed);
    writer.append(std::span(records).subspan(2));
  }
  const ShardContents contents = read_shard(dir / "1.shard");
  REQUIRE(contents.records.size() == 2);
  CHECK(contents.records[1] == records[2]);
  CHECK_THROWS_AS(ShardWriter(dir / "1.shard", 1'000'000), Error);
}

TEST_CASE("A file that is no shard is refused", "[selfplay][shard]") {
  const test::TempDir dir;
  std::ofstream(dir / "1.shard") << "something else entirely";
  CHECK_THROWS_WITH(read_shard(dir / "1.shard"), Catch::Contains("not a replay shard"));
  CHECK_THROWS_AS(read_shard(dir / "missing.shard"), Error);
}
