#include "selfplay/policy_gradient/actor_critic.hpp"

#include <algorithm>
#include <numbers>

#include "engine/autograd/ops_dense.hpp"
#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/autograd/ops_slice.hpp"
#include "engine/base/error.hpp"
#include "engine/init/initializers.hpp"
#include "engine/layers/attention_memory.hpp"
#include "engine/layers/gru.hpp"
#include "engine/layers/lstm.hpp"
#include "engine/layers/rnn.hpp"
#include "selfplay/policy_gradient/shared_body.hpp"

namespace tengen::selfplay {

namespace {

using kernels::DenseActivation;

/// tanh layers and a linear output.
class Mlp : public Layer {
 public:
  Mlp(int inputs, int layers, int hidden, int outputs, double output_gain, Rng& rng)
      : weights_(layers + 1), biases_(layers + 1), packed_(layers + 1) {
    for (int i = 0; i <= layers; ++i) {
      const bool last = i == layers;
      const std::int64_t in = i == 0 ? inputs : hidden, out = last ? outputs : hidden;
      const double gain = last ? output_gain : std::numbers::sqrt2;
      weights_[i] = Variable(orthogonal({out, in}, gain, rng), true);
      biases_[i] = Variable(Tensor::zeros({out}), true);
      register_parameter(std::to_string(i) + ".weight", weights_[i]);
      register_parameter(std::to_string(i) + ".bias", biases_[i]);
    }
  }

  Variable forward(const Variable& x) override {
    Variable y = x;
    for (std::size_t i = 0; i < weights_.size(); ++i)
      y = dense(y, weights_[i], biases_[i], activation(i));
    return y;
  }

  /// How forward(x) changes as the weights and biases move along `direction`, in their order:
  /// through y = f(z), z = x W^T + b goes dz = dx W^T + x dW^T + db, and with tanh
  /// dy = (1 - y^2) dz.
  Variable tangent(const Variable& x, std::span<const Tensor> direction) {
    Variable y = x, dy;
    for (std::size_t i = 0; i < weights_.size(); ++i) {
      const Variable dw(direction[2 * i]), db(direction[2 * i + 1]);
      Variable dz = dense(y, dw, db, DenseActivation::none);
      if (dy.defined()) {
        const Variable no_bias(Tensor::zeros(db.shape()));
        dz = add(dz, dense(dy, weights_[i], no_bias, DenseActivation::none));
      }
      y = dense(y, weights_[i], biases_[i], activation(i));
      dy = activation(i) == DenseActivation::tanh ? subtract(dz, multiply(square(y), dz)) : dz;
    }
    return dy;
  }

  void prepare() {
    for (std::size_t i = 0; i < weights_.size(); ++i)
      kernels::pack_dense(weights_[i].value(), biases_[i].value(), packed_[i]);
  }
  /// The same numbers as forward(), without the tape.
  std::span<const float> compute(std::span<const float> x, int rows) {
    const float* from = x.data();
    for (std::size_t i = 0; i < packed_.size(); ++i) {
      std::vector<float>& to = scratch_[i % 2];
      to.resize(rows * packed_[i].outputs);
      kernels::dense(packed_[i], activation(i), rows, from, to.data());
      from = to.data();
    }
    return {from, static_cast<std::size_t>(rows * packed_.back().outputs)};
  }

 private:
  DenseActivation activation(std::size_t i) const {
    return i + 1 == weights_.size() ? DenseActivation::none : DenseActivation::tanh;
  }

