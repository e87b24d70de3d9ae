#include "selfplay/fit/optimizers.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "engine/base/error.hpp"
#include "engine/optim/adagrad.hpp"
#include "engine/optim/adam.hpp"
#include "engine/optim/rmsprop.hpp"
#include "engine/optim/sgd.hpp"

namespace tengen::selfplay {

namespace {

using Parameters = std::vector<NamedParameter>;
using Made = std::unique_ptr<Optimizer>;

Made make_sgd(const OptimizerOptions& o, Parameters parameters, double momentum, bool nesterov) {
  return std::make_unique<Sgd>(std::move(parameters), SgdOptions{.learning_rate = o.learning_rate,
                                                                 .momentum = momentum,
                                                                 .nesterov = nesterov,
                                                                 .weight_decay = o.weight_decay});
}

Made make_adam(const OptimizerOptions& o, Parameters parameters, bool decoupled) {
  return std::make_unique<Adam>(std::move(parameters), AdamOptions{.learning_rate = o.learning_rate,
                                                                   .weight_decay = o.weight_decay,
                                                                   .decoupled = decoupled});
}

struct Kind {
  std::string_view name;
  double learning_rate;
  Made (*make)(const OptimizerOptions& options, Parameters parameters);
};

constexpr std::array kKinds{
    Kind{"sgd", 0.1,
         [](const OptimizerOptions& o, Parameters p) {
           return make_sgd(o, std::move(p), 0, false);
         }},
    Kind{"momentum", 0.01,
         [](const OptimizerOptions& o, Parameters p) {
           return make_sgd(o, std::move(p), o.momentum, false);
         }},
    Kind{"nesterov", 0.01,
         [](const OptimizerOptions& o, Parameters p) {
           return make_sgd(o, std::move(p), o.momentum, true);
         }},
    Kind{"adagrad", 0.01,
         [](const OptimizerOptions& o, Parameters p) -> Made {
           return std::make_unique<AdaGrad>(
               std::move(p),
               AdaGradOptions{.learning_rate = o.learning_rate, .weight_decay = o.weight_decay});
         }},
    Kind{"rmsprop", 0.001,
         [](const OptimizerOptions& o, Parameters p) -> Made {
           return std::make_unique<RmsProp>(
               std::move(p),
               RmsPropOptions{.learning_rate = o.learning_rate, .weight_decay = o.weight_decay});
         }},
    Kind{"adam", 0.001,
         [](const OptimizerOptions& o, Parameters p) { return make_adam(o, std::move(p), false); }},
    Kind{"adamw", 0.001,
         [](const OptimizerOptions& o, Parameters p) { return make_adam(o, std::move(p), true); }},
};

const Kind& find_kind(const std::string& name) {
  const auto* const found = std::ranges::find(kKinds, std::string_view(name), &Kind::name);
  if (found == kKinds.end())
    bad_argument("optimizer", "expected one of {}, got \"{}\"", fmt::join(optimizer_names(), ", "),
                 name);
  return *found;
}

}  // namespace

std::set<std::string> optimizer_names() {
  std::set<std::string> names;
  for (const Kind& kind : kKinds) names.emplace(kind.name);
  return names;
}

double usual_learning_rate(const std::string& name) { return find_kind(name).learning_rate; }

std::unique_ptr<Optimizer> make_optimizer(const OptimizerOptions& options,
                                          std::vector<NamedParameter> parameters) {
  return find_kind(options.name).make(options, std::move(parameters));
}

}  // namespace tengen::selfplay
