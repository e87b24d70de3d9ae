// oneDNN primitives prepared once per shape and run on tensors many times.
//
// Creating a primitive (choosing an implementation, generating its code) costs tens to hundreds of
// microseconds, running a small one a few. So each thread keeps its prepared primitives in a cache
// by operation, shapes, parameters and thread count (which oneDNN fixes at creation): a training
// step creates nothing. A prepared primitive also owns its memory objects and, where it wants
// another layout than the tensor's (packed convolution weights), the buffer and the reorder between
// the two. Thread safety: everything here belongs to the calling thread.
#pragma once

#include <array>
#include <cstdint>
#include <dnnl.hpp>
#include <functional>
#include <initializer_list>
#include <unordered_map>
#include <vector>

#include "engine/tensor/tensor.hpp"

namespace tengen::kernels::dnn {

const dnnl::engine& cpu_engine();

/// A float layout with the given dimensions and strides, both in elements.
dnnl::memory::desc strided(const dnnl::memory::dims& dims, const dnnl::memory::dims& strides);
/// Row-major [rows, columns].
dnnl::memory::desc matrix(std::int64_t rows, std::int64_t columns);
/// [N, H, W, C] in memory, in oneDNN's logical order N, C, H, W.
dnnl::memory::desc channels_last(const Shape& shape, DType dtype = DType::f32);
/// Of f32 or bf16.
dnnl::memory::data_type dnnl_type(DType dtype);

enum class Operation : std::int64_t {
  matmul,
  conv2d,
  conv2d_backward_data,
  conv2d_backward_weight,
  batch_norm_train,
  batch_norm_backward,
  batch_norm_eval,
  pool2d,
  softmax,
  log_softmax,
  unary,
  unary_backward,
};

/// What a prepared primitive depends on: the operation, the number of threads, and the shapes and
/// parameters, added in an order fixed by the operation.
class PrimitiveKey {
 public:
  explicit PrimitiveKey(Operation operation);
  PrimitiveKey& add(std::int64_t number);
  PrimitiveKey& add(const Shape& shape);

  friend bool operator==(const PrimitiveKey&, const PrimitiveKey&) = default;
  std::size_t hash() const;

 private:
  std::array<std::int64_t, 20> numbers_{};
  std::size_t size_ = 0;
};

class PreparedPrimitive {
 public:
  explicit PreparedPrimitive(const dnnl::primitive& primitive) : primitive_(primitive) {}

  /// An argument (DNNL_ARG_...) whose tensor has the layout `tensor` and that the primitive reads
  /// or writes in the layout `wanted`.
  void add_input(int argument, const dnnl::memory::desc& tensor, const dnnl::memory::desc& wanted);
  void add_output(int argument, const dnnl::memory::desc& tensor, const dnnl::memory::desc& wanted);
  /// The usual case: both layouts are the same.
  void add(int argument, const dnnl::memory::desc& layout) { add_input(argument, layout, layout); }

  struct Binding {
    int argument;
    const void* data;
  };
  /// Runs on these data, one binding for each argument added; returns when the results are there.
  void run(std::initializer_list<Binding> bindings);

 private:
  struct Reorder {
    dnnl::reorder primitive;
    dnnl::memory from, to;
  };

  dnnl::memory add_tensor(int argument, const dnnl::memory::desc& layout);

  dnnl::primitive primitive_;
  std::unordered_map<int, dnnl::memory> tensors_;    // as the caller sees them; data set by run()
  std::unordered_map<int, dnnl::memory> arguments_;  // as the primitive sees them
  std::vector<Reorder> before_, after_;
};

/// The calling thread's primitive for `key`, made by `make` if there is none. The reference holds
/// until the next call.
PreparedPrimitive& prepared(const PrimitiveKey& key,
                            const std::function<PreparedPrimitive()>& make);

}  // namespace tengen::kernels::dnn
