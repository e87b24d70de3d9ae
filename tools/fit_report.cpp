#include "tools/fit_report.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>

#include "engine/base/progress.hpp"
#include "engine/optim/pruning.hpp"
#include "tools/text_table.hpp"

namespace tengen::tools {
namespace {

using selfplay::ConfusionMatrix;
using selfplay::RunDirectory;

constexpr int kMinTile = 56;  // pixels of a filter's longer side, at least
constexpr int kGap = 4;

/// The mean over the channels of filter k at (y, x).
double weight_at(const Tensor& filters, std::int64_t k, std::int64_t y, std::int64_t x) {
  const std::int64_t channels = filters.dim(3);
  const float* at =
      filters.values<float>().data() + ((k * filters.dim(1) + y) * filters.dim(2) + x) * channels;
  double sum = 0;
  for (std::int64_t c = 0; c < channels; ++c) sum += at[c];
  return sum / static_cast<double>(channels);
}

double largest_weight(const Tensor& filters, std::int64_t k) {
  double largest = 1e-12;
  for (std::int64_t y = 0; y < filters.dim(1); ++y)
    for (std::int64_t x = 0; x < filters.dim(2); ++x)
      largest = std::max(largest, std::abs(weight_at(filters, k, y, x)));
  return largest;
}

/// White at 0, blue at 1, red at -1.
void paint(std::uint8_t* pixel, double value) {
  const auto fade = static_cast<std::uint8_t>(std::lround(255 * (1 - std::abs(value))));
  pixel[0] = value > 0 ? fade : 255;
  pixel[1] = fade;
  pixel[2] = value > 0 ? 255 : fade;
}

}  // namespace

TestResult tested(selfplay::FitModel& model) {
  std::optional<Progress> progress;
  model.watch_evaluation([&](std::int64_t done, std::int64_t total) {
    if (done == 0)
      progress.emplace("test", "examples", static_cast<std::uint64_t>(total),
                       Progress::End::erased);
    progress->update(static_cast<std::uint64_t>(done));
  });
  TestResult result{.text = {}, .answers = model.classify(selfplay::Part::test)};
  selfplay::FitScores scores =
      result.answers ? scores_of(*result.answers) : model.evaluate(selfplay::Part::test);
  model.watch_evaluation({});
  const double sparsity = MagnitudePruning(model.net().parameters()).sparsity();
  if (sparsity > 0) scores.metrics.emplace_back("sparsity", sparsity);
  result.text = fmt::format("loss {:.6g}", scores.loss);
  for (const auto& [name, value] : scores.metrics)
    result.text += fmt::format("  {} {:.6g}", name, value);
  return result;
}

std::string confusion_text(const ConfusionMatrix& matrix, const std::vector<std::string>& names) {
  const auto name = [&names](int c) {
    return names.empty() ? std::to_string(c) : names[static_cast<std::size_t>(c)];
  };
  std::vector<std::string> header{"<class \\ taken for"};
  for (int c = 0; c < matrix.classes(); ++c) header.push_back(name(c));
  for (const char* column : {"precision", "recall", "F1"}) header.emplace_back(column);
  TextTable table(header);
  for (int actual = 0; actual < matrix.classes(); ++actual) {
    std::vector<std::string> row{name(actual)};
    for (int c = 0; c < matrix.classes(); ++c)
      row.push_back(std::to_string(matrix.count(actual, c)));
    for (const double value : {matrix.precision(actual), matrix.recall(actual), matrix.f1(actual)})
      row.push_back(fmt::format("{:.4f}", value));
    table.add(row);
  }
  return table.to_string() +
         fmt::format("accuracy {:.4f} of {}\n", matrix.accuracy(), matrix.total());
}

std::vector<Curve> fit_curves(const RunDirectory& run) {
  std::vector<std::string> names = run.metric_names();
  std::ranges::stable_partition(
      names, [](const std::string& name) { return name.find("loss") != std::string::npos; });
  std::vector<Curve> curves;
  for (const std::string& name : names) {
    Curve curve{name, {}, {}};
    for (const selfplay::MetricRow& row : run.metrics(name)) {
      curve.x.push_back(row.step);
      curve.y.push_back(row.value);
    }
    curves.push_back(std::move(curve));
  }
  return curves;
}

Picture filters_picture(const Tensor& filters) {
  const auto count = static_cast<int>(filters.dim(0));
  const auto height = static_cast<int>(filters.dim(1)), width = static_cast<int>(filters.dim(2));
  const int zoom = std::max(1, kMinTile / std::max(height, width));
  const int columns = static_cast<int>(std::ceil(std::sqrt(count)));
  const int rows = (count + columns - 1) / columns;
  const int tile_width = width * zoom + kGap, tile_height = height * zoom + kGap;
  Picture picture(columns * tile_width + kGap, rows * tile_height + kGap, 128);
  for (int k = 0; k < count; ++k) {
    const double largest = largest_weight(filters, k);
    const int left = kGap + k % columns * tile_width, top = kGap + k / columns * tile_height;
    for (int y = 0; y < height * zoom; ++y)
      for (int x = 0; x < width * zoom; ++x)
        paint(picture.pixel(left + x, top + y),
              weight_at(filters, k, y / zoom, x / zoom) / largest);
  }
  return picture;
}

}  // namespace tengen::tools