  std::vector<Variable> weights_, biases_;
  std::vector<kernels::PackedDense> packed_;
  std::array<std::vector<float>, 2> scratch_;
};

/// Continuous actions only: the learned log standard deviations behind every row of means.
class Deviations : public Module {
 public:
  Deviations(const Distribution& distribution, double initial) {
    const int count = distribution.parameters() - distribution.outputs();
    if (count == 0) return;
    log_std_ = Variable(Tensor::full({count}, initial), true);
    register_parameter("log_std", log_std_);
  }
  Variable join(const Variable& outputs) const {
    if (!log_std_.defined()) return outputs;
    return concat({outputs, repeat(log_std_, 0, outputs.shape()[0])}, 1);
  }
  /// As join() of the change of the outputs, where `direction` is that of the deviations if any.
  Variable tangent(const Variable& change, const Tensor& direction) const {
    if (!log_std_.defined()) return change;
    return concat({change, repeat(Variable(direction), 0, change.shape()[0])}, 1);
  }
  void join(std::span<const float> outputs, int rows, std::span<float> parameters) const {
    const std::size_t extra = log_std_.defined() ? log_std_.value().size() : 0;
    const std::size_t width = outputs.size() / rows;
    for (int i = 0; i < rows; ++i) {
      float* row = parameters.data() + i * (width + extra);
      std::copy_n(outputs.data() + i * width, width, row);
      if (extra) std::ranges::copy(log_std_.value().values<float>(), row + width);
    }
  }

 private:
  Variable log_std_;
};

class FeedForward final : public ActorCritic {
 public:
  FeedForward(const ActorCriticShape& s, const Distribution& d, Rng& rng)
      : policy_(s.inputs, s.layers, s.hidden, d.outputs(), 0.01, rng),
        value_(s.inputs, s.layers, s.hidden, 1, 1.0, rng),
        deviations_(d, s.log_std) {
    register_child("policy", policy_);
    register_child("value", value_);
    register_child("deviations", deviations_);
    prepare();
  }

  PolicyOutput forward(const PolicyInput& input) override {
    const Variable& x = input.observations;
    return {deviations_.join(policy_.forward(x)), value_.forward(x), {}};
  }
  Tensor tangent(const Tensor& observations, std::span<const Tensor> direction) override {
    const NoGrad no_grad;
    const std::size_t policy = policy_.parameters().size();
    const Variable change = policy_.tangent(Variable(observations), direction.first(policy));
    return deviations_.tangent(change, direction.back()).value();
  }
  void prepare() override {
    policy_.prepare();
    value_.prepare();
  }
  void act(std::span<const float> observations, int count, Tensor&, std::span<float> parameters,
           std::span<float> values) override {
    deviations_.join(policy_.compute(observations, count), count, parameters);
    std::ranges::copy(value_.compute(observations, count), values.begin());
  }

 private:
  Mlp policy_, value_;
  Deviations deviations_;
};

template <class Layer>
std::unique_ptr<RecurrentLayer> make_gated(const ActorCriticShape& s, Rng& rng) {
  auto memory = std::make_unique<Layer>(s.inputs, s.memory_units, rng);
  if (s.memory_span > 0) memory->start_remembering(s.memory_span, rng);
  return memory;
}

std::unique_ptr<RecurrentLayer> make_memory(const ActorCriticShape& s, Rng& rng) {
  if (s.memory == "rnn") return std::make_unique<Rnn>(s.inputs, s.memory_units, rng);
  if (s.memory == "gru") return make_gated<Gru>(s, rng);
  if (s.memory == "lstm") return make_gated<Lstm>(s, rng);
  if (s.memory == "attention")
    return std::make_unique<AttentionMemory>(s.inputs, s.memory_units, s.memory_window, rng);
  bad_argument("actor_critic", "memory must be one of {}, got '{}'",
               fmt::join(policy_memories(), ", "), s.memory);
}

/// State: the policy's memory, then the critic's.
class Recurrent final : public ActorCritic {
 public:
  Recurrent(const ActorCriticShape& s, const Distribution& d, Rng& rng)
      : policy_memory_(make_memory(s, rng)),
        value_memory_(make_memory(s, rng)),
        policy_(s.memory_units, s.layers, s.hidden, d.outputs(), 0.01, rng),
        value_(s.memory_units, s.layers, s.hidden, 1, 1.0, rng),
        deviations_(d, s.log_std) {
    register_child("policy_memory", *policy_memory_);
    register_child("value_memory", *value_memory_);
    register_child("policy", policy_);
    register_child("value", value_);
    register_child("deviations", deviations_);
  }

