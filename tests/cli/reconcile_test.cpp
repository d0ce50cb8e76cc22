// trunklab reconcile: a run record and a carrier's file in, the differences out, and an exit code that says whether there are any.
#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/cli/command_test.hpp"

namespace trunklab {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using Words = std::vector<std::string>;

const std::string small =
    "horizon: { start: 2026-03-02T08:00:00Z, duration: 1h }\nseed: 7\n"
    "sites:\n  oslo:\n    routing: { target: addresses, regions: [euc1] }\n"
    "demand:\n  retail:\n    arrivals: { process: poisson, rate: 6/min }\n    holding: { distribution: exponential, mean: 60s }\n"
    "    answer: { answered: 70%, busy: 30% }\n";

/// A row of the carrier's file.
struct CarrierRow {
  std::string call_id;
  double start_s = 0;  ///< since 08:00
  double talk_s = 0;
  int code = 0;
};

std::string clock_of(double start_s) {
  const long ms = std::lround(start_s * 1000);
  return fmt::format("2026-03-02T{:02}:{:02}:{:02}.{:03}Z", 8 + ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60, ms % 1000);
}

class Reconcile : public CommandTest {
 protected:
  void SetUp() override { ASSERT_EQ(run_command("simulate", "small.yaml", small, {"-o", "run.sqlite"}).code, 0); }

  /// What a carrier whose clock is 2.5 s ahead would have of the calls that are over, billed by the second.
  [[nodiscard]] std::vector<CarrierRow> carrier_rows() const {
    const SQLite::Database record((folder() / "run.sqlite").string());
    SQLite::Statement query(
        record,
        "SELECT r.call_id, (a.sent + 2500000000) / 1e9, coalesce((c.ended - c.answered) / 1e9, 0), a.code FROM attempts a "
        "JOIN calls c USING (replication, demand, window, number, redial) JOIN attempts_readable r ON r.call_id = "
        "'retail.' || a.window || '.' || a.number || '.0@trunklab' WHERE a.window <> 16777215 AND c.ended IS NOT NULL ORDER BY a.sent");
    std::vector<CarrierRow> rows;
    while (query.executeStep()) {
      rows.push_back({query.getColumn(0), query.getColumn(1), std::ceil(query.getColumn(2).getDouble()), query.getColumn(3)});
    }
    return rows;
  }
  void write_carrier(const std::vector<CarrierRow>& rows, const std::string& called = "") const {
    std::string text = called.empty() ? "call_id,start,billsec,sip_code\n" : "dst,start,billsec,sip_code\n";
    for (const CarrierRow& row : rows) {
      text += fmt::format("{},{},{},{}\n", called.empty() ? row.call_id : called, clock_of(row.start_s), row.talk_s, row.code);
    }
    write_file(folder() / "carrier.csv", text);
  }
  [[nodiscard]] Ended reconcile(const Words& more = {}) const {
    Words words{"reconcile", "run.sqlite", "carrier.csv"};
    words.insert(words.end(), more.begin(), more.end());
    return run_trunklab(words, here());
  }
  /// Calls by reason, of those that there are.
  [[nodiscard]] static std::map<std::string, int> reasons(const std::string& document) {
    std::map<std::string, int> found;
    const auto json = nlohmann::json::parse(document);
    for (const auto& each : json["reasons"]) {
      if (each["calls"] > 0) found[each["reason"]] = each["calls"];
    }
    return found;
  }
};

TEST_F(Reconcile, SoundFilesDifferInNothing) {
  write_carrier(carrier_rows());
  const Ended ended = reconcile();
  EXPECT_EQ(ended.code, 0) << ended.out;
  EXPECT_EQ(ended.err, "");
  EXPECT_THAT(ended.out, StartsWith("run.sqlite, replication 0, against carrier.csv\n"
                                    "matched   by Call-ID (--call-id call_id, guessed)\n"
                                    "columns   --arrival start (guessed), --talk billsec (guessed), --outcome\n"));
  EXPECT_THAT(ended.out, HasSubstr("\nclock     theirs is 2.500 s ahead (median)"));
  EXPECT_THAT(ended.out, HasSubstr("\ndifferences: 0\n"));
  EXPECT_THAT(ended.out, HasSubstr("Defaults of ours: --match-within 60s, --start-tolerance 2s, "));
}

/// The far side's hang-up may overtake its answer: such a call has not talked.
TEST_F(Reconcile, ACallThatEndsBeforeItsAnswerIsHeardHasNotTalked) {
  std::vector<CarrierRow> rows = carrier_rows();
  const auto first = std::ranges::find(rows, 200, &CarrierRow::code);
  {
    const SQLite::Database record((folder() / "run.sqlite").string(), SQLite::OPEN_READWRITE);
    SQLite::Statement change(record, "UPDATE calls SET ended = answered - 5000000 WHERE 'retail.' || window || '.' || number || '.0@trunklab' = ?");
    change.bind(1, first->call_id);
    ASSERT_EQ(change.exec(), 1);
  }
  first->talk_s = 0;
  first->code = 200;
  write_carrier(rows);
  const Ended ended = reconcile();
  EXPECT_EQ(ended.code, 0) << ended.out << ended.err;
}

TEST_F(Reconcile, ReadsCodesWithWordsBehindThemAndCountsThoseItDoesNotKnow) {
  std::string text = "call_id,start,billsec,sip_code\n";
  int unread = 0;
  for (const CarrierRow& row : carrier_rows()) {
    const bool odd = row.code == 486 && unread == 0;
    const std::string code = row.code == 486 ? (odd ? "gone fishing" : "SIP/2.0 486 Busy Here") : std::to_string(row.code) + " OK";
    unread += odd;
    text += fmt::format("{},{},{},{}\n", row.call_id, clock_of(row.start_s), row.talk_s, code);
  }
  write_file(folder() / "carrier.csv", text);
  const Ended ended = reconcile();
  EXPECT_EQ(ended.code, 0) << ended.out;
  EXPECT_THAT(ended.out, HasSubstr("codes     1 rows not compared: no code and no word that is known\n"));
}

TEST_F(Reconcile, DoesNotTakeAnyDurationForTheTimeTalked) {
  std::string text = "call_id,start,duration\n";
  for (const CarrierRow& row : carrier_rows()) text += fmt::format("{},{},{}\n", row.call_id, clock_of(row.start_s), row.talk_s);
  write_file(folder() / "carrier.csv", text);
  const Ended refused = reconcile();
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("no column that is surely the time talked, only 'duration'"));
  EXPECT_EQ(reconcile({"--talk", "duration"}).code, 0);
}

