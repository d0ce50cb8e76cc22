// A failover study as its reader sees it: the table, the sentences, the measures.
#include "reports/failover_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "tests/reports/example.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// A crash that stockholm's probes saw after 81 s and that oslo, which does not probe, never saw.
FailoverRow crash() {
  FailoverRow row{.id = "crash-euc1-1", .title = "the host of euc1/1 dies: silence", .faults = {FaultSpec{}}, .impacts = {}, .notice = {}};
  FaultImpact impact;
  impact.fresh = {.hit = 28, .delayed = 28};
  impact.in_setup = {.hit = 27, .lost = 27};
  impact.talking = {.hit = 370, .lost = 2, .orphaned = 368};
  impact.failover_s = 72.4;
  row.impacts = {impact};
  row.concerned = {0, 1};
  row.notice.replications = 1;
  row.notice.detection = {{.seen = 1, .sum_s = 81, .by_name = false}, {}};
  row.notice.peaks = {
      {.cps_during = 6, .concurrent_during = 410, .cps_after = 8, .concurrent_after = 190}, {.cps_during = 10, .concurrent_during = 409}, {}};
  row.notice.heard = {2, 368, 16, 11, 0, 0, 28, 0};
  row.notice.silent = {{1, 26}, {2, 2}};
  row.notice.logged = {
      {{AttemptEnd::no_response, 0}, 30}, {{AttemptEnd::answered, 200}, 315}, {{AttemptEnd::refused, 486}, 5}, {{AttemptEnd::lost_in_setup, 0}, 27}};
  row.notice.calls = 200;
  row.notice.attempts = 230;
  row.notice.ghosts = 3;
  row.notice.double_rings = 1;
  return row;
}

FailoverRow harmless() {
  FailoverRow row{.id = "crash-euc1-2", .title = "nobody was there", .faults = {FaultSpec{}}, .impacts = {FaultImpact{}}, .notice = {}};
  row.notice.replications = 1;
  row.notice.detection.resize(2);
  return row;
}

FailoverRow with_best(FailoverRow row, const std::string& key, std::uint64_t lost, double failover_s, std::uint64_t hit) {
  FaultImpact better;
  better.fresh = {.hit = hit, .lost = lost};
  better.failover_s = failover_s;
  row.best = BetterSetting{.setting = "probe every 10 s, down after 2", .key = key, .as_it_is = row.impacts.front(), .better = better};
  return row;
}

/// The example's, with these sites and a cap on each edge.
Directory set_up_as(std::vector<Directory::SiteSettings> sites) {
  Directory directory = example::directory();
  directory.site_settings = std::move(sites);
  directory.caps = {{"edge cap", CapScope::edge, 12.0, 600}};
  return directory;
}

const std::vector<Directory::SiteSettings> sites{{.probes = true, .no_response = 4s}, {.probes = false, .no_response = 4s}};
const Directory trunk = set_up_as(sites);

TEST(FailoverTable, HasARowForEachFaultThatHitACall) {
  FailoverRow region = crash();
  region.id = "region-euc1";
  region.impacts[0].not_before_repair = true;
  region.impacts[0].failover_s = 899.4;
  region.impacts[0].return_s = 3.8;
  region.notice.detection[0].seen = 0;
  const std::string text = failover_table(std::vector{with_best(crash(), "probe-10s", 29, 4.6, 410), harmless(), region}, Span(10s));
  EXPECT_THAT(text, HasSubstr("fault         hit  lost  late  cut  stuck  failover  return   seen  best other\n"
                              "crash-euc1-1  425    29    28    2    368     72 s!     0 s   81 s  probe-10s -68s\n"
                              "region-euc1   425    29    28    2    368   899 s*!   3.8 s  never\n"
                              "\n"
                              "No call was hit by crash-euc1-2.\n"));
  EXPECT_THAT(text, HasSubstr("! longer than the objective, 10 s.\n"));
}

TEST(FailoverTable, FitsIntoAHundredColumns) {
  FailoverRow longest = with_best(crash(), "hold-2-of-10", 0, 4.6, 410);
  longest.id = "path-down-stockholm-euc1-1";
  longest.impacts[0].fresh.hit = 99'999;
  std::vector<FailoverRow> rows(40, harmless());
  rows.push_back(longest);
  std::istringstream lines(failover_table(rows, Span(10s)));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
}

TEST(FailoverTable, NamesTheGainInWhatWasGained) {
  const auto cell = [](std::uint64_t lost, double failover_s, std::uint64_t hit) {
    const std::string text = failover_table(std::vector{with_best(crash(), "key", lost, failover_s, hit)}, std::nullopt);
    const std::size_t begin = text.find("key ");
    return text.substr(begin, text.find('\n', begin) - begin);
  };
  EXPECT_EQ(cell(2, 80, 1000), "key -27");
  EXPECT_EQ(cell(29, 69.3, 1000), "key -3.1s");
  EXPECT_EQ(cell(29, 72.4, 405), "key -20 hit");
}

