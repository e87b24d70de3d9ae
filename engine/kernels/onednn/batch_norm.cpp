#include <bit>

#include "engine/kernels/onednn/kernels.hpp"
#include "engine/kernels/onednn/primitive.hpp"

namespace tengen::kernels::dnn {

namespace {

using dnnl::normalization_flags;
using dnnl::prop_kind;

/// Any [..., C] as an image batch [N, 1, rows / N, C]: oneDNN's fast path is channels-last images.
Shape as_image(const Shape& x) {
  const std::int64_t images = x[0], channels = x[-1];
  return {images, 1, x.size() / (images * channels), channels};
}

PrimitiveKey norm_key(Operation operation, const Shape& image, double epsilon) {
  return PrimitiveKey(operation).add(image).add(std::bit_cast<std::int64_t>(epsilon));
}

dnnl::memory::desc vector_of(std::int64_t channels) {
  return {{channels}, dnnl::memory::data_type::f32, dnnl::memory::format_tag::a};
}

dnnl::batch_normalization_forward::primitive_desc forward_description(prop_kind kind,
                                                                      const Shape& image,
                                                                      double epsilon,
                                                                      normalization_flags flags) {
  return {dnnl::batch_normalization_forward::desc(kind, channels_last(image),
                                                  static_cast<float>(epsilon), flags),
          cpu_engine()};
}

const auto kAffine = normalization_flags::use_scale | normalization_flags::use_shift;

PreparedPrimitive make_forward(prop_kind kind, const Shape& image, double epsilon,
                               normalization_flags flags) {
  PreparedPrimitive primitive{
      dnnl::batch_normalization_forward(forward_description(kind, image, epsilon, flags))};
  for (int argument : {DNNL_ARG_SRC, DNNL_ARG_DST}) primitive.add(argument, channels_last(image));
  for (int argument : {DNNL_ARG_SCALE, DNNL_ARG_SHIFT, DNNL_ARG_MEAN, DNNL_ARG_VARIANCE})
    primitive.add(argument, vector_of(image[3]));
  return primitive;
}

PreparedPrimitive make_backward(const Shape& image, double epsilon) {
  const auto layout = channels_last(image);
  const dnnl::batch_normalization_backward::primitive_desc description(
      dnnl::batch_normalization_backward::desc(prop_kind::backward, layout, layout,
                                               static_cast<float>(epsilon), kAffine),
      cpu_engine(), forward_description(prop_kind::forward_training, image, epsilon, kAffine));
  PreparedPrimitive primitive{dnnl::batch_normalization_backward(description)};
  for (int argument : {DNNL_ARG_SRC, DNNL_ARG_DIFF_DST, DNNL_ARG_DIFF_SRC})
    primitive.add(argument, layout);
  for (int argument : {DNNL_ARG_SCALE, DNNL_ARG_SHIFT, DNNL_ARG_MEAN, DNNL_ARG_VARIANCE,
                       DNNL_ARG_DIFF_SCALE, DNNL_ARG_DIFF_SHIFT})
    primitive.add(argument, vector_of(image[3]));
  return primitive;
}

}  // namespace

BatchNormForward batch_norm_train(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                                  double epsilon) {
  const Shape image = as_image(x.shape());
  BatchNormForward result{Tensor(x.shape()), Tensor({x.dim(-1)}), Tensor({x.dim(-1)})};
  prepared(norm_key(Operation::batch_norm_train, image, epsilon),
           [&] { return make_forward(prop_kind::forward_training, image, epsilon, kAffine); })
      .run({{DNNL_ARG_SRC, x.data()},
            {DNNL_ARG_SCALE, gamma.data()},
            {DNNL_ARG_SHIFT, beta.data()},
            {DNNL_ARG_MEAN, result.mean.data()},
            {DNNL_ARG_VARIANCE, result.variance.data()},
            {DNNL_ARG_DST, result.y.data()}});
  return result;
}

BatchNormBackward batch_norm_backward(const Tensor& dy, const Tensor& x, const Tensor& gamma,
                                      const Tensor& mean, const Tensor& variance, double epsilon) {
  const Shape image = as_image(x.shape());
  BatchNormBackward result{Tensor(x.shape()), Tensor(gamma.shape()), Tensor(gamma.shape())};
  prepared(norm_key(Operation::batch_norm_backward, image, epsilon),
           [&] { return make_backward(image, epsilon); })
      .run({{DNNL_ARG_SRC, x.data()},
            {DNNL_ARG_DIFF_DST, dy.data()},
            {DNNL_ARG_SCALE, gamma.data()},
            {DNNL_ARG_SHIFT, gamma.data()},  // required, though no gradient depends on it
            {DNNL_ARG_MEAN, mean.data()},
            {DNNL_ARG_VARIANCE, variance.data()},
            {DNNL_ARG_DIFF_SRC, result.dx.data()},
            {DNNL_ARG_DIFF_SCALE, result.dgamma.data()},
            {DNNL_ARG_DIFF_SHIFT, result.dbeta.data()}});
  return result;
}

Tensor batch_norm_eval(const Tensor& x, const Tensor& gamma, const Tensor& beta, const Tensor& mean,
                       const Tensor& variance, double epsilon) {
  const Shape image = as_image(x.shape());
  Tensor y(x.shape());
  prepared(norm_key(Operation::batch_norm_eval, image, epsilon),
           [&] {
             return make_forward(prop_kind::forward_inference, image, epsilon,
                                 kAffine | normalization_flags::use_global_stats);
           })
      .run({{DNNL_ARG_SRC, x.data()},
            {DNNL_ARG_SCALE, gamma.data()},
            {DNNL_ARG_SHIFT, beta.data()},
            {DNNL_ARG_MEAN, mean.data()},
            {DNNL_ARG_VARIANCE, variance.data()},
            {DNNL_ARG_DST, y.data()}});
  return y;
}

}  // namespace tengen::kernels::dnn
