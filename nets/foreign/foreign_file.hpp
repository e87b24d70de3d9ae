// Knows the weight files of other programs by their first bytes, to say what a file is that cannot
// be read.
#pragma once

#include <string>

namespace tengen::nets {

/// "a KataGo model, version 8", or empty for what is not known (Tengen's own files too); Leela
/// Zero's weights are "a text" here. Throws Error if the file cannot be opened or inflated.
std::string foreign_kind(const std::string& path);

/// Throws Error that names the kind, if it is known, and what Tengen reads.
void refuse_foreign_file(const std::string& path);

}  // namespace tengen::nets