TEST(FailoverTable, OfFaultsThatHitNobodyIsOneSentence) {
  EXPECT_EQ(failover_table(std::vector{harmless()}, std::nullopt), "No call was hit by crash-euc1-2.\n\n");
}

TEST(FailoverDetails, TellWhoSawItWhatCallersHeardAndWhereTheLoadWent) {
  EXPECT_EQ(failover_details(crash(), trunk), R"(  stockholm: seen by its probes after 81 s
  oslo: never saw it, since it does not probe
  callers of the calls hit
         2 were cut off while talking
        16 heard ringback to nobody until they gave up
        11 heard silence until they gave up
        28 heard silence, then got through
       368 heard nothing unusual (the hang-up was in vain)
        26 met 1 attempt without an answer: 4.0 s of silence
         2 met 2 attempts without an answer: 8.0 s of silence
  the sites log for the attempts of these calls: 315 x 200, 30 x no response, 27
    x no final response, 5 x 486
  attempts per call while it lasted: 1.15
  of the attempts given up 3 were answered all the same (ghosts), 1 rang the
    called side again
  highest load of the edges while it lasted, and in the 2 min after the repair
  edge         calls  INVITEs/s  calls after  INVITEs/s after
  euc1/1  410 of 600    6 of 12   190 of 600          8 of 12
  euc1/2  409 of 600   10 of 12     0 of 600          0 of 12
)");
}

TEST(FailoverDetails, SayThatProbesCannotSeeAGreyFault) {
  FailoverRow grey = crash();
  grey.faults[0].kind = FaultKind::grey;
  grey.notice.detection[0] = {};
  EXPECT_THAT(failover_details(grey, trunk), HasSubstr("stockholm: OPTIONS were answered all along: probes never saw it\n"));
  grey.faults[0].kind = FaultKind::crash;
  EXPECT_THAT(failover_details(grey, trunk), HasSubstr("stockholm: its probes never saw it\n"));
}

TEST(FailoverDetails, TellOfNamesAndOfReplications) {
  FailoverRow row = crash();
  row.notice.replications = 4;
  row.notice.detection[0] = {.seen = 2, .sum_s = 50, .by_name = true};
  const std::string text = failover_details(row, trunk);
  EXPECT_THAT(text, HasSubstr("stockholm: seen by the health check of the name after 25 s, in 2 of 4\n    replications\n"));
  EXPECT_THAT(text, HasSubstr("    92 heard nothing unusual")) << "means over replications";
}

TEST(FailoverDetails, LeaveOutSilenceWhereSitesDiffer) {
  std::vector<Directory::SiteSettings> other = sites;
  other[1].no_response = 2s;
  EXPECT_THAT(failover_details(crash(), set_up_as(other)), AllOf(HasSubstr("26 met 1 attempt without an answer\n"), Not(HasSubstr("of silence"))));
}

TEST(FailoverDetails, OfAHarmlessFaultSayOnlyWhoSawIt) {
  FailoverRow row = harmless();
  row.concerned = {0};
  EXPECT_EQ(failover_details(row, trunk), "  stockholm: its probes never saw it\n");
}

TEST(FailoverMeasures, AreThoseOfAFaultUnderItsName) {
  const auto measures = failover_measures(with_best(crash(), "probe-10s", 29, 4.6, 410), example::directory());
  const auto find = [&](std::string_view name, std::string_view entity) {
    const auto found = std::ranges::find_if(measures, [&](const Measure& each) { return each.name == name && each.entity == entity; });
    return found == measures.end() ? Measure{} : *found;
  };
  EXPECT_DOUBLE_EQ(find("calls_hit", "fault/crash-euc1-1").mean, 425);
  EXPECT_DOUBLE_EQ(find("calls_dropped", "fault/crash-euc1-1").mean, 2);
  EXPECT_DOUBLE_EQ(find("attempts_per_call", "fault/crash-euc1-1").mean, 1.15);
  EXPECT_DOUBLE_EQ(find("ghosts", "fault/crash-euc1-1").mean, 3);
  EXPECT_DOUBLE_EQ(find("detection_s", "fault/crash-euc1-1/site/stockholm").mean, 81);
  EXPECT_EQ(find("detection_s", "fault/crash-euc1-1/site/oslo").name, "") << "never";
  EXPECT_DOUBLE_EQ(find("concurrent_max", "fault/crash-euc1-1/edge/euc1/2").mean, 409);
  EXPECT_DOUBLE_EQ(find("cps_max_after", "fault/crash-euc1-1/edge/euc1/1").mean, 8);
  EXPECT_DOUBLE_EQ(find("failover_s_best", "fault/crash-euc1-1").mean, 4.6);
  EXPECT_EQ(find("failover_s_best", "fault/crash-euc1-1").note, "probe every 10 s, down after 2");
  for (const Measure& measure : measures) EXPECT_TRUE(measure.entity.starts_with("fault/crash-euc1-1")) << measure.entity;
}

TEST(Misses, GoesByTheMean) {
  FailoverRow row = crash();
  row.impacts.push_back({});
  EXPECT_TRUE(misses(row, 36s));
  EXPECT_FALSE(misses(row, 37s));
}

}  // namespace
}  // namespace trunklab
