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

/// A net with replicas, sharing out the rows of value_pass.
class Team {
 public:
  Team(int threads, const std::string& spec) {
    for (int i = 0; i < threads; ++i)
      nets_.push_back(test::tiny_net(*envs::make_game("tic_tac_toe"), 1, spec));
    net().train();
    std::vector<Module*> workers;
    for (const auto& net : nets_) workers.push_back(net.get());
    shared_ = std::make_unique<DataParallel>(std::move(workers));
  }
  nets::PolicyValueNet& net() { return *nets_[0]; }
  DataParallel& shared() { return *shared_; }
  void run() {
    shared_->run(kRows, [&](const DataParallel::Share& share) {
      value_pass(*nets_[static_cast<std::size_t>(share.index)], share);
    });
  }

 private:
  std::vector<std::unique_ptr<nets::PolicyValueNet>> nets_;
  std::unique_ptr<DataParallel> shared_;
};

std::vector<float> gradients(const nets::PolicyValueNet& net) {
  std::vector<float> all;
  for (const NamedParameter& p : net.parameters())
    if (p.variable.grad().defined())
      for (float g : p.variable.grad().values<float>()) all.push_back(g);
  return all;
}

}  // namespace

TEST_CASE("Shares add up to the gradient of the whole batch", "[selfplay][data_parallel][D18]") {
  const std::string no_batch_norm = "mlp:layers=1,hidden=16";  // so the gradients are the same
  Team whole(1, no_batch_norm);
  whole.run();
  const std::vector<float> expected = gradients(whole.net());
  REQUIRE(!expected.empty());
  for (int threads : {2, 3}) {
    Team team(threads, no_batch_norm);
    CHECK(team.shared().shares(kRows) == threads);
    team.run();
    const std::vector<float> got = gradients(team.net());
    REQUIRE(got.size() == expected.size());
    for (std::size_t i = 0; i < got.size(); ++i)
      CHECK(got[i] == Approx(expected[i]).margin(1e-6).epsilon(1e-4));
  }
}

TEST_CASE("Shares average running statistics and repeat to the bit", "[selfplay][data_parallel]") {
  std::vector<std::vector<float>> runs;
  for (int repeat = 0; repeat < 2; ++repeat) {
    Team team(3, "resnet:blocks=1,channels=8");
    for (int i = 0; i < 3; ++i) team.run();
    std::vector<float> state = gradients(team.net());
    for (const NamedBuffer& b : team.net().buffers())
      for (float x : b.tensor.values<float>()) state.push_back(x);
    runs.push_back(std::move(state));
  }
  CHECK(runs[0] == runs[1]);
}

TEST_CASE("Small batches are not cut and errors come through", "[selfplay][data_parallel]") {
  Team team(4, "mlp:layers=1,hidden=16");
  CHECK(team.shared().shares(1) == 1);
  CHECK(team.shared().shares(2 * DataParallel::kMinRows) == 2);
  CHECK_THROWS_AS(team.shared().run(64,
                                    [](const DataParallel::Share& share) {
                                      if (share.index == 1)
                                        throw std::runtime_error("share 1 failed");
                                    }),
                  std::runtime_error);
}
