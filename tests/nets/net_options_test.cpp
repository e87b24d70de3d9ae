// The options that nets for vectors and images share: widths of layers, activations, norms, noise
// and initial weights.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "engine/autograd/ops_shape.hpp"
#include "engine/tensor/storage.hpp"
#include "nets/checkpoint.hpp"
#include "nets/classifier.hpp"
#include "nets/inference/inference_plan.hpp"
#include "nets/inference/reference_plan.hpp"
#include "nets/policy_value_net.hpp"
#include "tests/support/net_fixtures.hpp"
#include "tests/support/temp_dir.hpp"

using namespace tengen;
using namespace tengen::nets;
using namespace tengen::test;
using Catch::Matchers::Contains;

namespace {

constexpr NetIo kGame{.height = 5, .width = 4, .channels = 3, .actions = 21};
constexpr ClassifierIo kImages{.height = 12, .width = 11, .channels = 2, .classes = 3};
constexpr ClassifierIo kDigits{.height = 28, .width = 28, .channels = 1, .classes = 10};

constexpr const char* kGameSpecs[] = {
    "mlp:hidden=9-5",
    "mlp:hidden=6-5,activation=maxout,pieces=3,dropout=0.2",
    "mlp:hidden=6,activation=prelu,drop_connect=0.4",
    "mlp:hidden=6,activation=rrelu,init=orthogonal",
    "mlp:hidden=6,activation=none",
    "mlp:hidden=700,init=he",
    "resnet:blocks=1,channels=8,activation=leaky_relu,slope=0.2",
    "resnet:blocks=1,channels=8,activation=prelu",
    "resnet:blocks=1,channels=8,activation=rrelu",
    "resnet:blocks=1,channels=8,activation=tanh,block=preact",
    "resnet:blocks=1,channels=8,activation=sigmoid,block=bottleneck",
    "resnet:blocks=1,channels=16,activation=gelu",
    "resnet:blocks=1,channels=16,activation=silu,block=bottleneck_preact",
    "resnet:blocks=2,channels=16,norm=group,groups=4",
    "resnet:blocks=2,channels=16,norm=group,block=preact,activation=gelu",
    "resnet:blocks=1,channels=8,norm=layer,block=bottleneck",
    "resnet:blocks=1,channels=8,norm=layer,block=pyramid,widening=3,activation=prelu",
    "resnet:blocks=1,channels=8,norm=instance,block=bottleneck_preact",
    "resnet:blocks=2,channels=8,norm=none",
    "resnet:blocks=2,channels=8,norm=none,block=preact",
    "resnet:blocks=2,channels=8,norm=none,block=pyramid,widening=4,stages=2",
    "mobile:blocks=1,channels=4,init=xavier",
    "densenet:layers=1,growth=3,init=he,init_scale=0.5",
};

constexpr const char* kImageSpecs[] = {
    "mlp:hidden=9-5,activation=tanh,dropout=0.5",
    "mlp:hidden=7-5,activation=maxout",
    "mlp:hidden=7,drop_connect=0.5,activation=gelu",
    "lenet:activation=sigmoid",
    "lenet:init=lecun",
    "cnn:channels=4,kernel=3,hidden=6,activation=prelu",
    "cnn:channels=4,kernel=3,hidden=6,activation=silu",
    "deep_cnn:channels=2,hidden=6,activation=leaky_relu",
    "alexnet:channels=3,hidden=6,activation=rrelu,init=he",
    "resnet:blocks=1,channels=4,stages=2,norm=group,groups=2",
    "resnet:blocks=1,channels=4,stages=2,norm=instance,activation=none",
};

/// In eval mode, with norms, biases and slopes as after training.
template <typename Net>
void settle(Net& net) {
  Rng rng(7);
  randomize_norms_and_biases(net, rng);
  for (const NamedParameter& parameter : net.parameters()) {
    Tensor value = parameter.variable.value();
    if (ends_with(parameter.name, "slope"))
      value.copy_from(uniform_floats(value.shape(), rng, -0.5, 1.5));
  }
  net.eval();
}

std::unique_ptr<PolicyValueNet> game_net(const std::string& spec) {
  Rng rng(1);
  return make_net(spec, kGame, rng);
}

std::unique_ptr<Classifier> image_net(const std::string& spec, const ClassifierIo& io = kDigits) {
  Rng rng(1);
  return make_classifier(spec, io, rng);
}

double largest_difference(const Tensor& a, const Tensor& b) {
  REQUIRE(a.shape() == b.shape());
  double largest = 0;
  for (std::size_t i = 0; i < a.values<float>().size(); ++i) {
    REQUIRE(std::isfinite(a.values<float>()[i]));
    largest = std::max(largest, double(std::abs(a.values<float>()[i] - b.values<float>()[i])));
  }
  return largest;
}

/// The logits of an InferencePlan.
Tensor planned(const PlanGraph& graph, Precision precision, const Tensor& x) {
  const auto batch = static_cast<int>(x.dim(0));
  const InferencePlan plan(graph, precision, batch, calibrate(graph, x.values<float>(), batch));
  Tensor logits({batch, plan.num_actions()}), values({batch});
  plan.evaluate(batch, x.values<float>(), logits.values<float>(), values.values<float>(),
                *plan.make_scratch());
  return logits;
}

/// What the net computes in eval mode, its graph and its plans are one function.
void check_inference(const PlanGraph& graph, const Tensor& x, const Tensor& expected) {
  CHECK(largest_difference(evaluate_reference(graph, x).policy_logits, expected) < 1e-4);
  CHECK(largest_difference(planned(graph, Precision::fp32, x), expected) < 1e-4);
  const auto [low, high] = std::ranges::minmax(expected.values<float>());
  for (const auto& [precision, bound] :
       {std::pair{Precision::bf16, 0.05}, {Precision::int8, has_exact_int8() ? 0.06 : 0.12}})
    if (is_supported(precision))
      CHECK(largest_difference(planned(graph, precision, x), expected) < bound * (high - low));
}

int count(const PlanGraph& graph, Activation activation) {
  return int(std::ranges::count(graph.ops, activation, &PlanOp::activation));
}
int count(const PlanGraph& graph, PlanOp::Kind kind) {
  return int(std::ranges::count(graph.ops, kind, &PlanOp::kind));
}

double deviation(const Tensor& tensor) {
  double sum = 0, squares = 0;
  for (const float x : tensor.values<float>()) {
    sum += x;
    squares += double(x) * x;
  }
  const double n = double(tensor.size());
  return std::sqrt(squares / n - sum * sum / (n * n));
}

Tensor weight_of(const Module& net, const std::string& name) {
  for (const NamedParameter& parameter : net.parameters())
    if (parameter.name == name) return parameter.variable.value();
  FAIL("no parameter " << name);
  return {};
}

}  // namespace

