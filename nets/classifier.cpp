#include "nets/classifier.hpp"

#include <array>
#include <string_view>

#include "engine/base/error.hpp"
#include "engine/base/spec.hpp"
#include "engine/layers/activation.hpp"
#include "engine/layers/conv2d.hpp"
#include "engine/layers/flatten.hpp"
#include "engine/layers/linear.hpp"
#include "engine/layers/pool2d.hpp"
#include "engine/layers/sequential.hpp"

namespace tengen::nets {

namespace {

struct Built {
  std::string spec;  // canonical
  std::unique_ptr<Sequential> layers;
};

/// `rng` null: only the spec.
Built build_mlp(Spec& spec, const ClassifierIo& io, Rng* rng) {
  const int count = spec.get_int("layers", 1, 1, 100),
            hidden = spec.get_int("hidden", 50, 1, 65536);
  spec.finish();
  Built built{fmt::format("mlp:layers={},hidden={}", count, hidden), nullptr};
  if (!rng) return built;
  built.layers = std::make_unique<Sequential>();
  built.layers->emplace<Flatten>();
  std::int64_t in = std::int64_t{io.height} * io.width * io.channels;
  for (int i = 0; i < count; ++i, in = hidden) {
    built.layers->emplace<Linear>(in, hidden, *rng);
    built.layers->emplace<Relu>();
  }
  built.layers->emplace<Linear>(hidden, io.classes, *rng, Linear::Init::xavier);
  return built;
}

Built build_cnn(Spec& spec, const ClassifierIo& io, Rng* rng) {
  const int channels = spec.get_int("channels", 30, 1, 4096);
  const int kernel = spec.get_int("kernel", 5, 1, 31),
            hidden = spec.get_int("hidden", 100, 1, 65536);
  spec.finish();
  Built built{fmt::format("cnn:channels={},kernel={},hidden={}", channels, kernel, hidden),
              nullptr};
  if (!rng) return built;
  built.layers = std::make_unique<Sequential>();
  built.layers->emplace<Conv2d>(Conv2dOptions{.in_channels = io.channels,
                                              .out_channels = channels,
                                              .kernel = kernel,
                                              .padding = 0,
                                              .bias = true},
                                *rng);
  built.layers->emplace<Relu>();
  built.layers->emplace<Pool2d>(kernels::Pool2dParams{});
  built.layers->emplace<Flatten>();
  const std::int64_t height = (io.height - kernel + 1) / 2, width = (io.width - kernel + 1) / 2;
  built.layers->emplace<Linear>(height * width * channels, hidden, *rng);
  built.layers->emplace<Relu>();
  built.layers->emplace<Linear>(hidden, io.classes, *rng, Linear::Init::xavier);
  return built;
}

Built build(const std::string& text, const ClassifierIo& io, Rng* rng) {
  Spec spec(text);
  if (spec.name() == "mlp") return build_mlp(spec, io, rng);
  if (spec.name() == "cnn") return build_cnn(spec, io, rng);
  bad_argument("net", "expected one of mlp, cnn, got \"{}\"", spec.name());
}

class SequentialClassifier : public Classifier {
 public:
  SequentialClassifier(Built built, const ClassifierIo& io) : built_(std::move(built)), io_(io) {
    register_child("layers", *built_.layers);
  }
  Variable forward(const Variable& x) override { return built_.layers->forward(x); }
  std::string spec() const override { return built_.spec; }
  const ClassifierIo& io() const override { return io_; }

 private:
  const Built built_;
  const ClassifierIo io_;
};

}  // namespace

std::unique_ptr<Classifier> make_classifier(const std::string& spec, const ClassifierIo& io,
                                            Rng& rng) {
  return std::make_unique<SequentialClassifier>(build(spec, io, &rng), io);
}

std::string canonical_classifier_spec(const std::string& spec) {
  return build(spec, {}, nullptr).spec;
}

}  // namespace tengen::nets
