#include "engine/data/idx_file.hpp"

#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <span>

namespace tengen {

namespace {

constexpr int kUnsignedBytes = 0x08;
constexpr int kMaxDims = 4;
constexpr std::int64_t kMaxValues = std::int64_t{1} << 32;

/// A file read from its start; zlib reads plain files as they are.
class Reader {
 public:
  explicit Reader(const std::string& path)
      : path_(path), file_(gzopen(path.c_str(), "rb"), gzclose) {
    if (std::filesystem::is_directory(path))
      throw Error(path, "expected an IDX file, got a folder");
    if (!file_) throw Error(path, "cannot open the IDX file");
  }

  void read(std::span<std::uint8_t> out, const char* what) {
    constexpr std::size_t kMost = 1u << 30;  // gzread takes an unsigned int
    while (!out.empty()) {
      const auto want = static_cast<unsigned>(std::min(out.size(), kMost));
      const int got = gzread(file_.get(), out.data(), want);
      if (got < 0) fail_here("damaged gzip data");
      if (got == 0) fail_here(fmt::format("expected {}, but the file ends here", what));
      offset_ += static_cast<std::uint64_t>(got);
      out = out.subspan(static_cast<std::size_t>(got));
    }
  }

  /// Memory grows with what is really there: a damaged header must not eat it.
  std::vector<std::uint8_t> read_values(std::size_t total) {
    constexpr std::size_t kFirst = 1u << 24;
    std::vector<std::uint8_t> values;
    while (values.size() < total) {
      const std::size_t before = values.size();
      values.resize(std::min(total, std::max(kFirst, 2 * before)));
      read(std::span(values).subspan(before), "as many values as the header says");
    }
    return values;
  }

  /// Also looks at the checksum that a compressed file ends with.
  bool at_end() {
    if (gzgetc(file_.get()) >= 0) return false;
    int error = Z_OK;
    gzerror(file_.get(), &error);
    if (error != Z_OK) fail_here("damaged gzip data");
    return true;
  }
  /// Bytes of the data so far.
  std::uint64_t offset() const { return offset_; }
  bool packed() const { return gzdirect(file_.get()) == 0; }

  /// The data are wrong at `offset`.
  [[noreturn]] void fail(std::uint64_t offset, const std::string& message) const {
    throw idx_error(path_, packed(), offset, message);
  }

 private:
  /// The file itself is broken where it was last read.
  [[noreturn]] void fail_here(const std::string& message) const {
    const auto place = packed() ? static_cast<std::uint64_t>(gzoffset(file_.get())) : offset_;
    throw Error(path_, place, message);
  }

  std::string path_;
  std::unique_ptr<gzFile_s, int (*)(gzFile)> file_;
  std::uint64_t offset_ = 0;
};

}  // namespace

Error idx_error(const std::string& path, bool packed, std::uint64_t offset,
                const std::string& message) {
  if (!packed) return {path, offset, message};
  return {path, fmt::format("byte {} of the unpacked data: {}", offset, message)};
}

IdxArray read_idx(const std::string& path) {
  Reader reader(path);
  std::uint8_t head[4];
  reader.read(head, "the four bytes of an IDX header");
  if (head[0] != 0 || head[1] != 0 || head[2] != kUnsignedBytes || head[3] < 1 ||
      head[3] > kMaxDims)
    reader.fail(0, fmt::format("expected an IDX file of unsigned bytes (00 00 08 01..04), got "
                               "{:02x} {:02x} {:02x} {:02x}",
                               head[0], head[1], head[2], head[3]));
  IdxArray array;
  array.packed = reader.packed();
  std::int64_t total = 1;
  for (int i = 0; i < head[3]; ++i) {
    const std::uint64_t offset = reader.offset();
    std::uint8_t b[4];
    reader.read(b, "a dimension");
    array.dims.push_back((std::int64_t{b[0]} << 24) | (b[1] << 16) | (b[2] << 8) | b[3]);
    if (array.dims.back() > kMaxValues / std::max<std::int64_t>(total, 1))
      reader.fail(offset, fmt::format("expected at most {} values", kMaxValues));
    total *= array.dims.back();
  }
  array.values = reader.read_values(static_cast<std::size_t>(total));
  if (!reader.at_end()) reader.fail(reader.offset(), "expected the end of the file, got more data");
  return array;
}

}  // namespace tengen