TEST_CASE("A game's net with any option is the same function in training graph and plan",
          "[nets][options][inference]") {
  const std::string spec = GENERATE(from_range(std::begin(kGameSpecs), std::end(kGameSpecs)));
  CAPTURE(spec);
  const auto net = game_net(spec);
  settle(*net);
  Rng rng(2);
  const Tensor x = uniform_floats({9, 5, 4, 3}, rng);
  const PolicyValue expected = net->forward(Variable(x));
  check_inference(net->graph(), x, expected.policy_logits.value());
  CHECK(largest_difference(evaluate_reference(net->graph(), x).value, expected.value.value()) <
        1e-4);
}

TEST_CASE("A classifier with any option is the same function in training graph and plan",
          "[nets][options][inference]") {
  const std::string spec = GENERATE(from_range(std::begin(kImageSpecs), std::end(kImageSpecs)));
  CAPTURE(spec);
  // Five pixels are nothing to lenet and alexnet's pools.
  const auto net =
      image_net(spec, ClassifierIo{.height = 17, .width = 16, .channels = 2, .classes = 3});
  settle(*net);
  Rng rng(2);
  const Tensor x = uniform_floats({9, 17, 16, 2}, rng, 0);
  check_inference(net->graph(), x, net->forward(Variable(x)).value());
}

TEST_CASE("A net of shapes alone is described as the net itself", "[nets][options]") {
  const auto check = [](const auto& make) {
    const std::string real = describe(*make());
    const ShapesOnly no_numbers;
    CHECK(describe(*make()) == real);
  };
  for (const char* spec : kGameSpecs) check([&] { return game_net(spec); });
  for (const char* spec : kImageSpecs) check([&] { return image_net(spec); });
}

TEST_CASE("A net with any option comes back from its file", "[nets][options][checkpoint]") {
  const std::string spec = GENERATE(from_range(std::begin(kGameSpecs), std::end(kGameSpecs)));
  CAPTURE(spec);
  CHECK(canonical_net_spec(canonical_net_spec(spec)) == canonical_net_spec(spec));
  const auto net = game_net(spec);
  settle(*net);
  const TempDir dir;
  const std::string path = (dir / "net.safetensors").string();
  save_net(path, *net);
  const LoadedNet loaded = load_net_file(path);
  CHECK(loaded.net->spec() == net->spec());
  Rng rng(3);
  const Variable x(uniform_floats({2, 5, 4, 3}, rng));
  CHECK(largest_difference(loaded.net->forward(x).value.value(), net->forward(x).value.value()) ==
        0);
}

