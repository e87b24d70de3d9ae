// The small parts that classifiers and bodies are made of: each a layer or two with the activation
// that follows, fused as the ops of a PlanGraph are.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/layers/batch_norm.hpp"
#include "engine/layers/conv2d.hpp"
#include "engine/layers/dropout.hpp"
#include "engine/layers/linear.hpp"
#include "engine/layers/local_response_norm.hpp"
#include "engine/layers/pool2d.hpp"
#include "nets/graph_layer.hpp"
#include "nets/inference/graph.hpp"

namespace tengen::nets {

/// conv + bias + ReLU, or conv-BN-ReLU.
class ConvPart : public GraphLayer {
 public:
  enum class Norm { none, batch };
  /// `options.bias` is chosen by the norm. Children "conv" and perhaps "norm".
  ConvPart(Conv2dOptions options, Norm norm, Rng& rng);
  Variable forward(const Variable& x) override;
  int emit(GraphBuilder& builder, const std::string& name, int input) const override;

 private:
  Conv2d conv_;
  std::unique_ptr<BatchNorm> norm_;
};

/// conv + bias + ReLU + max pooling.
class ConvPoolPart : public GraphLayer {
 public:
  /// Child "conv".
  ConvPoolPart(Conv2dOptions options, const kernels::Pool2dParams& pool, Rng& rng);
  Variable forward(const Variable& x) override { return conv_.forward_relu_pool(x, pool_); }
  /// Two ops, `name` and `name`.pool.
  int emit(GraphBuilder& builder, const std::string& name, int input) const override;

 private:
  Conv2d conv_;
  const kernels::Pool2dParams pool_;
};

/// Flattens, then linear with a ReLU or without (logits).
class DensePart : public GraphLayer {
 public:
  /// Child "linear".
  DensePart(std::int64_t inputs, int outputs, Activation activation, Rng& rng);
  Variable forward(const Variable& x) override;
  int emit(GraphBuilder& builder, const std::string& name, int input) const override;

 private:
  Linear linear_;
  const Activation activation_;  // none or relu
};

class PoolPart : public GraphLayer {
 public:
  explicit PoolPart(const kernels::Pool2dParams& params) : params_(params), pool_(params) {}
  Variable forward(const Variable& x) override { return pool_.forward(x); }
  int emit(GraphBuilder& builder, const std::string& name, int input) const override;

 private:
  const kernels::Pool2dParams params_;
  Pool2d pool_;
};

/// The mean of each channel.
class GlobalPoolPart : public GraphLayer {
 public:
  Variable forward(const Variable& x) override;
  int emit(GraphBuilder& builder, const std::string& name, int input) const override;
};

/// No op of the graph: evaluation is the identity.
class DropoutPart : public GraphLayer {
 public:
  DropoutPart(double drop, const Rng& rng);
  Variable forward(const Variable& x) override { return dropout_.forward(x); }
  int emit(GraphBuilder&, const std::string&, int input) const override { return input; }

 private:
  Dropout dropout_;
};

class ResponseNormPart : public GraphLayer {
 public:
  explicit ResponseNormPart(const LocalResponseNormOptions& options)
      : options_(options), norm_(options) {}
  Variable forward(const Variable& x) override { return norm_.forward(x); }
  int emit(GraphBuilder& builder, const std::string& name, int input) const override;

 private:
  const LocalResponseNormOptions options_;
  LocalResponseNorm norm_;
};

/// Parts one after another, each with a name.
class Chain : public GraphLayer {
 public:
  void append(const std::string& name, std::unique_ptr<GraphLayer> part);
  Variable forward(const Variable& x) override;
  int emit(GraphBuilder& builder, const std::string& name, int input) const override;

 private:
  std::vector<std::pair<std::string, std::unique_ptr<GraphLayer>>> parts_;
};

}  // namespace tengen::nets
