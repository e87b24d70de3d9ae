// Telling images apart: cross entropy of a nets::Classifier on labelled images, with augmentation
// and label smoothing. The task "mnist" reads the MNIST database.
#pragma once

#include <memory>
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
  FitDefaults defaults = {};
};

class ImageTask : public FitTask {
 public:
  /// `name` is the word before the options in spec(). Throws Error if `train` lacks the images that
  /// the options ask for.
  ImageTask(std::string name, LabelledImages train, LabelledImages test,
            const ImageTaskOptions& options);

  std::string spec() const override;
  FitDefaults defaults() const override { return options_.defaults; }
  std::int64_t size() const override { return train_.size(); }
  std::string canonical_net(const std::string& net) const override;
  std::unique_ptr<FitModel> make_model(const std::string& net, Rng& rng) const override;

  const LabelledImages& images(Part part) const;
  const ImageTaskOptions& options() const { return options_; }
  nets::ClassifierIo io() const;

 private:
  const std::string name_;
  const ImageTaskOptions options_;
  LabelledImages train_, validation_, test_;
};

inline constexpr const char* kMnistHelp =
    "rotation (0 degrees), scale (0), shift (0 pixels): augmentation; smoothing (0) of labels; "
    "train (0: all) images,\n                   validation (0) of them held out: digits; --data "
    "names the folder of MNIST's four IDX files, plain or .gz";

std::unique_ptr<FitTask> make_mnist_task(Spec& spec, const std::string& data);

}  // namespace tengen::selfplay
