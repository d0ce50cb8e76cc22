// trunklab import: call file in, summary and scenario out, and nothing half-written.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/cli/command_test.hpp"

namespace trunklab {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using Words = std::vector<std::string>;

/// Four weeks: 12 calls an hour from 8 to 18, every third not answered; 200 calls more on the second Wednesday from 13 to 14.
std::string four_weeks() {
  std::string text = "start,duration,status,src\n";
  int caller = 0;
  for (int day = 0; day < 28; ++day) {
    for (int hour = 8; hour < 18; ++hour) {
      const int calls = 12 + (day == 9 && hour == 13 ? 200 : 0);
      for (int i = 0; i < calls; ++i, ++caller) {
        const int second = i * 3600 / calls;
        text += fmt::format("{:02}/02/2021 {:02}:{:02}:{:02},{},{},+4670{:07}\n", day + 1, hour, second / 60, second % 60, 30 + caller * 37 % 300,
                            caller % 3 == 0 ? "NO ANSWER" : "ANSWERED", caller);
      }
    }
  }
  return text;
}

class Import : public CommandTest {
 protected:
  [[nodiscard]] Ended import(const std::string& text, const Words& more) const { return run_command("import", "calls.csv", text, more); }
  [[nodiscard]] Ended trunklab(const Words& words) const { return run_trunklab(words, here()); }
};

TEST_F(Import, TellsTheFileAndWritesAScenarioThatRuns) {
  const Ended ended = import(four_weeks(), {"-o", "demand.yaml"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.err, "");
  EXPECT_THAT(ended.out,
              StartsWith("file          calls.csv: 3,560 rows, 3,560 calls, 2021-02-01 to 2021-02-28\n"
                         "columns       --arrival start (guessed), --holding duration (guessed), --outcome status (guessed), --number src (guessed)\n"
                         "times         --date-format dmy, no time zone"));
  EXPECT_THAT(ended.out, HasSubstr("bursts        Wed 2021-02-10 13:00-14:00: 212 calls, other weeks 12"));
  EXPECT_THAT(ended.out, HasSubstr("answers       ANSWERED 66.7 % (answered), NO ANSWER 33.3 % (no answer)\n"));
  EXPECT_THAT(ended.out, HasSubstr("numbers       1 prefix; +467... 100.0 %\n"));
  EXPECT_THAT(ended.out, HasSubstr(" hours of the last week ("));
  EXPECT_THAT(ended.out, HasSubstr("fixed daily measurement hour (FDMH)         13:00-14:00"));
  EXPECT_EQ(files_in(folder()), (Words{"calls.csv", "demand-holding.csv", "demand.yaml"}));
  const Ended checked = trunklab({"check", "demand.yaml"});
  EXPECT_EQ(checked.code, 0) << checked.err;
  EXPECT_THAT(checked.out, HasSubstr("demand.yaml: sound"));
  const Ended simulated = trunklab({"simulate", "demand.yaml"});
  EXPECT_EQ(simulated.code, 0) << simulated.err;
  EXPECT_EQ(import(four_weeks(), {"-o", "demand.yaml"}).code, 0) << "its own scenario may be replaced";
}

TEST_F(Import, PlaysTheFile) {
  std::string text = "arrival,holding\n";
  for (int i = 0; i < 300; ++i) text += fmt::format("2024-03-04T10:{:02}:{:02},{}\n", i / 60, i % 60, 30 + i % 7);
  const Ended ended = import(text, {"--trace", "-o", "replay.yaml"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(files_in(folder()), (Words{"calls.csv", "replay.yaml"}));
  const Ended simulated = trunklab({"simulate", "replay.yaml", "--json"});
  EXPECT_EQ(simulated.code, 0) << simulated.err;
  EXPECT_THAT(simulated.out, HasSubstr("300"));
  EXPECT_THAT(trunklab({"check", "replay.yaml"}).out, HasSubstr("0 faults, the calls of 1 trace\n"));
}

TEST_F(Import, AnswersInJson) {
  const Ended ended = import(four_weeks(), {"--json", "--hour", "9"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  const auto json = nlohmann::json::parse(ended.out);
  EXPECT_EQ(json["command"], "import");
  EXPECT_EQ(json["file"]["calls"], 3560);
  EXPECT_EQ(json["file"]["odd_rows"]["negative"]["rows"], 0);
  EXPECT_EQ(json["week"]["slots"].size(), 168U);
  EXPECT_EQ(json["week"]["bursts"][0]["from_hour"], 13);
  EXPECT_EQ(json["busy_hours"]["fdmh"]["from_hour"], 9);
  EXPECT_EQ(json["busy_hours"]["fdmh"]["calls"], 12);
  EXPECT_EQ(json["holding"]["laws"].size(), 4U);
  EXPECT_EQ(json["held_out"]["hours"], 162) << "up to the last call";
  EXPECT_EQ(json["answers"]["words"][0]["taken_as"], "no_answer");
}

TEST_F(Import, OfABrokenFileWritesNothing) {
  const Ended ended = import("arrival,holding\n2024-03-04T10:00:00,60\n2024-03-04T10:00:99,60\n", {"-o", "demand.yaml"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_EQ(ended.out, "");
  EXPECT_EQ(ended.err, "calls.csv:3:1: found '2024-03-04T10:00:99', expected a date and time such as 2024-03-31T09:15:00, years 1970 to 2150\n");
  EXPECT_EQ(files_in(folder()), (Words{"calls.csv"}));
}

/// 400 calls, each of 60 s, in a quarter of an hour.
std::string one_quarter() {
  std::string text = "arrival,holding\n";
  for (int i = 0; i < 400; ++i) text += fmt::format("2024-01-13T10:{:02}:{:02},60\n", i / 60, i % 60);
  return text;
}

TEST_F(Import, SaysWhatTheFileDoesNotTell) {
  const Ended ended = import(one_quarter(), {"-o", "demand.yaml"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  const char* gaps =
      "167 of 168 slots of the week were never recorded: their rate 0 is not known; 1 was recorded for a part only: its rate is stretched to the "
      "whole";
  EXPECT_THAT(ended.out, HasSubstr(gaps));
  EXPECT_THAT(ended.out, HasSubstr("busy hour     not told: no hour of a day was recorded as a whole"));
  const std::string yaml = text_of(folder() / "demand.yaml");
  EXPECT_THAT(yaml, HasSubstr("# Beware: 167 of 168 slots of the week were never recorded"));
  EXPECT_THAT(yaml, HasSubstr("holding: { distribution: fixed, value: 60.000s }"));
  const Ended checked = trunklab({"check", "demand.yaml"});
  EXPECT_EQ(checked.code, 0) << checked.err;
}

TEST_F(Import, EndsAtTheUsersWishAndLeavesNothing) {
  std::string text = "arrival,holding\n";
  for (int i = 0; i < 2'000'000; ++i) text += fmt::format("2024-01-{:02}T{:02}:{:02}:{:02},60\n", 1 + i / 86'400, i / 3600 % 24, i / 60 % 60, i % 60);
  write_file(folder() / "calls.csv", text);
  Program job({"import", "calls.csv", "-o", "demand.yaml"}, here());
  std::this_thread::sleep_for(std::chrono::milliseconds{200});
  job.signal(SIGINT);
  const Ended ended = job.wait();
  EXPECT_EQ(ended.code, 130);
  EXPECT_EQ(ended.err, "stopped by the user; nothing was written\n");
  EXPECT_EQ(ended.out, "");
  EXPECT_EQ(files_in(folder()), (Words{"calls.csv"}));
}

/// Four weeks in which every half hour of the week has another rate than the one before: a long scenario.
std::string uneven_weeks() {
  std::string text = "start,duration\n";
  int caller = 0;
  for (int half = 0; half < 28 * 48; ++half) {
    const int calls = 3 + half % 336 * 37 % 11;
    for (int i = 0; i < calls; ++i, ++caller) {
      const int minute = half % 2 * 30 + i;
      text += fmt::format("2021-02-{:02} {:02}:{:02}:00,{}\n", half / 48 + 1, half / 2 % 24, minute, 30 + caller * 37 % 300);
    }
  }
  return text;
}

TEST_F(Import, AFullDiskLeavesNothing) {
  ASSERT_EQ(import(uneven_weeks(), {"--half-hours", "-o", "whole.yaml"}).code, 0);
  const auto quantiles = std::filesystem::file_size(folder() / "whole-holding.csv");
  const auto scenario = std::filesystem::file_size(folder() / "whole.yaml");
  ASSERT_LT(quantiles, scenario) << "the quantiles have room, the scenario has not";
  Launch small = here();
  small.with = {"env", "--ignore-signal=XFSZ", "prlimit", "--fsize=" + std::to_string((quantiles + scenario) / 2)};
  const Ended ended = run_trunklab({"import", "calls.csv", "--half-hours", "-o", "demand.yaml"}, small);
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("demand.yaml: cannot be written"));
  EXPECT_EQ(files_in(folder()), (Words{"calls.csv", "whole-holding.csv", "whole.yaml"}));
}

TEST_F(Import, NeverReplacesWhatItDidNotMake) {
  write_file(folder() / "mine.yaml", "horizon: { duration: 1h }\n");
  EXPECT_EQ(import(four_weeks(), {"-o", "mine.yaml"}).code, 1);
  EXPECT_EQ(text_of(folder() / "mine.yaml"), "horizon: { duration: 1h }\n");
  write_file(folder() / "new-holding.csv", "seconds\n1\n");
  EXPECT_EQ(import(four_weeks(), {"-o", "new.yaml"}).code, 1);
  EXPECT_FALSE(std::filesystem::exists(folder() / "new.yaml"));
}

struct MisuseRow {
  Words words;
  const char* message;
};

TEST_F(Import, RefusesWhatItDoesNotUnderstand) {
  write_file(folder() / "calls.csv", four_weeks());
  for (const auto& [words, message] :
       {MisuseRow{{}, "trunklab: found no call file, expected: trunklab import CALLS.csv [options]\n"},
        MisuseRow{{"none.csv"}, "none.csv: found no such file"},
        MisuseRow{{"calls.csv", "--trace"}, "trunklab: found --trace without --output, expected both: --trace writes another scenario\n"},
        MisuseRow{{"calls.csv", "--trace", "-o", "x.yaml"},
                  "--trace: found times of the form dmy, seconds in 'duration', expected what a trace may have: "},
        MisuseRow{{"calls.csv", "--date-format", "ymd"}, "trunklab: --date-format: found 'ymd', expected iso, dmy, mdy, unix or unix-ms\n"},
        MisuseRow{{"calls.csv", "--timezone", "Mars"}, "--timezone: found 'Mars', expected a zone of the IANA database"},
        MisuseRow{{"calls.csv", "--hour", "24"}, "trunklab: --hour: found '24', expected a whole number from 0 to 23\n"},
        MisuseRow{{"calls.csv", "--every", "soon"}, "trunklab: --every: found 'soon', expected a duration from 1s to 24h, such as 5min\n"},
        MisuseRow{{"calls.csv", "--every", "5min"}, "trunklab: found --every without --counts, expected both: calls have no interval\n"},
        MisuseRow{{"calls.csv", "--duplicates", "maybe"}, "trunklab: --duplicates: found 'maybe', expected drop or keep\n"},
        MisuseRow{{"calls.csv", "--holding", "duration", "--talk", "duration"},
                  "--talk: found 'duration' a second time, expected another column: each tells one thing\n"},
        MisuseRow{{"calls.csv", "--holding", "length"},
                  "--holding: found 'length', expected a column of the file: start, duration, status, src\n"}}) {
    Words all{"import"};
    all.insert(all.end(), words.begin(), words.end());
    const Ended ended = trunklab(all);
    EXPECT_EQ(ended.code, 2) << message;
    EXPECT_EQ(ended.out, "");
    EXPECT_THAT(ended.err, StartsWith(message));
  }
  EXPECT_EQ(files_in(folder()), (Words{"calls.csv"}));
}

}  // namespace
}  // namespace trunklab
