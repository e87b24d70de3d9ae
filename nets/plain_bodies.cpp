#include "nets/plain_bodies.hpp"

#include "engine/base/error.hpp"
#include "nets/mlp_options.hpp"
#include "nets/parts.hpp"

namespace tengen::nets {

namespace {

/// A chain that knows the shape it has come to. Children "conv1", "pool1", "fc1", ...; a pooling
/// right behind a convolution is part of it.
class PlainBody : public Body {
 public:
  PlainBody(const ImageShape& in, const DenseStyle& style, const Rng& rng)
      : style_(style), shape_(in), rng_(rng.split(0)) {
    register_child("chain", chain_);
  }

  PlainBody& conv(int channels, int kernel, int padding, Rng& rng) {
    const Conv2dOptions options = convolve(channels, kernel, padding);
    return append("conv", convolutions_,
                  std::make_unique<ConvPart>(
                      options, BodyStyle{.norm = "none", .activation = style_.activation}, rng));
  }
  /// The same and a pooling.
  PlainBody& conv_pool(int channels, int kernel, int padding, Rng& rng) {
    const Conv2dOptions options = convolve(channels, kernel, padding);
    halve();
    return append(
        "conv", convolutions_,
        std::make_unique<ConvPoolPart>(options, style_.activation, kernels::Pool2dParams{}, rng));
  }
  PlainBody& pool() {
    halve();
    return append("pool", pools_, std::make_unique<PoolPart>(kernels::Pool2dParams{}));
  }
  PlainBody& dense(int units, Rng& rng) {
    auto part = std::make_unique<DensePart>(shape_.size(), units, style_, rng);
    shape_ = {1, 1, units};
    return append("fc", ++dense_, std::move(part));
  }
  PlainBody& dropout(double drop) {
    auto part = std::make_unique<DropoutPart>(drop, rng_.split(std::uint64_t(dropouts_)));
    return append("dropout", ++dropouts_, std::move(part));
  }
  PlainBody& response_norm() {
    return append(
        "norm", ++norms_,
        std::make_unique<ResponseNormPart>(LocalResponseNormOptions{.alpha = 5e-4, .k = 2}));
  }

  Variable forward(const Variable& x) override { return chain_.forward(x); }
  int emit(GraphBuilder& builder, const std::string& name, int input) const override {
    return chain_.emit(builder, name, input);
  }
  ImageShape output_shape() const override { return shape_; }

 private:
  /// The shape behind a convolution, and what makes it.
  Conv2dOptions convolve(int channels, int kernel, int padding) {
    const Conv2dOptions options{.in_channels = shape_.channels,
                                .out_channels = channels,
                                .kernel = kernel,
                                .padding = padding};
    shape_ = {shape_.height + 2 * padding - kernel + 1, shape_.width + 2 * padding - kernel + 1,
              channels};
    ++convolutions_;
    check_shape();
    return options;
  }
  /// The shape behind a pooling by 2x2.
  void halve() {
    shape_ = {shape_.height / 2, shape_.width / 2, shape_.channels};
    ++pools_;
    check_shape();
  }
  PlainBody& append(const char* kind, int number, std::unique_ptr<GraphLayer> part) {
    chain_.append(kind + std::to_string(number), std::move(part));
    return *this;
  }
  void check_shape() const {
    if (shape_.height < 1 || shape_.width < 1)
      bad_argument("net",
                   "expected larger images: nothing is left of them after {} convolutions "
                   "and {} pools",
                   convolutions_, pools_);
  }

  const DenseStyle style_;
  ImageShape shape_;
  const Rng rng_;  // of the dropout masks until the module is reseeded
  int convolutions_ = 0, pools_ = 0, dense_ = 0, dropouts_ = 0, norms_ = 0;
  Chain chain_;
};

using Build = std::function<void(PlainBody& body, Rng& rng)>;

/// `spec` is the whole of it.
BodyRecipe styled_recipe(std::string spec, const DenseStyle& style, Build build) {
  return {
      std::move(spec),
      [style, build = std::move(build)](const ImageShape& in, Rng& rng) -> std::unique_ptr<Body> {
        auto body = std::make_unique<PlainBody>(in, style, rng);
        build(*body, rng);
        return body;
      }};
}

/// Reads the activation, which every chain may be given; `spec` is the rest of the description.
BodyRecipe recipe(Spec& options, const std::string& spec, Build build) {
  const ActivationOptions activation = parse_activation(options);
  return styled_recipe(with_options(spec, to_spec(activation)), {.activation = activation},
                       std::move(build));
}

}  // namespace

BodyRecipe parse_mlp_body(Spec& spec) {
  const MlpOptions options = parse_mlp(spec, 50, 1);
  return styled_recipe(to_spec(options), options.style,
                       [hidden = options.hidden](PlainBody& body, Rng& rng) {
                         for (const int units : hidden) body.dense(units, rng);
                       });
}

BodyRecipe parse_lenet(Spec& spec) {
  return recipe(spec, "lenet", [](PlainBody& body, Rng& rng) {
    body.conv_pool(6, 5, 2, rng).conv_pool(16, 5, 0, rng).dense(120, rng).dense(84, rng);
  });
}

BodyRecipe parse_cnn(Spec& spec) {
  const int channels = spec.get_int("channels", 30, 1, 4096);
  const int kernel = spec.get_int("kernel", 5, 1, 31);
  const int hidden = spec.get_int("hidden", 100, 1, 65536);
  return recipe(spec, fmt::format("cnn:channels={},kernel={},hidden={}", channels, kernel, hidden),
                [=](PlainBody& body, Rng& rng) {
                  body.conv_pool(channels, kernel, 0, rng).dense(hidden, rng);
                });
}

BodyRecipe parse_deep_cnn(Spec& spec) {
  const int channels = spec.get_int("channels", 16, 1, 1024);
  const int hidden = spec.get_int("hidden", 50, 1, 65536);
  const double drop = spec.get_double("dropout", 0.5, 0, 0.99);
  return recipe(spec,
                fmt::format("deep_cnn:channels={},hidden={},dropout={:g}", channels, hidden, drop),
                [=](PlainBody& body, Rng& rng) {
                  for (const int width : {channels, 2 * channels, 4 * channels})
                    body.conv(width, 3, 1, rng).conv_pool(width, 3, 1, rng);
                  body.dense(hidden, rng).dropout(drop);
                });
}

BodyRecipe parse_alexnet(Spec& spec) {
  const int channels = spec.get_int("channels", 24, 3, 1024);
  const int hidden = spec.get_int("hidden", 256, 1, 65536);
  const double drop = spec.get_double("dropout", 0.5, 0, 0.99);
  return recipe(spec,
                fmt::format("alexnet:channels={},hidden={},dropout={:g}", channels, hidden, drop),
                [=](PlainBody& body, Rng& rng) {
                  const int second = channels * 8 / 3, third = channels * 4;
                  body.conv(channels, 3, 1, rng).response_norm().pool();
                  body.conv(second, 3, 1, rng).response_norm().pool();
                  body.conv(third, 3, 1, rng).conv(third, 3, 1, rng);
                  body.conv_pool(second, 3, 1, rng);
                  body.dense(hidden, rng).dropout(drop).dense(hidden, rng).dropout(drop);
                });
}

}  // namespace tengen::nets
