// Call files: window, filter, scale, jitter, order, and what is said about rows that cannot be read.
#include "traffic/demand/trace.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "scenarios/time_text.hpp"
#include "tests/scenarios/files.hpp"
#include "tests/tolerances.hpp"
#include "tests/traffic/demand/support.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

std::int64_t unix_ns(std::string_view text) {
  return parse_iso8601_ns(text).value();
}

const Luck luck(1, "demand/trace", 0);

class TraceFile : public ::testing::Test {
 protected:
  static constexpr Span horizon = 1h;

  /// A spec of a file with this text; the window is the hour from 08:00 on.
  TraceArrivals spec(const std::string& text) {
    write_file(folder_.path() / "calls.csv", text);
    TraceArrivals trace;
    trace.file = (folder_.path() / "calls.csv").string();
    trace.arrival_column = "arrival";
    trace.holding_column = "talk";
    trace.from_unix_ns = unix_ns("2026-03-02T08:00:00");
    trace.to_unix_ns = unix_ns("2026-03-02T09:00:00");
    return trace;
  }
  [[nodiscard]] std::string problems(const TraceArrivals& trace) const {
    const auto calls = read_trace(trace, luck, horizon);
    std::string text = calls ? "no problem\n" : text_of(calls.problems());
    const std::string folder = folder_.path().string() + "/";
    for (std::size_t at = text.find(folder); at != std::string::npos; at = text.find(folder)) text.erase(at, folder.size());
    return text;
  }
  static std::vector<TracedCall> calls(const TraceArrivals& trace, std::uint64_t seed = 1, Span until = horizon) {
    auto result = read_trace(trace, Luck(seed, "demand/trace", 0), until);
    if (!result) throw std::runtime_error(result.problems().front().text());
    return std::move(result).value();
  }

 private:
  TemporaryFolder folder_;
};

const std::string heading = "arrival,talk,outcome\n";

TEST_F(TraceFile, RowsBecomeCallsAtTheirInstants) {
  const std::vector<TracedCall> expected{{.at = run_start, .talk = 18s, .row = 0, .copy = 0},
                                         {.at = run_start + 28s + 250ms, .talk = 1500ms, .row = 1, .copy = 0},
                                         {.at = run_start + 1h - 1s, .talk = 0s, .row = 2, .copy = 0}};
  EXPECT_EQ(calls(spec(heading + "2026-03-02T08:00:00,18,x\n2026-03-02 08:00:28.25,1.5,x\n2026-03-02T08:59:59,0,x\n")), expected);
}

TEST_F(TraceFile, IsSortedWhateverItsOrderAndRowsKeepTheirNumbers) {
  // Real call records are often in the order of their ends. Rows at the same instant keep the file's order.
  const auto sorted = calls(spec(heading + "2026-03-02T08:10:00,1,x\n2026-03-02T08:05:00,2,x\n2026-03-02T08:20:00,3,x\n2026-03-02T08:05:00,4,x\n"));
  std::vector<std::uint32_t> rows;
  for (const TracedCall& call : sorted) rows.push_back(call.row);
  EXPECT_EQ(rows, (std::vector<std::uint32_t>{1, 3, 0, 2}));
  EXPECT_TRUE(std::ranges::is_sorted(sorted, {}, &TracedCall::at));
}

TEST_F(TraceFile, RowsOutsideTheWindowOrPastTheHorizonAreLeftOut) {
  const std::string text = heading +
                           "2026-03-02T07:59:59,bad,x\n2026-03-02T08:00:00,1,x\n2026-03-02T08:29:59,2,x\n2026-03-02T08:30:00,3,x\n"
                           "2026-03-02T08:59:59,4,x\n2026-03-02T09:00:00,bad,x\n";
  EXPECT_EQ(calls(spec(text)).size(), 4U);
  EXPECT_EQ(calls(spec(text), 1, 30min).size(), 2U) << "the run ends before the window";
}