TEST_CASE("Options are written out only where they are not the default", "[nets][options]") {
  CHECK(canonical_classifier_spec("mlp:hidden=50-100") == "mlp:hidden=50-100");
  CHECK(canonical_classifier_spec("mlp:hidden=50-100,layers=2") == "mlp:hidden=50-100");
  CHECK(canonical_classifier_spec("mlp:hidden=50-50") == "mlp:layers=2,hidden=50");
  CHECK(canonical_net_spec("mlp:hidden=7,activation=relu,dropout=0,init=default") ==
        "mlp:layers=2,hidden=7");
  CHECK(canonical_net_spec("mlp:activation=maxout") ==
        "mlp:layers=2,hidden=64,activation=maxout,pieces=2");
  CHECK(canonical_classifier_spec("lenet:init=normal,init_scale=0.01,activation=tanh") ==
        "lenet:activation=tanh,init=normal,init_scale=0.01");
  CHECK(canonical_classifier_spec("resnet:norm=batch,activation=relu") ==
        "resnet:blocks=6,channels=96,block=basic");
  CHECK(canonical_classifier_spec("resnet:activation=leaky_relu,norm=group") ==
        "resnet:blocks=6,channels=96,block=basic,norm=group,groups=8,activation=leaky_relu,"
        "slope=0.01");
  for (const char* spec : kImageSpecs) {
    const std::string canonical = canonical_classifier_spec(spec);
    CHECK(canonical_classifier_spec(canonical) == canonical);
    CHECK(image_net(spec)->spec() == canonical);
  }
}

TEST_CASE("Options that do not fit are refused with what is allowed", "[nets][options]") {
  const auto refused = [](const std::string& spec, const std::string& why) {
    CHECK_THROWS_WITH(canonical_classifier_spec(spec), Contains(why));
  };
  refused("mlp:hidden=50-", "numbers from 1 to 65536, as in 50 or 50-100, got '50-'");
  for (const char* hidden : {"", "0", "-50", "50--60", "50x", "50-70000"})
    refused("mlp:hidden=" + std::string(hidden), "numbers from 1 to 65536");
  refused("mlp:hidden=50-100,layers=3", "expected layers=2 or none");
  refused("mlp:activation=swish", "activation must be one of relu|");
  refused("cnn:activation=maxout", "activation must be one of relu|");
  refused("mlp:slope=0.1", "unknown key 'slope'");
  refused("resnet:norm=weight", "norm must be one of batch|group|layer|instance|none");
  refused("resnet:groups=4", "unknown key 'groups'");
  refused("densenet:activation=gelu", "unknown key 'activation'");
  refused("mlp:init=ones", "init must be one of default|he|");
  CHECK_THROWS_WITH(image_net("mlp:activation=maxout,drop_connect=0.5"),
                    Contains("drop_connect=0"));
  CHECK_THROWS_WITH(image_net("resnet:channels=12,norm=group"), Contains("divide 12 channels"));
}

TEST_CASE("Widths and activations of a perceptron have the parameters of their formulas",
          "[nets][options][F1][C10]") {
  const auto count = [](const std::string& spec) { return image_net(spec)->num_parameters(); };
  CHECK(count("mlp:hidden=50-100") == 785 * 50 + 51 * 100 + 101 * 10);
  CHECK(count("mlp:hidden=50-100-100") == 785 * 50 + 51 * 100 + 101 * 100 + 101 * 10);
  CHECK(count("mlp:hidden=50-100,activation=prelu") == 785 * 50 + 51 * 100 + 101 * 10 + 150);
  CHECK(count("mlp:hidden=50,activation=maxout,pieces=3") == 785 * 150 + 51 * 10);
  CHECK(count("mlp:hidden=50,drop_connect=0.5,dropout=0.5") == 785 * 50 + 51 * 10);
  CHECK(game_net("mlp:hidden=9-5")->num_parameters() == 61 * 9 + 10 * 5 + 6 * 21 + 6);
}

TEST_CASE("An activation stands in the place of every ReLU of the body", "[nets][options]") {
  const auto net = game_net("resnet:blocks=2,channels=8,activation=gelu");
  CHECK(count(net->graph(), Activation::gelu) == 5);
  CHECK(count(net->graph(), Activation::relu) == 3);  // of the heads
  CHECK(net->graph().ops.size() == game_net("resnet:blocks=2,channels=8")->graph().ops.size());
  CHECK(count(game_net("resnet:blocks=2,channels=8,activation=prelu")->graph(),
              PlanOp::Kind::prelu) == 5);
  CHECK(count(image_net("lenet:activation=tanh")->graph(), Activation::tanh) == 4);
}

