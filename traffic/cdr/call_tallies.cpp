// One pass over a call file.
#include "traffic/cdr/call_tallies.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace trunklab {
namespace {

constexpr std::int64_t ns_per_s = 1'000'000'000;
constexpr double calls_least = 100;
constexpr std::size_t prefixes_max = 2000;

std::string prefix_of(std::string_view number) {
  std::string digits;
  for (const char c : number) {
    if (digits.empty() && c == '+') digits += c;
    if (c >= '0' && c <= '9') digits += c;
    if (digits.size() >= number_prefix_digits + (digits.starts_with('+') ? 1U : 0U)) break;
  }
  return digits.empty() ? "other" : digits + "...";
}

/// The pass: what it needs besides the tallies themselves.
class Pass {
 public:
  Pass(CallFile file, const TallyWishes& wishes)
      : file_(std::move(file)), cleaner_(file_.shape(), wishes.drops_equal_rows), every_s_(wishes.every_s.value_or(0)), stop_(wishes.stop) {}

  Result<CallTallies> run(const std::string& path) {
    CallRow row;
    while (!stopped() && file_.next(row)) {
      ++tallies_.rows;
      if (file_.shape().columns.count) {
        take_count(row);
      } else {
        take_call(row);
      }
    }
    if (!file_.problems().empty()) return file_.problems();
    if (file_.shape().columns.count) finish_counts();
    return finish(path);
  }

 private:
  struct Waiting {
    std::int64_t at_ns;
    double count;
    std::size_t line;
  };

  [[nodiscard]] bool stopped() const { return stop_ != nullptr && stop_->load(std::memory_order_relaxed); }

  void take_call(const CallRow& row) {
    const CallColumns& columns = file_.shape().columns;
    const std::size_t word = columns.outcome ? tallies_.outcomes.place_of(row.outcome) : 0;
    const bool answered = columns.outcome ? tallies_.outcomes.answered(word) : !columns.talk || row.talk_s > 0;
    if (!cleaner_.take(row, answered)) return;
    take_time(row.at_ns);
    if (columns.outcome) tallies_.outcomes.count_up(word);
    if (answered) ++tallies_.answered;
    tallies_.calls += 1;
    tallies_.talk_sum_s += row.talk_s;
    tallies_.arrivals.add(row.at_ns);
    tallies_.whole_second_arrivals = tallies_.whole_second_arrivals && row.at_ns % ns_per_s == 0;
    bins_.add_call(row.at_ns, row.holding_s, row.line);
    if (columns.number) take_number(row.number);
    if (!columns.holding && !answered) {
      ++tallies_.unheld;
      return;
    }
    tallies_.holding.add(row.holding_s);
    tallies_.holding_sample.add(row.holding_s);
    if (row.holding_s == 0) ++tallies_.zero_holdings;
    tallies_.whole_second_holdings = tallies_.whole_second_holdings && row.holding_s == std::floor(row.holding_s);
  }

  void take_number(std::string_view number) {
    const std::string prefix = prefix_of(number);
    const auto found = tallies_.prefixes.find(prefix);
    if (found != tallies_.prefixes.end()) {
      ++found->second;
    } else {
      ++tallies_.prefixes[tallies_.prefixes.size() < prefixes_max ? prefix : "other"];
    }
  }

  /// Rows wait until the interval is known: the shortest distance among the first of them.
  void take_count(const CallRow& row) {
    if (row.local == LocalTime::Kind::skipped) return cleaner_.note(Oddity::skipped_hour, row.line);
    if (row.local == LocalTime::Kind::doubled) cleaner_.note(Oddity::doubled_hour, row.line);
    if (tallies_.kept > 0 && row.at_ns < last_count_ns_) cleaner_.note(Oddity::out_of_order, row.line);
    if (tallies_.kept > 0 && row.at_ns == last_count_ns_) return cleaner_.note(Oddity::duplicate, row.line);
    last_count_ns_ = row.at_ns;
    take_time(row.at_ns);
    tallies_.calls += row.count;
    if (every_s_ > 0) {
      bins_.add_count(row.at_ns, every_s_, row.count, row.line);
      return;
    }
    waiting_.push_back({row.at_ns, row.count, row.line});
    if (waiting_.size() == 1000) finish_counts();
  }

  void finish_counts() {
    if (every_s_ == 0) {
      std::int64_t least_ns = seconds_a_day * ns_per_s;
      for (std::size_t i = 1; i < waiting_.size(); ++i) {
        const std::int64_t distance = waiting_[i].at_ns - waiting_[i - 1].at_ns;
        if (distance >= ns_per_s) least_ns = std::min(least_ns, distance);
      }
      every_s_ = least_ns / ns_per_s;
    }
    for (const Waiting& each : waiting_) bins_.add_count(each.at_ns, every_s_, each.count, each.line);
    waiting_.clear();
  }

  void take_time(std::int64_t at_ns) {
    if (tallies_.kept++ == 0) tallies_.first_ns = tallies_.last_ns = at_ns;
    tallies_.first_ns = std::min(tallies_.first_ns, at_ns);
    tallies_.last_ns = std::max(tallies_.last_ns, at_ns);
  }

  Result<CallTallies> finish(const std::string& path) {
    if (const auto far = bins_.drop_far_days(); far.calls > 0) {
      cleaner_.note(Oddity::far_away, far.first_line, static_cast<std::uint64_t>(far.calls));
      tallies_.calls -= far.calls;
    }
    tallies_.shape = file_.shape();
    tallies_.zone = file_.zone();
    tallies_.offsets_differ = file_.offsets_differ();
    tallies_.every_s = every_s_;
    tallies_.oddities = cleaner_.counts();
    tallies_.redial = cleaner_.redial();
    tallies_.days = bins_.local_days(tallies_.zone);
    if (tallies_.calls < calls_least) {
      return Problem{path, fmt::format("{:.0f} calls in {} rows", tallies_.calls, tallies_.rows),
                     fmt::format("at least {:.0f} to fit anything", calls_least)};
    }
    if (!tallies_.shape.columns.count && tallies_.holding.mean() <= 0) {
      return Problem{path, "no call that lasts above 0 s", "the seconds of each call: name the column with --holding or --talk"};
    }
    return std::move(tallies_);
  }

  CallFile file_;
  Cleaner cleaner_;
  std::int64_t every_s_;
  const std::atomic<bool>* stop_;
  CallTallies tallies_;
  QuarterBins bins_;
  std::vector<Waiting> waiting_;
  std::int64_t last_count_ns_ = 0;
};

}  // namespace

Result<CallTallies> tally_calls(const TallyWishes& wishes) {
  Result<CallFile> file = CallFile::open(wishes.file);
  if (!file) return file.problems();
  return Pass(std::move(file).value(), wishes).run(wishes.file.path);
}

}  // namespace trunklab
