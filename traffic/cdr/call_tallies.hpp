// All that is kept of a call file: some megabytes, however many rows it has.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "models/statistics/intervals.hpp"
#include "models/statistics/reservoir.hpp"
#include "traffic/cdr/call_file.hpp"
#include "traffic/cdr/cleaning.hpp"
#include "traffic/cdr/hour_sample.hpp"
#include "traffic/cdr/outcome_words.hpp"
#include "traffic/cdr/quarter_grid.hpp"

namespace trunklab {

/// Numbers are people: of each only this much is kept.
inline constexpr std::size_t number_prefix_digits = 3;

struct CallTallies {
  CallFileShape shape;
  TimeZone zone = TimeZone::fixed(0);
  bool offsets_differ = false;
  std::uint64_t rows = 0;
  std::uint64_t kept = 0;     ///< calls, or rows of a counts file
  double calls = 0;           ///< of a counts file: the sum
  std::int64_t every_s = 0;   ///< of a counts file: its interval
  std::int64_t first_ns = 0;  ///< earliest call
  std::int64_t last_ns = 0;
  OddityCounts oddities{};
  RedialSeen redial;
  std::vector<LocalDay> days;
  Moments holding;           ///< of the calls that hold: all of a file with a holding column, else the answered ones
  std::uint64_t unheld = 0;  ///< calls left out of it: not answered, in a file without a holding column
  Reservoir holding_sample{100'000};
  std::uint64_t zero_holdings = 0;
  bool whole_second_holdings = true;
  bool whole_second_arrivals = true;
  HourSample arrivals;
  OutcomeCounts outcomes;
  std::uint64_t answered = 0;  ///< as far as outcome or talk time tells
  double talk_sum_s = 0;
  std::map<std::string, std::uint64_t> prefixes;  ///< of numbers
};

/// `every_s` of a counts file: nullopt = the shortest distance of its first rows.
struct TallyWishes {
  CallFileWishes file;
  std::optional<bool> drops_equal_rows;
  std::optional<std::int64_t> every_s;
  const std::atomic<bool>* stop = nullptr;  ///< once set, reading ends early, and what comes back is of no use
};

/// Reads the whole file. Problems: what CallFile finds, or nothing left to fit (fewer than 100 calls).
Result<CallTallies> tally_calls(const TallyWishes& wishes);

}  // namespace trunklab
