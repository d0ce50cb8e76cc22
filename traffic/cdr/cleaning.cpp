// The rules by which rows are dropped or counted.
#include "traffic/cdr/cleaning.hpp"

#include <algorithm>

#include "traffic/cdr/outcome_words.hpp"

namespace trunklab {
namespace {

constexpr std::array<OddityWords, oddities> words{{
    {"negative", "a duration below 0", true},
    {"absurd", "longer than 24 h", true},
    {"duplicate", "equal to an earlier row", true},
    {"equal", "equal to an earlier row, nothing else to tell them apart", false},
    {"skipped_hour", "in the hour that summer time skips", true},
    {"far_away", "months away from all others", true},
    {"doubled_hour", "in the hour that the end of summer time doubles", false},
    {"out_of_order", "earlier than the row before", false},
    {"overlapping", "the number's last call was not over", false},
}};

/// Columns beyond time, durations and outcome may hold what makes a call unique.
bool tells_calls_apart(const CallColumns& columns) {
  std::size_t plain = 1;
  for (const auto* column : {&columns.holding, &columns.talk, &columns.outcome}) plain += column->has_value() ? 1U : 0U;
  return columns.in_heading > plain;
}

}  // namespace

OddityWords words_of(Oddity oddity) {
  return words[static_cast<std::size_t>(oddity)];
}

std::optional<double> RedialSeen::probability() const {
  if (failed < 30 || answered < 30) return std::nullopt;
  const double after_failure = static_cast<double>(failed_then_again) / static_cast<double>(failed);
  const double anyway = static_cast<double>(answered_then_again) / static_cast<double>(answered);
  return anyway < 1 ? std::max(0.0, (after_failure - anyway) / (1 - anyway)) : 0;
}

Cleaner::Cleaner(const CallFileShape& shape, std::optional<bool> drops_equal_rows)
    : has_number_(shape.columns.number.has_value()),
      drops_equal_rows_(drops_equal_rows.value_or(tells_calls_apart(shape.columns))),
      tells_outcomes_(shape.columns.outcome || shape.columns.talk),
      rows_(shape.columns.count ? 1 : 16),
      numbers_(has_number_ ? 15 : 1) {}

void Cleaner::note(Oddity oddity, std::size_t line, std::uint64_t rows) {
  OddityCount& count = counts_[static_cast<std::size_t>(oddity)];
  if (count.rows == 0) count.first_line = line;
  count.rows += rows;
}

bool Cleaner::drop(Oddity oddity, std::size_t line) {
  note(oddity, line);
  return false;
}

bool Cleaner::take(const CallRow& row, bool answered) {
  if (row.local == LocalTime::Kind::skipped) return drop(Oddity::skipped_hour, row.line);
  if (row.holding_s < 0 || row.talk_s < 0) return drop(Oddity::negative, row.line);
  if (row.holding_s > longest_call_s || row.talk_s > longest_call_s) return drop(Oddity::absurd, row.line);
  if (rows_.find(row.hash)) {
    if (drops_equal_rows_) return drop(Oddity::duplicate, row.line);
    note(Oddity::equal_row, row.line);
  } else {
    rows_.add(row.hash, true);
  }
  if (row.local == LocalTime::Kind::doubled) note(Oddity::doubled_hour, row.line);
  if (row.at_ns < last_ns_) note(Oddity::out_of_order, row.line);
  last_ns_ = row.at_ns;
  if (has_number_ && !row.number.empty()) watch_number(row, answered);
  return true;
}

void Cleaner::watch_number(const CallRow& row, bool answered) {
  const std::int64_t to_ns = row.at_ns + static_cast<std::int64_t>(row.holding_s * 1e9);
  const LastCall call{.from_ns = row.at_ns, .to_ns = to_ns, .answered = answered};
  if (tells_outcomes_) ++(answered ? redial_.answered : redial_.failed);
  const std::uint64_t key = text_hash(row.number);
  LastCall* const last = numbers_.find(key);
  if (!last) {
    numbers_.add(key, call);
    return;
  }
  if (row.at_ns < last->from_ns) return;  // out of order: nothing follows from it
  if (row.at_ns < last->to_ns) {
    note(Oddity::overlapping, row.line);
  } else if (const double delay_s = static_cast<double>(row.at_ns - last->to_ns) / 1e9; tells_outcomes_ && delay_s <= redial_window_s) {
    ++(last->answered ? redial_.answered_then_again : redial_.failed_then_again);
    if (!last->answered) redial_.delay_sum_s += delay_s;
  }
  *last = call;
}

}  // namespace trunklab
