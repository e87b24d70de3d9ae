// The narrow numeric interface: everything that autograd and the nets compute goes through a
// Backend.
//
// Two implementations: reference() in plain loops and Eigen, for float and double (oracle and
// fallback), and onednn() for float and bf16. default_for(dtype) chooses: oneDNN for f32 and bf16,
// reference for f64. Inputs are contiguous tensors of one dtype; results are new tensors of that
// dtype. With bf16, what a net keeps beside its activations stays f32: weights, biases, scales,
// statistics and their gradients. bf16 kernels compute in f32 and round the result; operations
// without one (and convolutions on CPUs without AVX-512) go through f32 copies. Shapes that do
// not fit throw std::invalid_argument, "[conv2d] expected ..., got ...", before anything is
// computed (checked once, in check_shapes.hpp, for every backend). Thread safety: backends are
// stateless from outside; calls from several threads are safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/tensor/tensor.hpp"

namespace tengen::kernels {

struct Conv2dParams {
  int stride = 1;
  int padding = 0;
  int dilation = 1;
  int groups = 1;
  friend bool operator==(const Conv2dParams&, const Conv2dParams&) = default;
};

/// floor((in + 2 padding - dilation (kernel - 1) - 1) / stride) + 1.
std::int64_t conv_output_size(std::int64_t in, std::int64_t kernel, const Conv2dParams& params);

struct Pool2dParams {
  enum class Kind { max, average };
  Kind kind = Kind::max;
  int kernel = 2;
  int stride = 2;
  int padding = 0;  // average pooling counts only cells inside the image
};

/// What follows a batch norm within the same pass: y = relu(norm(x) + residual).
struct NormTail {
  Tensor residual;  // of x's shape and dtype; undefined: none
  bool relu = false;
};
/// The same, as the gradient needs it.
struct NormTailBackward {
  Tensor y;               // the forward result if a ReLU was applied, else undefined
  bool residual = false;  // compute dresidual
};
/// Statistics of a batch norm in training mode, needed by its backward.
struct BatchNormForward {
  Tensor y, mean, variance;  // variance is biased (divides by the number of elements)
};
struct BatchNormBackward {
  Tensor dx, dgamma, dbeta;
  Tensor dresidual;  // the gradient before the ReLU, if asked for; may share dy's storage
};

enum class Unary { relu, tanh, sigmoid, exp, log, square, negate };
enum class Binary { add, subtract, multiply, divide };

class Backend {
 public:
  virtual ~Backend() = default;
  virtual std::string name() const = 0;

  /// [M, K] x [K, N] -> [M, N], either factor stored transposed ([K, M], [N, K]). Batches of
  /// matrices, [B, M, K] x [B, K, N] -> [B, M, N], are multiplied pair by pair.
  virtual Tensor matmul(const Tensor& a, const Tensor& b, bool transpose_a = false,
                        bool transpose_b = false) const = 0;

  /// x [N, H, W, C], weight [O, kh, kw, C / groups], bias [O] or undefined -> [N, Ho, Wo, O].
  virtual Tensor conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias,
                        const Conv2dParams& params) const = 0;
  /// Gradient with respect to x, whose shape is `x_shape`.
  virtual Tensor conv2d_backward_data(const Tensor& dy, const Tensor& weight, const Shape& x_shape,
                                      const Conv2dParams& params) const = 0;
  /// Gradient with respect to the weight, whose shape is `weight_shape`.
  virtual Tensor conv2d_backward_weight(const Tensor& dy, const Tensor& x,
                                        const Shape& weight_shape,
                                        const Conv2dParams& params) const = 0;

  /// Batch norm over all axes but the last: y = gamma (x - mean) / sqrt(variance + epsilon) + beta,
  /// with the batch's own statistics (Ioffe and Szegedy 2015).
  virtual BatchNormForward batch_norm_train(const Tensor& x, const Tensor& gamma,
                                            const Tensor& beta, double epsilon,
                                            const NormTail& tail = {}) const = 0;
  virtual BatchNormBackward batch_norm_backward(const Tensor& dy, const Tensor& x,
                                                const Tensor& gamma, const Tensor& mean,
                                                const Tensor& variance, double epsilon,
                                                const NormTailBackward& tail = {}) const = 0;
  /// The same formula with given statistics.
  virtual Tensor batch_norm_eval(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                                 const Tensor& mean, const Tensor& variance, double epsilon,
                                 const NormTail& tail = {}) const = 0;

  virtual Tensor pool2d(const Tensor& x, const Pool2dParams& params) const = 0;
  /// Max pooling routes the gradient to the first maximum of each window.
  virtual Tensor pool2d_backward(const Tensor& dy, const Tensor& x,
                                 const Pool2dParams& params) const = 0;

  /// Over the last axis, shifted by the row's maximum.
  virtual Tensor softmax(const Tensor& x) const = 0;
  virtual Tensor log_softmax(const Tensor& x) const = 0;

  virtual Tensor unary(Unary op, const Tensor& x) const = 0;
  /// dL/dx from dL/dy; y is the forward result (relu, tanh, sigmoid, exp use only y).
  virtual Tensor unary_backward(Unary op, const Tensor& dy, const Tensor& x,
                                const Tensor& y) const = 0;
  /// Same shapes, or b broadcast along the leading axes: b's shape is a suffix of a's.
  virtual Tensor binary(Binary op, const Tensor& a, const Tensor& b) const = 0;

  /// Sum over all leading axes so that the result has `suffix` shape (adjoint of the broadcast);
  /// rank 0 sums everything.
  virtual Tensor sum_to(const Tensor& x, const Shape& suffix) const = 0;
};

const Backend& reference();
const Backend& onednn();
const Backend& default_for(DType dtype);

/// Converted copy (or `x` if the dtype is the same), fast between f32 and bf16.
Tensor cast(const Tensor& x, DType dtype);

/// sum += term, elementwise and in place; same shape and dtype (f32, bf16 or f64).
void add_in_place(Tensor& sum, const Tensor& term);

/// Elements from which a loop over memory is shared out over the threads. Waking a thread takes
/// some microseconds on an idle core, but milliseconds where other programs have the cores.
inline constexpr std::int64_t kMinShared = std::int64_t{1} << 18;

/// Sets the number of threads that oneDNN and OpenMP loops use when called from this thread, for
/// the guard's lifetime.
class ScopedThreads {
 public:
  explicit ScopedThreads(int threads);
  ~ScopedThreads();
  ScopedThreads(const ScopedThreads&) = delete;
  ScopedThreads& operator=(const ScopedThreads&) = delete;

 private:
  int previous_;
};

}  // namespace tengen::kernels
