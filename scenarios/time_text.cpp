// Reads and writes ISO 8601 dates.
#include "scenarios/time_text.hpp"

#include <array>
#include <chrono>
#include <cstdlib>

#include <fmt/format.h>

namespace trunklab {
namespace {

using namespace std::chrono_literals;
constexpr std::int64_t ns_per_s = 1'000'000'000;

/// Takes pieces off the front of a text; once one does not fit, all that follow fail too.
class Taker {
 public:
  explicit Taker(std::string_view text) : rest_(text) {}

  int digits(std::size_t count) {
    if (rest_.size() < count) return fail();
    int value = 0;
    for (const char c : rest_.substr(0, count)) {
      if (c < '0' || c > '9') return fail();
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  bool one_of(std::string_view choices) {
    if (!good_ || rest_.empty() || choices.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(std::string_view choices) {
    if (!one_of(choices)) fail();
  }
  [[nodiscard]] char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  [[nodiscard]] bool all_taken() const { return good_ && rest_.empty(); }

 private:
  int fail() {
    good_ = false;
    return 0;
  }
  std::string_view rest_;
  bool good_ = true;
};

std::int64_t take_fraction_ns(Taker& text) {
  if (!text.one_of(".")) return 0;
  std::int64_t fraction = 0;
  std::int64_t scale = ns_per_s;
  do {
    fraction = fraction * 10 + text.digits(1);
    scale /= 10;
  } while (scale > 1 && text.peek() >= '0' && text.peek() <= '9');
  return fraction * scale;
}

std::optional<int> take_offset_s(Taker& text) {
  if (text.one_of("Z")) return 0;
  const bool east = text.peek() == '+';
  if (!text.one_of("+-")) return std::nullopt;
  const int hours = text.digits(2);
  text.expect(":");
  const int minutes = text.digits(2);
  if (hours > 23 || minutes > 59) text.expect("");
  const int offset = (hours * 60 + minutes) * 60;
  return east ? offset : -offset;
}

/// The numbers of a date and time, each of the right length; whether there is such a date is another question.
struct TimeParts {
  int year, month, day, hour, minute, second;
  std::int64_t fraction_ns;
  std::optional<int> offset_s;

  [[nodiscard]] std::chrono::year_month_day date() const {
    return {std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)}, std::chrono::day{static_cast<unsigned>(day)}};
  }
  [[nodiscard]] bool has_date() const { return year >= 1900 && year <= 2150 && date().ok(); }
  [[nodiscard]] bool has_time() const { return hour <= 23 && minute <= 59 && second <= 59; }
};

std::optional<TimeParts> take_parts(std::string_view text) {
  Taker taker(text);
  TimeParts parts{};
  parts.year = taker.digits(4);
  taker.expect("-");
  parts.month = taker.digits(2);
  taker.expect("-");
  parts.day = taker.digits(2);
  taker.expect("T ");
  parts.hour = taker.digits(2);
  taker.expect(":");
  parts.minute = taker.digits(2);
  taker.expect(":");
  parts.second = taker.digits(2);
  parts.fraction_ns = take_fraction_ns(taker);
  parts.offset_s = take_offset_s(taker);
  return taker.all_taken() ? std::optional(parts) : std::nullopt;
}

}  // namespace

std::optional<WrittenTime> parse_iso8601(std::string_view text) {
  const std::optional<TimeParts> parts = take_parts(text);
  if (!parts || !parts->has_date() || !parts->has_time()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days{parts->date()}.time_since_epoch().count();
  const std::int64_t seconds = ((days * 24 + parts->hour) * 60 + parts->minute) * 60 + parts->second - parts->offset_s.value_or(0);
  return WrittenTime{.unix_ns = seconds * ns_per_s + parts->fraction_ns, .utc_offset_s = parts->offset_s};
}

std::string expected_time(std::string_view text, std::string_view form) {
  const std::optional<TimeParts> parts = take_parts(text);
  if (parts && !parts->has_date()) return "a date that exists, from 1900 to 2150";
  if (parts && !parts->has_time()) return "a time of day from 00:00:00 to 23:59:59";
  return std::string(form);
}

std::optional<std::int64_t> parse_iso8601_ns(std::string_view text, bool* had_offset) {
  const std::optional<WrittenTime> written = parse_iso8601(text);
  if (!written) return std::nullopt;
  if (had_offset) *had_offset = written->utc_offset_s.has_value();
  return written->unix_ns;
}

std::string iso8601(std::int64_t unix_ns, int utc_offset_s) {
  const std::chrono::sys_time<std::chrono::nanoseconds> shown{std::chrono::nanoseconds{unix_ns} + std::chrono::seconds{utc_offset_s}};
  const auto day = std::chrono::floor<std::chrono::days>(shown);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{shown - day};
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                                 static_cast<unsigned>(date.day()), time.hours().count(), time.minutes().count(), time.seconds().count());
  if (const auto fraction = time.subseconds().count(); fraction != 0) {
    text += fmt::format(".{:09}", fraction);
    text.erase(text.find_last_not_of('0') + 1);
  }
  if (utc_offset_s == 0) return text + 'Z';
  const int minutes = std::abs(utc_offset_s) / 60;
  return text + fmt::format("{}{:02}:{:02}", utc_offset_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

}  // namespace trunklab
