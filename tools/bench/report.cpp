#include "tools/bench/report.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/base/error.hpp"
#include "tools/text_table.hpp"

namespace tengen::tools {
namespace {

using Json = nlohmann::ordered_json;

/// "evaluations_per_second" -> "evaluations/s", "latency_us" -> "latency us".
std::string heading(std::string key) {
  const std::string per_second = "_per_second";
  if (const auto at = key.find(per_second); at != std::string::npos)
    key.replace(at, per_second.size(), "/s");
  std::replace(key.begin(), key.end(), '_', ' ');
  return key;
}

std::string cell(const FieldValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* number = std::get_if<double>(&value)) return short_number(*number);
  return std::get<bool>(value) ? "yes" : "no";
}

bool is_text(const Fields::value_type& field) {
  return std::holds_alternative<std::string>(field.second);
}

bool has_ceiling(const BenchReport& report) {
  return std::any_of(report.rows.begin(), report.rows.end(),
                     [](const BenchRow& row) { return !row.measurement.ceiling_name.empty(); });
}

std::vector<std::string> headings(const BenchReport& report) {
  std::vector<std::string> titles;
  for (const auto& label : report.rows.front().labels)
    titles.push_back((is_text(label) ? "<" : "") + heading(label.first));
  titles.insert(titles.end(), {heading(report.rate_key), "+-"});
  if (has_ceiling(report)) titles.insert(titles.end(), {"ceiling", "ratio"});
  for (const auto& extra : report.rows.front().extras) titles.push_back(heading(extra.first));
  return titles;
}

std::vector<std::string> cells(const BenchRow& row, bool ceilings) {
  std::vector<std::string> line;
  const Measurement& m = row.measurement;
  for (const auto& label : row.labels) line.push_back(cell(label.second));
  line.push_back(short_number(m.rate.median));
  line.push_back(m.rate.count > 1 ? fmt::format("{:.0f}%", 100 * m.rate.spread()) : "");
  const bool has = !m.ceiling_name.empty();
  if (ceilings) line.push_back(has ? short_number(m.ceiling.median) : "");
  if (ceilings) line.push_back(has ? fmt::format("{:.2f}", m.ratio) : "");
  for (const auto& extra : row.extras) line.push_back(cell(extra.second));
  return line;
}

/// What the ceilings are, each once.
std::string ceilings_line(const BenchReport& report) {
  std::set<std::string> names;
  for (const BenchRow& row : report.rows) names.insert(row.measurement.ceiling_name);
  names.erase("");
  return names.empty() ? "" : fmt::format("ceiling: {}\n", fmt::join(names, "; "));
}

void put(Json& json, const Fields& fields) {
  for (const auto& [key, value] : fields)
    std::visit([&, &name = key](const auto& plain) { json[name] = plain; }, value);
}

void put(Json& json, const std::string& key, const Statistic& statistic) {
  json[key] = statistic.median;
  json[key + "_q1"] = statistic.low_quartile;
  json[key + "_q3"] = statistic.high_quartile;
}

Json to_json(const BenchRow& row, const std::string& rate_key) {
  Json json = Json::object();
  const Measurement& m = row.measurement;
  put(json, row.labels);
  put(json, rate_key, m.rate);
  json["samples"] = m.rate.count;
  if (!m.ceiling_name.empty()) {
    json["ceiling"] = m.ceiling_name;
    put(json, "ceiling_" + rate_key, m.ceiling);
    json["ratio_to_ceiling"] = m.ratio;
  }
  put(json, row.extras);
  return json;
}

}  // namespace

std::string to_text(const BenchReport& report) {
  std::string text = report.title + "\n";
  if (!report.rows.empty()) {
    TextTable table(headings(report));
    for (const BenchRow& row : report.rows) table.add(cells(row, has_ceiling(report)));
    text += table.to_string() + ceilings_line(report);
  }
  for (const std::string& note : report.notes) text += note + "\n";
  return text;
}

std::string to_json(const Fields& machine, const std::vector<BenchReport>& reports) {
  Json json = Json::object();
  json["machine"] = Json::object();
  put(json["machine"], machine);
  for (const BenchReport& report : reports) {
    Json rows = Json::array();
    for (const BenchRow& row : report.rows) rows.push_back(to_json(row, report.rate_key));
    json[report.name] = rows;
  }
  return json.dump(2);
}

}  // namespace tengen::tools
