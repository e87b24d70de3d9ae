// Builds a PlanGraph from layers: folds batch norms into the convolution or dense layer before them
// and counts shapes and multiply-adds.
//
// Folding (in double): y = gamma (W x + b - mean) / sqrt(variance + epsilon) + beta = W' x + b'
// with s = gamma / sqrt(variance + epsilon), W' = s W and b' = s (b - mean) + beta.
#pragma once

#include <string>
#include <vector>

#include "nets/graph_layer.hpp"
#include "nets/inference/graph.hpp"

namespace tengen {
class BatchNorm;
class Conv2d;
class GroupNorm;
class Linear;
}  // namespace tengen

namespace tengen::nets {

class GraphBuilder {
 public:
  /// The value number of the observations.
  static constexpr int kInput = 0;
  static constexpr int kNoResidual = -1;

  GraphBuilder(int height, int width, int channels);

  // Each call appends one op and returns the number of the value that it makes. `norm` may be null.
  int conv(const std::string& name, int input, const Conv2d& layer, const BatchNorm* norm,
           Activation activation, int residual = kNoResidual);
  int dense(const std::string& name, int input, const Linear& layer, Activation activation);
  /// weight [out, in], bias [out]; copied.
  int dense(const std::string& name, int input, const Tensor& weight, const Tensor& bias,
            Activation activation);
  int affine(const std::string& name, int input, const BatchNorm& norm, Activation activation);
  int identity(const std::string& name, int input);
  /// f(input), for an input that nothing else reads: in the op that made it where that is the last
  /// one and can, else in an op of its own.
  int activate(const std::string& name, int input, Activation activation, double slope = 0);
  int prelu(const std::string& name, int input, const Tensor& slopes);
  int add(const std::string& name, int input, int residual, Activation activation);
  /// Zero channels are added at the end until there are `channels`: as a 1x1 convolution.
  int widen(const std::string& name, int input, int channels);
  int pool(const std::string& name, int input, const kernels::Pool2dParams& params);
  int global_pool(const std::string& name, int input);
  int concat(const std::string& name, int first, int second);
  int maximum(const std::string& name, int first, int second);
  int group_norm(const std::string& name, int input, const GroupNorm& norm);
  int response_norm(const std::string& name, int input, const LocalResponseNormOptions& options);

  /// The finished graph, with its two results (a classifier has one).
  PlanGraph finish(int policy_logits, int value = -1) &&;

  const ImageShape& shape_of(int value) const { return shapes_[value]; }

 private:
  int append(PlanOp op, const ImageShape& shape);

  PlanGraph graph_;
  std::vector<ImageShape> shapes_;  // of each value
};

}  // namespace tengen::nets
