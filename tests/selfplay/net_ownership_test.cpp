#include "selfplay/net_ownership.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <string>

#include "envs/registry.hpp"
#include "selfplay/game_record.hpp"
#include "tests/support/tiny_nets.hpp"

using namespace tengen;
using namespace tengen::selfplay;

namespace {

constexpr const char* kNet = "resnet:blocks=1,channels=8,value_hidden=8,ownership=true";

void play(envs::State& state, std::string_view moves, int symmetry = 0) {
  for (const envs::Action action : parse_moves(state.game(), moves))
    state.apply(state.game().transform_action(symmetry, action));
}

}  // namespace

TEST_CASE("The owners that a net sees turn with the board", "[selfplay][ownership]") {
  const auto game = envs::make_game("go:size=5");
  NetOwnership net(test::tiny_net(*game, 3, kNet));
  const auto state = game->new_initial_state();
  play(*state, "C3 D2 B2 A5 E4");
  const std::vector<double> owners = net.evaluate(*state);
  CHECK(owners[0] != Approx(owners[1]));
  for (int symmetry = 1; symmetry < game->num_symmetries(); ++symmetry) {
    const auto image = game->new_initial_state();
    play(*image, "C3 D2 B2 A5 E4", symmetry);
    const std::vector<double> turned = net.evaluate(*image);
    for (int cell = 0; cell < 25; ++cell)
      CHECK(turned[static_cast<std::size_t>(game->transform_cell(symmetry, cell))] ==
            Approx(owners[static_cast<std::size_t>(cell)]).margin(1e-6));
  }
}

TEST_CASE("The owners that a net sees are those of the first player", "[selfplay][ownership]") {
  const auto game = envs::make_game("go:size=5");
  auto mine = test::tiny_net(*game, 3, kNet);
  for (const NamedParameter& parameter : mine->parameters()) {
    Tensor value = parameter.variable.value();
    if (parameter.name == "ownership.conv.weight") value.fill(0);
    if (parameter.name == "ownership.conv.bias") value.fill(0.5);  // all is the side to move's
  }
  NetOwnership net(std::move(mine));
  const auto state = game->new_initial_state();
  for (const double owner : net.evaluate(*state)) CHECK(owner == Approx(std::tanh(0.5)));
  play(*state, "C3");
  for (const double owner : net.evaluate(*state)) CHECK(owner == Approx(-std::tanh(0.5)));
}

TEST_CASE("A net without an ownership head is refused as judge of owners",
          "[selfplay][ownership]") {
  CHECK_THROWS_WITH(NetOwnership(test::tiny_net(*envs::make_game("go:size=5"))),
                    Catch::Contains("ownership head") && Catch::Contains("mlp"));
}
