// The small parts that classifiers and bodies are made of: each a layer or two with the activation
// that follows, fused as the ops of a PlanGraph are.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/layers/conv2d.hpp"
#include "engine/layers/drop_connect.hpp"
#include "engine/layers/dropout.hpp"
#include "engine/layers/linear.hpp"
#include "engine/layers/local_response_norm.hpp"
#include "engine/layers/maxout.hpp"
#include "engine/layers/pool2d.hpp"
#include "nets/graph_layer.hpp"
#include "nets/inference/graph.hpp"
#include "nets/norm_activation.hpp"

namespace tengen::nets {

/// conv-norm-activation, or conv + bias-activation.
class ConvPart : public GraphLayer {
 public:
  /// `options.bias` is chosen by the norm. Children "conv" and "norm".
  ConvPart(Conv2dOptions options, const BodyStyle& style, Rng& rng);
  Variable forward(const Variable& x) override;
  int emit(GraphBuilder& builder, const std::string& name, int input) const override;

 private:
  Conv2d conv_;
  NormActivation norm_;
};

/// conv + bias-activation-max pooling.
class ConvPoolPart : public GraphLayer {
 public:
  /// Children "conv" and perhaps "activation".
  ConvPoolPart(Conv2dOptions options, const ActivationOptions& activation,
               const kernels::Pool2dParams& pool, Rng& rng);
  Variable forward(const Variable& x) override;
  /// Two ops, `name` and `name`.pool.
  int emit(GraphBuilder& builder, const std::string& name, int input) const override;

 private:
  Conv2d conv_;
  const bool is_relu_;
  std::unique_ptr<GraphLayer> activation_;  // null: none
  const kernels::Pool2dParams pool_;
};

struct DenseStyle {
  ActivationOptions activation;
  double dropout = 0;       // of units, behind the activation
  double drop_connect = 0;  // of weights; not with maxout
};

/// Flattens, then linear-activation-dropout.
class DensePart : public GraphLayer {
 public:
  /// The linear function is the child `linear`, "" for parameters that are this part's own; further
  /// children "activation" and "dropout". Weights start as He's before a rectifier, else Xavier's.
  DensePart(std::int64_t inputs, int outputs, const DenseStyle& style, Rng& rng,
            const std::string& linear = "linear");
  Variable forward(const Variable& x) override;
  int emit(GraphBuilder& builder, const std::string& name, int input) const override;

 private:
  int emit_maxout(GraphBuilder& builder, const std::string& name, int input) const;

  // One of the three.
  std::unique_ptr<Linear> linear_;
  std::unique_ptr<DropConnect> drop_connect_;
  std::unique_ptr<Maxout> maxout_;
  std::unique_ptr<GraphLayer> activation_;  // null: none
  std::unique_ptr<Dropout> dropout_;        // null: none
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
