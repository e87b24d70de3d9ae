#include "engine/io/text_lines.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <span>
#include <system_error>

#include "engine/base/error.hpp"
#include "engine/io/atomic_file.hpp"

namespace tengen::io {

namespace {

constexpr std::size_t kChunk = std::size_t{1} << 16;

/// Compresses what it takes into a sink, as a gzip file.
class GzipSink {
 public:
  explicit GzipSink(const ByteSink& sink) : sink_(sink) {
    constexpr int kGzip = 16 + MAX_WBITS, kMemory = 8;
    if (deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzip, kMemory,
                     Z_DEFAULT_STRATEGY) != Z_OK)
      throw Error("cannot start gzip compression");
  }
  ~GzipSink() { deflateEnd(&stream_); }
  GzipSink(const GzipSink&) = delete;
  GzipSink& operator=(const GzipSink&) = delete;

  void write(std::string_view text) {
    for (; !text.empty(); text.remove_prefix(std::min(text.size(), kChunk)))
      deflate_all(text.substr(0, kChunk), Z_NO_FLUSH);
  }
  void finish() { deflate_all({}, Z_FINISH); }

 private:
  void deflate_all(std::string_view text, int flush) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream_.avail_in = static_cast<uInt>(text.size());
    do {
      stream_.next_out = out_.data();
      stream_.avail_out = static_cast<uInt>(out_.size());
      deflate(&stream_, flush);
      sink_(std::as_bytes(std::span(out_).first(out_.size() - stream_.avail_out)));
    } while (stream_.avail_out == 0);
  }

  const ByteSink& sink_;
  z_stream stream_{};
  std::array<Bytef, kChunk> out_;
};

using GzipFile = std::unique_ptr<gzFile_s, int (*)(gzFile)>;

GzipFile open_gzip(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))  // would open, and could not be read
    throw Error(path, "expected a file, got a folder");
  GzipFile file(gzopen(path.c_str(), "rb"), gzclose);
  if (!file) throw Error(path, "cannot open the file");
  return file;
}

}  // namespace

TextLines::TextLines(const std::string& path) : path_(path), file_(open_gzip(path)) {}

/// Puts the next piece of the file behind what is left of the buffer.
bool TextLines::fill() {
  buffer_.erase(0, at_);
  at_ = 0;
  const std::size_t left = buffer_.size();
  buffer_.resize(left + kChunk);
  const int got = gzread(file_.get(), buffer_.data() + left, static_cast<unsigned>(kChunk));
  if (got < 0) throw Error(path_, "cannot read: damaged gzip data");
  buffer_.resize(left + static_cast<std::size_t>(got));
  return got > 0;
}

bool TextLines::next(std::string& line, std::size_t max_length) {
  std::size_t searched = 0;  // of the unused bytes
  while (true) {
    const std::size_t end = buffer_.find('\n', at_ + searched);
    if (end != std::string::npos) {
      line.assign(buffer_, at_, end - at_);
      at_ = end + 1;
      break;
    }
    searched = buffer_.size() - at_;
    if (searched > max_length)
      throw Error(path_,
                  fmt::format("line {} is longer than {} bytes", line_number_ + 1, max_length));
    if (fill()) continue;
    if (buffer_.empty()) return false;
    line.swap(buffer_);
    buffer_.clear();
    break;
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  ++line_number_;
  return true;
}

std::string inflated_head(const std::string& path, std::size_t size) {
  const GzipFile file = open_gzip(path);
  std::string head(size, '\0');
  const int got = gzread(file.get(), head.data(), static_cast<unsigned>(size));
  if (got < 0) throw Error(path, "cannot read: damaged gzip data");
  head.resize(static_cast<std::size_t>(got));
  return head;
}

void write_lines_atomically(const std::string& path,
                            const std::function<void(const LineSink&)>& write) {
  write_file_atomically(path, [&](const ByteSink& sink) {
    const auto plain = [&sink](std::string_view text) { sink(std::as_bytes(std::span(text))); };
    if (!path.ends_with(".gz"))
      return write([&](std::string_view line) {
        plain(line);
        plain("\n");
      });
    GzipSink gzip(sink);
    write([&](std::string_view line) {
      gzip.write(line);
      gzip.write("\n");
    });
    gzip.finish();
  });
}

}  // namespace tengen::io