TEST_CASE("A norm of single images stays an op and no norm leaves biases", "[nets][options]") {
  const auto parameters = [](const std::string& norm) {
    return game_net("resnet:blocks=2,channels=8" + norm)->num_parameters();
  };
  CHECK(parameters(",norm=group") == parameters(""));
  CHECK(parameters(",norm=none") == parameters("") - 5 * 8);  // a bias for gamma and beta
  CHECK(count(game_net("resnet:blocks=2,channels=8,norm=group")->graph(),
              PlanOp::Kind::group_norm) == 5);
  CHECK(count(game_net("resnet:blocks=2,channels=8,norm=none")->graph(),
              PlanOp::Kind::group_norm) == 0);
}

TEST_CASE("An image's answer does not depend on its batch with a norm of single images",
          "[nets][options]") {
  const std::string norm = GENERATE("group", "layer", "instance", "none");
  const auto net = image_net("resnet:blocks=1,channels=8,norm=" + norm, kImages);  // trains
  Rng rng(4);
  const Tensor one = uniform_floats({1, 12, 11, 2}, rng),
               other = uniform_floats({3, 12, 11, 2}, rng);
  Tensor both({4, 12, 11, 2});
  std::ranges::copy(one.values<float>(), both.values<float>().begin());
  std::ranges::copy(other.values<float>(), both.values<float>().begin() + one.size());
  const Tensor alone = net->forward(Variable(one)).value(),
               among = net->forward(Variable(both)).value();
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(among.values<float>()[i] == Approx(alone.values<float>()[i]).margin(1e-5));
}

TEST_CASE("Noise is for training alone", "[nets][options]") {
  const std::string noise = GENERATE("dropout=0.5", "drop_connect=0.5", "activation=rrelu");
  CAPTURE(noise);
  const auto net = image_net("mlp:hidden=30-20," + noise, kImages);
  Rng rng(5);
  const Variable x(uniform_floats({4, 12, 11, 2}, rng));
  const auto answer = [&] { return net->forward(x).value(); };
  net->reseed(Rng(1));
  const Tensor first = answer();
  CHECK(largest_difference(first, answer()) > 1e-3);
  net->reseed(Rng(1));
  CHECK(largest_difference(first, answer()) == 0);
  net->eval();
  CHECK(largest_difference(answer(), answer()) == 0);
}

TEST_CASE("Initial weights have the deviation that is asked for from the first layer to the last",
          "[nets][options][init][D2][F2]") {
  const auto check = [](const std::string& init, double hidden, double output) {
    CAPTURE(init);
    const auto net = image_net("mlp:hidden=200,init=" + init);
    CHECK(deviation(weight_of(*net, "body.chain.fc1.linear.weight")) ==
          Approx(hidden).epsilon(0.05));
    CHECK(deviation(weight_of(*net, "output.linear.weight")) == Approx(output).epsilon(0.05));
    CHECK(deviation(weight_of(*net, "output.linear.bias")) == 0);
  };
  check("normal,init_scale=0.01", 0.01, 0.01);
  check("he", std::sqrt(2.0 / 784), std::sqrt(2.0 / 200));
  check("lecun", std::sqrt(1.0 / 784), std::sqrt(1.0 / 200));
  check("xavier", std::sqrt(2.0 / 984), std::sqrt(2.0 / 210));
  check("orthogonal,init_scale=3", 3 * std::sqrt(1.0 / 784), 3 * std::sqrt(1.0 / 200));
  check("zero", 0, 0);
  const auto game = game_net("resnet:blocks=1,channels=32,init=he,init_scale=2");
  CHECK(deviation(weight_of(*game, "trunk.0.conv1.weight")) ==
        Approx(2 * std::sqrt(2.0 / 288)).epsilon(0.05));
  CHECK(deviation(weight_of(*game, "policy.linear.weight")) ==
        Approx(2 * std::sqrt(2.0 / 40)).epsilon(0.1));
}

TEST_CASE("Units that start alike stay alike", "[nets][options][init][D1]") {
  Rng rng(6);
  const Variable x(uniform_floats({4, 12, 11, 2}, rng));
  const auto spread_of_gradients = [&](const std::string& init) {
    const auto net = image_net("mlp:hidden=6,activation=sigmoid,init=" + init, kImages);
    sum(net->forward(x)).backward();
    for (const NamedParameter& parameter : net->parameters())
      if (parameter.name == "output.linear.weight") return deviation(parameter.variable.grad());
    return -1.0;
  };
  CHECK(spread_of_gradients("zero") == 0);
  CHECK(spread_of_gradients("xavier") > 0.01);
}
