// Standard input, output and error as a shell may have closed them (tengen train RUN 2>&-).
#pragma once

namespace tengen::tools {

/// Puts something in the place of each that is closed, from which nothing can be read and to which
/// nothing can be written: else the next file to be opened would be taken for it, and what is
/// printed written into that file.
void occupy_closed_streams();

}  // namespace tengen::tools
