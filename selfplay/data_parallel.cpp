#include "selfplay/data_parallel.hpp"

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <utility>

#include "engine/base/check.hpp"
#include "engine/kernels/backend.hpp"

namespace tengen::selfplay {

namespace {

void add_scaled(Tensor& sum, const Tensor& term, float factor) {
  const std::span<float> out = sum.values<float>();
  const std::span<const float> in = std::as_const(term).values<float>();
  for (std::size_t i = 0; i < out.size(); ++i) out[i] += factor * in[i];
}

void scale(Tensor& tensor, float factor) {
  for (float& x : tensor.values<float>()) x *= factor;
}

}  // namespace

DataParallel::DataParallel(std::vector<Module*> workers) : workers_(std::move(workers)) {
  CHECK_INVARIANT(!workers_.empty());
}

int DataParallel::shares(int rows) const {
  return std::clamp(rows / kMinRows, 1, static_cast<int>(workers_.size()));
}

DataParallel::Share DataParallel::share(int index, int rows, int shares) const {
  const int first = rows * index / shares;
  return {index, first, rows * (index + 1) / shares - first};
}

void DataParallel::run(int rows, const std::function<void(const Share&)>& pass) {
  const int count = shares(rows);
  worker(0).zero_grad();
  if (count == 1) {
    const kernels::ScopedThreads one_thread(1);
    return pass(share(0, rows, 1));
  }
  share_state(count);
  // More threads than cores are allowed, if that is what was asked for.
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(count));
  tbb::task_arena arena(count);
  arena.execute([&] {
    tbb::parallel_for(
        0, count,
        [&](int index) {
          const kernels::ScopedThreads one_thread(1);
          pass(share(index, rows, count));
        },
        tbb::static_partitioner());
  });
  gather(rows, count);
}

/// The replicas see the net's weights, buffers and mode, and have no gradients.
void DataParallel::share_state(int shares) {
  Module& net = worker(0);
  const auto parameters = net.parameters();
  const auto buffers = net.buffers();
  for (int i = 1; i < shares; ++i) {
    Module& replica = worker(i);
    replica.train(net.training());
    replica.zero_grad();
    auto own = replica.parameters();
    for (std::size_t p = 0; p < own.size(); ++p)
      own[p].variable.value() = parameters[p].variable.value();
    auto own_buffers = replica.buffers();
    for (std::size_t b = 0; b < own_buffers.size(); ++b)
      own_buffers[b].tensor.copy_from(buffers[b].tensor);
  }
}

/// After the passes: sums of gradients and means of buffers, into the net, in the order of the
/// shares.
void DataParallel::gather(int rows, int shares) {
  auto parameters = worker(0).parameters();
  auto buffers = worker(0).buffers();
  const auto part = [&](int i) {
    return static_cast<float>(share(i, rows, shares).count) / static_cast<float>(rows);
  };
  for (NamedBuffer& buffer : buffers) scale(buffer.tensor, part(0));
  for (int i = 1; i < shares; ++i) {
    const auto others = worker(i).parameters();
    for (std::size_t p = 0; p < parameters.size(); ++p) {
      if (!others[p].variable.grad().defined()) continue;  // the loss does not depend on it
      Variable& parameter = parameters[p].variable;
      Tensor sum = parameter.grad();
      parameter.zero_grad();
      if (!sum.owns_storage_alone()) sum = sum.clone();
      kernels::add_in_place(sum, others[p].variable.grad());
      parameter.set_grad(std::move(sum));
    }
    const auto other_buffers = worker(i).buffers();
    for (std::size_t b = 0; b < buffers.size(); ++b)
      add_scaled(buffers[b].tensor, other_buffers[b].tensor, part(i));
  }
}

}  // namespace tengen::selfplay
