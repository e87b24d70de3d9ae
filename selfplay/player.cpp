#include "selfplay/player.hpp"

#include "engine/base/error.hpp"
#include "selfplay/players/gtp_player.hpp"
#include "selfplay/players/mcts_player.hpp"
#include "selfplay/players/net_player.hpp"
#include "selfplay/players/policy_player.hpp"
#include "selfplay/players/random_player.hpp"

namespace tengen::selfplay {

namespace {

constexpr double kTimeout = 120;  // seconds that an outside program has for an answer

}  // namespace

std::unique_ptr<Player> make_player(const std::string& description,
                                    std::shared_ptr<const envs::Game> game, std::uint64_t seed,
                                    const std::atomic<bool>* stop) {
  const std::size_t colon = description.find(':');
  const std::string kind = description.substr(0, colon);
  if (description == "random") return std::make_unique<RandomPlayer>();
  if (kind == "mcts") return make_mcts_player(description, std::move(game), seed, stop);
  if (kind == "net") return make_net_player(description, std::move(game), seed, stop);
  if (kind == "policy") return make_policy_player(description, std::move(game));
  if (kind == "gtp" && colon != std::string::npos && colon + 1 < description.size())
    return std::make_unique<GtpPlayer>(description.substr(colon + 1), std::move(game), kTimeout,
                                       stop);
  bad_argument("player",
               "expected random, mcts:sims=1000,..., net:FILE_OR_RUN_DIRECTORY,sims=100,..., "
               "policy:RUN_DIRECTORY or gtp:COMMAND LINE, got '{}'",
               description);
}

}  // namespace tengen::selfplay
