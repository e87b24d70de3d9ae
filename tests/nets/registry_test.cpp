#include <catch2/catch.hpp>

#include "nets/policy_value_net.hpp"

using namespace tengen;
using namespace tengen::nets;

namespace {

constexpr NetIo kGo9{.height = 9, .width = 9, .channels = 17, .actions = 82};

double multiply_adds(const PolicyValueNet& net) {
  double total = 0;
  for (const PlanOp& op : net.graph().ops) total += op.multiply_adds;
  return total;
}

}  // namespace

TEST_CASE("A canonical description writes every option out and is its own canonical form",
          "[nets][registry]") {
  CHECK(canonical_net_spec("resnet:channels=64,blocks=4") ==
        "resnet:blocks=4,channels=64,block=basic,policy_channels=2,value_channels=1,"
        "value_hidden=256");
  CHECK(canonical_net_spec("resnet:block=bottleneck_preact,channels=64") ==
        "resnet:blocks=6,channels=64,block=bottleneck_preact,bottleneck=32,policy_channels=2,"
        "value_channels=1,value_hidden=256");
  CHECK(canonical_net_spec("mlp") == "mlp:layers=2,hidden=64");
  for (const char* spec : {"resnet", "resnet:block=bottleneck,bottleneck=7", "mlp:layers=1"}) {
    const std::string canonical = canonical_net_spec(spec);
    CHECK(canonical_net_spec(canonical) == canonical);
  }
}

TEST_CASE("A net knows its canonical description and shapes", "[nets][registry]") {
  Rng rng(1);
  const auto net = make_net("resnet:channels=8,blocks=1,block=preact", kGo9, rng);
  CHECK(net->spec() == canonical_net_spec("resnet:blocks=1,channels=8,block=preact"));
  CHECK(net->io().actions == 82);
  CHECK(net->io().channels == 17);
}

TEST_CASE("Wrong descriptions are rejected", "[nets][registry]") {
  Rng rng(2);
  using Catch::Matchers::Contains;
  CHECK_THROWS_WITH(make_net("vgg", kGo9, rng), Contains("resnet") && Contains("mlp"));
  CHECK_THROWS_WITH(make_net("lenet", kGo9, rng),
                    Contains("expected one of resnet, mobile, densenet, mlp, got \"lenet\""));
  CHECK_THROWS_AS(canonical_net_spec("resnet:blocks=0"), std::invalid_argument);
  CHECK_THROWS_AS(canonical_net_spec("resnet:block=wide"), std::invalid_argument);
  CHECK_THROWS_WITH(canonical_net_spec("resnet:depth=3"), Contains("depth"));
  CHECK_THROWS_WITH(make_net("resnet:first_player_plane=17", kGo9, rng), Contains("17 planes"));
  // A basic block has no bottleneck.
  CHECK_THROWS_WITH(canonical_net_spec("resnet:bottleneck=3"), Contains("bottleneck"));
  CHECK_THROWS_AS(make_net("mlp", NetIo{.height = 3, .width = 3}, rng), std::invalid_argument);
}

TEST_CASE("The AlphaZero net has the parameters that its formula gives", "[nets][registry]") {
  Rng rng(3);
  constexpr std::int64_t blocks = 3, c = 8, cells = 81, actions = 82, hidden = 256;
  const std::int64_t stem = 9 * 17 * c + 2 * c, tower = blocks * 2 * (9 * c * c + 2 * c);
  const std::int64_t policy = 2 * c + 4 + 2 * cells * actions + actions;
  const std::int64_t value = c + 2 + cells * hidden + hidden + hidden + 1;
  const auto post = make_net("resnet:blocks=3,channels=8", kGo9, rng);
  CHECK(post->num_parameters() == stem + tower + policy + value);
  const auto pre = make_net("resnet:blocks=3,channels=8,block=preact", kGo9, rng);
  CHECK(pre->num_parameters() == stem + tower + policy + value + 2 * c);  // the final norm
}

