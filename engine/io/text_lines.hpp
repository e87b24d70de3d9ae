// Text files that may be gzip-compressed, line by line: the weights of other programs come so.
//
// Reading looks at the content, writing at the name: one that ends in ".gz" is compressed.
// Lines may be of any length (a layer's weights are one line of megabytes).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

struct gzFile_s;

namespace tengen::io {

class TextLines {
 public:
  /// Throws Error if the file cannot be opened.
  explicit TextLines(const std::string& path);

  /// The next line without its line end ("\n" or "\r\n"); false at the end of the file. Throws
  /// Error for damaged gzip data and lines beyond `max_length`.
  bool next(std::string& line, std::size_t max_length = std::size_t{1} << 32);
  /// Of the line that next() gave, from 1.
  int line_number() const { return line_number_; }

 private:
  bool fill();

  std::string path_;
  std::unique_ptr<gzFile_s, int (*)(gzFile_s*)> file_;
  std::string buffer_;
  std::size_t at_ = 0;  // first byte of buffer_ that is not used up
  int line_number_ = 0;
};

/// The first bytes of the file, inflated if it is compressed: at most `size` of them. Throws Error
/// if it cannot be opened or inflated.
std::string inflated_head(const std::string& path, std::size_t size);

/// Takes lines, without their ends.
using LineSink = std::function<void(std::string_view)>;

/// Replaces the file at `path` by the lines that `write` gives; as write_file_atomically().
void write_lines_atomically(const std::string& path,
                            const std::function<void(const LineSink&)>& write);

}  // namespace tengen::io
