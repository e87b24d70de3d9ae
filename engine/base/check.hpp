// CHECK for invariants that must hold in every build; DCHECK for hot code, gone in Release.
// Both are for bugs of ours, never for bad input: they print the condition and abort.
#pragma once

namespace tengen {
[[noreturn]] void check_failed(const char* condition, const char* file, int line);
}  // namespace tengen

#define CHECK_INVARIANT(condition)                     \
  (static_cast<bool>(condition) ? static_cast<void>(0) \
                                : ::tengen::check_failed(#condition, __FILE__, __LINE__))

#ifdef NDEBUG
#define DCHECK(condition) static_cast<void>(sizeof(!(condition)))
#else
#define DCHECK(condition) CHECK_INVARIANT(condition)
#endif
