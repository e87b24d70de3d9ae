#include "selfplay/fit/image_task.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_softmax.hpp"
#include "engine/base/error.hpp"
#include "engine/base/threads.hpp"
#include "engine/kernels/backend.hpp"
#include "engine/losses/cross_entropy.hpp"
#include "engine/losses/kl_divergence.hpp"
#include "engine/losses/softmax_cross_entropy.hpp"
#include "nets/checkpoint.hpp"
#include "nets/inference/inference_plan.hpp"
#include "selfplay/fit/confusion_matrix.hpp"
#include "selfplay/fit/fit_config.hpp"
#include "selfplay/run_directory.hpp"

namespace tengen::selfplay {

namespace {

constexpr std::int64_t kEvaluated = 500;   // images at once when nothing is trained
constexpr std::int64_t kCalibrated = 500;  // training images that choose the steps of int8

constexpr const char* kTeacher = ",teacher=";  // in spec(), where only its options follow

/// Images [begin, end), sharing the storage.
LabelledImages range_of(const LabelledImages& data, std::int64_t begin, std::int64_t end) {
  return {data.images.rows(begin, end),
          {data.labels.begin() + begin, data.labels.begin() + end},
          data.classes};
}

/// As many images, drawn with replacement.
LabelledImages bootstrap(const LabelledImages& data, int number) {
  Rng rng(static_cast<std::uint64_t>(number));
  std::vector<std::uint32_t> indices(static_cast<std::size_t>(data.size()));
  for (std::uint32_t& index : indices) index = rng.below(static_cast<std::uint32_t>(data.size()));
  return gather(data, indices);
}

class ImageModel : public FitModel {
 public:
  ImageModel(const ImageTask& task, const std::string& net, Rng& rng)
      : task_(task), net_(nets::make_classifier(net, task.io(), rng)) {}

  Module& net() override { return *net_; }

  Variable loss(std::span<const std::uint32_t> examples, const Rng& rng) override {
    LabelledImages batch = gather(task_.images(Part::train), examples);
    distort(batch.images, task_.options().distortion, rng, examples);
    const Tensor targets =
        smooth_labels(one_hot(batch.labels, batch.classes), task_.options().smoothing);
    const Variable logits = net_->forward(Variable(batch.images));
    const Variable hard = softmax_cross_entropy(logits, targets);
    return task_.options().teacher.empty() ? hard : distilled(hard, logits, batch.images);
  }

  FitScores evaluate(Part part) override { return scores_of(classified(part)); }

  void compile(nets::Precision precision) override {
    const nets::PlanGraph graph = net_->graph();
    const LabelledImages& train = task_.images(Part::train);
    const std::int64_t count = std::min(kCalibrated, train.size());
    nets::Calibration calibration;
    if (precision == nets::Precision::int8)
      calibration =
          nets::calibrate(graph, std::as_const(train.images).rows(0, count).values<float>(),
                          static_cast<int>(count));
    plan_.emplace(graph, precision, static_cast<int>(kEvaluated), calibration, default_threads());
    if (precision == nets::Precision::int8 && !plan_->has_integers())
      bad_argument("int8",
                   "expected a net with a convolution behind its first one: only such "
                   "layers compute in 8 bits");
    scratch_ = plan_->make_scratch();
  }

  std::optional<Classified> classify(Part part) override { return classified(part); }

  Tensor first_layer_filters() override {
    const nets::ClassifierIo& io = net_->io();
    const Tensor& weight = net_->parameters().front().variable.value();
    if (weight.shape().rank() == 4) return weight;  // a convolution's [out, kh, kw, in]
    return weight.reshape({weight.dim(0), io.height, io.width, io.channels});
  }

 private:
  Variable distilled(const Variable& hard, const Variable& logits, const Tensor& images) const {
    const double temperature = task_.options().temperature, soft = task_.options().soft;
    const Variable softened(task_.teacher_logits(images));
    const Tensor targets = softmax(scale(softened, 1 / temperature)).value();
    const Variable divergence = kl_divergence(scale(logits, 1 / temperature), targets);
    return add(scale(hard, 1 - soft), scale(divergence, soft * temperature * temperature));
  }

  Tensor logits_of(const Tensor& images) {
    if (!plan_) return net_->forward(Variable(images)).value();
    Tensor logits({images.dim(0), net_->io().classes});
    plan_->evaluate(static_cast<int>(images.dim(0)), images.values<float>(), logits.values<float>(),
                    {}, *scratch_);
    return logits;
  }

  Classified classified(Part part) {
    const NoGrad no_grad;
    const LabelledImages& data = task_.images(part);
    Classified result{Tensor({data.size(), data.classes}), data.labels};
    evaluated(0, data.size());
    for (std::int64_t begin = 0; begin < data.size(); begin += kEvaluated) {
      const std::int64_t end = std::min(data.size(), begin + kEvaluated);
      const Tensor logits = logits_of(data.images.rows(begin, end));
      result.probabilities.rows(begin, end)
          .copy_from(kernels::default_for(logits.dtype()).softmax(logits));
      evaluated(end, data.size());
    }
    return result;
  }

