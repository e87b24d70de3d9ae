#include "selfplay/fit/recurrent_task.hpp"

#include <algorithm>

#include "nets/recurrent_net.hpp"

namespace tengen::selfplay {

namespace {

constexpr int kShown = 5;  // sequences of a sample

nets::RecurrentOptions parse_net(const std::string& net) {
  Spec spec(net);
  return nets::parse_recurrent(spec);
}

class RecurrentModel : public FitModel {
 public:
  RecurrentModel(const RecurrentTaskParts& parts, const std::string& net, Rng& rng)
      : parts_(parts),
        net_(parse_net(net), static_cast<int>(parts.train.inputs.dim(2)),
             static_cast<int>(parts.train.targets.dim(2)), rng) {}

  Module& net() override { return net_; }

  Variable loss(std::span<const std::uint32_t> examples, const Rng&) override {
    const SequenceBatch batch = gather(parts_.train, examples);
    return parts_.loss(net_.forward(Variable(batch.inputs)), batch.targets);
  }

  FitScores evaluate(Part part) override {
    const NoGrad no_grad;
    const SequenceBatch& data = parts_.of(part);
    const std::int64_t count = data.inputs.dim(1);
    evaluated(0, count);
    const Variable output = net_.forward(Variable(data.inputs));
    FitScores scores;
    scores.loss = parts_.loss(output, data.targets).value().item();
    parts_.score(output.value(), data.targets, scores);
    evaluated(count, count);
    return scores;
  }

  std::string sample(Rng& rng) override {
    const NoGrad no_grad;
    const Tensor output = net_.forward(Variable(parts_.test.inputs)).value();
    const auto count = static_cast<std::uint32_t>(output.dim(1));
    std::string lines;
    for (int i = 0; i < kShown; ++i)
      lines += parts_.line(parts_.test, output, rng.below(count)) + "\n";
    return lines;
  }

 private:
  const RecurrentTaskParts& parts_;
  nets::RecurrentNet net_;
};

}  // namespace

const SequenceBatch& RecurrentTaskParts::of(Part part) const {
  if (part == Part::train) return train;
  return part == Part::validation && has_validation() ? validation : test;
}

std::string RecurrentTask::canonical_net(const std::string& net) const {
  return to_spec(parse_net(net));
}

std::unique_ptr<FitModel> RecurrentTask::make_model(const std::string& net, Rng& rng) const {
  return std::make_unique<RecurrentModel>(parts_, net, rng);
}

}  // namespace tengen::selfplay
