// Telling images apart: cross entropy of a nets::Classifier on labelled images, with augmentation,
// label smoothing and distillation. The task "mnist" reads the MNIST database. For bagging (Breiman
// 1996) each member of an ensemble learns from a bootstrap sample of its own: as many images, drawn
// with replacement.
//
// Distillation (Hinton, Vinyals and Dean 2015, section 2): with a teacher the loss is
//   (1 - soft) CE(labels) + soft T^2 KL(softmax(teacher / T), softmax(student / T)).
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "engine/base/spec.hpp"
#include "engine/data/labelled_images.hpp"
#include "nets/classifier.hpp"
#include "selfplay/fit/fit_task.hpp"

namespace tengen::selfplay {

struct ImageTaskOptions {
  Distortion distortion = {};  // of training images
  double smoothing = 0;        // label smoothing, epsilon
  int train = 0;               // the first so many training images; 0: all
  int validation = 0;  // of them, so many at the end choose the best epoch and are not trained on
  int bag = 0;  // number of a bootstrap sample of the training images; 0: the images themselves
  FitDefaults defaults = {};
  std::string teacher = {};  // a run of this task, whose best net is the teacher; empty: none
  double temperature = 4;    // T
  double soft = 0.9;         // share of the teacher
};

class ImageTask : public FitTask {
 public:
  /// `name` is the word before the options in spec(). Throws Error if `train` lacks the images that
  /// the options ask for.
  ImageTask(std::string name, LabelledImages train, LabelledImages test,
            const ImageTaskOptions& options);

  std::string spec() const override;
  /// The teacher, its temperature and its share may change.
  bool continues(const std::string& spec) const override;
  FitDefaults defaults() const override { return options_.defaults; }
  std::int64_t size() const override { return train_.size(); }
  bool has_validation() const override { return validation_.size() > 0; }
  /// Loads the teacher, if there is one; what a student has learned is measured without.
  void prepare_training() const override;
  std::string canonical_net(const std::string& net) const override;
  std::unique_ptr<FitModel> make_model(const std::string& net, Rng& rng) const override;

  const LabelledImages& images(Part part) const;
  const ImageTaskOptions& options() const { return options_; }
  /// Logits of the teacher, [N, classes]; there must be one. Throws Error if it is no run of such a
  /// task. Any thread may call it.
  Tensor teacher_logits(const Tensor& images) const;
  nets::ClassifierIo io() const;

 private:
  const std::string name_;
  const ImageTaskOptions options_;
  LabelledImages train_, validation_, test_;
  mutable std::once_flag teacher_once_;
  /// In eval mode, where its forward() changes nothing.
  mutable std::unique_ptr<nets::Classifier> teacher_;
};

inline constexpr const char* kMnistHelp =
    "rotation (0 degrees), scale (0), shift (0 pixels): augmentation; smoothing (0) of labels; "
    "train (0: all) images,\n                   validation (0) of them choose the best epoch (0: "
    "the "
    "last one counts); teacher=RUN with\n                   "
    "temperature (4) and soft (0.9): distillation; bag=K: the\n                   "
    "bootstrap sample number K, for ensembles.\n                   Digits; --data names the "
    "folder of MNIST's four IDX files, plain or .gz";

std::unique_ptr<FitTask> make_mnist_task(Spec& spec, const std::string& data);

}  // namespace tengen::selfplay