TEST_F(TraceFile, WhereKeepsItsRowsOnlyAndTheirNumbers) {
  TraceArrivals trace = spec(heading +
                             "2026-03-02T08:00:01,1,answered\n2026-03-02T08:00:02,bad,abandoned\n2026-03-02T08:00:03,3,answered\n"
                             "2026-03-02T08:00:04,4,\"answered\"\n2026-03-02T08:00:05,5,Answered\n");
  trace.where_column = "outcome";
  trace.where_value = "answered";
  std::vector<std::uint32_t> rows;
  for (const TracedCall& call : calls(trace)) rows.push_back(call.row);
  EXPECT_EQ(rows, (std::vector<std::uint32_t>{0, 2, 3}));
}

TEST_F(TraceFile, MistakesAreNamedByLineAndColumn) {
  struct Row {
    std::string text;
    const char* problems;
    const char* why;
  };
  const Row rows[]{
      {heading + "2026-03-02T08:00:00,1,x\nyesterday,2,x\n",
       "calls.csv:3:1: found 'yesterday', expected a date and time such as 1999-02-01T00:11:28\n", "no date"},
      {heading + "2026-03-02T08:00:00,long,x\n", "calls.csv:2:21: found 'long', expected a duration of 0 to 172800 seconds\n", "no number"},
      {heading + "2026-03-02T08:00:00,-1,x\n", "calls.csv:2:21: found '-1', expected a duration of 0 to 172800 seconds\n", "negative"},
      {heading + "2026-03-02T08:00:00,,x\n", "calls.csv:2:21: found '', expected a duration of 0 to 172800 seconds\n", "empty"},
      {heading + "2026-03-02T08:00:00,172800.001,x\n", "calls.csv:2:21: found '172800.001', expected a duration of 0 to 172800 seconds\n",
       "longer than 48 h"},
      {heading + "2026-03-02T08:00:00,172800,x\n", "no problem\n", "48 h"},
      {heading + "2026-03-02T08:00:00,nan,x\n2026-03-02T08:00:00,inf,x\n2026-03-02T08:00:00,18s,x\n",
       "calls.csv:2:21: found 'nan', expected a duration of 0 to 172800 seconds\n"
       "calls.csv:3:21: found 'inf', expected a duration of 0 to 172800 seconds\n"
       "calls.csv:4:21: found '18s', expected a duration of 0 to 172800 seconds\n",
       "every mistake in one go"},
      {heading + "2026-02-30T08:00:00,1,x\n", "calls.csv:2:1: found '2026-02-30T08:00:00', expected a date and time such as 1999-02-01T00:11:28\n",
       "no such day"},
      {"arrival,duration\n2026-03-02T08:00:00,1\n", "calls.csv:1:1: found no column 'talk', expected a heading line that names it\n",
       "missing column"},
      {"when,duration\n",
       "calls.csv:1:1: found no column 'arrival', expected a heading line that names it\n"
       "calls.csv:1:1: found no column 'talk', expected a heading line that names it\n",
       "both missing"},
  };
  for (const auto& [text, expected, why] : rows) EXPECT_EQ(problems(spec(text)), expected) << why;
}

TEST_F(TraceFile, AfterTwentyMistakesReadingStops) {
  std::string text = heading;
  for (int i = 0; i < 1000; ++i) text += "never,1,x\n";
  const std::string messages = problems(spec(text));
  EXPECT_EQ(std::ranges::count(messages, '\n'), 20);
  EXPECT_NE(messages.find("calls.csv:21:1:"), std::string::npos);
}

TEST_F(TraceFile, ARaggedRowIsAMistakeToo) {
  const std::string messages = problems(spec(heading + "2026-03-02T08:00:00,1,x\n2026-03-02T08:00:00,1\n"));
  EXPECT_TRUE(messages.starts_with("calls.csv:3:")) << messages;
}

TEST_F(TraceFile, AFileThatIsNotThereIsSaidToBeSo) {
  TraceArrivals trace = spec(heading);
  trace.file += ".not";
  EXPECT_EQ(problems(trace), "calls.csv.not: found no such file, expected a file that can be read\n");
}

TEST_F(TraceFile, BothColumnsOfAFileWithoutRowsGiveNoCalls) {
  EXPECT_TRUE(calls(spec(heading)).empty());
}

