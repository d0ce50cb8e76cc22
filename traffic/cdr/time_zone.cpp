// TZif files (RFC 8536) and the rules at their ends.
#include "traffic/cdr/time_zone.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <optional>

#include "models/clean_text.hpp"
#include "scenarios/file_text.hpp"

namespace trunklab {
namespace {

constexpr std::string_view folder = "/usr/share/zoneinfo/";
constexpr std::int64_t day_s = 86'400;
constexpr int year_last = 2151;

Problem no_zone(const std::string& name) {
  return {"--timezone", "'" + shortened(clean_line(name), 60) + "'", "a zone of the IANA database, such as Europe/Berlin or America/New_York"};
}

/// Big-endian integers off the front of a file.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : rest_(bytes) {}
  std::int64_t integer(std::size_t size) {
    if (rest_.size() < size) {
      good_ = false;
      return 0;
    }
    auto value = static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<signed char>(rest_[0])));
    for (std::size_t i = 1; i < size; ++i) value = (value << 8U) | static_cast<unsigned char>(rest_[i]);
    rest_.remove_prefix(size);
    return static_cast<std::int64_t>(value);
  }
  void skip(std::size_t size) {
    good_ = good_ && rest_.size() >= size;
    rest_.remove_prefix(std::min(size, rest_.size()));
  }
  [[nodiscard]] std::string_view rest() const { return rest_; }
  [[nodiscard]] bool good() const { return good_; }

 private:
  std::string_view rest_;
  bool good_ = true;
};

struct Header {
  char version = 0;
  std::size_t universal, standard, leaps, times, types, letters;
  [[nodiscard]] std::size_t body(std::size_t time_size) const {
    return times * (time_size + 1) + types * 6 + letters + leaps * (time_size + 4) + standard + universal;
  }
};

std::optional<Header> take_header(Bytes& bytes) {
  if (!bytes.rest().starts_with("TZif") || bytes.rest().size() < 44) return std::nullopt;
  Header header{};
  header.version = bytes.rest()[4];
  bytes.skip(20);
  for (std::size_t* const each : {&header.universal, &header.standard, &header.leaps, &header.times, &header.types, &header.letters}) {
    const std::int64_t count = bytes.integer(4);
    if (count < 0 || count > 100'000) return std::nullopt;
    *each = static_cast<std::size_t>(count);
  }
  return bytes.good() && header.types > 0 ? std::optional(header) : std::nullopt;
}

/// One half of POSIX's TZ: a name, then digits that mean hours west of Greenwich.
class Rule {
 public:
  explicit Rule(std::string_view text) : rest_(text) {}
  bool name() {
    const bool quoted = take("<");
    std::size_t count = 0;
    while (count < rest_.size() && (quoted ? rest_[count] != '>' : is_letter(rest_[count]))) ++count;
    rest_.remove_prefix(count);
    if (quoted) take(">");
    return count >= 3;
  }
  /// [+-]h[h][:mm[:ss]] in seconds.
  std::optional<int> time() {
    const bool negative = !rest_.empty() && rest_.front() == '-';
    take("+-");
    const auto hours = number();
    if (!hours) return std::nullopt;
    int seconds = *hours * 3600;
    for (int unit = 60; unit >= 1 && take(":"); unit /= 60) seconds += number().value_or(0) * unit;
    return negative ? -seconds : seconds;
  }
  std::optional<int> number() {
    int value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc{} || value < 0) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }
  bool take(std::string_view choices) {
    if (rest_.empty() || choices.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  static bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
  std::string_view rest_;
};

/// Mm.w.d[/time]: weekday d of week w (5: the last) of month m, at a time of the local clock.
struct RuleDay {
  int month, week, weekday, time_s;
  /// Seconds since 1970 as the local clock shows them.
  [[nodiscard]] std::int64_t in(int year) const {
    namespace ch = std::chrono;
    const ch::year_month month_of{ch::year{year}, ch::month{static_cast<unsigned>(month)}};
    const ch::weekday day{static_cast<unsigned>(weekday)};
    const ch::sys_days date = week == 5 ? ch::sys_days{month_of / day[ch::last]} : ch::sys_days{month_of / day[static_cast<unsigned>(week)]};
    return date.time_since_epoch().count() * day_s + time_s;
  }
};

std::optional<RuleDay> take_day(Rule& rule) {
  if (!rule.take(",") || !rule.take("M")) return std::nullopt;
  const auto month = rule.number();
  const bool first = rule.take(".");
  const auto week = rule.number();
  const bool second = rule.take(".");
  const auto weekday = rule.number();
  if (!month || !week || !weekday || !first || !second) return std::nullopt;
  if (*month < 1 || *month > 12 || *week < 1 || *week > 5 || *weekday > 6) return std::nullopt;
  const auto time = rule.take("/") ? rule.time() : std::optional(2 * 3600);
  if (!time) return std::nullopt;
  return RuleDay{*month, *week, *weekday, *time};
}

}  // namespace

TimeZone TimeZone::fixed(int utc_offset_s) {
  TimeZone zone;
  zone.first_offset_s_ = utc_offset_s;
  return zone;
}

Result<TimeZone> TimeZone::load(const std::string& name) {
  const bool sound = !name.empty() && name.front() != '/' && name.find("..") == std::string::npos &&
                     name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") == std::string::npos;
  const std::string path = std::string(folder) + name;
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored)) {
    return Problem{"--timezone", "no time zones on this machine (" + std::string(folder) + ")", "the package tzdata, or times with an offset"};
  }
  if (!sound || !std::filesystem::is_regular_file(path, ignored)) return no_zone(name);
  const Result<std::string> text = read_text(path, std::size_t{1} << 20U);
  if (!text) return no_zone(name);
  return parse(text.value(), name);
}

