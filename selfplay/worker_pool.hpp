// Threads that each do a long piece of work with one kernel thread (one single-threaded net stream
// per core is the fastest), while the calling thread serves them: commits games, shows progress.
#pragma once

#include <atomic>
#include <functional>

namespace tengen::selfplay {

/// Runs work(i) on its own thread for each i < threads, inside kernels::ScopedThreads(1). Meanwhile
/// calls `serve` (may be empty) on the calling thread several times a second, and once more after
/// the last worker has ended. The first exception of a worker or of `serve` sets `abort`, which the
/// workers must watch, and is thrown on when all have ended.
void run_workers(int threads, std::atomic<bool>& abort, const std::function<void(int thread)>& work,
                 const std::function<void()>& serve = {});

}  // namespace tengen::selfplay
