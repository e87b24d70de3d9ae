// Files that appear whole or not at all.
//
// The new content goes to a temporary file in the same directory, which is flushed to the disk
// (fsync) and then renamed over the target; at last the directory is flushed. A crash or kill at
// any moment leaves either the old file or the new one, at worst a stray "NAME.tmp.PID.N" besides.
// Limits: POSIX; atomic only where rename is (local file systems, NFS).
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace tengen::io {

/// Takes the content piece by piece, in order.
using ByteSink = std::function<void(std::span<const std::byte>)>;

/// Replaces the file at `path` by what `write` puts into the sink. On any failure (full disk,
/// missing directory, an exception of `write`) removes the temporary file and leaves the existing
/// file as it was; those of the file system throw Error with the path and the reason. Thread
/// safety: any number of threads and processes, also on one path; the last rename wins.
void write_file_atomically(const std::string& path,
                           const std::function<void(const ByteSink&)>& write);
void write_file_atomically(const std::string& path, std::string_view content);

}  // namespace tengen::io
