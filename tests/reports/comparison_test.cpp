// Differences between runs, against intervals worked out by hand.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "reports/sections/comparison.hpp"
#include "reports/sections/line_diff.hpp"
#include "tests/reports/tiny_run.hpp"

namespace trunklab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Measure figure(std::string name, double mean, std::optional<double> low = {}, std::optional<double> high = {}, std::string note = "") {
  return {.name = std::move(name), .entity = "total", .unit = "calls", .mean = mean, .low = low, .high = high, .n = 1, .note = std::move(note)};
}

/// A run that measured `answered` in each of its replications.
void write_run(const std::filesystem::path& file, const std::vector<double>& answered, std::uint64_t seed = 7) {
  RunInfo info = tiny::info();
  info.seed = seed;
  info.replications = static_cast<std::uint32_t>(answered.size());
  RunRecordWriter writer(file, info, tiny::directory());
  double sum = 0;
  for (std::uint32_t replication = 0; replication < answered.size(); ++replication) {
    writer.replication_measures(replication, std::vector{figure("answered", answered[replication])});
    sum += answered[replication];
  }
  writer.measures(std::vector{figure("answered", sum / static_cast<double>(answered.size()))});
  writer.finish(RunRecordWriter::End::complete, example::wall());
}

void write_single(const std::filesystem::path& file, const Measure& measure) {
  RunRecordWriter writer(file, tiny::info(), tiny::directory());
  writer.measures(std::vector{measure});
  writer.finish(RunRecordWriter::End::complete, example::wall());
}

TEST(Differences, PairReplicationsOfTheSameSeed) {
  const example::Folder folder;
  write_run(folder / "a.db", {1, 2, 3});
  write_run(folder / "b.db", {2, 4, 6});
  const auto found = differences(RunRecord(folder / "a.db"), RunRecord(folder / "b.db"));
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].basis, Basis::pairs);
  EXPECT_DOUBLE_EQ(found[0].difference(), 2);
  // Changes 1, 2, 3: mean 2, standard deviation 1; t of 2 degrees is 4.302653, so the half width is 4.302653 / sqrt(3).
  EXPECT_NEAR(found[0].low.value(), 2 - 2.484138, 1e-5);
  EXPECT_NEAR(found[0].high.value(), 2 + 2.484138, 1e-5);
  EXPECT_FALSE(found[0].differs());
}

TEST(Differences, ShowWhatPairsHaveInCommon) {
  const example::Folder folder;
  write_run(folder / "a.db", {100, 200, 300});
  write_run(folder / "b.db", {101, 202, 301.5});
  const auto found = differences(RunRecord(folder / "a.db"), RunRecord(folder / "b.db"));
  // Changes 1, 2, 1.5: mean 1.5, standard deviation 0.5, half width 4.302653 * 0.5 / sqrt(3) = 1.242069.
  EXPECT_NEAR(found.at(0).low.value(), 0.257931, 1e-5);
  EXPECT_TRUE(found.at(0).differs());
}

TEST(Differences, TakeRunsOfOtherSeedsAsIndependent) {
  const example::Folder folder;
  write_run(folder / "a.db", {1, 2, 3}, 7);
  write_run(folder / "b.db", {2, 4, 6}, 8);
  const auto found = differences(RunRecord(folder / "a.db"), RunRecord(folder / "b.db"));
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].basis, Basis::independent);
  // Squared errors 1/3 and 4/3; degrees (5/3)^2 / ((1/9)/2 + (16/9)/2) = 50/17; t = 3.218759; half width 3.218759 * sqrt(5/3).
  EXPECT_NEAR(found[0].high.value() - 2, 4.15540, 1e-4);
  EXPECT_NEAR(2 - found[0].low.value(), 4.15540, 1e-4);
}

TEST(Differences, JoinTheIntervalsOfSingleRuns) {
  const example::Folder folder;
  write_single(folder / "a.db", figure("answered", 10, 7, 13));
  write_single(folder / "b.db", figure("answered", 20, 16, 24));
  const auto found = differences(RunRecord(folder / "a.db"), RunRecord(folder / "b.db"));
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].basis, Basis::intervals);
  EXPECT_DOUBLE_EQ(found[0].low.value(), 5) << "half widths 3 and 4 make 5";
  EXPECT_DOUBLE_EQ(found[0].high.value(), 15);
  EXPECT_TRUE(found[0].differs());
}