TEST_F(Reconcile, SaysWhatToLookAtWhereHardlyAnythingMatches) {
  std::vector<CarrierRow> rows = carrier_rows();
  for (CarrierRow& row : rows) row.call_id = "<" + row.call_id + ">";
  write_carrier(rows);
  EXPECT_THAT(reconcile().out, HasSubstr(fmt::format("doubt     only 0 of {} matched", rows.size())));
}

TEST_F(Reconcile, TellsEachDifferenceAndShowsTheFirst) {
  std::vector<CarrierRow> rows = carrier_rows();
  const auto answered = [&](std::size_t from) {
    while (rows[from].code != 200) ++from;
    return from;
  };
  rows[answered(50)].talk_s += 600;
  const std::size_t busy = static_cast<std::size_t>(std::ranges::find(rows, 486, &CarrierRow::code) - rows.begin());
  rows[busy].code = 503;
  rows.push_back(rows[answered(100)]);
  rows.push_back({"unknown.1@carrier", 1800, 60, 200});
  const std::size_t lost = answered(150);
  const std::string name = rows[lost].call_id;
  rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(lost));
  write_carrier(rows);
  const Ended ended = reconcile({"--json"});
  EXPECT_EQ(ended.code, 3);
  EXPECT_EQ(
      reasons(ended.out),
      (std::map<std::string, int>{{"missing_there_answered", 1}, {"missing_here", 1}, {"duplicate_there", 1}, {"release_code", 1}, {"duration", 1}}));
  const Ended text = reconcile();
  EXPECT_THAT(text.out, HasSubstr("\nanswered here, missing there: 1\n  " + name + "  2026-03-02T08:"));
  EXPECT_THAT(text.out, HasSubstr("  here 486, there 503, line " + std::to_string(busy + 2) + "\n"));
  EXPECT_THAT(text.out, HasSubstr("\nmissing here: 1\n  unknown.1@carrier  2026-03-02T08:30:00.000Z  there 60.000 s, line "));
  EXPECT_EQ(reconcile({"--examples", "0"}).out.find("unknown.1"), std::string::npos);
}

TEST_F(Reconcile, BillsByTheMinute) {
  std::vector<CarrierRow> rows = carrier_rows();
  for (CarrierRow& row : rows) row.talk_s = std::ceil(row.talk_s / 60) * 60;
  write_carrier(rows);
  EXPECT_EQ(reconcile().code, 3) << "by the second they are too long";
  const Ended ended = reconcile({"--increment", "60s", "--json"});
  EXPECT_EQ(ended.code, 0);
  const auto json = nlohmann::json::parse(ended.out);
  EXPECT_EQ(json["here"]["billed_s"], json["there"]["billed_s"]);
  EXPECT_GT(json["rounded_up"], 100);
}

