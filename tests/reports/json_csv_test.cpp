// The two outputs that programs read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "reports/csv.hpp"
#include "reports/json.hpp"
#include "tests/reports/example.hpp"

namespace trunklab {
namespace {

const std::vector<Measure> two_measures{{"blocking", "total", "probability", 0.1, 0.05, 1.0 / 3, 20, ""},
                                        {"offered", "site/oslo", "calls", 12, std::nullopt, std::nullopt, 1, "short"}};

TEST(Json, HasTheShapeThatScriptsRely) {
  EXPECT_EQ(json_document({"simulate", "example", 7, 20, 14400, 0.5, 43210}, two_measures),
            R"({"command":"simulate","scenario":"example","seed":7,"replications":20,"simulated_s":14400.0,"wall_s":0.5,"calls":43210,
 "measures": [
  {"name":"blocking","entity":"total","unit":"probability","mean":0.1,"low":0.05,"high":0.3333333333333333,"n":20},
  {"name":"offered","entity":"site/oslo","unit":"calls","mean":12.0,"low":null,"high":null,"n":1,"note":"short"}]}
)");
}

TEST(Json, ReadsBackEqual) {
  const auto json = nlohmann::json::parse(json_document({"simulate", "na\"me \xff", 18446744073709551615U, 1, 1, 1, 0}, two_measures));
  EXPECT_EQ(json["seed"].get<std::uint64_t>(), 18446744073709551615U);
  EXPECT_EQ(json["measures"][0]["high"].get<double>(), 1.0 / 3);
  EXPECT_TRUE(nlohmann::json::parse(json_document({"simulate", "", 1, 1, 1, 1, 0}, {}))["measures"].empty());
}

TEST(Json, RefusesWhatIsNotANumber) {
  const std::vector<Measure> bad{{"asr", "total", "probability", std::numeric_limits<double>::quiet_NaN(), {}, {}, 1, ""}};
  EXPECT_THROW(json_document({}, bad), std::runtime_error);
}

std::string csv_of(const RunRecord& record, std::string_view table) {
  std::ostringstream out;
  export_csv(record, table, out);
  return out.str();
}

TEST(Csv, QuotesWhereItMustAndLeavesNullEmpty) {
  const example::Folder folder;
  {
    RunRecordWriter writer(folder / "run.db", example::info(), example::directory());
    writer.measures(std::vector{Measure{"a,b", "say \"x\"", "s", 0.1, std::nullopt, 2, 3, "two\nlines"}});
    writer.finish(RunRecordWriter::End::complete, example::wall());
  }
  const RunRecord record(folder / "run.db");
  EXPECT_EQ(csv_of(record, "measures"), "name,entity,unit,mean,low,high,n,note\r\n\"a,b\",\"say \"\"x\"\"\",s,0.1,,2,3,\"two\nlines\"\r\n");
  EXPECT_EQ(csv_of(record, "edges"), "id,name,region\r\n0,euc1/1,0\r\n1,euc1/2,0\r\n2,use1/1,1\r\n");
  EXPECT_EQ(csv_of(record, "calls").find('\r'), csv_of(record, "calls").size() - 2) << "no calls: the heading only";
}

TEST(Csv, NamesAreNoFormulas) {
  const example::Folder folder;
  for (const char* name : {"=1+2", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1"}) {
    RunInfo info = example::info();
    info.scenario_name = name;
    const auto file = folder / "run.db";
    {
      RunRecordWriter writer(file, info, example::directory());
      writer.measures(std::vector{Measure{"asr", "total", "x", -2.5, {}, {}, 1, "n"}});
      writer.finish(RunRecordWriter::End::complete, example::wall());
    }
    std::ostringstream run;
    export_csv(RunRecord(file), "run", run);
    EXPECT_THAT(run.str(), testing::HasSubstr(std::string(",'") + name + ",")) << name;
    std::ostringstream measures;
    export_csv(RunRecord(file), "measures", measures);
    EXPECT_THAT(measures.str(), testing::HasSubstr(",-2.5,")) << "a number stays one";
  }
}

TEST(Csv, ExportsEveryTableAndView) {
  const example::Folder folder;
  {
    RunRecordWriter writer(folder / "run.db", example::info(), example::directory());
    example::write_all(writer);
    writer.finish(RunRecordWriter::End::complete, example::wall());
  }
  const RunRecord record(folder / "run.db");
  EXPECT_THAT(csv_tables(record),
              testing::IsSupersetOf({"calls", "attempts", "ghosts", "fault_edges", "events", "series", "failed_calls", "calls_readable", "advice"}));
  for (const std::string& table : csv_tables(record)) EXPECT_GT(csv_of(record, table).size(), 10U) << table;
}

TEST(Csv, NamesTheTablesThereAre) {
  const example::Folder folder;
  {
    RunRecordWriter writer(folder / "run.db", example::info(), example::directory());
    writer.finish(RunRecordWriter::End::complete, example::wall());
  }
  const RunRecord record(folder / "run.db");
  try {
    csv_of(record, "calls; DROP TABLE calls");
    FAIL();
  } catch (const std::runtime_error& failure) {
    EXPECT_THAT(failure.what(), testing::HasSubstr("there is no table 'calls; DROP TABLE calls'; there are advice, attempts,"));
  }
}

}  // namespace
}  // namespace trunklab
