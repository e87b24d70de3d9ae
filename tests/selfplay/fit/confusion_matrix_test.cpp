#include "selfplay/fit/confusion_matrix.hpp"

#include <catch2/catch.hpp>

using namespace tengen;
using namespace tengen::selfplay;

TEST_CASE("Precision recall and F1 of a confusion matrix by hand", "[selfplay][fit][F11]") {
  //            taken for: 0  1  2
  const int counts[3][3] = {{5, 1, 0}, {2, 3, 1}, {0, 0, 0}};
  ConfusionMatrix matrix(3);
  for (int actual = 0; actual < 3; ++actual)
    for (int predicted = 0; predicted < 3; ++predicted)
      for (int i = 0; i < counts[actual][predicted]; ++i) matrix.add(actual, predicted);
  CHECK(matrix.total() == 12);
  CHECK(matrix.count(1, 0) == 2);
  CHECK(matrix.accuracy() == Approx(8.0 / 12));
  CHECK(matrix.precision(0) == Approx(5.0 / 7));
  CHECK(matrix.recall(0) == Approx(5.0 / 6));
  CHECK(matrix.f1(0) == Approx(10.0 / 13));
  CHECK(matrix.precision(1) == Approx(3.0 / 4));
  CHECK(matrix.recall(1) == Approx(3.0 / 6));
  CHECK(matrix.precision(2) == 0);  // one was taken for it, wrongly
  CHECK(matrix.recall(2) == 0);     // there were none
  CHECK(matrix.f1(2) == 0);
  CHECK_THROWS_AS(matrix.add(3, 0), std::invalid_argument);
}

TEST_CASE("The largest probability decides", "[selfplay][fit][F11]") {
  const Classified classified{Tensor::from<float>({3, 2}, {.9f, .1f, .4f, .6f, .5f, .5f}),
                              {0, 0, 1}};
  const ConfusionMatrix matrix(classified);
  CHECK(matrix.count(0, 0) == 1);
  CHECK(matrix.count(0, 1) == 1);
  CHECK(matrix.count(1, 0) == 1);  // the first among equals
}

TEST_CASE("An ensemble averages probabilities and can be right where most members are wrong",
          "[selfplay][fit][A7]") {
  const std::vector<int> labels{0};
  const Classified sure{Tensor::from<float>({1, 2}, {1.f, 0.f}), labels};
  const Classified unsure{Tensor::from<float>({1, 2}, {.4f, .6f}), labels};
  const Classified members[] = {unsure, sure, unsure};
  const Classified mean = average(members);
  CHECK(mean.probabilities.values<float>()[0] == Approx(0.6));
  CHECK(ConfusionMatrix(mean).accuracy() == 1);
  CHECK(ConfusionMatrix(unsure).accuracy() == 0);
  CHECK(unsure.probabilities.values<float>()[0] == 0.4f);  // members stay as they are
  const Classified other[] = {sure, {Tensor::zeros({1, 2}), {1}}};
  CHECK_THROWS_AS(average(other), std::invalid_argument);
}
