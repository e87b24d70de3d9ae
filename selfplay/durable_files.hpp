// fsync and rename, in the order that makes a crash harmless (the new name appears only once all
// bytes behind it are on disk). Errors are tengen::Error with the path.
#pragma once

#include <filesystem>

namespace tengen::selfplay {

/// Makes a directory's entries durable.
void sync_directory(const std::filesystem::path& directory);
/// Makes every file below `directory`, and the directory itself, durable.
void sync_tree(const std::filesystem::path& directory);
/// fsyncs `from` if it is a file, renames it to `to`, fsyncs the parent directory.
void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace tengen::selfplay