  std::int64_t state_size() const override { return 2 * policy_memory_->state_size(); }

  PolicyOutput forward(const PolicyInput& input) override {
    const std::int64_t half = policy_memory_->state_size();
    const Variable state(input.state);
    const auto [actor, actor_state] = remember(*policy_memory_, input, slice(state, 1, 0, half));
    const auto [critic, critic_state] =
        remember(*value_memory_, input, slice(state, 1, half, 2 * half));
    return {deviations_.join(policy_.forward(actor)), value_.forward(critic),
            concat({actor_state, critic_state}, 1)};
  }

  void act(std::span<const float> observations, int count, Tensor& state,
           std::span<float> parameters, std::span<float> values) override {
    const NoGrad no_grad;
    const std::int64_t inputs = policy_memory_->input_size();
    const Variable rows(Tensor::from<float>({count, inputs}, observations));
    const PolicyOutput out = forward({rows, 1, count, state, {}});
    std::ranges::copy(out.parameters.value().values<float>(), parameters.begin());
    std::ranges::copy(out.values.value().values<float>(), values.begin());
    state = out.state.value();
  }

 private:
  /// Through the sequence in stretches without the start of an episode; at a start the state of
  /// that sequence is cleared, and with it the path of gradients into the episode before.
  static std::pair<Variable, Variable> remember(RecurrentLayer& memory, const PolicyInput& input,
                                                Variable state) {
    const std::int64_t n = input.sequences, inputs = memory.input_size();
    std::vector<Variable> pieces;
    for (int t = 0; t < input.steps;) {
      if (starts_at(input, t)) state = multiply(state, keep_mask(input, t, memory.state_size()));
      int end = t + 1;
      while (end < input.steps && !starts_at(input, end)) ++end;
      const Variable rows = slice(input.observations, 0, t * n, end * n);
      const SequenceOutput out = memory.forward(reshape(rows, {end - t, n, inputs}), state);
      state = out.state;
      pieces.push_back(reshape(out.y, {(end - t) * n, memory.output_size()}));
      t = end;
    }
    return {pieces.size() == 1 ? pieces.front() : concat(pieces, 0), state};
  }
  static bool starts_at(const PolicyInput& input, int t) {
    if (input.starts.empty()) return false;
    const auto step = input.starts.subspan(std::size_t(t) * input.sequences, input.sequences);
    return std::ranges::find(step, 1) != step.end();
  }
  static Variable keep_mask(const PolicyInput& input, int t, std::int64_t width) {
    Tensor keep = Tensor::full({input.sequences, width}, 1);
    for (int i = 0; i < input.sequences; ++i)
      if (input.starts[std::size_t(t) * input.sequences + i]) keep.rows(i, i + 1).fill(0);
    return Variable(keep);
  }

  std::unique_ptr<RecurrentLayer> policy_memory_, value_memory_;
  Mlp policy_, value_;
  Deviations deviations_;
};

}  // namespace

const std::set<std::string>& policy_memories() {
  static const std::set<std::string> names{"none", "rnn", "gru", "lstm", "attention"};
  return names;
}

Tensor ActorCritic::tangent(const Tensor&, std::span<const Tensor>) {
  bad_argument("actor_critic", "expected a net without memory and body for its tangent");
}

std::unique_ptr<ActorCritic> make_actor_critic(const ActorCriticShape& shape,
                                               const Distribution& distribution, Rng& rng) {
  if (shape.body != "none") return std::make_unique<SharedBody>(shape, distribution, rng);
  if (shape.memory == "none") return std::make_unique<FeedForward>(shape, distribution, rng);
  return std::make_unique<Recurrent>(shape, distribution, rng);
}

}  // namespace tengen::selfplay
