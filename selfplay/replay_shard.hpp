// Append-only files of finished games: replay/<iteration>.shard.
//
//   header   "TGNSHRD1"                                                    8 bytes
//   record   u32 compressed size, u32 crc32 of what follows, zstd frame    repeated
//
// The frame holds one encode()d GameRecord. A crash may leave a partial record at the end; the run
// directory knows the length that it has committed and cuts the rest before it appends again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "selfplay/file_descriptor.hpp"
#include "selfplay/game_record.hpp"

namespace tengen::selfplay {

/// Writes at the end of one shard. Not thread-safe.
class ShardWriter {
 public:
  /// Opens or creates `path`, cutting it to `committed_size` bytes (0: only the header). Throws
  /// Error if the file is shorter than that.
  ShardWriter(const std::filesystem::path& path, std::uint64_t committed_size);

  /// Appends the records and fsyncs; returns the offset of each. Throws Error (disk full, ...).
  std::vector<std::uint64_t> append(std::span<const GameRecord> records);
  std::uint64_t size() const { return size_; }

 private:
  const std::filesystem::path path_;
  FileDescriptor file_;
  std::uint64_t size_ = 0;
};

/// The record at `offset`. Throws Error, with path and offset, if it is damaged or cut.
GameRecord read_record(const std::filesystem::path& path, std::uint64_t offset);

struct ShardContents {
  std::vector<GameRecord> records;
  std::uint64_t valid_size = 0;  // where the last whole record ends
  bool truncated = false;        // something else follows there
};
/// All whole records from the start; stops at the first damaged or partial one. Throws Error if the
/// file is missing or its header is not a shard's.
ShardContents read_shard(const std::filesystem::path& path);

}  // namespace tengen::selfplay