TEST(Differences, HaveNoIntervalWhereThereIsNoneOrOnlyABound) {
  const example::Folder folder;
  write_single(folder / "a.db", figure("answered", 10));
  write_single(folder / "b.db", figure("answered", 20, 16, 24));
  write_single(folder / "c.db", figure("answered", 0, 0, 3, "upper bound: fewer than 30 events"));
  const RunRecord with_interval(folder / "b.db");
  for (const char* file : {"a.db", "c.db"}) {
    const auto found = differences(RunRecord(folder / file), with_interval);
    EXPECT_EQ(found.at(0).basis, Basis::none) << file;
    EXPECT_FALSE(found.at(0).low.has_value()) << file;
    EXPECT_FALSE(found.at(0).differs()) << file;
  }
}

TEST(Differences, MatchFaultsByTheirTexts) {
  const example::Folder folder;
  Directory directory = example::directory();
  Measure lost = figure("calls_lost", 5);
  lost.entity = "fault/0";
  const auto write = [&](const char* file) {
    RunRecordWriter writer(folder / file, tiny::info(), directory);
    writer.measures(std::vector{lost});
    writer.finish(RunRecordWriter::End::complete, example::wall());
  };
  write("a.db");
  std::swap(directory.faults[0], directory.faults[1]);
  write("b.db");
  lost.entity = "fault/1";
  write("c.db");
  const RunRecord first(folder / "a.db");
  EXPECT_THAT(differences(first, RunRecord(folder / "b.db")), IsEmpty());
  const auto found = differences(first, RunRecord(folder / "c.db"));
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].entity, "fault/euc1/1 crash");
}

TEST(Comparison, IsWrittenAsJson) {
  const example::Folder folder;
  write_run(folder / "a.db", {1, 2, 3});
  write_run(folder / "b.db", {2, 4, 6});
  const RunRecord first(folder / "a.db");
  const RunRecord other(folder / "b.db");
  const std::vector<const RunRecord*> records{&first, &other};
  const std::string text = comparison_json(records);
  EXPECT_TRUE(text.starts_with("{\"command\":\"report\""));
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["runs"].size(), 2U);
  EXPECT_EQ(json["runs"][1]["file"], "b.db");
  ASSERT_EQ(json["differences"].size(), 1U);
  EXPECT_EQ(json["differences"][0]["run"], 1);
  EXPECT_EQ(json["differences"][0]["difference"], 2.0);
  EXPECT_EQ(json["differences"][0]["basis"], "pairs");
  EXPECT_EQ(json["differences"][0]["differs"], false);
}

TEST(Comparison, SaysWhatItsIntervalsRestOn) {
  const example::Folder folder;
  write_run(folder / "a.db", {100, 200, 300});
  write_run(folder / "b.db", {101, 202, 301.5});
  const RunRecord first(folder / "a.db");
  const RunRecord other(folder / "b.db");
  const std::vector<const RunRecord*> records{&first, &other};
  const Document document = comparison_document(records);
  const auto section = std::ranges::find(document.sections, "difference-2", &Section::id);
  ASSERT_NE(section, document.sections.end());
  EXPECT_THAT(tiny::blocks_of<Paragraph>(section->blocks).at(0).text, HasSubstr("the same seed"));
  const auto rows = tiny::table_of(section->blocks, "What everybody").rows;
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].cells.back().text, "more");
  EXPECT_EQ(rows[0].cells.back().tone, Tone::good) << "more answered calls";
}

TEST(LineDiff, ShowsWhatChangedWithItsSurroundings) {
  EXPECT_EQ(line_diff("a\nb\nc\nd\ne\nf\n", "a\nb\nc\nd\nE\nf\n"), "...\n  c\n  d\n- e\n+ E\n  f\n");
  EXPECT_EQ(line_diff("a\nb\n", "a\nx\nb\n"), "  a\n+ x\n  b\n");
  EXPECT_EQ(line_diff("a\nx\nb\ny\n", "x\ny\n"), "- a\n  x\n- b\n  y\n");
  EXPECT_EQ(line_diff("", "new\n"), "+ new\n");
}

TEST(LineDiff, OfEqualTextsIsEmpty) {
  EXPECT_EQ(line_diff("a\nb\n", "a\nb\n"), "");
}

TEST(LineDiff, StopsSomewhereAndSaysSo) {
  EXPECT_EQ(line_diff("a\nb\nc\n", "", 2), "- a\n- b\n... and 1 lines more\n");
}

TEST(LineDiff, OfVeryLongTextsDoesNotTakeForEver) {
  std::string before;
  std::string after;
  for (int line = 0; line < 30'000; ++line) {
    before += "old " + std::to_string(line) + '\n';
    after += "new " + std::to_string(line) + '\n';
  }
  EXPECT_THAT(line_diff(before, after), HasSubstr("59700 lines more"));
}

}  // namespace
}  // namespace trunklab
