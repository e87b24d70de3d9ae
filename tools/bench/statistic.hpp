// What repeated measurements of one quantity say: the middle and how far it strays.
//
// The median and the quartiles are used, not mean and deviation: other programs on the machine only
// ever make a measurement slower, in bursts, which a mean takes in and a median leaves out.
#pragma once

#include <span>

namespace tengen::tools {

struct Statistic {
  double median = 0;
  double low_quartile = 0, high_quartile = 0;  // linear between the neighbours (Hyndman & Fan 7)
  double least = 0, most = 0;
  int count = 0;

  /// Half the distance between the quartiles as a share of the median: the "+-" of tables.
  double spread() const;
};

/// Throws std::invalid_argument if there are no samples.
Statistic summarise(std::span<const double> samples);

}  // namespace tengen::tools
