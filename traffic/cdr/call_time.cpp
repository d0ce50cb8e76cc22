// Reads the time column of call files; called once a row, so without allocation.
#include "traffic/cdr/call_time.hpp"

#include <array>
#include <charconv>
#include <chrono>

#include <fmt/format.h>

namespace trunklab {
namespace {

constexpr std::int64_t ns_per_s = 1'000'000'000;
constexpr int year_first = 1970;
constexpr int year_last = 2150;
/// 2151-01-01T00:00:00Z.
constexpr std::int64_t unix_s_end = 5'711'904'000;

/// Takes pieces off the front of a text; once one does not fit, all that follow fail too.
class Taker {
 public:
  explicit Taker(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  /// A number of `least` to `most` digits.
  int number(int least, int most) {
    int value = 0;
    int count = 0;
    for (; at_ < end_ && count < most && *at_ >= '0' && *at_ <= '9'; ++count) value = value * 10 + (*at_++ - '0');
    good_ = good_ && count >= least;
    return value;
  }
  bool take(std::string_view choices) {
    if (!good_ || at_ == end_ || choices.find(*at_) == std::string_view::npos) return false;
    ++at_;
    return true;
  }
  void expect(std::string_view choices) { good_ = take(choices); }
  [[nodiscard]] char peek() const { return good_ && at_ < end_ ? *at_ : '\0'; }
  void fail() { good_ = false; }
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] bool all_taken() const { return good_ && at_ == end_; }

