#include "envs/go/rule_names.hpp"

#include <catch2/catch.hpp>

#include "engine/base/error.hpp"

using namespace tengen;
using namespace tengen::envs::go;

TEST_CASE("The rules that a file names are those that it was written with", "[envs][go][sgf]") {
  const auto rules = [](const std::string& text) { return rules_from_text({}, text); };
  for (const char* text : {"AGA",
                           "GOE",
                           "Japanese",
                           "NZ",
                           "Chinese",
                           "chinese",
                           "Tromp-Taylor",
                           "tromptaylor",
                           "Korean",
                           "New Zealand",
                           "cgos",
                           "aga-button",
                           "chinese-ogs",
                           "BGA",
                           "Ing rules",
                           "koSIMPLEscoreTERRITORYtaxSEKIsui0",
                           "koPOSITIONALscoreAREAsui1komi7.5",
                           "koSITUATIONALscoreAREAtaxNONEsui1button1whbN-1fpok1",
                           "koSIMPLEscoreTERRITORYtaxSEKIsui1whbN",
                           "stone-scoring",
                           "ancient_area",
                           "Ancient territory",
                           "koPOSITIONALscoreAREAtaxSEKIsui0",
                           "koSIMPLEscoreTERRITORYtaxNONEsui0",
                           "koSITUATIONALscoreTERRITORYtaxALLsui1button1",
                           "{\"tax\":\"ALL\"}",
                           "{\"ko\":\"SITUATIONAL\"}"}) {
    CAPTURE(text);
    CHECK(rules_to_json(rules(rules_to_sgf(rules(text)))) == rules_to_json(rules(text)));
  }
  CHECK(rules_to_sgf(rules("new_zealand")) == "NZ");
  CHECK(rules_to_sgf(rules("ing")) == "GOE");
  CHECK(rules_to_sgf(rules("koSIMPLEscoreAREAtaxNONEsui0")) == "koSIMPLEscoreAREAtaxNONEsui0");
  const std::string fields = "koSITUATIONALscoreAREAtaxNONEsui1button1whbN-1fpok1";
  CHECK(rules_to_sgf(rules(fields)) == fields);
  CHECK(rules_to_json(rules_from_text(rules(fields), "koSIMPLEscoreAREAsui0")) ==
        rules_to_json(rules("koSIMPLEscoreAREAsui0")));
  for (const char* text : {"koNEVERscoreAREAsui0", "koSPIGHTscoreAREAsui0", "koSIMPLEscoreLOTS",
                           "koSIMPLEscoreAREAtaxHALFsui0", "{\"tax\":true}", "rules", ""})
    CHECK_THROWS_AS(rules(text), Error);
}

TEST_CASE("A scoring brings its usual tax unless another is named", "[envs][go][sgf]") {
  const RuleSet stones = rules_from_text({}, "stone-scoring");
  CHECK(stones.rules.tax == Tax::kAll);
  CHECK(rules_to_sgf(rules_from_text({}, "ancient-area")) == "stone-scoring");
  const auto tax = [&](const std::string& text) { return rules_from_text(stones, text).rules.tax; };
  CHECK(tax("{\"ko\":\"POSITIONAL\"}") == Tax::kAll);
  CHECK(tax("{\"scoring\":\"AREA\"}") == Tax::kNone);
  CHECK(tax("{\"scoring\":\"TERRITORY\"}") == Tax::kSeki);
  CHECK(tax("{\"scoring\":\"TERRITORY\",\"tax\":\"NONE\"}") == Tax::kNone);
  CHECK(tax("koSIMPLEscoreTERRITORYsui0") == Tax::kSeki);
  CHECK(tax("koSIMPLEscoreTERRITORYtaxALLsui0") == Tax::kAll);
  CHECK(with_rule(stones, "scoring", "TERRITORY").rules.tax == Tax::kAll);
  CHECK(with_rule(stones, "tax", "SEKI").rules.tax == Tax::kSeki);
  CHECK(with_rule(stones, "suicide", "true").rules.suicide);
  CHECK_THROWS_AS(with_rule(stones, "suicide", "perhaps"), Error);
}

TEST_CASE("Rules nested however deep are refused", "[envs][go][sgf]") {
  const auto repeated = [](const std::string& text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
  };
  constexpr int kDepth = 1'000'000;
  for (const std::string& deep : {repeated("{\"a\":", kDepth) + "1" + repeated("}", kDepth),
                                  "{\"tax\":" + repeated("[", kDepth) + repeated("]", kDepth) + "}",
                                  "{\"ko\":" + repeated("[", kDepth), repeated("[", kDepth)})
    CHECK_THROWS_AS(rules_from_text({}, deep), Error);
  CHECK_THROWS_WITH(rules_from_text({}, "{\"ko\":{}}"), Catch::Contains("for ko"));
}
