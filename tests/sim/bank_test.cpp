// Real calls: a month of a bank's call centre, replayed, against direct counts over the file.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <queue>

#include "scenarios/csv.hpp"
#include "scenarios/time_text.hpp"
#include "tests/sim/support.hpp"

namespace trunklab {
namespace {

using testing::run;

const std::string library = std::string(TRUNKLAB_SOURCE_DIR) + "/scenarios/library/";

struct Row {
  std::int64_t arrival_s;
  std::int64_t holding_s;
};

/// The file's rows, read here by themselves: whole seconds, in order of arrival.
std::vector<Row> rows_of(const std::string& path) {
  std::vector<Row> rows;
  auto csv = CsvReader::open(path);
  if (!csv) return rows;
  std::vector<std::string_view> fields;
  while (csv.value().next(fields)) rows.push_back({parse_iso8601_ns(fields[0]).value() / 1'000'000'000, std::stoll(std::string(fields[1]))});
  std::ranges::stable_sort(rows, {}, &Row::arrival_s);
  return rows;
}

Scenario library_scenario(const std::string& name) {
  auto scenario = read_scenario(library + name);
  if (!scenario) throw std::runtime_error(scenario.problems().front().text());
  return std::move(scenario).value();
}

class Bank : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(file)) GTEST_SKIP() << "the bank's call file is not on this machine";
  }
  const std::string file = std::string(TRUNKLAB_SOURCE_DIR) + "/../shared/data/bank-1999-02.csv";
};

TEST_F(Bank, TheMonthsLargestConcurrencyIsWhatADirectCountGives) {
  const auto ran = run(library_scenario("bank-february.yaml"));
  const auto rows = rows_of(file);
  EXPECT_EQ(rows.size(), 33'066U);
  EXPECT_EQ(ran.end.offered, rows.size());
  std::priority_queue<std::int64_t, std::vector<std::int64_t>, std::greater<>> ends;
  std::size_t most = 0;
  for (const Row& row : rows) {
    while (!ends.empty() && ends.top() <= row.arrival_s) ends.pop();  // release before arrival
    ends.push(row.arrival_s + row.holding_s);
    most = std::max(most, ends.size());
  }
  EXPECT_EQ(ran.end.total.max, most);
}

TEST_F(Bank, TheBurstOnTwentyChannelsBlocksWhatADirectLossCountGives) {
  const auto ran = run(library_scenario("bank-burst.yaml"));
  const std::int64_t from = parse_iso8601_ns("1999-02-03T13:00:00").value() / 1'000'000'000;
  std::priority_queue<std::int64_t, std::vector<std::int64_t>, std::greater<>> ends;
  std::size_t offered = 0;
  std::size_t blocked = 0;
  for (const Row& row : rows_of(file)) {
    if (row.arrival_s < from || row.arrival_s >= from + 3600) continue;
    ++offered;
    while (!ends.empty() && ends.top() <= row.arrival_s) ends.pop();
    if (ends.size() >= 20) {
      ++blocked;
    } else {
      ends.push(row.arrival_s + row.holding_s);
    }
  }
  EXPECT_EQ(offered, 494U);
  EXPECT_EQ(ran.end.offered, offered);
  EXPECT_EQ(std::ranges::count(ran.rows.call_rows, Outcome::blocked, &CallRecord::outcome), static_cast<std::ptrdiff_t>(blocked));
  EXPECT_GT(blocked, 0U);
}

}  // namespace
}  // namespace trunklab
