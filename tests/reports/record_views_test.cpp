// The views of the run record: names instead of numbers.
#include <gtest/gtest.h>

#include "reports/run_reader.hpp"
#include "reports/run_record.hpp"
#include "tests/reports/example.hpp"

namespace trunklab {
namespace {

TEST(RecordViews, ViewsReadAloud) {
  const example::Folder folder;
  CallRecord call{.id = {0, 0, 12, 34}};
  call.offered = example::at(7201.25);
  call.ended = example::at(7209.25);
  call.outcome = Outcome::failed;
  call.reason = Reason::no_response;
  call.edge = 1;
  call.attempts = 2;
  Attempt attempt{.call = call.id};
  attempt.edge = 0;
  attempt.end = AttemptEnd::refused;
  attempt.code = 503;
  attempt.sent = call.offered;
  attempt.finished = example::at(7201.75);
  Ghost ghost{.call = call.id, .number = 1, .edge = 1, .given_up = example::at(7209.25)};
  ghost.call.redial = 2;
  ghost.rang = example::at(7210.25);
  ghost.answered = example::at(7212.25);
  ghost.ended = example::at(7212.5);
  {
    RunRecordWriter writer(folder / "run.db", example::info(), example::directory());
    writer.calls(std::vector{call});
    writer.attempts(std::vector{attempt});
    writer.ghosts(std::vector{ghost});
    writer.events(example::events());
    writer.samples(example::samples());
    writer.finish(RunRecordWriter::End::complete, example::wall());
  }
  const RunRecord record(folder / "run.db");
  const auto row = [&](const char* sql) { return example::rows_of(record, sql); };
  EXPECT_EQ(row("SELECT call, site, offered_utc, offered_local, end_s, outcome, reason, edge, cap FROM failed_calls"),
            "retail.12.34|stockholm|2026-03-02T10:00:01.250Z|2026-03-02 11:00:01|8.0|failed|no_response|euc1/2||\n");
  EXPECT_EQ(row("SELECT call_id, edge, end, code, q850, finished_s FROM attempts_readable"), "retail.12.34.0@trunklab|euc1/1|refused|503|41|0.5|\n");
  EXPECT_EQ(row("SELECT call_id, site, edge, given_up_utc, rang_s, answered_s, held_s FROM ghosts_readable"),
            "retail.12.34r2.1@trunklab|stockholm|euc1/2|2026-03-02T10:00:09.250Z|1.0|3.0|0.25|\n");
  EXPECT_EQ(row("SELECT at_utc, kind, edge, site, media_address FROM events_readable"),
            "2026-03-02T10:00:00.000Z|edge_crashed|euc1/1|||\n2026-03-02T10:01:03.500Z|probe_down|euc1/1|oslo||\n"
            "2026-03-02T10:30:00.000Z|trigger||||\n2026-03-02T10:30:01.000Z|media_ready|||media/euc1/2|\n");
  EXPECT_EQ(row("SELECT metric, entity, value FROM series_readable"),
            "concurrent|total|540.0|\nlost|site/oslo|0.1|\nports_in_use|media/use1/2|4.0|\n");
  EXPECT_EQ(row("SELECT * FROM outcomes_by_site"), "0|stockholm|failed|none|no_response|1|\n");
  EXPECT_EQ(row("SELECT minute_utc, calls FROM failures_by_minute"), "2026-03-02T10:00Z|1|\n");
}

TEST(RecordViews, TellsHowACallSoundedAndWhyAnotherHadNoPort) {
  const example::Folder folder;
  CallRecord spoken{.id = {.demand = 0, .window = 1, .number = 2}};
  spoken.offered = example::at(1);
  spoken.answered = example::at(2);
  spoken.ended = example::at(60);
  spoken.outcome = Outcome::answered;
  spoken.ending = Ending::normal;
  spoken.edge = 2;
  spoken.audio = Audio::both;
  spoken.codecs = 1;
  spoken.media_address = 1;
  spoken.r_factor = 70;
  CallRecord refused{.id = {.demand = 0, .window = 1, .number = 3}};
  refused.offered = refused.ended = example::at(1);
  refused.outcome = Outcome::blocked;
  refused.reason = Reason::media_ports;
  refused.ports = PortRefusal::leaked;
  {
    RunRecordWriter writer(folder / "run.db", example::info(), example::directory());
    writer.calls(std::vector{spoken, refused});
    writer.finish(RunRecordWriter::End::complete, example::wall());
  }
  // R 70: 1 + 2.45 + 70 * 10 * 30 * 7e-6 = 3.597.
  EXPECT_EQ(example::rows_of(RunRecord(folder / "run.db"),
                             "SELECT reason, ports, audio, codecs, media_address, r_factor, round(mos, 6) FROM calls_readable"),
            "none|none|both|G.729 - G.711a|media/use1/2|70.0|3.597|\nmedia_ports|leaked|not_modelled|||||\n");
}

}  // namespace
}  // namespace trunklab
