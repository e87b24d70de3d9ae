// The reference Backend: checks its arguments, then runs the kernel for their dtype.
#include "engine/kernels/check_shapes.hpp"
#include "engine/kernels/reference/kernels.hpp"

namespace tengen::kernels {

namespace {

/// f(float{}) or f(double{}), whichever `dtype` is; it has been checked to be one of them.
template <typename F>
auto with_float_type(DType dtype, F&& f) {
  return dtype == DType::f64 ? f(double{}) : f(float{});
}

class ReferenceBackend final : public Backend {
 public:
  std::string name() const override { return "reference"; }

  Tensor matmul(const Tensor& a, const Tensor& b, bool transpose_a,
                bool transpose_b) const override {
    check_matmul(a, b, transpose_a, transpose_b);
    return with_float_type(a.dtype(), [&](auto zero) {
      return ref::matmul<decltype(zero)>(a, b, transpose_a, transpose_b);
    });
  }

  Tensor conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias,
                const Conv2dParams& params) const override {
    check_conv2d(x, weight, bias, params);
    return with_float_type(
        x.dtype(), [&](auto zero) { return ref::conv2d<decltype(zero)>(x, weight, bias, params); });
  }

  Tensor conv2d_backward_data(const Tensor& dy, const Tensor& weight, const Shape& x_shape,
                              const Conv2dParams& params) const override {
    check_conv2d_backward_data(dy, weight, x_shape, params);
    return with_float_type(dy.dtype(), [&](auto zero) {
      return ref::conv2d_backward_data<decltype(zero)>(dy, weight, x_shape, params);
    });
  }

  Tensor conv2d_backward_weight(const Tensor& dy, const Tensor& x, const Shape& weight_shape,
                                const Conv2dParams& params) const override {
    check_conv2d_backward_weight(dy, x, weight_shape, params);
    return with_float_type(dy.dtype(), [&](auto zero) {
      return ref::conv2d_backward_weight<decltype(zero)>(dy, x, weight_shape, params);
    });
  }

  BatchNormForward batch_norm_train(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                                    double epsilon, const NormTail& tail) const override {
    check_batch_norm_train(x, gamma, beta, tail);
    return with_float_type(x.dtype(), [&](auto zero) {
      return ref::batch_norm_train<decltype(zero)>(x, gamma, beta, epsilon, tail);
    });
  }

  BatchNormBackward batch_norm_backward(const Tensor& dy, const Tensor& x, const Tensor& gamma,
                                        const Tensor& mean, const Tensor& variance, double epsilon,
                                        const NormTailBackward& tail) const override {
    check_batch_norm_backward(dy, x, gamma, mean, variance, tail);
    return with_float_type(x.dtype(), [&](auto zero) {
      return ref::batch_norm_backward<decltype(zero)>(dy, x, gamma, mean, variance, epsilon, tail);
    });
  }

  Tensor batch_norm_eval(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                         const Tensor& mean, const Tensor& variance, double epsilon,
                         const NormTail& tail) const override {
    check_batch_norm_eval(x, gamma, beta, mean, variance, tail);
    return with_float_type(x.dtype(), [&](auto zero) {
      return ref::batch_norm_eval<decltype(zero)>(x, gamma, beta, mean, variance, epsilon, tail);
    });
  }

  Tensor pool2d(const Tensor& x, const Pool2dParams& params) const override {
    check_pool2d(x, params);
    return with_float_type(x.dtype(),
                           [&](auto zero) { return ref::pool2d<decltype(zero)>(x, params); });
  }

  Tensor pool2d_backward(const Tensor& dy, const Tensor& x,
                         const Pool2dParams& params) const override {
    check_pool2d_backward(dy, x, params);
    return with_float_type(
        x.dtype(), [&](auto zero) { return ref::pool2d_backward<decltype(zero)>(dy, x, params); });
  }

  Tensor softmax(const Tensor& x) const override {
    check_softmax("softmax", x);
    return with_float_type(x.dtype(), [&](auto zero) { return ref::softmax<decltype(zero)>(x); });
  }

  Tensor log_softmax(const Tensor& x) const override {
    check_softmax("log_softmax", x);
    return with_float_type(x.dtype(),
                           [&](auto zero) { return ref::log_softmax<decltype(zero)>(x); });
  }

  Tensor unary(Unary op, const Tensor& x) const override {
    check_dtypes("unary", {&x});
    return with_float_type(x.dtype(), [&](auto zero) { return ref::unary<decltype(zero)>(op, x); });
  }

  Tensor unary_backward(Unary op, const Tensor& dy, const Tensor& x,
                        const Tensor& y) const override {
    check_unary_backward(dy, x, y);
    return with_float_type(
        x.dtype(), [&](auto zero) { return ref::unary_backward<decltype(zero)>(op, dy, x, y); });
  }

  Tensor binary(Binary op, const Tensor& a, const Tensor& b) const override {
    check_binary(a, b);
    return with_float_type(a.dtype(),
                           [&](auto zero) { return ref::binary<decltype(zero)>(op, a, b); });
  }

  Tensor sum_to(const Tensor& x, const Shape& suffix) const override {
    check_sum_to(x, suffix);
    return with_float_type(x.dtype(),
                           [&](auto zero) { return ref::sum_to<decltype(zero)>(x, suffix); });
  }
};

}  // namespace

const Backend& reference() {
  static const ReferenceBackend backend;
  return backend;
}

}  // namespace tengen::kernels
