#include "selfplay/alpha_zero_config.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "engine/base/error.hpp"

using namespace tengen;
using namespace tengen::selfplay;

namespace {

const ConfigField& find(const std::vector<ConfigField>& fields, const std::string& name) {
  for (const ConfigField& field : fields)
    if (field.name == name) return field;
  throw std::logic_error("no field " + name);
}

}  // namespace

TEST_CASE("The default training config is valid", "[selfplay][config]") {
  CHECK_NOTHROW(validate(AlphaZeroConfig{}));
}

TEST_CASE("Every knob has a unique name and a meaning and a default in bounds",
          "[selfplay][config]") {
  AlphaZeroConfig config;
  std::set<std::string> names;
  std::set<const void*> targets;
  for (const ConfigField& field : config_fields(config)) {
    CHECK(names.insert(field.name).second);
    CHECK(field.help.size() > 5);
    CHECK_NOTHROW(set_field(field, field_to_string(field)));
    std::visit([&](auto* value) { CHECK(targets.insert(value).second); }, field.value);
  }
}

TEST_CASE("A config survives being written as text", "[selfplay][config]") {
  AlphaZeroConfig config;
  config.game = "tic_tac_toe";
  config.seed = 12345678901234567ULL;
  config.trainer.learning_rate = 0.0123456789;
  config.self_play.search.noise_fraction = 0.3f;
  config.gating = true;
  const auto values = to_map(config);
  CHECK(to_map(config_from_map(values)) == values);
  CHECK(config_from_map(values).seed == config.seed);
  CHECK(config_from_map(values).trainer.learning_rate == config.trainer.learning_rate);
  CHECK(config_from_map(values).gating);
}

TEST_CASE("Training in an unknown precision is refused", "[selfplay][config]") {
  AlphaZeroConfig config;
  config.trainer.precision = "int8";
  CHECK_THROWS_WITH(validate(config),
                    Catch::Contains("train_precision") && Catch::Contains("auto, bf16, fp32"));
}

TEST_CASE("Ownership is learned of games whose cells are owned", "[selfplay][config]") {
  AlphaZeroConfig config;
  config.net = "resnet:blocks=1,channels=8,ownership=true";
  CHECK_NOTHROW(validate(config));
  config.game = "tic_tac_toe";
  CHECK_THROWS_WITH(validate(config), Catch::Contains("ownership=true") && Catch::Contains("Go"));
}

TEST_CASE("Bad knobs are refused by name", "[selfplay][config]") {
  AlphaZeroConfig config;
  const auto fields = config_fields(config);
  CHECK_THROWS_WITH(set_field(find(fields, "batch"), "many"), Catch::Contains("batch"));
  CHECK_THROWS_WITH(set_field(find(fields, "batch"), "0"), Catch::Contains("batch"));
  CHECK_THROWS_WITH(set_field(find(fields, "momentum"), "1.5"), Catch::Contains("momentum"));
  CHECK_THROWS_WITH(set_field(find(fields, "gating"), "perhaps"), Catch::Contains("gating"));
  CHECK(config.batch == AlphaZeroConfig{}.batch);
  CHECK_THROWS_WITH(config_from_map({{"learning_speed", "1"}}), Catch::Contains("learning_speed"));
}

TEST_CASE("Configs that make no sense are refused", "[selfplay][config]") {
  const auto refused = [](auto change) {
    AlphaZeroConfig config;
    change(config);
    CHECK_THROWS_AS(validate(config), std::invalid_argument);
  };
  refused([](AlphaZeroConfig& c) { c.game = "chess960"; });
  refused([](AlphaZeroConfig& c) { c.net = "perceptron"; });
  refused([](AlphaZeroConfig& c) { c.precision = "fp8"; });
  refused([](AlphaZeroConfig& c) { c.trainer.optimizer = "magic"; });
  refused([](AlphaZeroConfig& c) { c.replay_max = c.replay_min - 1; });
  refused([](AlphaZeroConfig& c) { c.games_per_iteration = 0; });
  refused([](AlphaZeroConfig& c) { c.trainer.learning_rate = -1; });
  refused([](AlphaZeroConfig& c) { c.minutes = std::numeric_limits<double>::quiet_NaN(); });
  refused([](AlphaZeroConfig& c) {
    c.gating = true;
    c.evaluate_every = 0;
  });
}
