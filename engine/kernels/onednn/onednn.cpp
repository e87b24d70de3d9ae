// The oneDNN Backend: checks its arguments, then runs the kernel.
//
// Left to the reference:
//   - the gradient of pooling (oneDNN's needs a workspace that only its own forward can give, and
//     the interface passes none);
//   - every operation on empty tensors.
#include "engine/base/error.hpp"
#include "engine/kernels/check_shapes.hpp"
#include "engine/kernels/onednn/kernels.hpp"
#include "engine/kernels/onednn/vectorised.hpp"

namespace tengen::kernels {

namespace {

void check_f32(const char* where, const Tensor& tensor) {
  if (tensor.dtype() != DType::f32)
    bad_argument(where, "expected dtype f32 for the oneDNN backend, got {}",
                 to_string(tensor.dtype()));
}

bool is_bf16(const Tensor& tensor) { return tensor.dtype() == DType::bf16; }

void check_f32_or_bf16(const char* where, const Tensor& tensor) {
  if (!is_bf16(tensor)) check_f32(where, tensor);
}

/// Convolutions have bf16 kernels only where oneDNN does.
bool lacks_kernel(const Tensor& tensor) { return is_bf16(tensor) && !dnn::has_bf16_kernels(); }

Tensor widened(const Tensor& x) { return cast(x, DType::f32); }
Tensor rounded(const Tensor& x) { return cast(x, DType::bf16); }

class OneDnnBackend final : public Backend {
 public:
  std::string name() const override { return "onednn"; }

  Tensor matmul(const Tensor& a, const Tensor& b, bool transpose_a,
                bool transpose_b) const override {
    const Shape y = check_matmul(a, b, transpose_a, transpose_b);
    if (is_bf16(a)) return rounded(matmul(widened(a), widened(b), transpose_a, transpose_b));
    check_f32("matmul", a);
    if (y.size() == 0 || a.size() == 0) return reference().matmul(a, b, transpose_a, transpose_b);
    return dnn::matmul(a, b, transpose_a, transpose_b);
  }

  Tensor conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias,
                const Conv2dParams& params) const override {
    const Shape y = check_conv2d(x, weight, bias, params);
    check_f32_or_bf16("conv2d", x);
    if (y.size() == 0) return Tensor(y, x.dtype());
    if (lacks_kernel(x)) return rounded(conv2d(widened(x), weight, bias, params));
    return dnn::conv2d(x, weight, bias, y, params);
  }

  Tensor conv2d_backward_data(const Tensor& dy, const Tensor& weight, const Shape& x_shape,
                              const Conv2dParams& params) const override {
    check_conv2d_backward_data(dy, weight, x_shape, params);
    check_f32_or_bf16("conv2d_backward_data", dy);
    if (lacks_kernel(dy) || (is_bf16(dy) && dy.size() == 0))
      return rounded(conv2d_backward_data(widened(dy), weight, x_shape, params));
    if (dy.size() == 0) return reference().conv2d_backward_data(dy, weight, x_shape, params);
    return dnn::conv2d_backward_data(dy, weight, x_shape, params);
  }

  Tensor conv2d_backward_weight(const Tensor& dy, const Tensor& x, const Shape& weight_shape,
                                const Conv2dParams& params) const override {
    check_conv2d_backward_weight(dy, x, weight_shape, params);
    check_f32_or_bf16("conv2d_backward_weight", dy);
    if (lacks_kernel(dy) || (is_bf16(dy) && dy.size() == 0))
      return conv2d_backward_weight(widened(dy), widened(x), weight_shape, params);
    if (dy.size() == 0) return reference().conv2d_backward_weight(dy, x, weight_shape, params);
    return dnn::conv2d_backward_weight(dy, x, weight_shape, params);
  }

  BatchNormForward batch_norm_train(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                                    double epsilon, const NormTail& tail) const override {
    check_batch_norm_train(x, gamma, beta, tail);
    check_f32_or_bf16("batch_norm_train", x);
    return dnn::batch_norm_train(x, gamma, beta, epsilon, tail);
  }