Result<TimeZone> TimeZone::parse(std::string_view content, const std::string& name) {
  Bytes bytes(content);
  std::optional<Header> header = take_header(bytes);
  std::size_t time_size = 4;
  if (header && header->version >= '2') {
    bytes.skip(header->body(4));
    header = take_header(bytes);
    time_size = 8;
  }
  if (!header) return no_zone(name);
  TimeZone zone;
  std::vector<std::size_t> types;
  for (std::size_t i = 0; i < header->times; ++i) zone.changes_.push_back({bytes.integer(time_size), 0});
  for (std::size_t i = 0; i < header->times; ++i) types.push_back(static_cast<std::size_t>(bytes.integer(1) & 0xff));
  std::vector<int> offsets;
  for (std::size_t i = 0; i < header->types; ++i) {
    offsets.push_back(static_cast<int>(bytes.integer(4)));
    bytes.skip(2);
  }
  bytes.skip(header->letters + header->leaps * (time_size + 4) + header->standard + header->universal);
  if (!bytes.good() || std::ranges::any_of(types, [&](std::size_t type) { return type >= offsets.size(); })) return no_zone(name);
  for (std::size_t i = 0; i < types.size(); ++i) zone.changes_[i].offset_s = offsets[types[i]];
  zone.first_offset_s_ = offsets.front();
  std::string_view rule = bytes.rest();
  if (rule.starts_with('\n')) rule.remove_prefix(1);
  rule = rule.substr(0, rule.find('\n'));
  if (!rule.empty() && !zone.append_rule(rule))
    return Problem{"--timezone", "'" + name + "' with the rule '" + std::string(rule) + "'", "a rule with days Mm.w.d"};
  return zone;
}

Result<TimeZone> TimeZone::from_rule(std::string_view rule) {
  TimeZone zone;
  if (!zone.append_rule(rule)) return no_zone(std::string(rule));
  return zone;
}

bool TimeZone::append_rule(std::string_view text) {
  Rule rule(text);
  if (!rule.name()) return false;
  const auto west_s = rule.time();
  if (!west_s) return false;
  const int standard_s = -*west_s;
  if (changes_.empty()) first_offset_s_ = standard_s;
  if (rule.rest().empty()) return true;
  if (!rule.name()) return false;
  int summer_s = standard_s + 3600;
  if (!rule.rest().empty() && rule.rest().front() != ',') {
    const auto summer_west_s = rule.time();
    if (!summer_west_s) return false;
    summer_s = -*summer_west_s;
  }
  const auto begin = take_day(rule);
  const auto end = begin ? take_day(rule) : std::nullopt;
  if (!end || !rule.rest().empty()) return false;
  const std::int64_t after_s = changes_.empty() ? 0 : changes_.back().from_s;
  std::vector<Change> more;
  for (int year = 1970; year <= year_last; ++year) {
    more.push_back({begin->in(year)-standard_s, summer_s});
    more.push_back({end->in(year)-summer_s, standard_s});
  }
  std::ranges::sort(more, {}, &Change::from_s);
  for (const Change& change : more) {
    if (change.from_s > after_s) changes_.push_back(change);
  }
  return true;
}

std::ptrdiff_t TimeZone::change_before(std::int64_t unix_s) const {
  return std::ranges::upper_bound(changes_, unix_s, {}, &Change::from_s) - changes_.begin() - 1;
}

int TimeZone::offset_s(std::int64_t unix_s) const {
  const std::ptrdiff_t index = change_before(unix_s);
  return index < 0 ? first_offset_s_ : changes_[static_cast<std::size_t>(index)].offset_s;
}

LocalTime TimeZone::from_local(std::int64_t local_s) const {
  // Whatever the clock showed, UTC is within a day of it: at most two offsets hold there.
  const int before_s = offset_s(local_s - day_s);
  const int after_s = offset_s(local_s + day_s);
  const std::int64_t early = local_s - std::max(before_s, after_s);
  const std::int64_t late = local_s - std::min(before_s, after_s);
  const bool early_holds = early + offset_s(early) == local_s;
  const bool late_holds = late + offset_s(late) == local_s;
  if (early_holds && late_holds && early != late) return {LocalTime::Kind::doubled, early, late};
  if (early_holds) return {LocalTime::Kind::plain, early, early};
  if (late_holds) return {LocalTime::Kind::plain, late, late};
  return {LocalTime::Kind::skipped, local_s - before_s, local_s - before_s};
}

}  // namespace trunklab
