// What happened to the calls, against a run worked out by hand and against the measures.
#include <gmock/gmock.h>

#include "reports/figures.hpp"
#include "reports/sections/sections.hpp"
#include "tests/reports/tiny_run.hpp"

namespace trunklab {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(CallsSection, TellsOutcomesAsWorkedOutByHand) {
  const example::Folder folder;
  tiny::write(folder / "run.db");
  const Section section = calls_section(RunRecord(folder / "run.db"));
  const auto rows = tiny::texts_of(tiny::table_of(section.blocks, "Calls offered"));
  EXPECT_THAT(rows, Contains("answered|2|50.00 %"));
  EXPECT_THAT(rows, Contains("busy (486)|1|25.00 %"));
  EXPECT_THAT(rows, Contains("blocked: refused for want of capacity|1|25.00 %"));
  EXPECT_THAT(rows, Contains("    of these: cap cps|1|25.00 %"));
  EXPECT_THAT(rows, Contains("answered, then cut off|1|-")) << "the call of the stationary start was not offered, but cut off";
  EXPECT_THAT(rows, Contains("answered, then hung up in vain|1|-"));
  EXPECT_THAT(tiny::texts_of(tiny::table_of(section.blocks, "By site")), Contains("site/stockholm|4|2|1|0|0|1|1|50.0 %"));
}

TEST(CallsSection, CountsAttemptsOfTheMeasuredWindowOnly) {
  const example::Folder folder;
  tiny::write(folder / "run.db");
  const Section section = calls_section(RunRecord(folder / "run.db"));
  EXPECT_THAT(tiny::texts_of(tiny::table_of(section.blocks, "By attempt")),
              ElementsAre("1|2|refused|50.00 %", testing::_, testing::_, "2|1|answered|100.00 %"));
}

TEST(CallsSection, NamesReleaseCauses) {
  const example::Folder folder;
  tiny::write(folder / "run.db");
  const Section section = calls_section(RunRecord(folder / "run.db"));
  const auto rows = tiny::texts_of(tiny::table_of(section.blocks, "Release causes"));
  EXPECT_THAT(rows, SizeIs(4));
  EXPECT_THAT(rows, Contains("busy|nobody|486 Busy Here|17 user busy|1"));
  EXPECT_THAT(rows, Contains(testing::StartsWith("blocked|nobody|503 Service Unavailable|41 ")));
}

TEST(CallsSection, FlowsAddUpToTheMeasures) {
  const example::Folder folder;
  {
    RunRecordWriter writer(folder / "run.db", example::info(), example::directory());
    example::write_all(writer, 3000);
    writer.finish(RunRecordWriter::End::incomplete, example::wall());
  }
  const RunRecord record(folder / "run.db");
  const auto measures = measures_of(record);
  const Figures total(measures, "total");
  const auto flows = tiny::blocks_of<Flow>(calls_section(record).blocks);
  ASSERT_THAT(flows, SizeIs(1));
  EXPECT_DOUBLE_EQ(flows[0].nodes[0].calls, total["offered"]);
  double came_out = 0;
  for (const Flow::Link& link : flows[0].links) came_out += link.from == 0 ? link.calls : 0;
  EXPECT_DOUBLE_EQ(came_out, total["offered"]);
  for (const Flow::Node& node : flows[0].nodes) {
    if (node.column != 1) continue;
    std::string name = node.name;
    std::ranges::replace(name, ' ', '_');
    EXPECT_DOUBLE_EQ(node.calls, total[name]) << node.name;
  }
}

TEST(CallsSection, SaysWhatARecordOfFailedCallsCannotTell) {
  const example::Folder folder;
  RunInfo info = tiny::info();
  info.detail = CallDetail::failed;
  {
    RunRecordWriter writer(folder / "run.db", info, tiny::directory());
    tiny::write_rows(writer);
    writer.measures(std::vector{Measure{"offered", "total", "calls", 4, {}, {}, 1, ""}});
    writer.finish(RunRecordWriter::End::complete, example::wall());
  }
  const Section section = calls_section(RunRecord(folder / "run.db"));
  EXPECT_THAT(tiny::table_of(section.blocks, "By attempt").rows, IsEmpty());
  const auto paragraphs = tiny::blocks_of<Paragraph>(section.blocks);
  ASSERT_FALSE(paragraphs.empty());
  EXPECT_THAT(paragraphs.back().text, testing::HasSubstr("does not hold every call"));
}

}  // namespace
}  // namespace trunklab