// ---- scale and jitter

std::string many_rows(int rows) {
  std::string text = heading;
  for (int row = 0; row < rows; ++row) {
    const int second = row * 3000 / rows;
    text += "2026-03-02T08:" + std::to_string(100 + second / 60).substr(1) + ":" + std::to_string(100 + second % 60).substr(1) + ",7,x\n";
  }
  return text;
}

class TraceScale : public TraceFile, public ::testing::WithParamInterface<double> {};

TEST_P(TraceScale, KeepsTheWholeCopiesAndDrawsTheFraction) {
  constexpr int rows = 5000;
  const double scale = GetParam();
  TraceArrivals trace = spec(many_rows(rows));
  trace.scale = scale;
  const double whole = std::floor(scale);
  double drawn = 0;
  for (std::uint64_t seed = 1; seed <= tolerance::seeds; ++seed) {
    std::map<std::uint32_t, std::set<std::uint32_t>> copies;
    for (const TracedCall& call : calls(trace, seed)) {
      EXPECT_TRUE(copies[call.row].insert(call.copy).second) << "copy twice";
    }
    for (std::uint32_t row = 0; row < rows; ++row) {
      const auto seen = static_cast<double>(copies[row].size());
      ASSERT_TRUE(seen == whole || (seen == whole + 1 && scale > whole)) << "row " << row;
      ASSERT_TRUE(seen == 0 || *copies[row].rbegin() + 1 == copies[row].size()) << "copies are numbered without a gap";
      drawn += seen - whole;
    }
  }
  const double n = rows * static_cast<double>(tolerance::seeds);
  const double fraction = scale - whole;
  EXPECT_LE(std::abs(drawn - n * fraction), tolerance::standard_errors * std::sqrt(n * fraction * (1 - fraction)));
}

TEST_P(TraceScale, CallsOfASmallerScaleAreAmongThoseOfALargerOne) {
  TraceArrivals trace = spec(many_rows(1000));
  trace.scale = GetParam();
  std::set<std::pair<std::uint32_t, std::uint32_t>> kept;
  for (const TracedCall& call : calls(trace)) kept.insert({call.row, call.copy});
  trace.scale += 0.2;
  std::set<std::pair<std::uint32_t, std::uint32_t>> more;
  for (const TracedCall& call : calls(trace)) more.insert({call.row, call.copy});
  EXPECT_GT(more.size(), kept.size());
  EXPECT_TRUE(std::ranges::includes(more, kept));
}

INSTANTIATE_TEST_SUITE_P(Scales, TraceScale, ::testing::Values(0, 0.1, 0.5, 1, 1.7, 2.5));

TEST_F(TraceFile, JitterMovesAddedCopiesOnlyAndByLessThanItSays) {
  constexpr Span jitter = 20s;
  TraceArrivals trace = spec(many_rows(2000));
  const auto plain = calls(trace);
  std::map<std::uint32_t, Instant> at;
  for (const TracedCall& call : plain) at[call.row] = call.at;
  trace.scale = 3;
  trace.jitter = jitter;
  std::vector<double> shares;
  Instant last = run_start;
  for (const TracedCall& call : calls(trace)) {
    EXPECT_GE(call.at, last) << "jitter keeps the order of time";
    last = call.at;
    const Span moved = call.at - at.at(call.row);
    if (call.copy == 0) {
      EXPECT_EQ(moved, 0s);
    } else {
      ASSERT_GE(moved, 0s);
      ASSERT_LE(moved, jitter);
      shares.push_back(in_seconds(moved) / in_seconds(jitter));
    }
  }
  ASSERT_EQ(shares.size(), 4000U);
  EXPECT_LE(testing::ks_statistic(shares), tolerance::ks_limit) << "uniform";
}

TEST_F(TraceFile, JitterPastTheHorizonDropsTheCopy) {
  TraceArrivals trace = spec(heading + "2026-03-02T08:59:59,1,x\n");
  trace.scale = 1000;
  trace.jitter = 10s;
  const auto played = calls(trace);
  EXPECT_LT(played.size(), 200U) << "about one in ten falls into the last second";
  EXPECT_LT(played.back().at, run_start + horizon);
}

