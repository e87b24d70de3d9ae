// Nets as players: loading them from a file or a run directory, and the "net:" description.
//
// A checkpoint file carries "game" in its metadata; it is refused for another game, but for Go
// under other rules on the same board. A run directory stands for its best checkpoint.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "nets/inference/inference_plan.hpp"
#include "selfplay/players/search_player.hpp"

namespace tengen::selfplay {

/// The net file that `path` means: itself, or the best checkpoint of the run directory `path`, or
/// net.safetensors in the checkpoint directory `path`. Throws Error if there is none.
std::filesystem::path resolve_net_path(const std::filesystem::path& path);

/// Canonical spec of the game that the net of `path` (as in resolve_net_path) was trained for;
/// empty if the file does not say.
std::string game_of_net(const std::filesystem::path& path);

/// Whether a net for the game `spec` may play `game`: the same, or Go on the same board with the
/// same features. Rules, komi and limits may differ: the net then plays by those it has learned,
/// and the search by those of the game.
bool is_same_but_for_rules(const std::string& spec, const envs::Game& game);

/// Loads and compiles the net of `path`. Throws Error if it does not fit `game`.
std::shared_ptr<const nets::InferencePlan> load_plan(const std::filesystem::path& path,
                                                     const envs::Game& game,
                                                     nets::Precision precision, int max_batch = 8);

/// A player description "net:PATH,k=v,..." as PATH and the spec "net:k=v,...". The path ends before
/// the first comma that KEY= follows, so it may have commas and equals signs. Throws
/// std::invalid_argument without a path.
std::pair<std::string, std::string> split_net_description(const std::string& description);

/// From what follows "net:" in a player description:
///   PATH[,sims=100,threads=1,deterministic=0,batch=1,temp_plies=0,temp=0.5,precision=auto,
///   cache_mb=64,symmetry=1,resign=-2]
/// and of the search (mcts/config.hpp):
///   [,search=puct|gumbel,c=1.25,spread=0,lcb=0,lcb_errors=5,policy_temp=1,average_root=0,
///   graph=0,c_visit=50,c_scale=1]
/// `stop` as in make_player.
std::unique_ptr<Player> make_net_player(const std::string& description,
                                        std::shared_ptr<const envs::Game> game, std::uint64_t seed,
                                        const std::atomic<bool>* stop);

}  // namespace tengen::selfplay