TEST_F(Reconcile, WithoutCallIdsByNumberOrStart) {
  const std::vector<CarrierRow> rows = carrier_rows();
  write_carrier(rows, "+4670123");
  const Ended by_start = reconcile({"--json"});
  EXPECT_EQ(by_start.code, 0) << by_start.out;
  EXPECT_EQ(nlohmann::json::parse(by_start.out)["matched_by"], "start");
  std::string numbers = "call_id,number\n";
  for (const CarrierRow& row : rows) numbers += row.call_id + ",+4670123\n";
  write_file(folder() / "numbers.csv", numbers);
  const Ended by_number = reconcile({"--numbers", "numbers.csv", "--json"});
  EXPECT_EQ(by_number.code, 0) << by_number.out;
  EXPECT_EQ(nlohmann::json::parse(by_number.out)["matched_by"], "number");
}

TEST_F(Reconcile, AFileOfAnsweredCallsOnly) {
  std::vector<CarrierRow> rows = carrier_rows();
  std::erase_if(rows, [](const CarrierRow& row) { return row.code != 200; });
  write_carrier(rows);
  EXPECT_EQ(reconcile().code, 3);
  const Ended ended = reconcile({"--answered-only"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.out, HasSubstr("not answered here, left out: the file has answered calls only"));
}

struct MisuseRow {
  Words words;
  const char* message;
};

TEST_F(Reconcile, RefusesWhatItDoesNotUnderstand) {
  write_file(folder() / "carrier.csv", "call_id,start,billsec\na,2026-03-02T08:00:00Z,10\na,2026-03-02T08:99:00Z,10\n");
  write_file(folder() / "numbers.csv", "call_id,number\na,1\na,2\n");
  write_file(folder() / "letters.csv", "x,y\n1,2\n");
  for (const auto& [words, message] :
       {MisuseRow{{"run.sqlite"}, "trunklab: found no call file, expected: trunklab reconcile RUN CDR.csv [options]\n"},
        MisuseRow{{"run.sqlite", "none.csv"}, "none.csv: found no such file"},
        MisuseRow{{"run.sqlite", "carrier.csv"}, "carrier.csv:3:3: found '2026-03-02T08:99:00Z', expected a date and time such as "},
        MisuseRow{{"run.sqlite", "letters.csv"}, "letters.csv:1:1: found columns x, y, expected "},
        MisuseRow{{"run.sqlite", "carrier.csv", "--call-id", "sid"},
                  "--call-id: found 'sid', expected a column of the file: call_id, start, billsec\n"},
        MisuseRow{{"run.sqlite", "carrier.csv", "--called", "dst"},
                  "--called: found 'dst', expected a column of the file: call_id, start, billsec\n"},
        MisuseRow{{"run.sqlite", "carrier.csv", "--numbers", "numbers.csv"},
                  "numbers.csv:3:1: found 'a' a second time, expected each Call-ID once\n"},
        MisuseRow{{"run.sqlite", "carrier.csv", "--numbers", "letters.csv"},
                  "letters.csv:1:1: found no such columns, expected the columns call_id and number\n"},
        MisuseRow{{"run.sqlite", "carrier.csv", "--increment", "0s"},
                  "trunklab: --increment: found '0s', expected a duration from 1ms to 24h, such as 60s\n"},
        MisuseRow{{"run.sqlite", "carrier.csv", "--start-tolerance", "2"},
                  "trunklab: --start-tolerance: found '2', expected a duration up to 24h, such as 2s\n"},
        MisuseRow{{"run.sqlite", "carrier.csv", "--examples", "many"},
                  "trunklab: --examples: found 'many', expected a whole number from 0 to 1000000\n"},
        MisuseRow{{"run.sqlite", "carrier.csv", "--talk", ""}, "trunklab: --talk: found '', expected the name of a column, or none\n"},
        MisuseRow{{"run.sqlite", "carrier.csv", "--date-format", "ymd"},
                  "trunklab: --date-format: found 'ymd', expected iso, dmy, mdy, unix or unix-ms\n"}}) {
    Words all{"reconcile"};
    all.insert(all.end(), words.begin(), words.end());
    const Ended ended = run_trunklab(all, here());
    EXPECT_EQ(ended.code, 2) << message;
    EXPECT_EQ(ended.out, "");
    EXPECT_THAT(ended.err, StartsWith(message));
  }
  write_carrier(carrier_rows());
  const Ended ended = reconcile({"--replication", "1"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_EQ(ended.err, "trunklab: --replication: found '1', expected a whole number from 0 to 0\n");
}

}  // namespace
}  // namespace trunklab