  BatchNormBackward batch_norm_backward(const Tensor& dy, const Tensor& x, const Tensor& gamma,
                                        const Tensor& mean, const Tensor& variance, double epsilon,
                                        const NormTailBackward& tail) const override {
    check_batch_norm_backward(dy, x, gamma, mean, variance, tail);
    check_f32_or_bf16("batch_norm_backward", x);
    return dnn::batch_norm_backward(dy, x, gamma, mean, variance, epsilon, tail);
  }

  Tensor batch_norm_eval(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                         const Tensor& mean, const Tensor& variance, double epsilon,
                         const NormTail& tail) const override {
    check_batch_norm_eval(x, gamma, beta, mean, variance, tail);
    check_f32_or_bf16("batch_norm_eval", x);
    if (x.size() == 0) return Tensor(x.shape(), x.dtype());
    return dnn::batch_norm_eval(x, gamma, beta, mean, variance, epsilon, tail);
  }

  Tensor pool2d(const Tensor& x, const Pool2dParams& params) const override {
    const Shape y = check_pool2d(x, params);
    if (is_bf16(x)) return rounded(pool2d(widened(x), params));
    check_f32("pool2d", x);
    if (y.size() == 0) return Tensor(y);
    return dnn::pool2d(x, y, params);
  }

  Tensor pool2d_backward(const Tensor& dy, const Tensor& x,
                         const Pool2dParams& params) const override {
    if (is_bf16(x)) return rounded(pool2d_backward(widened(dy), widened(x), params));
    check_f32("pool2d_backward", x);
    check_pool2d_backward(dy, x, params);
    return dnn::pool2d_backward(dy, x, params);
  }

  Tensor softmax(const Tensor& x) const override {
    check_softmax("softmax", x);
    if (is_bf16(x)) return rounded(softmax(widened(x)));
    check_f32("softmax", x);
    return x.size() == 0 ? Tensor(x.shape()) : dnn::softmax(x);
  }

  Tensor log_softmax(const Tensor& x) const override {
    check_softmax("log_softmax", x);
    if (is_bf16(x)) return rounded(log_softmax(widened(x)));
    check_f32("log_softmax", x);
    return x.size() == 0 ? Tensor(x.shape()) : dnn::log_softmax(x);
  }

  Tensor unary(Unary op, const Tensor& x) const override {
    check_dtypes("unary", {&x});
    if (is_bf16(x)) return rounded(unary(op, widened(x)));
    check_f32("unary", x);
    return x.size() == 0 ? Tensor(x.shape()) : dnn::unary(op, x);
  }

  Tensor unary_backward(Unary op, const Tensor& dy, const Tensor& x,
                        const Tensor& y) const override {
    check_unary_backward(dy, x, y);
    if (is_bf16(x)) return rounded(unary_backward(op, widened(dy), widened(x), widened(y)));
    check_f32("unary_backward", x);
    return x.size() == 0 ? Tensor(x.shape()) : dnn::unary_backward(op, dy, x, y);
  }

  Tensor binary(Binary op, const Tensor& a, const Tensor& b) const override {
    check_binary(a, b);
    if (is_bf16(a)) return rounded(binary(op, widened(a), widened(b)));
    check_f32("binary", a);
    return a.size() == 0 ? Tensor(a.shape()) : dnn::binary(op, a, b);
  }

  Tensor sum_to(const Tensor& x, const Shape& suffix) const override {
    check_sum_to(x, suffix);
    if (is_bf16(x)) return rounded(sum_to(widened(x), suffix));
    check_f32("sum_to", x);
    return x.size() == 0 ? Tensor::zeros(suffix) : dnn::sum_to(x, suffix);
  }
};

}  // namespace

const Backend& onednn() {
  static const OneDnnBackend backend;
  return backend;
}

}  // namespace tengen::kernels
