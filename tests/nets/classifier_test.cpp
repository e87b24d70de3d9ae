#include "nets/classifier.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "engine/losses/softmax_cross_entropy.hpp"
#include "nets/inference/reference_plan.hpp"
#include "tests/support/gradient_check.hpp"
#include "tests/support/net_fixtures.hpp"

using namespace tengen;
using namespace tengen::nets;
using namespace tengen::test;
using Catch::Matchers::Contains;

namespace {

constexpr ClassifierIo kDigits{.height = 28, .width = 28, .channels = 1, .classes = 10};

std::unique_ptr<Classifier> digits(const std::string& spec) {
  Rng rng(1);
  return make_classifier(spec, kDigits, rng);
}

double multiply_adds(const Classifier& net) {
  double total = 0;
  for (const PlanOp& op : net.graph().ops) total += op.multiply_adds;
  return total;
}

}  // namespace

TEST_CASE("Classifiers have the parameters that their formulas give", "[nets][classifier][F3]") {
  const auto count = [](const std::string& spec) { return digits(spec)->num_parameters(); };
  CHECK(count("mlp:layers=1,hidden=50") == 784 * 50 + 50 + 50 * 10 + 10);
  CHECK(count("mlp:layers=2,hidden=30") == 784 * 30 + 30 + 30 * 31 + 30 * 10 + 10);
  CHECK(count("cnn") == 25 * 30 + 30 + 12 * 12 * 30 * 100 + 100 + 100 * 10 + 10);
  // LeNet-5's widths: 156 + 2416 + 48120 + 10164 + 850.
  CHECK(count("lenet") == 61706);
  CHECK(count("deep_cnn:channels=4,hidden=20") == (9 * 4 + 4) + (36 * 4 + 4) + (36 * 8 + 8) +
                                                      (72 * 8 + 8) + (72 * 16 + 16) +
                                                      (144 * 16 + 16) + (144 * 20 + 20) + 210);
  CHECK(count("alexnet:channels=3,hidden=7") == (9 * 3 + 3) + (27 * 8 + 8) + (72 * 12 + 12) +
                                                    (108 * 12 + 12) + (108 * 8 + 8) + (72 * 7 + 7) +
                                                    56 + 80);
}

TEST_CASE("Stages of a residual tower halve the image and double the channels",
          "[nets][classifier][F4]") {
  const auto net = digits("resnet:blocks=1,channels=8,stages=3");
  const auto block = [](int c) { return 2 * (9 * c * c + 2 * c); };
  const auto conv = [](int in, int out) { return 9 * in * out + 2 * out; };
  CHECK(net->num_parameters() ==
        conv(1, 8) + block(8) + conv(8, 16) + block(16) + conv(16, 32) + block(32) + 32 * 10 + 10);
  CHECK(multiply_adds(*net) ==
        9.0 * (784 * (8 + 2 * 64) + 196 * (128 + 2 * 256) + 49 * (512 + 2 * 1024)) + 320);
}

TEST_CASE("Wide nets multiply channels and pyramids add them block by block",
          "[nets][classifier][F5]") {
  const auto conv = [](int in, int out) { return 9 * in * out; };
  const auto preact = [&](int c) { return 2 * (conv(c, c) + 2 * c); };
  CHECK(digits("resnet:blocks=2,channels=4,widen=3,block=preact")->num_parameters() ==
        conv(1, 12) + 24 + 2 * preact(12) + 24 + 12 * 10 + 10);
  // Widths 4, then 4 + 6/2 = 7 and 10.
  const auto pyramid = [&](int in, int out) {
    return conv(in, out) + conv(out, out) + 2 * (in + out + out);
  };
  CHECK(digits("resnet:blocks=2,channels=4,block=pyramid,widening=6")->num_parameters() ==
        conv(1, 4) + 8 + pyramid(4, 7) + pyramid(7, 10) + 20 + 10 * 10 + 10);
}

TEST_CASE("Layer l of a dense block sees the channels of all before it", "[nets][classifier][F6]") {
  // Growth 3: the stem has 6; layers see 6, 9; a transition takes 12 to 6; layers see 6, 9; 12 out.
  const auto layer = [](int in) { return 2 * in + in * 12 + 2 * 12 + 9 * 12 * 3; };
  CHECK(digits("densenet:layers=2,growth=3,stages=2")->num_parameters() ==
        9 * 6 + 12 + layer(6) + layer(9) + (24 + 12 * 6) + layer(6) + layer(9) + 24 + 120 + 10);
}

