#include "nets/inference/group_norm_op.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "engine/kernels/onednn/vectorised.hpp"

namespace tengen::nets {

namespace {

using kernels::dnn::load, kernels::dnn::store;

struct NormShape {
  std::size_t batch, points, channels, groups;
};

/// Of each channel: first its sum or its sum of squares, then its factor or offset.
struct ChannelSums {
  std::span<float> first, second;
};

template <typename T>
void sum_channels(const T* x, const NormShape& shape, std::span<float> sums) {
  std::fill(sums.begin(), sums.end(), 0.0f);
  for (std::size_t point = 0; point < shape.points; ++point, x += shape.channels)
    for (std::size_t c = 0; c < shape.channels; ++c) sums[c] += load(x[c]);
}

template <typename T>
void sum_squares(const T* x, const NormShape& shape, std::span<const float> means,
                 std::span<float> sums) {
  std::fill(sums.begin(), sums.end(), 0.0f);
  for (std::size_t point = 0; point < shape.points; ++point, x += shape.channels)
    for (std::size_t c = 0; c < shape.channels; ++c) {
      const float distance = load(x[c]) - means[c];
      sums[c] += distance * distance;
    }
}

/// The mean over its group takes the place of each channel's sum.
void average_groups(const NormShape& shape, std::span<float> sums) {
  const std::size_t width = shape.channels / shape.groups;
  for (std::size_t first = 0; first < shape.channels; first += width) {
    const std::span<float> group = sums.subspan(first, width);
    double total = 0;
    for (const float sum : group) total += sum;
    std::fill(group.begin(), group.end(),
              static_cast<float>(total / static_cast<double>(width * shape.points)));
  }
}

template <typename T>
void normalise(const PlanOp& op, const NormShape& shape, const ChannelSums& sums, const T* x,
               T* y) {
  sum_channels(x, shape, sums.first);
  average_groups(shape, sums.first);
  sum_squares<T>(x, shape, sums.first, sums.second);
  average_groups(shape, sums.second);
  const std::span<const float> gamma = op.weight.values<float>(), beta = op.bias.values<float>();
  for (std::size_t c = 0; c < shape.channels; ++c) {
    const float factor = gamma[c] / std::sqrt(sums.second[c] + static_cast<float>(op.epsilon));
    sums.second[c] = factor;
    sums.first[c] = beta[c] - factor * sums.first[c];
  }
  for (std::size_t point = 0; point < shape.points; ++point)
    for (std::size_t c = 0; c < shape.channels; ++c, ++x, ++y)
      store(sums.second[c] * load(*x) + sums.first[c], *y);
}

template <typename T>
class BoundGroupNorm : public BoundOp {
 public:
  BoundGroupNorm(const PlanOp& op, const NormShape& shape, const Operands& operands)
      : op_(op), shape_(shape), operands_(operands) {}

  void run(dnnl::stream&) override {
    auto* scratch = reinterpret_cast<float*>(operands_.scratch);
    const ChannelSums sums{{scratch, shape_.channels},
                           {scratch + shape_.channels, shape_.channels}};
    const auto* x = reinterpret_cast<const T*>(operands_.input);
    auto* y = reinterpret_cast<T*>(operands_.output);
    const std::size_t image = shape_.points * shape_.channels;
    for (std::size_t n = 0; n < shape_.batch; ++n)
      normalise(op_, shape_, sums, x + n * image, y + n * image);
  }

 private:
  const PlanOp& op_;
  const NormShape shape_;
  const Operands operands_;
};

class GroupNormOp : public CompiledOp {
 public:
  GroupNormOp(const PlanOp& op, const NormShape& shape, bool bf16)
      : op_(op), shape_(shape), bf16_(bf16) {}

  std::size_t scratch_bytes() const override { return 2 * shape_.channels * sizeof(float); }
  bool reads_residual() const override { return false; }

  std::unique_ptr<BoundOp> bind(const Operands& operands) const override {
    if (bf16_) return std::make_unique<BoundGroupNorm<BFloat16>>(op_, shape_, operands);
    return std::make_unique<BoundGroupNorm<float>>(op_, shape_, operands);
  }

 private:
  const PlanOp& op_;
  const NormShape shape_;
  const bool bf16_;
};

}  // namespace

std::unique_ptr<CompiledOp> compile_group_norm(const PlanOp& op, const OpContext& context) {
  const dnnl::memory::dims dims = context.input.desc.dims();  // [N, C, H, W], stored as nhwc
  const auto size = [](std::int64_t dim) { return static_cast<std::size_t>(dim); };
  return std::make_unique<GroupNormOp>(
      op, NormShape{size(dims[0]), size(dims[2] * dims[3]), size(dims[1]), size(op.norm_groups)},
      context.input.format.type == dnnl::memory::data_type::bf16);
}

}  // namespace tengen::nets
