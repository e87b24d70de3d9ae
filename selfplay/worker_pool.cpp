#include "selfplay/worker_pool.hpp"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/kernels/backend.hpp"

namespace tengen::selfplay {

namespace {

constexpr auto kServeInterval = std::chrono::milliseconds(200);

struct Pool {
  Pool(std::atomic<bool>& abort_flag, int threads) : abort(abort_flag), running(threads) {}

  std::atomic<bool>& abort;
  std::mutex mutex;  // guards the rest
  std::condition_variable changed;
  int running;
  std::exception_ptr error;

  void fail(std::exception_ptr failure) {
    std::lock_guard lock(mutex);
    abort = true;
    if (!error) error = std::move(failure);
  }

  void run(const std::function<void(int)>& work, int thread) {
    try {
      const kernels::ScopedThreads one_thread(1);
      work(thread);
    } catch (...) {
      fail(std::current_exception());
    }
    std::lock_guard lock(mutex);
    --running;
    changed.notify_all();
  }

  /// `count` workers will never run.
  void give_up(int count) {
    std::lock_guard lock(mutex);
    running -= count;
  }

  bool wait_for_end() {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, kServeInterval, [&] { return running == 0; });
  }
};

}  // namespace

void run_workers(int threads, std::atomic<bool>& abort, const std::function<void(int thread)>& work,
                 const std::function<void()>& serve) {
  Pool pool(abort, threads);
  std::vector<std::thread> workers;
  for (int i = 0; i < threads; ++i) {
    try {
      workers.emplace_back([&, i] { pool.run(work, i); });
    } catch (...) {  // the system gives no more threads
      pool.fail(std::current_exception());
      pool.give_up(threads - i);
      break;
    }
  }
  try {
    for (bool ended = false; !ended;) {
      ended = pool.wait_for_end();
      if (serve) serve();
    }
  } catch (...) {
    pool.fail(std::current_exception());
  }
  for (std::thread& worker : workers) worker.join();
  if (pool.error) std::rethrow_exception(pool.error);
}

}  // namespace tengen::selfplay
