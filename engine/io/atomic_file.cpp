#include "engine/io/atomic_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include "engine/base/error.hpp"

namespace tengen::io {

namespace {

[[noreturn]] void fail(const std::string& path, const char* action) {
  throw Error(path, fmt::format("cannot {}: {}", action, std::strerror(errno)));
}

/// An open file that is closed, and removed unless it has been renamed, when the scope is left.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& target) : target_(target), path_(unique_name(target)) {
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0) fail(target_, "create a file beside it");
  }
  ~TemporaryFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!renamed_) ::unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail(target_, "write");
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
  }

  /// Flushes to the disk and takes the target's place.
  void commit() {
    if (::fsync(descriptor_) != 0) fail(target_, "flush to the disk");
    // Some file systems report a failed write only here.
    if (::close(std::exchange(descriptor_, -1)) != 0) fail(target_, "close");
    if (std::rename(path_.c_str(), target_.c_str()) != 0) fail(target_, "rename into place");
    renamed_ = true;
  }

 private:
  static std::string unique_name(const std::string& target) {
    static std::atomic<unsigned> count{0};
    return fmt::format("{}.tmp.{}.{}", target, ::getpid(), count++);
  }

  const std::string target_, path_;
  int descriptor_ = -1;
  bool renamed_ = false;
};

/// Makes a rename in the directory of `path` durable.
void flush_directory_of(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  const int directory = ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_CLOEXEC);
  if (directory < 0) fail(path, "open its directory");
  const int result = ::fsync(directory);
  const int reason = errno;
  ::close(directory);
  errno = reason;
  // Some file systems cannot flush directories and say so with EINVAL.
  if (result != 0 && reason != EINVAL) fail(path, "flush its directory to the disk");
}

}  // namespace

void write_file_atomically(const std::string& path,
                           const std::function<void(const ByteSink&)>& write) {
  TemporaryFile file(path);
  write([&](std::span<const std::byte> bytes) { file.write(bytes); });
  file.commit();
  flush_directory_of(path);
}

void write_file_atomically(const std::string& path, std::string_view content) {
  write_file_atomically(
      path, [&](const ByteSink& sink) { sink(std::as_bytes(std::span<const char>(content))); });
}

}  // namespace tengen::io
