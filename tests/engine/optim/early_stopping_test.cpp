#include "engine/optim/early_stopping.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "engine/layers/batch_norm.hpp"

using namespace tengen;

namespace {

/// Marks every parameter and buffer of the module with a number.
void mark(BatchNorm& module, double number) {
  for (const NamedParameter& parameter : module.parameters()) {
    Variable variable = parameter.variable;
    variable.value().fill(number);
  }
  for (NamedBuffer& buffer : module.buffers()) buffer.tensor.fill(number);
}

}  // namespace

TEST_CASE("Early stopping ends after its patience and restores the best weights", "[optim][D13]") {
  BatchNorm module(2);
  EarlyStopping stopping(module, {.patience = 3});
  const double losses[] = {5, 3, 4, 2, 2.5, 2, 9};  // round 3 is the best, equal is not better
  int round = 0;
  bool go_on = true;
  while (go_on) {
    mark(module, round);
    go_on = stopping.update(losses[round++]);
  }
  CHECK(round == 7);
  CHECK(stopping.best_round() == 3);
  CHECK(stopping.best_loss() == 2);
  stopping.restore_best();
  for (const NamedParameter& parameter : module.parameters())
    CHECK(parameter.variable.value().values<float>()[1] == 3);
  for (const NamedBuffer& buffer : module.buffers()) CHECK(buffer.tensor.values<float>()[1] == 3);
}

TEST_CASE("An improvement must exceed its threshold and a NaN is none", "[optim][D13]") {
  BatchNorm module(1);
  EarlyStopping stopping(module, {.patience = 2, .min_improvement = 0.1});
  CHECK(stopping.update(1));
  CHECK(stopping.update(0.95));
  CHECK_FALSE(stopping.update(std::numeric_limits<double>::quiet_NaN()));
  CHECK(stopping.best_loss() == 1);
  CHECK_THROWS_AS(EarlyStopping(module, {.patience = 0}), std::invalid_argument);
}

TEST_CASE("Restoring before any round changes nothing", "[optim][D13]") {
  BatchNorm module(1);
  mark(module, 7);
  EarlyStopping stopping(module);
  stopping.restore_best();
  CHECK(module.gamma().item() == 7);
}
