#include "selfplay/data_parallel.hpp"

#include <catch2/catch.hpp>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/losses/mean_squared_error.hpp"
#include "envs/registry.hpp"
#include "tests/support/tiny_nets.hpp"

using namespace tengen;
using namespace tengen::selfplay;

namespace {

constexpr int kRows = 50;

/// The value loss of some rows of a fixed random batch, weighed by their share.
void value_pass(nets::PolicyValueNet& net, const DataParallel::Share& share) {
  const nets::NetIo& io = net.io();
  Tensor x({share.count, io.height, io.width, io.channels});
  Tensor target({share.count});
  const auto row = static_cast<std::size_t>(x.size() / share.count);
  for (int i = 0; i < share.count; ++i) {
    Rng rng = Rng(7).split(static_cast<std::uint64_t>(share.first + i));
    for (float& v : x.values<float>().subspan(static_cast<std::size_t>(i) * row, row))
      v = static_cast<float>(rng.normal());
    target.values<float>()[static_cast<std::size_t>(i)] = static_cast<float>(rng.uniform(-1, 1));
  }
  const Variable loss = mean_squared_error(net.forward(Variable(x)).value, target);
  scale(loss, static_cast<double>(share.count) / kRows).backward();
}

std::vector<float> gradients(const nets::PolicyValueNet& net) {
  std::vector<float> all;
  for (const NamedParameter& p : net.parameters())
    if (p.variable.grad().defined())
      for (float g : p.variable.grad().values<float>()) all.push_back(g);
  return all;
}

}  // namespace

TEST_CASE("Shares add up to the gradient of the whole batch", "[selfplay][data_parallel]") {
  const auto game = envs::make_game("tic_tac_toe");
  const auto net = test::tiny_net(*game);  // no batch norm: the gradients are the same
  net->train();
  DataParallel whole(*net, 1);
  whole.run(kRows, value_pass);
  const std::vector<float> expected = gradients(*net);
  REQUIRE(!expected.empty());
  for (int threads : {2, 3}) {
    DataParallel shared(*net, threads);
    CHECK(shared.shares(kRows) == threads);
    shared.run(kRows, value_pass);
    const std::vector<float> got = gradients(*net);
    REQUIRE(got.size() == expected.size());
    for (std::size_t i = 0; i < got.size(); ++i)
      CHECK(got[i] == Approx(expected[i]).margin(1e-6).epsilon(1e-4));
  }
}

TEST_CASE("Shares average running statistics and repeat to the bit", "[selfplay][data_parallel]") {
  const auto game = envs::make_game("tic_tac_toe");
  std::vector<std::vector<float>> runs;
  for (int repeat = 0; repeat < 2; ++repeat) {
    const auto net = test::tiny_net(*game, 1, "resnet:blocks=1,channels=8");
    net->train();
    DataParallel shared(*net, 3);
    for (int i = 0; i < 3; ++i) shared.run(kRows, value_pass);
    std::vector<float> state = gradients(*net);
    for (const NamedBuffer& b : net->buffers())
      for (float x : b.tensor.values<float>()) state.push_back(x);
    runs.push_back(std::move(state));
  }
  CHECK(runs[0] == runs[1]);
}

TEST_CASE("Small batches are not cut and errors come through", "[selfplay][data_parallel]") {
  const auto net = test::tiny_net(*envs::make_game("tic_tac_toe"));
  DataParallel shared(*net, 4);
  CHECK(shared.shares(1) == 1);
  CHECK(shared.shares(2 * DataParallel::kMinRows) == 2);
  CHECK_THROWS_AS(shared.run(64,
                             [](nets::PolicyValueNet&, const DataParallel::Share& share) {
                               if (share.index == 1) throw std::runtime_error("share 1 failed");
                             }),
                  std::runtime_error);
}