TEST_CASE("A depthwise separable block takes the share of multiply-adds that MobileNet states",
          "[nets][classifier][F7][C17]") {
  const auto one = digits("mobile:blocks=1,channels=16"),
             two = digits("mobile:blocks=2,channels=16");
  const double separable = multiply_adds(*two) - multiply_adds(*one);
  CHECK(separable == 784.0 * (9 * 16 + 16 * 16));
  CHECK(separable / (784.0 * 9 * 16 * 16) == Approx(1.0 / 16 + 1.0 / 9));
}

TEST_CASE("The graph of every classifier computes what the net does in eval mode",
          "[nets][classifier][graph]") {
  const std::string spec = GENERATE(
      "mlp:layers=2,hidden=9", "lenet", "cnn:channels=3,hidden=8", "deep_cnn:channels=3,hidden=8",
      "alexnet:channels=3,hidden=8", "resnet:blocks=1,channels=4,stages=3,block=pyramid",
      "resnet:blocks=1,channels=4,block=bottleneck", "densenet:layers=2,growth=3,stages=2",
      "mobile:blocks=2,channels=4,stages=2");
  CAPTURE(spec);
  const auto net = digits(spec);
  Rng rng(2);
  randomize_norms_and_biases(*net, rng);
  net->eval();
  const Tensor x = uniform_floats({2, 28, 28, 1}, rng);
  const Tensor expected = net->forward(Variable(x)).value();
  const Tensor found = evaluate_reference(net->graph(), x).policy_logits;
  REQUIRE(found.shape() == Shape{2, 10});
  for (std::size_t i = 0; i < 20; ++i)
    CHECK(found.values<float>()[i] == Approx(expected.values<float>()[i]).margin(1e-4));
}

TEST_CASE("The new bodies pass the gradient check", "[nets][classifier][gradient]") {
  const std::string spec =
      GENERATE("densenet:layers=2,growth=2,stages=1", "mobile:blocks=1,channels=3,stages=2",
               "alexnet:channels=3,hidden=4,dropout=0");
  CAPTURE(spec);
  Rng rng(3);
  const ClassifierIo io{.height = 8, .width = 8, .channels = 1, .classes = 3};
  const auto net = make_classifier(spec, io, rng);
  push_off_kinks(*net);
  const Tensor target = Tensor::from<double>({2, 3}, {0, 0, 1, 0, 1, 0});
  net->eval();
  check_module_gradients(
      *net, [&](const Variable& x) { return softmax_cross_entropy(net->forward(x), target); },
      uniform_doubles({2, 8, 8, 1}, rng, 0.1, 1));
}

TEST_CASE("Descriptions of classifiers are canonical and errors name what is wrong",
          "[nets][classifier]") {
  CHECK(canonical_classifier_spec("cnn:hidden=7") == "cnn:channels=30,kernel=5,hidden=7");
  CHECK(canonical_classifier_spec("resnet:blocks=2,stages=3,channels=16") ==
        "resnet:blocks=2,channels=16,block=basic,stages=3");
  CHECK(canonical_classifier_spec("densenet") == "densenet:layers=6,growth=12,stages=3");
  for (const char* spec : {"deep_cnn", "alexnet", "mobile", "lenet", "mlp",
                           "resnet:block=pyramid,widening=5", "resnet:block=preact,dropout=0.3"}) {
    const std::string canonical = canonical_classifier_spec(spec);
    CHECK(canonical_classifier_spec(canonical) == canonical);
    CHECK(digits(spec)->spec() == canonical);
  }
  CHECK_THROWS_WITH(canonical_classifier_spec("vgg"), Contains("deep_cnn") && Contains("vgg"));
  CHECK_THROWS_WITH(canonical_classifier_spec("lenet:channels=3"), Contains("channels"));
  Rng rng(1);
  CHECK_THROWS_WITH(make_classifier("lenet", {4, 4, 1, 2}, rng), Contains("larger images"));
  CHECK_THROWS_WITH(digits("cnn")->forward(Variable(Tensor::zeros({2, 28, 27, 1}))),
                    Contains("[Classifier] expected images [N, 28, 28, 1], got [2, 28, 27, 1]"));
}

TEST_CASE("A classifier is described with its totals", "[nets][classifier]") {
  const std::string table = describe(*digits("deep_cnn"));
  for (const char* part : {"body.conv1", "maxpool2x2", "7x7x64", "output", "dense+relu"})
    CHECK_THAT(table, Contains(part));
  CHECK_THAT(table, Contains(std::to_string(digits("deep_cnn")->num_parameters()) + " trainable"));
}
