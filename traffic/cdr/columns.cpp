// Names that columns have in the call records of common equipment and in data sets.
#include "traffic/cdr/columns.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include <fmt/format.h>

#include "models/clean_text.hpp"

namespace trunklab {
namespace {

// The likelier name first. Asterisk: calldate, start, duration, billsec, disposition, src; FreeSWITCH: start_stamp, duration, billsec,
// hangup_cause, caller_id_number; Cisco CUCM: dateTimeOrigination, duration; the others from data sets.
constexpr std::array<std::string_view, 20> arrival_names{
    "arrival",   "arrivaltime", "starttime", "start", "startstamp",          "calldate",     "calltime", "callstart", "setuptime", "datetime",
    "timestamp", "time",        "begin",     "date",  "datetimeorigination", "starttimeutc", "inittime", "created",   "interval",  "from"};
constexpr std::array<std::string_view, 16> holding_names{"holding",     "holdings",   "holdingms",       "holdingtime",  "duration",   "durations",
                                                         "durationsec", "durationms", "durationseconds", "callduration", "calllength", "length",
                                                         "totaltime",   "elapsed",    "seconds",         "holdtime"};
constexpr std::array<std::string_view, 13> talk_names{"talk",         "talks",    "talkms",     "talktime",     "billsec",
                                                      "billseconds",  "billmsec", "billedtime", "conversation", "connectedtime",
                                                      "answeredtime", "sertime",  "servicetime"};
constexpr std::array<std::string_view, 11> outcome_names{"outcome",      "disposition", "status",  "result",     "callstatus", "hangupcause",
                                                         "releasecause", "cause",       "sipcode", "callresult", "state"};
constexpr std::array<std::string_view, 15> number_names{
    "number",        "caller", "callerid", "calleridnumber",     "clid",   "src",        "source", "from",
    "callingnumber", "ani",    "anumber",  "callingpartynumber", "msisdn", "customerid", "phone"};
constexpr std::array<std::string_view, 8> count_names{"calls", "count", "counts", "n", "offered", "arrivals", "numberofcalls", "volume"};

class Finder {
 public:
  Finder(const std::vector<std::string>& heading, const std::string& where) : heading_(heading), where_(where) {}

  /// A column that the user gives to one role is not guessed for another.
  void reserve(const std::optional<std::string>& wish) {
    const auto found = wish ? std::ranges::find(heading_, *wish) : heading_.end();
    if (found != heading_.end()) reserved_.push_back(static_cast<std::size_t>(found - heading_.begin()));
  }

  std::optional<CallColumn> find(const std::optional<std::string>& wish, std::span<const std::string_view> names, std::string_view option) {
    if (wish && wish->empty()) return std::nullopt;
    if (wish) {
      const auto found = std::ranges::find(heading_, *wish);
      const auto index = static_cast<std::size_t>(found - heading_.begin());
      if (found != heading_.end() && std::ranges::find(taken_, index) == taken_.end()) return take(index, false);
      if (found != heading_.end()) {
        problems_.push_back({"--" + std::string(option), quoted(*wish) + " a second time", "another column: each tells one thing"});
        return std::nullopt;
      }
      problems_.push_back({"--" + std::string(option), quoted(*wish), "a column of the file: " + listed()});
      return std::nullopt;
    }
    for (const std::string_view name : names) {
      for (std::size_t i = 0; i < heading_.size(); ++i) {
        if (bare(heading_[i]) == name && is_free(i)) return take(i, true);
      }
    }
    return std::nullopt;
  }
  /// A column without which nothing goes.
  void miss(std::string_view what, std::string_view option) {
    if (problems_.empty()) problems_.push_back({where_, "columns " + listed(), fmt::format("{}: name it with --{}", what, option)});
  }
  [[nodiscard]] const Problems& problems() const { return problems_; }

 private:
  CallColumn take(std::size_t index, bool guessed) {
    taken_.push_back(index);
    const std::string name = bare(heading_[index]);
    const bool milliseconds = name.ends_with("ms") || name.ends_with("msec");
    return {.index = index, .name = heading_[index], .guessed = guessed, .unit_s = milliseconds ? 0.001 : 1};
  }
  [[nodiscard]] bool is_free(std::size_t index) const {
    return std::ranges::find(taken_, index) == taken_.end() && std::ranges::find(reserved_, index) == reserved_.end();
  }
  static std::string quoted(std::string_view name) { return "'" + shortened(clean_line(name), 60) + "'"; }
  [[nodiscard]] std::string listed() const {
    std::string names;
    for (std::size_t i = 0; i < heading_.size() && i < 12; ++i) names += (i == 0 ? "" : ", ") + shortened(clean_line(heading_[i]), 60);
    return heading_.size() > 12 ? names + ", ..." : names;
  }
  const std::vector<std::string>& heading_;
  const std::string& where_;
  std::vector<std::size_t> taken_;
  std::vector<std::size_t> reserved_;
  Problems problems_;
};

}  // namespace

std::string bare(std::string_view name) {
  std::string letters;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') letters += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) letters += c;
  }
  return letters;
}

Result<CallColumns> find_columns(const std::vector<std::string>& heading, const ColumnWishes& wishes, const std::string& where) {
  Finder finder(heading, where);
  CallColumns columns;
  columns.in_heading = heading.size();
  for (const auto* wish : {&wishes.arrival, &wishes.holding, &wishes.talk, &wishes.outcome, &wishes.number, &wishes.count}) finder.reserve(*wish);
  const auto arrival = finder.find(wishes.arrival, arrival_names, "arrival");
  if (!arrival) finder.miss("one with the time of each row", "arrival");
  if (wishes.counts) {
    columns.count = finder.find(wishes.count, count_names, "count");
    if (!columns.count) finder.miss("one with the calls of each interval", "count");
  } else {
    columns.holding = finder.find(wishes.holding, holding_names, "holding");
    columns.talk = finder.find(wishes.talk, talk_names, "talk");
    columns.outcome = finder.find(wishes.outcome, outcome_names, "outcome");
    columns.number = finder.find(wishes.number, number_names, "number");
    if (!columns.holding && !columns.talk) finder.miss("one with the seconds of each call", "holding (counts per interval: --counts)");
  }
  if (!finder.problems().empty()) return finder.problems();
  columns.arrival = *arrival;
  return columns;
}

}  // namespace trunklab
