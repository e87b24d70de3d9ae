#include "engine/base/spec.hpp"

#include <catch2/catch.hpp>

using Catch::Matchers::Message;
using tengen::Spec;

TEST_CASE("A description gives its name and its values", "[engine][base][spec]") {
  Spec spec("go:size=9,komi=-7.5,superko=true,rules=chinese,path=a=b");
  CHECK(spec.name() == "go");
  CHECK(spec.has("size"));
  CHECK_FALSE(spec.has("width"));
  CHECK(spec.get_int("size", 19, 2, 25) == 9);
  CHECK(spec.get_double("komi", 0, -400, 400) == -7.5);
  CHECK(spec.get_bool("superko", false));
  CHECK(spec.get_choice("rules", "tromp_taylor", "tromp_taylor|chinese") == "chinese");
  CHECK(spec.get_string("path", "") == "a=b");
  CHECK_NOTHROW(spec.finish());
}

TEST_CASE("A bare name takes every fallback", "[engine][base][spec]") {
  Spec spec("connect_four");
  CHECK(spec.get_int("size", 19, 2, 25) == 19);
  CHECK(spec.get_double("komi", 7.5, 0, 10) == 7.5);
  CHECK_FALSE(spec.get_bool("superko", false));
  CHECK(spec.get_string("path", "here") == "here");
  CHECK(spec.get_choice("rules", "a", "a|b") == "a");
  CHECK_NOTHROW(spec.finish());
}

TEST_CASE("Text outside the grammar is rejected", "[engine][base][spec]") {
  for (const char* text :
       {"", ":size=9", "go:size", "go:=9", "go:size=9,,komi=1", "go:size=9,komi"})
    CHECK_THROWS_AS(Spec(text), std::invalid_argument);
  CHECK_THROWS_MATCHES(Spec("go:size=9,size=13"), std::invalid_argument,
                       Message("[spec] 'go:size=9,size=13': size is given twice"));
}

TEST_CASE("Numbers must be whole and in their range", "[engine][base][spec]") {
  for (const char* text :
       {"go:size=1", "go:size=26", "go:size=9x", "go:size=", "go:size=9.5", "go:size=99999999999"})
    CHECK_THROWS_AS(Spec(text).get_int("size", 19, 2, 25), std::invalid_argument);
  CHECK_THROWS_AS(Spec("go:komi=nan").get_double("komi", 0, -9, 9), std::invalid_argument);
  CHECK_THROWS_MATCHES(
      Spec("go:size=30").get_int("size", 19, 2, 25), std::invalid_argument,
      Message("[spec] 'go:size=30': size must be a number from 2 to 25, got '30'"));
}

TEST_CASE("Choices and truth values must be among the allowed", "[engine][base][spec]") {
  CHECK_THROWS_AS(Spec("go:suicide=maybe").get_bool("suicide", false), std::invalid_argument);
  CHECK_THROWS_MATCHES(
      Spec("go:rules=japanese").get_choice("rules", "chinese", "chinese|tromp_taylor"),
      std::invalid_argument,
      Message(
          "[spec] 'go:rules=japanese': rules must be one of chinese|tromp_taylor, got 'japanese'"));
}

TEST_CASE("Keys that nobody asked for are rejected with those known", "[engine][base][spec]") {
  Spec spec("go:size=9,colour=red");
  spec.get_int("size", 19, 2, 25);
  spec.get_double("komi", 7.5, 0, 10);
  CHECK_THROWS_MATCHES(
      spec.finish(), std::invalid_argument,
      Message("[spec] 'go:size=9,colour=red': unknown key 'colour' (known: komi, size)"));
}
