// trunklab measures: a run record in, the measures of RFC 6076 out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/command_test.hpp"

namespace trunklab {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using Words = std::vector<std::string>;

const std::string crash =
    "horizon: { duration: 1h }\nseed: 7\n"
    "sites:\n  oslo:\n    routing: { target: addresses, regions: [euc1] }\n"
    "demand:\n  retail:\n    arrivals: { process: poisson, rate: 1/s }\n    holding: { distribution: exponential, mean: 60s }\n"
    "    answer: { answered: 70%, busy: 30% }\n"
    "faults:\n  - { at: 30min, for: 5min, edge: euc1/1, kind: crash }\n";

class Measures : public CommandTest {
 protected:
  void SetUp() override { ASSERT_EQ(run_command("simulate", "crash.yaml", crash, {"-o", "run.sqlite"}).code, 0); }
  [[nodiscard]] Ended measures(const Words& more) const {
    Words words{"measures"};
    words.insert(words.end(), more.begin(), more.end());
    return run_trunklab(words, here());
  }
  /// The mean of a measure of the whole run, as `report` has it.
  [[nodiscard]] double reported(const std::string& name) const {
    const auto json = nlohmann::json::parse(run_trunklab({"report", "run.sqlite", "--json"}, here()).out);
    for (const auto& measure : json["measures"]) {
      if (measure["name"] == name && measure["entity"] == "total") return measure["mean"];
    }
    ADD_FAILURE() << name;
    return 0;
  }
};

TEST_F(Measures, AgreeWithTheReportWhereBothCountTheSame) {
  const Ended ended = measures({"run.sqlite", "--json"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  const auto json = nlohmann::json::parse(ended.out);
  const auto& ser = json["measures"][0];
  EXPECT_EQ(ser["name"], "ser");
  EXPECT_EQ(ser["numerator"], reported("answered"));
  EXPECT_EQ(ser["denominator"], reported("offered") - reported("in_progress")) << "no call was refused at home, none redirected";
  EXPECT_EQ(json["counts"][0]["orphaned"], reported("orphaned"));
  EXPECT_GT(json["counts"][1]["requests"], json["counts"][0]["requests"]) << "hunting: more attempts than calls";
}

TEST_F(Measures, TellThePerson) {
  const Ended ended = measures({"run.sqlite", "--by", "edge"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.err, "");
  EXPECT_THAT(ended.out, StartsWith("crash: 1 h from "));
  EXPECT_THAT(ended.out, HasSubstr("\nedge/euc1/2  SER    4.6  attempt"));
  EXPECT_THAT(ended.out, HasSubstr("\nWhat this record cannot tell\n"));
  EXPECT_THAT(ended.out, HasSubstr("\nno session requests: "));
}

TEST_F(Measures, WriteEachCallAndReplaceOnlyTheirOwn) {
  const Ended ended = measures({"run.sqlite", "-o", "sessions.csv"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.err, "calls: sessions.csv\n");
  EXPECT_THAT(text_of(folder() / "sessions.csv"), StartsWith("replication,call,site,edge,"));
  EXPECT_EQ(measures({"run.sqlite", "-o", "sessions.csv"}).code, 0) << "its own may be replaced";
  write_file(folder() / "mine.csv", "a,b\n1,2\n");
  const Ended refused = measures({"run.sqlite", "-o", "mine.csv"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_EQ(refused.out, "");
  EXPECT_EQ(text_of(folder() / "mine.csv"), "a,b\n1,2\n");
}

TEST_F(Measures, OfWhatIsNoRunRecord) {
  write_file(folder() / "text.sqlite", "no record\n");
  const Ended ended = measures({"text.sqlite", "-o", "sessions.csv"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("text.sqlite: "));
  EXPECT_FALSE(std::filesystem::exists(folder() / "sessions.csv"));
  ASSERT_EQ(run_trunklab({"simulate", "crash.yaml", "--cdr", "failed", "-o", "failed.sqlite"}, here()).code, 0);
  const Ended some = measures({"failed.sqlite"});
  EXPECT_EQ(some.code, 1);
  EXPECT_EQ(some.err, "trunklab: failed.sqlite: cannot count session requests: the run record does not hold every call\n");
}

struct MisuseRow {
  Words words;
  const char* message;
};

TEST_F(Measures, RefuseWhatTheyDoNotUnderstand) {
  for (const auto& [words, message] :
       {MisuseRow{{}, "trunklab: found no run record, expected: trunklab measures RUN [options]\n"},
        MisuseRow{{"run.sqlite", "--by", "trunk"}, "trunklab: --by: found 'trunk', expected site, region, edge or demand\n"},
        MisuseRow{{"run.sqlite", "-o", ""}, "trunklab: "}, MisuseRow{{"run.sqlite", "--per", "call"}, "trunklab: unrecognised option '--per'"}}) {
    const Ended ended = measures(words);
    EXPECT_EQ(ended.code, 2) << message;
    EXPECT_EQ(ended.out, "");
    EXPECT_THAT(ended.err, StartsWith(message));
  }
}

}  // namespace
}  // namespace trunklab
