#include "engine/io/atomic_file.hpp"

#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/base/error.hpp"
#include "tests/support/temp_dir.hpp"

using namespace tengen;
using Catch::Matchers::Contains;

namespace {

std::string read_all(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t files_in(const test::TempDir& directory) {
  using Iterator = std::filesystem::directory_iterator;
  return static_cast<std::size_t>(std::distance(Iterator(directory.path()), Iterator()));
}

/// While one exists, writing past `bytes` fails with EFBIG, as a full disk does with ENOSPC.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &previous_);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, previous_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &previous_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit previous_{};
  void (*handler_)(int) = nullptr;
};

}  // namespace

TEST_CASE("A file is written piece by piece and replaces the old one", "[engine][io][atomic]") {
  const test::TempDir directory;
  const std::string path = (directory / "file").string();
  io::write_file_atomically(path, "old content");
  io::write_file_atomically(path, [](const io::ByteSink& sink) {
    for (std::string_view piece : {"new", "", " bytes"})
      sink(std::as_bytes(std::span<const char>(piece)));
  });
  CHECK(read_all(path) == "new bytes");
  CHECK(files_in(directory) == 1);
}

TEST_CASE("A write that fails midway leaves the old file and nothing else",
          "[engine][io][atomic]") {
  const test::TempDir directory;
  const std::string path = (directory / "file").string();
  io::write_file_atomically(path, "old content");
  {
    const FileSizeLimit limit(1000);
    CHECK_THROWS_WITH(io::write_file_atomically(path, std::string(5000, 'x')),
                      Contains(path) && Contains("cannot write: File too large"));
  }
  CHECK(read_all(path) == "old content");
  CHECK(files_in(directory) == 1);
}

TEST_CASE("An exception of the writer passes through and leaves the old file",
          "[engine][io][atomic]") {
  const test::TempDir directory;
  const std::string path = (directory / "file").string();
  io::write_file_atomically(path, "old content");
  CHECK_THROWS_AS(io::write_file_atomically(path,
                                            [](const io::ByteSink& sink) {
                                              sink({});
                                              throw std::logic_error("halfway");
                                            }),
                  std::logic_error);
  CHECK(read_all(path) == "old content");
  CHECK(files_in(directory) == 1);
}

TEST_CASE("Paths that cannot be written are Errors that name them", "[engine][io][atomic]") {
  const test::TempDir directory;
  CHECK_THROWS_WITH(io::write_file_atomically((directory / "absent/file").string(), "x"),
                    Contains("absent/file: cannot create a file beside it: No such file"));
  std::filesystem::create_directory(directory / "taken");
  CHECK_THROWS_WITH(io::write_file_atomically((directory / "taken").string(), "x"),
                    Contains("taken: cannot rename into place"));
  CHECK(files_in(directory) == 1);
}
