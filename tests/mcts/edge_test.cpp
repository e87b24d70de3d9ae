#include "mcts/edge.hpp"

#include <array>
#include <catch2/catch.hpp>

using namespace tengen::mcts;

namespace {

template <Sharing S>
std::array<float, kGroupSize> scores_of(const EdgeGroup& group, float fpu, float scale) {
  std::array<float, kGroupSize> lanes;
  _mm_storeu_ps(lanes.data(), scores<S>(group, fpu, scale));
  return lanes;
}

/// Two visits of mean 0.25 and one under way; a drawn, a lost and a won action.
EdgeGroup some_group() {
  EdgeGroup group;
  group.edges[0] = {.value_sum = to_fixed(0.5f), .visits = 2, .pending = 1, .prior = 0.4f};
  group.edges[1] = {.visits = 3, .prior = 0.3f, .proof = Proof::draw};
  group.edges[2] = {.visits = 1, .prior = 0.2f, .proof = Proof::loss};
  group.edges[3] = {.value_sum = to_fixed(1), .visits = 1, .prior = 0.1f, .proof = Proof::win};
  group.edges[1].value_sum = to_fixed(-0.3f);
  for (int lane = 0; lane < kGroupSize; ++lane) refresh<Sharing::single>({group, lane});
  return group;
}

}  // namespace

TEST_CASE("Visits under way count in N but not in Q", "[mcts][edge]") {
  const EdgeGroup group = some_group();
  CHECK(group.q[0] == 0.25f);
  CHECK(group.q[1] == 0);
  CHECK(group.q[2] == kNever);
  CHECK(group.q[3] == 1);
  CHECK(group.explore[0] == 0.4f / 4);
  CHECK(group.explore[3] == 0.1f / 2);
}

TEST_CASE("Scores of a group are those of the formula to the bit", "[mcts][edge]") {
  const EdgeGroup group = some_group();
  const auto lanes = scores_of<Sharing::single>(group, -0.7f, 3.1f);
  for (int lane = 0; lane < kGroupSize; ++lane)
    CHECK(lanes[lane] == puct_score(group.q[lane], group.explore[lane], 3.1f));
  CHECK(lanes == scores_of<Sharing::shared>(group, -0.7f, 3.1f));
}

TEST_CASE("First-play urgency stands for the Q of an edge never visited", "[mcts][edge]") {
  EdgeGroup group = some_group();
  group.edges[1] = {.prior = 0.3f};
  refresh<Sharing::single>({group, 1});
  CHECK(scores_of<Sharing::single>(group, -0.7f, 2.0f)[1] == puct_score(-0.7f, 0.3f, 2.0f));
  group.edges[1].pending = 1;
  refresh<Sharing::single>({group, 1});
  CHECK(scores_of<Sharing::single>(group, -0.7f, 2.0f)[1] == puct_score(-0.7f, 0.15f, 2.0f));
}

TEST_CASE("Lanes without an edge are never chosen", "[mcts][edge]") {
  for (const float score : scores_of<Sharing::single>(EdgeGroup{}, 1.0f, 2.0f))
    CHECK(score == kNever);
}
