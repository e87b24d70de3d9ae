#include "selfplay/fit/fit_trainer.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/base/error.hpp"
#include "engine/kernels/backend.hpp"
#include "engine/layers/batch_statistics.hpp"
#include "engine/layers/first_non_finite.hpp"
#include "engine/losses/penalties.hpp"
#include "engine/optim/clip_gradient.hpp"
#include "engine/optim/weight_average.hpp"
#include "nets/checkpoint.hpp"
#include "selfplay/file_metadata.hpp"
#include "selfplay/fit/optimizers.hpp"
#include "selfplay/optimizer_file.hpp"

namespace tengen::selfplay {

namespace fs = std::filesystem;

namespace {

constexpr const char* kNet = "net.safetensors";
constexpr const char* kTrainingNet = "training_net.safetensors";
constexpr const char* kOptimizer = "optimizer.safetensors";
constexpr const char* kAveraged = "averaged_epochs";  // in the metadata of an equal average
constexpr std::size_t kIndicesShown = 8;              // of a batch, in messages

/// Streams of the run's root seed, one per purpose.
enum Stream : std::uint64_t { kNetStream, kOrderStream, kStepStream, kStatisticsStream };
/// Streams of a step.
enum StepStream : std::uint64_t { kLayerStream, kAugmentationStream };

std::unique_ptr<FitModel> make_model(const FitTask& task, const FitConfig& config) {
  Rng rng = Rng(config.seed).split(kNetStream);
  return task.make_model(config.net, rng);
}

std::vector<std::unique_ptr<FitModel>> make_models(const FitTask& task, const FitConfig& config,
                                                   int threads) {
  std::vector<std::unique_ptr<FitModel>> models;
  for (int i = 0; i < threads; ++i) models.push_back(make_model(task, config));
  return models;
}

std::vector<Module*> nets_of(const std::vector<std::unique_ptr<FitModel>>& models) {
  std::vector<Module*> nets;
  for (const auto& model : models) nets.push_back(&model->net());
  return nets;
}

bool has_average(const FitConfig& config) {
  return config.weight_average > 0 || config.swa_start > 0;
}

OptimizerOptions optimizer_options(const FitConfig& config) {
  return {.name = config.optimizer,
          .learning_rate = config.learning_rate,
          .momentum = config.momentum,
          .weight_decay = config.weight_decay};
}

}  // namespace

FitTrainer::FitTrainer(const FitTask& task, const FitConfig& config, int threads)
    : task_(task),
      config_(config),
      threads_(threads),
      models_(make_models(task, config, threads)),
      average_(has_average(config) ? make_model(task, config) : nullptr),
      schedule_(make_schedule(config.schedule, schedule_settings(config, task.size()))),
      optimizer_(make_optimizer(optimizer_options(config), models_[0]->net().parameters())),
      pruning_(models_[0]->net().parameters()),
      data_parallel_(nets_of(models_)) {
  task_.prepare_training();
}

FitModel& FitTrainer::model() {
  FitModel& result = average_counts() ? *average_ : *models_[0];
  result.net().eval();
  return result;
}

std::optional<EpochLosses> FitTrainer::train_epoch(int number, const OnStep& on_step,
                                                   const std::atomic<bool>* stop) {
  const std::uint64_t order_seed = Rng(config_.seed).split(kOrderStream)();
  const Epoch epoch = task_.epoch(config_.batch, order_seed, static_cast<std::uint64_t>(number));
  for (const auto& model : models_) model->begin_epoch();
  prune(number);
  EpochLosses sum;
  std::int64_t examples = 0;
  epoch_ = number;
  for (batch_ = 0; batch_ < epoch.batches() && !(stop && *stop); ++batch_) {
    const double loss = step(epoch.indices(batch_), sum);
    examples += static_cast<std::int64_t>(epoch.indices(batch_).size());
    on_step(examples, loss);
  }
  check_state();
  if (batch_ < epoch.batches()) return std::nullopt;
  average_epoch(epoch);
  const double count = static_cast<double>(epoch.batches());
  return EpochLosses{sum.loss / count, sum.gradient_norm / count, sum.learning_rate / count};
}

/// At the beginning of an epoch; the choice follows from the weights alone, so a resumed run makes
/// it too.
void FitTrainer::prune(int epoch) {
  if (config_.prune == 0) return;
  pruning_.prune_to(gradual_sparsity(config_.prune, epoch, config_.prune_epochs));
  if (average_) pruning_.apply_to(average_->net().parameters());
}

/// Returns the loss and adds to `sum`.
double FitTrainer::step(std::span<const std::uint32_t> examples, EpochLosses& sum) {
  models_[0]->net().train();
  const int rows = static_cast<int>(examples.size());
  std::vector<Variable> losses(static_cast<std::size_t>(data_parallel_.shares(rows)));
  data_parallel_.run(rows, [&](const DataParallel::Share& share) {
    const Variable loss = share_loss(share, examples);
    losses[static_cast<std::size_t>(share.index)] = loss;
    if (is_finite(loss.value())) loss.backward();
  });
  double loss = 0;
  for (const Variable& part : losses) loss += part.value().item();
  const kernels::ScopedThreads all_threads(threads_);
  const auto& parameters = optimizer_->parameters();
  const double norm = config_.gradient_clip > 0
                          ? clip_gradient_norm(parameters, config_.gradient_clip)
                          : gradient_norm(parameters);
  if (!std::isfinite(loss) || !std::isfinite(norm)) check_finite(losses, examples);
  losses.clear();
  update();
  sum.loss += loss;
  sum.gradient_norm += norm;
  sum.learning_rate += optimizer_->learning_rate();
  return loss;
}

/// A step along the gradients.
void FitTrainer::update() {
  optimizer_->set_learning_rate(learning_rate_at(steps()));
  optimizer_->step();
  if (config_.prune > 0) pruning_.apply();
  if (config_.weight_average == 0) return;
  average_weights(average_->net(), models_[0]->net(), config_.weight_average, steps());
  if (config_.prune > 0) pruning_.apply_to(average_->net().parameters());
}

/// From swa_start on the end of each epoch goes into an equal average, whose batch norms then need
/// statistics of their own: those of the epoch's batches.
void FitTrainer::average_epoch(const Epoch& epoch) {
  if (config_.swa_start == 0 || epoch_ < config_.swa_start) {
    averaged_ = 0;
    return;
  }
  average_equally(average_->net(), models_[0]->net(), averaged_++);
  if (config_.prune > 0) pruning_.apply_to(average_->net().parameters());
  if (average_->net().buffers().empty()) return;
  const kernels::ScopedThreads all_threads(threads_);
  const Rng rng =
      Rng(config_.seed).split(kStatisticsStream).split(static_cast<std::uint64_t>(epoch_));
  recompute_statistics(average_->net(), epoch.batches(), [&](std::int64_t batch) {
    const Rng own = rng.split(static_cast<std::uint64_t>(batch));
    average_->net().reseed(own.split(kLayerStream));
    average_->loss(epoch.indices(batch), own.split(kAugmentationStream));
  });
}

/// Weighed by the share's part of the batch; penalties come with the first share.
Variable FitTrainer::share_loss(const DataParallel::Share& share,
                                std::span<const std::uint32_t> examples) {
  FitModel& model = *models_[static_cast<std::size_t>(share.index)];
  const Rng rng = Rng(config_.seed).split(kStepStream).split(static_cast<std::uint64_t>(steps()));
  model.net().reseed(rng.split(kLayerStream).split(static_cast<std::uint64_t>(share.index)));
  const auto own = examples.subspan(static_cast<std::size_t>(share.first),
                                    static_cast<std::size_t>(share.count));
  Variable loss = model.loss(own, rng.split(kAugmentationStream));
  if (own.size() < examples.size())
    loss = scale(loss, static_cast<double>(own.size()) / static_cast<double>(examples.size()));
  return share.index == 0 && config_.l1 > 0 ? add(loss, penalty()) : loss;
}

Variable FitTrainer::penalty() { return l1_penalty(optimizer_->parameters(), config_.l1); }

/// Throws; the graphs of `losses` are still there.
void FitTrainer::check_finite(std::span<const Variable> losses,
                              std::span<const std::uint32_t> examples) const {
  std::string origin;
  for (std::size_t i = 0; i < losses.size() && origin.empty(); ++i)
    origin = first_non_finite(losses[i], models_[i]->net().parameters());
  const auto& parameters = optimizer_->parameters();
  // backward() goes from the last layer to the first: the last one is where it began.
  for (std::size_t i = parameters.size(); i-- > 0 && origin.empty();)
    if (parameters[i].variable.grad().defined() && !is_finite(parameters[i].variable.grad()))
      origin = "the gradient of " + parameters[i].name;
  double loss = 0;
  for (const Variable& part : losses) loss += part.value().item();
  const auto shown = examples.first(std::min(examples.size(), kIndicesShown));
  throw TrainingDiverged(fmt::format(
      "training diverged at step {} (epoch {}, batch {}: examples {}{}): loss {}, first not finite "
      "in {}",
      steps(), epoch_, batch_, fmt::join(shown, ", "),
      shown.size() < examples.size() ? ", ..." : "", loss, origin.empty() ? "the sum" : origin));
}

/// Losses and gradients are looked at before each update; this looks at what the updates made.
void FitTrainer::check_state() const {
  const auto check = [this](const std::string& name, const Tensor& tensor) {
    if (!is_finite(tensor))
      throw TrainingDiverged(fmt::format(
          "training diverged in the last updates of epoch {}: {} is not finite", epoch_, name));
  };
  for (FitModel* model : {models_[0].get(), average_.get()}) {
    if (!model) continue;
    for (const NamedParameter& p : model->net().parameters()) check(p.name, p.variable.value());
    for (const NamedBuffer& buffer : model->net().buffers()) check(buffer.name, buffer.tensor);
  }
  for (const NamedBuffer& buffer : optimizer_->state()) check(buffer.name, buffer.tensor);
}

void FitTrainer::save(const fs::path& directory,
                      const std::map<std::string, std::string>& metadata) const {
  const bool averages = average_counts();
  auto described = metadata;
  if (averaged_ > 0) described[kAveraged] = std::to_string(averaged_);
  nets::save_module((directory / kNet).string(), (averages ? average_ : models_[0])->net(),
                    described);
  if (averages) nets::save_module((directory / kTrainingNet).string(), models_[0]->net(), metadata);
  write_optimizer(directory / kOptimizer, config_.optimizer, *optimizer_);
}

void FitTrainer::start_from(const fs::path& net) {
  nets::load_module(net.string(), models_[0]->net());
  if (average_) nets::load_module(net.string(), average_->net());
}

void FitTrainer::load(const fs::path& directory) {
  // Without a file of its own the training net is the one that counts, and the other way round.
  const fs::path training = directory / kTrainingNet;
  const fs::path net = directory / kNet;
  nets::load_module((fs::exists(training) ? training : net).string(), models_[0]->net());
  if (average_) {
    const nets::Metadata metadata = nets::load_module(net.string(), average_->net());
    const bool equal = config_.swa_start > 0 && metadata.contains(kAveraged);
    averaged_ = equal ? number_in(metadata, net.string(), kAveraged) : 0;
  }
  read_optimizer(directory / kOptimizer, config_.optimizer, *optimizer_);
}

}  // namespace tengen::selfplay
