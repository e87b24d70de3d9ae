#include "nets/mlp_options.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "engine/base/error.hpp"

namespace tengen::nets {

namespace {

constexpr int kMaxUnits = 65536, kMaxLayers = 100;

/// "50-100" as its numbers.
std::vector<int> parse_widths(std::string_view text) {
  std::vector<int> widths;
  const char *at = text.data(), *end = at + text.size();
  for (bool last = false; !last;) {
    int units = 0;
    const auto [stop, error] = std::from_chars(at, end, units);
    last = stop == end;
    if (error != std::errc() || (!last && *stop != '-') || units < 1 || units > kMaxUnits)
      bad_argument("mlp", "hidden must be numbers from 1 to {}, as in 50 or 50-100, got '{}'",
                   kMaxUnits, text);
    widths.push_back(units);
    at = last ? end : stop + 1;
  }
  if (widths.size() > kMaxLayers)
    bad_argument("mlp", "expected at most {} layers in hidden, got {}", kMaxLayers, widths.size());
  return widths;
}

}  // namespace

MlpOptions parse_mlp(Spec& spec, int default_hidden, int default_layers) {
  MlpOptions options;
  options.hidden = parse_widths(spec.get_string("hidden", std::to_string(default_hidden)));
  const int named = static_cast<int>(options.hidden.size());
  const int layers = spec.get_int("layers", named == 1 ? default_layers : named, 1, kMaxLayers);
  if (named == 1)
    options.hidden.resize(static_cast<std::size_t>(layers), options.hidden.front());
  else if (layers != named)
    bad_argument("mlp", "expected layers={} or none with {} numbers in hidden, got layers={}",
                 named, named, layers);
  options.style.activation = parse_activation(spec, true);
  options.style.dropout = spec.get_double("dropout", 0, 0, 0.99);
  options.style.drop_connect = spec.get_double("drop_connect", 0, 0, 0.99);
  return options;
}

std::string to_spec(const MlpOptions& options) {
  const std::vector<int>& hidden = options.hidden;
  const bool equal = std::ranges::all_of(hidden, [&](int units) { return units == hidden[0]; });
  std::string text = equal ? fmt::format("mlp:layers={},hidden={}", hidden.size(), hidden[0])
                           : fmt::format("mlp:hidden={}", fmt::join(hidden, "-"));
  text += to_spec(options.style.activation);
  if (options.style.dropout > 0) text += fmt::format(",dropout={:g}", options.style.dropout);
  if (options.style.drop_connect > 0)
    text += fmt::format(",drop_connect={:g}", options.style.drop_connect);
  return text;
}

}  // namespace tengen::nets
