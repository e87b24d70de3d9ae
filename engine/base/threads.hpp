// How many threads work is shared out to unless the user says otherwise.
#pragma once

namespace tengen {

/// One for each logical CPU that this process may use (its affinity mask), at least 1: hyperthreads
/// of one core count each. `tengen bench tune` finds out whether fewer are faster.
int default_threads();

/// `wanted`, or default_threads() if it is 0.
int threads_or_default(int wanted);

}  // namespace tengen
