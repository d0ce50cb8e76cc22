// The calls that fared worst, and what became of each of their attempts.
#include <gmock/gmock.h>

#include "reports/sections/sections.hpp"
#include "tests/reports/tiny_run.hpp"

namespace trunklab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

Table worst_of(const std::filesystem::path& file) {
  return tiny::blocks_of<Table>(worst_calls_section(RunRecord(file)).blocks).at(0);
}

TEST(WorstCalls, StandInTheOrderOfTheirHarm) {
  const example::Folder folder;
  tiny::write(folder / "run.db");
  const Table table = worst_of(folder / "run.db");
  EXPECT_TRUE(table.searchable);
  ASSERT_THAT(table.rows, SizeIs(3)) << "calls that fared well are not there";
  EXPECT_THAT(tiny::text_of(table.rows[0]), StartsWith("retail.0.3|stockholm|11:02:30|blocked|cap cps|euc1/2|1")) << "lost through the fault";
  EXPECT_THAT(tiny::text_of(table.rows[1]), HasSubstr("answered, dropped")) << "cut off";
  EXPECT_THAT(tiny::text_of(table.rows[2]), StartsWith("retail.0.2|stockholm|11:01:40|answered, orphaned||euc1/2|2|7.0 s|90 s|euc1/1 crash"));
}

TEST(WorstCalls, TellTheirAttemptsInOrder) {
  const example::Folder folder;
  tiny::write(folder / "run.db");
  const Table table = worst_of(folder / "run.db");
  const auto ladders = tiny::blocks_of<Steps>(*table.rows.at(2).detail);
  ASSERT_THAT(ladders, SizeIs(1));
  EXPECT_THAT(ladders[0].caption, HasSubstr("retail.0.2.0@trunklab"));
  std::vector<std::string> steps;
  for (const StepLine& step : ladders[0].steps) steps.push_back(step.when + " " + step.what);
  EXPECT_THAT(steps, ElementsAre("+0.000 s INVITE to euc1/1", "+4.000 s 4.0 s of silence: given up", "+4.000 s INVITE to euc1/2",
                                 HasSubstr("+5.000 s ghost: the attempt given up rings all the same, at euc1/1"),
                                 HasSubstr("+6.000 s ghost: the attempt given up is answered all the same"), "+7.000 s 180 from euc1/2",
                                 "+7.500 s ghost: its session is free again", "+10.000 s 200 from euc1/2",
                                 "+100.000 s BYE in vain: the other side does not hear it", "+160.000 s the service's session is free again"));
}

TEST(WorstCalls, AreAtMostTwoHundred) {
  const example::Folder folder;
  {
    RunRecordWriter writer(folder / "run.db", example::info(), example::directory());
    example::write_all(writer, 3000);
    writer.finish(RunRecordWriter::End::incomplete, example::wall());
  }
  EXPECT_THAT(worst_of(folder / "run.db").rows, SizeIs(200));
}

TEST(WorstCalls, OfARecordWithoutCallsAreNone) {
  const example::Folder folder;
  RunInfo info = tiny::info();
  info.detail = CallDetail::none;
  tiny::write(folder / "run.db", RunRecordWriter::End::incomplete, info);
  EXPECT_THAT(worst_calls_section(RunRecord(folder / "run.db")).blocks, IsEmpty());
}

}  // namespace
}  // namespace trunklab
