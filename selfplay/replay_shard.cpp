#include "selfplay/replay_shard.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>

#include "engine/base/error.hpp"
#include "engine/base/hash.hpp"

namespace tengen::selfplay {

namespace {

constexpr std::string_view kMagic = "TGNSHRD1";
constexpr std::size_t kRecordHeader = 8;        // size and checksum
constexpr std::size_t kMaxRecord = 256u << 20;  // a damaged size does not allocate the machine away
constexpr int kZstdLevel = 3;

[[noreturn]] void fail_errno(const std::filesystem::path& path, const char* what) {
  throw Error(path.string(), fmt::format("{}: {}", what, std::strerror(errno)));
}

void write_all(int file, std::string_view bytes, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail_errno(path, "cannot write");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::uint32_t checksum(std::string_view bytes) {
  return crc32(std::as_bytes(std::span(bytes.data(), bytes.size())));
}

std::string frame(const GameRecord& record) {
  const std::string plain = encode(record);
  std::string packed(kRecordHeader + ZSTD_compressBound(plain.size()), '\0');
  const std::size_t size =
      ZSTD_compress(packed.data() + kRecordHeader, packed.size() - kRecordHeader, plain.data(),
                    plain.size(), kZstdLevel);
  if (ZSTD_isError(size)) throw Error(fmt::format("zstd: {}", ZSTD_getErrorName(size)));
  packed.resize(kRecordHeader + size);
  const std::uint32_t header[2] = {static_cast<std::uint32_t>(size),
                                   checksum(std::string_view(packed).substr(kRecordHeader))};
  std::memcpy(packed.data(), header, kRecordHeader);
  return packed;
}

/// The next record of `in`, or nullopt if what is there is not a whole, undamaged record.
std::optional<GameRecord> next_record(std::istream& in) {
  std::uint32_t header[2];
  if (!in.read(reinterpret_cast<char*>(header), kRecordHeader)) return std::nullopt;
  if (header[0] > kMaxRecord) return std::nullopt;
  std::string packed(header[0], '\0');
  if (!in.read(packed.data(), static_cast<std::streamsize>(packed.size()))) return std::nullopt;
  if (checksum(packed) != header[1]) return std::nullopt;
  const auto plain_size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (plain_size > kMaxRecord) return std::nullopt;  // zstd's two error values are the largest
  std::string plain(plain_size, '\0');
  const std::size_t size =
      ZSTD_decompress(plain.data(), plain.size(), packed.data(), packed.size());
  if (ZSTD_isError(size) || size != plain.size()) return std::nullopt;
  return decode(plain);
}

std::ifstream open_shard(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error(path.string(), "cannot open the replay shard");
  std::string magic(kMagic.size(), '\0');
  if (!in.read(magic.data(), static_cast<std::streamsize>(magic.size())) || magic != kMagic)
    throw Error(path.string(), 0,
                "not a replay shard: it should start with " + std::string(kMagic));
  return in;
}

}  // namespace

ShardWriter::ShardWriter(const std::filesystem::path& path, std::uint64_t committed_size)
    : path_(path),
      file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644)),
      size_(std::max<std::uint64_t>(committed_size, kMagic.size())) {
  if (!file_.valid()) fail_errno(path, "cannot open the replay shard");
  const int file = file_.number();
  struct stat info {};
  if (::fstat(file, &info) != 0) fail_errno(path, "cannot read its size");
  if (static_cast<std::uint64_t>(info.st_size) < committed_size)
    throw Error(path.string(), fmt::format("the shard was cut: run.db knows {} bytes, found {}",
                                           committed_size, info.st_size));
  if (::ftruncate(file, static_cast<off_t>(committed_size)) != 0) fail_errno(path, "cannot cut");
  if (::lseek(file, 0, SEEK_END) < 0) fail_errno(path, "cannot seek");
  if (committed_size == 0) write_all(file, kMagic, path);
}

std::vector<std::uint64_t> ShardWriter::append(std::span<const GameRecord> records) {
  std::vector<std::uint64_t> offsets;
  std::string bytes;
  for (const GameRecord& record : records) {
    offsets.push_back(size_ + bytes.size());
    bytes += frame(record);
  }
  write_all(file_.number(), bytes, path_);
  if (::fsync(file_.number()) != 0) fail_errno(path_, "cannot flush to disk");
  size_ += bytes.size();
  return offsets;
}

GameRecord read_record(const std::filesystem::path& path, std::uint64_t offset) {
  std::ifstream in = open_shard(path);
  in.seekg(static_cast<std::streamoff>(offset));
  auto record = next_record(in);
  if (!record) throw Error(path.string(), offset, "the game record is damaged or cut");
  return *std::move(record);
}

ShardContents read_shard(const std::filesystem::path& path) {
  std::ifstream in = open_shard(path);
  ShardContents contents;
  contents.valid_size = kMagic.size();
  while (in.peek() != std::ifstream::traits_type::eof()) {
    auto record = next_record(in);
    if (!record) {
      contents.truncated = true;
      break;
    }
    contents.records.push_back(*std::move(record));
    contents.valid_size = static_cast<std::uint64_t>(in.tellg());
  }
  return contents;
}

}  // namespace tengen::selfplay