TEST_CASE("The MLP has the parameters that its formula gives", "[nets][registry]") {
  Rng rng(4);
  const auto net = make_net("mlp:layers=3,hidden=10", kGo9, rng);
  CHECK(net->num_parameters() == 81 * 17 * 10 + 10 + 2 * (100 + 10) + 11 * 82 + 11);
}

TEST_CASE("A dense net plays on the whole board unless it is asked for stages",
          "[nets][registry][F6]") {
  CHECK(canonical_net_spec("densenet:growth=4") ==
        "densenet:layers=6,growth=4,stages=1,policy_channels=2,value_channels=1,value_hidden=256");
  Rng rng(8);
  // Layers see 8 and 12 channels, the heads 16.
  const auto layer = [](int in) { return 2 * in + in * 16 + 2 * 16 + 9 * 16 * 4; };
  const int heads = 16 * 2 + 4 + 162 * 82 + 82 + 16 + 2 + 81 * 256 + 256 + 256 + 1;
  CHECK(make_net("densenet:layers=2,growth=4", kGo9, rng)->num_parameters() ==
        9 * 17 * 8 + 16 + layer(8) + layer(12) + 32 + heads);
}

TEST_CASE("A net of 6 blocks of 96 channels takes 82 million multiply-adds at 9x9",
          "[nets][registry]") {
  Rng rng(5);
  const auto net = make_net("resnet:blocks=6,channels=96", kGo9, rng);
  const double stem = 81.0 * 9 * 17 * 96, tower = 12 * 81.0 * 9 * 96 * 96;
  const double heads = 81.0 * 96 * 3 + 162 * 82 + 81 * 256 + 256;
  CHECK(multiply_adds(*net) == stem + tower + heads);
  CHECK(multiply_adds(*net) == Approx(82e6).epsilon(0.01));
}

TEST_CASE("A bottleneck tower takes the multiply-adds of its three convolutions",
          "[nets][registry]") {
  Rng rng(6);
  const auto one = make_net("resnet:blocks=1,channels=16,block=bottleneck,bottleneck=4", kGo9, rng);
  const auto two = make_net("resnet:blocks=2,channels=16,block=bottleneck,bottleneck=4", kGo9, rng);
  CHECK(multiply_adds(*two) - multiply_adds(*one) == 81.0 * (16 * 4 + 9 * 4 * 4 + 4 * 16));
}

TEST_CASE("An ownership head is named in the description of a net that has one",
          "[nets][registry]") {
  Rng rng(9);
  using Catch::Matchers::Contains;
  const std::string two = canonical_net_spec("resnet:blocks=1,channels=8");
  CHECK(canonical_net_spec("resnet:blocks=1,channels=8,ownership=false") == two);
  CHECK(canonical_net_spec("resnet:ownership=true,blocks=1,channels=8") == two + ",ownership=true");
  const auto net = make_net(two + ",ownership=true", kGo9, rng);
  CHECK(net->num_parameters() == make_net(two, kGo9, rng)->num_parameters() + 8 + 1);
  CHECK_THAT(describe(*net), Contains("ownership, is not in the table"));
  CHECK_THAT(describe(*make_net(two, kGo9, rng)), !Contains("ownership"));
  CHECK_THROWS_WITH(make_net("resnet:stages=2,ownership=true", kGo9, rng),
                    Contains("keeps the 9x9 of the board") && Contains("makes 5x5"));
  CHECK_THROWS_WITH(canonical_net_spec("mlp:ownership=true"), Contains("ownership"));
}

TEST_CASE("A description lists every op with its totals", "[nets][registry]") {
  Rng rng(7);
  const auto net = make_net("resnet:blocks=1,channels=8,block=preact", kGo9, rng);
  const std::string table = describe(*net);
  using Catch::Matchers::Contains;
  for (const char* part : {"trunk.stem.conv", "trunk.0.norm1", "trunk.0.conv2", "conv3x3+add",
                           "trunk.final_norm", "policy.linear", "value.linear2", "dense+tanh"})
    CHECK_THAT(table, Contains(part));
  CHECK_THAT(table, Contains(std::to_string(net->num_parameters()) + " trainable"));
  CHECK_THAT(table, Contains(std::to_string(std::int64_t(multiply_adds(*net)))));
}
