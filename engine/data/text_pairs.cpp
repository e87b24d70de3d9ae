#include "engine/data/text_pairs.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <cmath>
#include <set>
#include <string_view>

#include "engine/base/error.hpp"

namespace tengen {

namespace {

constexpr int kMaxDigits = 8, kMaxDates = 100'000;

/// `count` pairs from `draw`, whose sources all differ.
template <typename Draw>
std::vector<TextPair> draw_different(int count, Draw&& draw) {
  std::set<std::string> seen;
  std::vector<TextPair> pairs;
  while (static_cast<int>(pairs.size()) < count) {
    TextPair pair = draw();
    if (seen.insert(pair.source).second) pairs.push_back(std::move(pair));
  }
  return pairs;
}

std::uint32_t power_of_ten(int exponent) {
  return static_cast<std::uint32_t>(std::lround(std::pow(10.0, exponent)));
}

/// A number of 1 to `digits` digits, without leading zeros.
std::uint32_t draw_number(int digits, Rng& rng) {
  const int length = 1 + static_cast<int>(rng.below(static_cast<std::uint32_t>(digits)));
  const std::uint32_t low = length == 1 ? 0 : power_of_ten(length - 1);
  return low + rng.below(power_of_ten(length) - low);
}

constexpr std::array<std::string_view, 12> kMonths = {
    "january", "february", "march",     "april",   "may",      "june",
    "july",    "august",   "september", "october", "november", "december"};
constexpr std::array<std::string_view, 7> kWeekdays = {"sunday",   "monday", "tuesday", "wednesday",
                                                       "thursday", "friday", "saturday"};

/// A date with the choices of how to write it.
struct WrittenDate {
  int year, month, day, weekday;  // weekday 0: Sunday
  bool abbreviated;               // names by their first three letters
  int letters;                    // 0 lower case, 1 capitalised, 2 upper case

  std::string name(std::string_view full) const {
    std::string text(abbreviated ? full.substr(0, 3) : full);
    const auto end = letters == 0 ? 0 : letters == 1 ? 1 : text.size();
    for (std::size_t i = 0; i < end; ++i)
      text[i] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[i])));
    return text;
  }
  std::string month_name() const { return name(kMonths[static_cast<std::size_t>(month - 1)]); }
  std::string weekday_name() const { return name(kWeekdays[static_cast<std::size_t>(weekday)]); }
  std::string ordinal() const {
    const bool teen = day / 10 == 1;
    const char* ending = teen || day % 10 > 3 || day % 10 == 0 ? "th"
                         : day % 10 == 1                       ? "st"
                         : day % 10 == 2                       ? "nd"
                                                               : "rd";
    return std::to_string(day) + ending;
  }
};

constexpr int kFormats = 10;

std::string written(const WrittenDate& d, std::uint32_t format) {
  switch (format) {
    case 0:
      return fmt::format("{} {}, {}", d.month_name(), d.day, d.year);
    case 1:
      return fmt::format("{} {}, {}", d.month_name(), d.ordinal(), d.year);
    case 2:
      return fmt::format("{} {} {}", d.day, d.month_name(), d.year);
    case 3:
      return fmt::format("{} of {} {}", d.ordinal(), d.month_name(), d.year);
    case 4:
      return fmt::format("{}, {} {}, {}", d.weekday_name(), d.month_name(), d.day, d.year);
    case 5:
      return fmt::format("{} {} {} {}", d.weekday_name(), d.day, d.month_name(), d.year);
    case 6:
      return fmt::format("{}/{}/{:02}", d.month, d.day, d.year % 100);
    case 7:
      return fmt::format("{}/{}/{}", d.month, d.day, d.year);
    case 8:
      return fmt::format("{}.{}.{}", d.day, d.month, d.year);
    default:
      return fmt::format("{}/{:02}/{:02}", d.year, d.month, d.day);
  }
}

WrittenDate draw_date(Rng& rng) {
  using namespace std::chrono;
  constexpr sys_days first = year{1970} / 1 / 1, last = year{2019} / 12 / 31;
  constexpr auto days_in_all = static_cast<std::uint32_t>((last - first).count() + 1);
  const sys_days drawn = first + days(rng.below(days_in_all));
  const year_month_day date(drawn);
  return {static_cast<int>(date.year()),
          static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day())),
          static_cast<int>(weekday(drawn).c_encoding()),
          rng.below(2) == 1,
          static_cast<int>(rng.below(3))};
}

}  // namespace

std::vector<TextPair> addition_strings(int count, int digits, Rng& rng) {
  if (digits < 1 || digits > kMaxDigits || count < 1 || count > std::pow(100.0, digits) / 4)
    bad_argument("addition_strings",
                 "expected 1 to {} digits and at most a quarter of all sums, got {} and {}",
                 kMaxDigits, digits, count);
  return draw_different(count, [&] {
    const std::uint32_t a = draw_number(digits, rng), b = draw_number(digits, rng);
    return TextPair{fmt::format("{}+{}", a, b), std::to_string(a + b)};
  });
}

std::vector<TextPair> date_strings(int count, Rng& rng) {
  if (count < 1 || count > kMaxDates)
    bad_argument("date_strings", "expected 1 to {} dates, got {}", kMaxDates, count);
  return draw_different(count, [&] {
    const WrittenDate date = draw_date(rng);
    return TextPair{written(date, rng.below(kFormats)),
                    fmt::format("{}-{:02}-{:02}", date.year, date.month, date.day)};
  });
}

}  // namespace tengen