  const ImageTask& task_;
  const std::unique_ptr<nets::Classifier> net_;
  std::optional<nets::InferencePlan> plan_;  // none: the net itself answers
  std::unique_ptr<nets::InferencePlan::Scratch> scratch_;
};

std::unique_ptr<nets::Classifier> load_teacher(const std::string& path,
                                               const nets::ClassifierIo& io) {
  const RunDirectory run = RunDirectory::open(path, RunDirectory::Access::read);
  const auto best = run.best_checkpoint();
  if (!best) throw Error(path, "expected a teacher, this run has no checkpoint yet");
  Rng overwritten(0);
  auto teacher = nets::make_classifier(fit_config_of(run).net, io, overwritten);
  nets::load_module(run.net_path(*best).string(), *teacher);
  teacher->eval();
  return teacher;
}

}  // namespace

ImageTask::ImageTask(std::string name, LabelledImages train, LabelledImages test,
                     const ImageTaskOptions& options)
    : name_(std::move(name)), options_(options), test_(std::move(test)) {
  if (train.size() < 1 || test_.size() < 1)
    throw Error(fmt::format("{}: expected images to train on and to test, got {} and {}", name_,
                            train.size(), test_.size()));
  if (train.images.rows(0, 1).shape() != test_.images.rows(0, 1).shape())
    throw Error(fmt::format("{}: expected test images of the training images' shape {}, got {}",
                            name_, to_string(train.images.rows(0, 1).shape()),
                            to_string(test_.images.rows(0, 1).shape())));
  const std::int64_t all = options.train > 0 ? options.train : train.size();
  if (all > train.size() || options.validation >= all)
    throw Error(
        fmt::format("{}: expected at most {} training images and fewer for validation, got "
                    "{} and {}",
                    name_, train.size(), all, options.validation));
  train_ = range_of(train, 0, all - options.validation);
  if (options.bag > 0) train_ = bootstrap(train_, options.bag);
  validation_ = range_of(train, all - options.validation, all);
}

void ImageTask::prepare_training() const {
  if (options_.teacher.empty()) return;
  std::call_once(teacher_once_, [this] { teacher_ = load_teacher(options_.teacher, io()); });
}

Tensor ImageTask::teacher_logits(const Tensor& images) const {
  prepare_training();
  const NoGrad no_grad;
  return teacher_->forward(Variable(images)).value();
}

std::string ImageTask::spec() const {
  const ImageTaskOptions& o = options_;
  std::string text =
      fmt::format("{}:rotation={:g},scale={:g},shift={:g},smoothing={:g},train={},validation={}",
                  name_, o.distortion.rotation, o.distortion.scale, o.distortion.shift, o.smoothing,
                  o.train, o.validation);
  if (o.bag > 0) text += fmt::format(",bag={}", o.bag);
  if (o.teacher.empty()) return text;
  return text + kTeacher +
         fmt::format("{},temperature={:g},soft={:g}", o.teacher, o.temperature, o.soft);
}

bool ImageTask::continues(const std::string& spec) const {
  const auto untaught = [](const std::string& text) { return text.substr(0, text.find(kTeacher)); };
  return untaught(spec) == untaught(this->spec());
}

const LabelledImages& ImageTask::images(Part part) const {
  if (part == Part::train) return train_;
  return part == Part::validation && validation_.size() > 0 ? validation_ : test_;
}

nets::ClassifierIo ImageTask::io() const {
  return {static_cast<int>(train_.images.dim(1)), static_cast<int>(train_.images.dim(2)),
          static_cast<int>(train_.images.dim(3)), train_.classes};
}

std::string ImageTask::canonical_net(const std::string& net) const {
  return nets::canonical_classifier_spec(net);
}

std::unique_ptr<FitModel> ImageTask::make_model(const std::string& net, Rng& rng) const {
  return std::make_unique<ImageModel>(*this, net, rng);
}

std::unique_ptr<FitTask> make_mnist_task(Spec& spec, const std::string& data) {
  ImageTaskOptions options;
  options.distortion.rotation = spec.get_double("rotation", 0, 0, 180);
  options.distortion.scale = spec.get_double("scale", 0, 0, 0.9);
  options.distortion.shift = spec.get_double("shift", 0, 0, 28);
  options.smoothing = spec.get_double("smoothing", 0, 0, 1);
  options.train = spec.get_int("train", 0, 0, 60000);
  options.validation = spec.get_int("validation", 0, 0, 59999);
  options.bag = spec.get_int("bag", 0, 0, 1'000'000'000);
  options.teacher = spec.get_string("teacher", "");
  if (!options.teacher.empty()) {
    options.teacher = std::filesystem::absolute(options.teacher).lexically_normal().string();
    if (options.teacher.find(',') != std::string::npos)
      bad_argument("mnist", "expected a teacher whose path has no comma, got \"{}\"",
                   options.teacher);
    options.temperature = spec.get_double("temperature", options.temperature, 0.01, 1000);
    options.soft = spec.get_double("soft", options.soft, 0, 1);
  }
  options.defaults = {.net = "cnn"};
  spec.finish();
  if (data.empty())
    bad_argument("mnist",
                 "expected the folder of its IDX files: --data DIR (the four files of "
                 "yann.lecun.com/exdb/mnist, plain or .gz)");
  LabelledImages train = load_mnist(data, Split::train);
  LabelledImages test = load_mnist(data, Split::test);
  return std::make_unique<ImageTask>("mnist", std::move(train), std::move(test), options);
}

}  // namespace tengen::selfplay
