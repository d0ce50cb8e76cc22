// The measures of RFC 6076 of a tiny run, as text, JSON and CSV; every figure was worked out on paper.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "reports/rfc6076/measures.hpp"
#include "tests/reports/tiny_run.hpp"

namespace trunklab {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

/// Of the four calls that are measured: talked; tried twice, then hung up in vain; refused with 503; busy.
class Rfc6076Report : public ::testing::Test {
 protected:
  Rfc6076Report() { tiny::write(folder_ / "run.db"); }
  [[nodiscard]] RunRecord record() const { return RunRecord(folder_ / "run.db"); }

  example::Folder folder_;
};

TEST_F(Rfc6076Report, TextHasNumeratorsAndDenominators) {
  const RunRecord run = record();
  const std::string text = rfc6076_text(run, count_rfc6076(run, std::nullopt), Colour::off);
  EXPECT_THAT(text, StartsWith("INCOMPLETE: the run was stopped before its end\n"
                               "euc1-edge-loss: 4 h from 2026-03-02 09:00:00 +01:00, 1 replication, by simulator\n"
                               "SIP performance by RFC 6076\n\n"
                               "share  RFC  per        value   95 % interval  taken over   numerator  denominator\n"
                               "SER    4.6  call     50.00 %  15.00 .. 85.00  independent          2            4\n"
                               "SER    4.6  attempt  40.00 %  11.76 .. 76.93  independent          2            5\n"));
  EXPECT_THAT(text, HasSubstr("ISA    4.8  attempt  40.00 %"));
  EXPECT_THAT(text, HasSubstr("SRD, successful  4.3.1  call       4.500 s"));
  EXPECT_THAT(text, HasSubstr("\nSDD, failed      4.4    call      not kept  "));
  EXPECT_THAT(text, HasSubstr("\nsessions whose BYE was not answered                      1         -\n"));
  EXPECT_THAT(text, HasSubstr("RRD, IRA (4.1, 4.2): there are no registrations.\n"));
}

TEST_F(Rfc6076Report, BySiteEachHasItsOwn) {
  const RunRecord run = record();
  const std::string text = rfc6076_text(run, count_rfc6076(run, EntityKind::edge), Colour::off);
  EXPECT_THAT(text, HasSubstr("edge/euc1/1  SER    4.6  call     100.00 %"));
  EXPECT_THAT(text, HasSubstr("edge/euc1/2  SCR    4.9  call       0.00 %"));
  EXPECT_THAT(text, HasSubstr("\nno session requests: edge/use1/1\n"));
}

TEST_F(Rfc6076Report, JsonHasSectionAndScopeBesideTheCommonShape) {
  const RunRecord run = record();
  const auto json = nlohmann::json::parse(rfc6076_json(run, count_rfc6076(run, EntityKind::site)));
  EXPECT_EQ(json["command"], "measures");
  EXPECT_EQ(json["complete"], false);
  const auto& seer = json["measures"][3];
  EXPECT_EQ(seer["name"], "seer");
  EXPECT_EQ(seer["scope"], "attempt");
  EXPECT_EQ(seer["section"], "4.7");
  EXPECT_EQ(seer["numerator"], 3);
  EXPECT_EQ(seer["denominator"], 5);
  EXPECT_DOUBLE_EQ(seer["mean"], 0.6);
  EXPECT_EQ(json["counts"][0]["requests"], 4);
  EXPECT_EQ(json["counts"].size(), 6U) << "total and two sites, in two scopes";
  for (const auto& measure : json["measures"]) {
    if (measure["name"] == "sdd_failed" && measure["entity"] == "total") {
      EXPECT_TRUE(measure["mean"].is_null());
      EXPECT_EQ(measure["counted"], 1);
      EXPECT_EQ(measure["note"], "not kept in the record");
    }
  }
}

TEST_F(Rfc6076Report, CsvHasALineACall) {
  std::ostringstream out;
  rfc6076_csv(record(), out);
  EXPECT_EQ(out.str(),
            "replication,call,site,edge,offered_utc,targets,request,code,srd_series,srd_s,session,sdt_series,sdt_s,bye_repeated_s\r\n"
            "0,retail.0.1,stockholm,euc1/1,2026-03-02T08:01:40.000Z,1,established,200,successful,2,completed,successful,100,\r\n"
            "0,retail.0.2,stockholm,euc1/2,2026-03-02T10:01:40.000Z,2,established,200,successful,7,orphaned,failed,90,\r\n"
            "0,retail.0.3,stockholm,euc1/2,2026-03-02T10:02:30.000Z,1,ineffective,503,failed,0.1,,,,\r\n"
            "0,retail.0.4,stockholm,euc1/2,2026-03-02T10:02:40.000Z,1,user_decided,486,failed,3,,,,\r\n");
}

TEST_F(Rfc6076Report, NeedsEveryCall) {
  RunInfo info = tiny::info();
  info.detail = CallDetail::failed;
  tiny::write(folder_ / "failed.db", RunRecordWriter::End::incomplete, info);
  const RunRecord run(folder_ / "failed.db");
  EXPECT_THROW(count_rfc6076(run, std::nullopt), std::runtime_error);
}

}  // namespace
}  // namespace trunklab
