// What the standard error stream is shown on.
//
// A line that redraws in place and lines that stay share a terminal without knowing each other:
// whoever writes begins with kClearLine, so that a line that stays takes the row of the one that
// redraws, which comes back below it with its next redraw.
#pragma once

namespace tengen {

/// Back to the left edge of the row, and the row emptied (ECMA-48: CR, then EL).
inline constexpr char kClearLine[] = "\r\033[K";

bool stderr_is_terminal();

/// Columns of that terminal now (people resize it); 0: unknown, or no terminal.
int stderr_columns();

}  // namespace tengen
