// Search on a graph (SearchConfig::graph): paths that lead to one position share its node.
//
// A node then has several edges that lead to it, each with its own visits, and a mean over the
// visits that came through one of them would not be the node's value. So the value of a node is not
// summed up but worked out anew from its children, whenever a visit passes:
//   N(s) = 1 + sum_a N(s,a)        Q(s) = (U(s) + sum_a N(s,a) Q(s,a)) / N(s)
// where U(s) is the node's own evaluation, N(s,a) the visits of the edge alone, and Q(s,a) the
// value of the node that it leads to, whoever visited that. (The formula is the one that KataGo's
// documentation derives in docs/GraphSearch.md: the regularised policy of s must come from the
// visits that s itself spent.) Where a walk comes through an unvisited edge to a position that has
// a node, that visit takes the node's value and no evaluation. An edge not on the path of a visit
// learns of its node's new value with the next visit of its parent.
//
// Positions are the same if State::key() and the ply are: with the ply in it no path can come back
// to a position, and a limit of plies is the same for both. Connect Four and tic-tac-toe fill their
// boards, so all transpositions have the same ply anyway. Go with simple ko shares positions that
// differ only in the order of moves; with superko the key covers the set of earlier positions,
// which another order of moves changes: then graph search is safe, but finds little to share. A net
// that sees earlier positions (Go's last eight) judges a shared node by the path that came first.
//
// One thread walks the graph (Search, or ParallelSearch in rounds), by PUCT.
#pragma once

#include <cstdint>

#include "envs/game.hpp"
#include "mcts/tree.hpp"

namespace tengen::mcts {

/// Of the position and its ply.
std::uint64_t graph_key(const envs::State& state);

/// What a new node knows; `value` is its evaluation, for the side to move in it.
void begin_graph_node(Node& node, float value);

/// Brings the edges of a node up to date with the nodes that they lead to, and the node with its
/// edges.
void update_graph_node(const Tree& tree, Node& node, bool use_solver);

/// Brings the edge up to date with the node that it leads to.
void update_graph_edge(const Tree& tree, EdgeRef edge, bool use_solver);

}  // namespace tengen::mcts
