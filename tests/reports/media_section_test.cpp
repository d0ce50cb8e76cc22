// What a report says of media.
#include <gmock/gmock.h>

#include "reports/sections/sections.hpp"
#include "tests/reports/tiny_run.hpp"

namespace trunklab {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

Measure figure(const char* name, const char* entity, double mean) {
  return {.name = name, .entity = entity, .unit = "ports", .mean = mean, .low = {}, .high = {}, .n = 1, .note = {}};
}

/// The tiny run's calls, with the talk of the first one rated, and these measures.
Section section_of(const std::filesystem::path& file, const std::vector<Measure>& measures) {
  {
    RunRecordWriter writer(file, tiny::info(), tiny::directory());
    writer.begin_replication(0);
    auto calls = tiny::calls();
    for (std::size_t place = 0; place < calls.size(); ++place) {
      if (calls[place].outcome != Outcome::answered) continue;
      calls[place].codecs = 0;
      calls[place].r_factor = 80.0F + static_cast<float>(place);
      calls[place].audio = Audio::both;
    }
    calls[3].audio = Audio::to_site_only;
    calls[3].r_factor = 0;
    writer.calls(calls);
    writer.measures(measures);
    writer.finish(RunRecordWriter::End::complete, example::wall());
  }
  return media_section(RunRecord(file));
}

TEST(MediaSection, IsEmptyWhereMediaAreNotModelled) {
  const example::Folder folder;
  EXPECT_THAT(section_of(folder / "run.db", {figure("offered", "total", 4)}).blocks, IsEmpty());
}

TEST(MediaSection, RatesTalksOfTheMeasuredWindowByCodecs) {
  const example::Folder folder;
  const Section section =
      section_of(folder / "run.db", {figure("mos_p5", "total", 4.1), figure("mos_p50", "total", 4.2), figure("mos_p50", "codecs/G.711a", 4.2)});
  const auto rows = tiny::texts_of(tiny::table_of(section.blocks, "How talks sounded"));
  EXPECT_THAT(rows, Contains("all|4.10|4.20|-|-|-|-"));
  EXPECT_THAT(rows, Contains("codecs/G.711a|-|4.20|82.0|82.0|82.0|1")) << "of the warm-up and the stationary start nothing is rated";
}

TEST(MediaSection, CountsWhoHearsWhom) {
  const example::Folder folder;
  const Section section = section_of(folder / "run.db", {figure("mos_p50", "total", 4.2)});
  const Table table = tiny::table_of(section.blocks, "Who hears whom");
  const auto rows = tiny::texts_of(table);
  EXPECT_THAT(rows, Contains("both sides|1|50.00 %"));
  EXPECT_THAT(rows, Contains("one way: only the site hears anything|1|50.00 %"));
  EXPECT_EQ(table.rows.at(1).cells.at(1).tone, Tone::bad);
}

TEST(MediaSection, TellsWhyPortsWereRefused) {
  const example::Folder folder;
  const Section section =
      section_of(folder / "run.db", {figure("port_requests", "region/euc1", 1000), figure("ports_max", "region/euc1", 220),
                                     figure("ports_leaked_max", "region/euc1", 10000), figure("refused_leaked", "region/euc1", 120),
                                     figure("refused_from", "region/euc1", 3600), figure("port_requests", "region/use1", 0)});
  EXPECT_THAT(tiny::texts_of(tiny::table_of(section.blocks, "RTP ports")), testing::ElementsAre("region/euc1|1000|220|10000|0|-|-|-"));
  EXPECT_THAT(tiny::texts_of(tiny::table_of(section.blocks, "Requests for a port")), testing::ElementsAre("region/euc1|120|0|0|0|120|0"));
  EXPECT_THAT(tiny::blocks_of<Bullets>(section.blocks).at(0).items.at(0).text, HasSubstr("no RTP port for 120 INVITEs"));
}

}  // namespace
}  // namespace trunklab