TEST_F(TraceFile, StreamPlaysTheFileWithItsOwnTalkTimes) {
  TraceArrivals trace = spec(heading + "2026-03-02T08:10:00,30,x\n2026-03-02T08:05:00,20,x\n");
  trace.scale = 2;
  DemandSpec demand = testing::demand_with(trace);
  demand.holding = Fixed{999s};
  demand.ring_time = Gamma{9s, 0.7};
  const auto rows = testing::rows_of(demand, horizon);
  ASSERT_EQ(rows.size(), 4U);
  const CallId ids[]{{.window = 0, .number = 1}, {.window = 1, .number = 1}, {.window = 0, .number = 0}, {.window = 1, .number = 0}};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(rows[i].id, ids[i]) << "window is the copy, number the row";
    EXPECT_EQ(rows[i].talk, i < 2 ? 20s : 30s);
  }
  EXPECT_NE(rows[0].ring, rows[1].ring) << "a copy is another call";
}

// ---- a bank's February

class BankTrace : public ::testing::Test {
 protected:
  static constexpr Span month = 28 * 24h;

  void SetUp() override {
    if (!std::filesystem::exists(file)) GTEST_SKIP() << "the bank's file is not here: " << file;
    trace_.file = file;
    trace_.arrival_column = "arrival";
    trace_.holding_column = "holding_s";
    set_window("1999-02-01T00:00:00", "1999-03-01T00:00:00");
  }
  void set_window(std::string_view from, std::string_view to) {
    trace_.from_unix_ns = unix_ns(from);
    trace_.to_unix_ns = unix_ns(to);
  }
  [[nodiscard]] std::vector<TracedCall> calls(Span horizon, std::uint64_t seed = 1) const {
    auto result = read_trace(trace_, Luck(seed, "demand/callers", 0), horizon);
    if (!result) throw std::runtime_error(result.problems().front().text());
    return std::move(result).value();
  }

  static constexpr const char* file = TRUNKLAB_SOURCE_DIR "/../shared/data/bank-1999-02.csv";
  TraceArrivals trace_;
};

// Counted with awk.
TEST_F(BankTrace, HasAllCallsOfTheMonth) {
  const auto played = calls(month);
  ASSERT_EQ(played.size(), 33'066U);
  const Span first[]{11min + 28s, 11min + 33s, 30min + 34s};
  for (std::size_t i = 0; i < std::size(first); ++i) EXPECT_EQ(played[i].at - run_start, first[i]);
  EXPECT_EQ(played[0].talk, 18s);
  EXPECT_EQ(played.back().at, run_start + 27 * 24h + 23h + 43min + 46s);
  Span talk{};
  for (const TracedCall& call : played) talk += call.talk;
  EXPECT_EQ(talk, 6'474'419s);
}

TEST_F(BankTrace, WindowOfTheBurstHas494Calls) {
  set_window("1999-02-03T13:00:00", "1999-02-03T14:00:00");
  const auto played = calls(1h);
  ASSERT_EQ(played.size(), 494U);
  EXPECT_EQ(played.front().at, run_start + 13s);
}

TEST_F(BankTrace, WhereCountsOutcomes) {
  trace_.where_column = "outcome";
  for (const auto& [value, rows] : {std::pair{"answered", 27'162U}, std::pair{"abandoned", 5'904U}, std::pair{"outcome", 0U}}) {
    trace_.where_value = value;
    EXPECT_EQ(calls(month).size(), rows) << value;
  }
}

TEST_F(BankTrace, ScalesByHalfAndByTwoAndAHalf) {
  constexpr double rows = 33'066;
  for (const double scale : {0.5, 2.5}) {
    trace_.scale = scale;
    trace_.jitter = 30s;
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      const auto played = static_cast<double>(calls(month, seed).size());
      EXPECT_LE(std::abs(played - rows * scale), tolerance::standard_errors * std::sqrt(rows) / 2) << "scale " << scale << ", seed " << seed;
    }
  }
}

}  // namespace
}  // namespace trunklab