 private:
  const char* at_;
  const char* end_;
  bool good_ = true;
};

struct Date {
  int year, month, day;
  [[nodiscard]] bool exists() const {
    return year >= year_first && year <= year_last &&
           std::chrono::year_month_day{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                       std::chrono::day{static_cast<unsigned>(day)}}
               .ok();
  }
  [[nodiscard]] std::int64_t days() const { return std::chrono::sys_days{std::chrono::year{year} / month / day}.time_since_epoch().count(); }
};

struct TimeOfDay {
  int hour, minute, second;
  std::int64_t fraction_ns;
  [[nodiscard]] bool exists() const { return hour <= 23 && minute <= 59 && second <= 59; }
};

std::int64_t take_fraction(Taker& text) {
  if (!text.take(".,")) return 0;
  std::int64_t fraction = text.number(1, 1);
  std::int64_t scale = ns_per_s / 10;
  while (text.peek() >= '0' && text.peek() <= '9') {
    const int digit = text.number(1, 1);
    if (scale > 1) {
      fraction = fraction * 10 + digit;
      scale /= 10;
    }
  }
  return fraction * scale;
}

TimeOfDay take_time(Taker& text, bool seconds_needed) {
  TimeOfDay time{};
  time.hour = text.number(1, 2);
  text.expect(":");
  time.minute = text.number(2, 2);
  if (!seconds_needed && text.peek() != ':') return time;
  text.expect(":");
  time.second = text.number(2, 2);
  time.fraction_ns = take_fraction(text);
  return time;
}

std::optional<int> take_offset(Taker& text) {
  if (text.take("Zz")) return 0;
  const bool east = text.peek() == '+';
  if (!text.take("+-")) return std::nullopt;
  const int hours = text.number(2, 2);
  const bool colon = text.take(":");
  const int minutes = colon || text.peek() != '\0' ? text.number(2, 2) : 0;
  if (hours > 23 || minutes > 59) text.fail();
  return (east ? 1 : -1) * (hours * 60 + minutes) * 60;
}

/// ` AM` or ` PM` behind a time of 1 to 12 o'clock.
void take_half_of_day(Taker& text, TimeOfDay& time) {
  text.take(" ");
  if (text.peek() == '\0') return;
  const bool afternoon = text.peek() == 'P' || text.peek() == 'p';
  text.expect("AaPp");
  text.expect("Mm");
  if (time.hour < 1 || time.hour > 12) text.fail();
  time.hour = time.hour % 12 + (afternoon ? 12 : 0);
}

std::optional<CallTime> joined(const Taker& text, const Date& date, const TimeOfDay& time, std::optional<int> offset_s) {
  if (!text.all_taken() || !date.exists() || !time.exists()) return std::nullopt;
  const std::int64_t seconds = ((date.days() * 24 + time.hour) * 60 + time.minute) * 60 + time.second - offset_s.value_or(0);
  return CallTime{.unix_ns = seconds * ns_per_s + time.fraction_ns, .utc_offset_s = offset_s};
}

std::optional<CallTime> parse_iso(std::string_view text) {
  Taker taker(text);
  Date date{};
  date.year = taker.number(4, 4);
  taker.expect("-/.");
  date.month = taker.number(2, 2);
  taker.expect("-/.");
  date.day = taker.number(2, 2);
  taker.expect("T t");
  const TimeOfDay time = take_time(taker, false);
  if (taker.peek() == ' ') taker.take(" ");
  return joined(taker, date, time, take_offset(taker));
}

std::optional<CallTime> parse_slashed(std::string_view text, bool day_first) {
  Taker taker(text);
  Date date{};
  const int first = taker.number(1, 2);
  taker.expect("/.-");
  const int second = taker.number(1, 2);
  taker.expect("/.-");
  date.year = taker.number(4, 4);
  date.day = day_first ? first : second;
  date.month = day_first ? second : first;
  taker.take(",");
  taker.expect("T ");
  TimeOfDay time = take_time(taker, false);
  if (taker.peek() != '\0') take_half_of_day(taker, time);
  return joined(taker, date, time, std::nullopt);
}

std::optional<CallTime> parse_unix(std::string_view text, std::int64_t per_second) {
  std::int64_t whole = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
  if (error != std::errc{} || whole < 0 || whole >= unix_s_end * per_second) return std::nullopt;
  Taker taker(text.substr(static_cast<std::size_t>(rest - text.data())));
  const std::int64_t fraction_ns = take_fraction(taker) / per_second;
  if (!taker.all_taken()) return std::nullopt;
  return CallTime{.unix_ns = whole * (ns_per_s / per_second) + fraction_ns, .utc_offset_s = 0};
}

struct Form {
  DateForm form;
  std::string_view word;
  std::string_view example;
};
constexpr std::array forms{
    Form{DateForm::iso, "iso", "2024-03-31T09:15:00"},         Form{DateForm::day_first, "dmy", "31/03/2024 09:15:00"},
    Form{DateForm::month_first, "mdy", "03/31/2024 09:15:00"}, Form{DateForm::unix_s, "unix", "1711869300"},
    Form{DateForm::unix_ms, "unix-ms", "1711869300000"},
};

}  // namespace

std::optional<CallTime> parse_call_time(std::string_view text, DateForm form) {
  switch (form) {
    case DateForm::iso: return parse_iso(text);
    case DateForm::day_first: return parse_slashed(text, true);
    case DateForm::month_first: return parse_slashed(text, false);
    case DateForm::unix_s: return parse_unix(text, 1);
    case DateForm::unix_ms: return parse_unix(text, 1000);
  }
  return std::nullopt;
}

void DateForms::see(std::string_view text) {
  unsigned fits = 0;
  for (const Form& each : forms) {
    if (parse_call_time(text, each.form)) fits |= bit(each.form);
  }
  // Eleven digits of milliseconds would be 1973: such a file counts seconds.
  if (fits == (bit(DateForm::unix_s) | bit(DateForm::unix_ms))) fits = bit(DateForm::unix_s);
  // A text that is no date at all says nothing about the others; the reader will name it.
  if ((possible_ & fits) != 0) possible_ &= fits;
}

std::optional<DateForm> DateForms::only() const {
  for (const Form& each : forms) {
    if (possible_ == bit(each.form)) return each.form;
  }
  return std::nullopt;
}

std::string expected_call_time(DateForm form) {
  return fmt::format("a date and time such as {}, years {} to {}", forms[static_cast<std::size_t>(form)].example, year_first, year_last);
}

std::string_view word_of(DateForm form) {
  return forms[static_cast<std::size_t>(form)].word;
}

std::optional<DateForm> date_form(std::string_view word) {
  for (const Form& each : forms) {
    if (each.word == word) return each.form;
  }
  return std::nullopt;
}

}  // namespace trunklab
