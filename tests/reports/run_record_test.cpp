// The run record: what is written comes back, the same rows make the same bytes, and nothing half-written carries the final name.
#include "reports/run_record.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <iostream>

#include "models/measures/summary.hpp"
#include "models/measures/tally.hpp"
#include "reports/run_reader.hpp"
#include "tests/reports/example.hpp"

namespace trunklab {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Keeps everything, with the replication of each span.
class Memory : public RunSink {
 public:
  void begin_replication(std::uint32_t replication) override { replications.push_back(replication); }
  void calls(std::span<const CallRecord> rows) override { all_calls.insert(all_calls.end(), rows.begin(), rows.end()); }
  void attempts(std::span<const Attempt> rows) override { all_attempts.insert(all_attempts.end(), rows.begin(), rows.end()); }
  void events(std::span<const RunEvent> rows) override { all_events.insert(all_events.end(), rows.begin(), rows.end()); }
  void samples(std::span<const Sample> rows) override { all_samples.insert(all_samples.end(), rows.begin(), rows.end()); }
  void ghosts(std::span<const Ghost> rows) override { all_ghosts.insert(all_ghosts.end(), rows.begin(), rows.end()); }
  std::vector<std::uint32_t> replications;
  std::vector<CallRecord> all_calls;
  std::vector<Attempt> all_attempts;
  std::vector<RunEvent> all_events;
  std::vector<Sample> all_samples;
  void hits(std::span<const Hit> rows) override { all_hits.insert(all_hits.end(), rows.begin(), rows.end()); }
  std::vector<Ghost> all_ghosts;
  std::vector<Hit> all_hits;
};

template <class Row>
std::vector<Row> twice(const std::vector<Row>& first, const std::vector<Row>& second) {
  std::vector<Row> both = first;
  both.insert(both.end(), second.begin(), second.end());
  return both;
}

void write_record(const fs::path& file, const WallClock& wall = example::wall()) {
  RunRecordWriter writer(file, example::info(), example::directory());
  example::write_all(writer);
  writer.measures(
      std::vector{Measure{"blocking", "total", "probability", 0.01, 0.009, 0.012, 20, ""}, Measure{"asr", "total", "x", 1, {}, {}, 1, "n"}});
  writer.finish(RunRecordWriter::End::complete, wall);
}

template <class Action>
std::string failure_of(const Action& action) {
  try {
    action();
  } catch (const std::runtime_error& failure) {
    return failure.what();
  }
  return "no failure";
}

TEST(RunRecord, GivesBackEveryRowInOrder) {
  const example::Folder folder;
  write_record(folder / "run.db");
  const RunRecord record(folder / "run.db");
  const auto first = example::calls(300, 0);
  const auto second = example::calls(300, 1);

  Memory memory;
  record.calls(memory);
  EXPECT_EQ(memory.all_calls, twice(first, second));
  EXPECT_THAT(memory.replications, ElementsAre(0, 1));
  record.attempts(memory);
  EXPECT_EQ(memory.all_attempts, twice(example::attempts(first), example::attempts(second)));
  record.events(memory);
  EXPECT_EQ(memory.all_events, twice(example::events(), example::events()));
  record.samples(memory);
  EXPECT_EQ(memory.all_samples, twice(example::samples(), example::samples()));
  record.ghosts(memory);
  EXPECT_EQ(memory.all_ghosts, twice(example::ghosts(first), example::ghosts(second)));
  EXPECT_GT(memory.all_ghosts.size(), 100U);
  record.hits(memory);
  EXPECT_EQ(memory.all_hits, twice(example::hits(first), example::hits(second)));
  EXPECT_GT(memory.all_hits.size(), 50U);
}

TEST(RunRecord, GivesBackVerdictsRemarksAndTheMeasuresOfEachReplication) {
  const example::Folder folder;
  const std::vector<Verdict> verdicts{{Verdict::Kind::missed, "failover_s", "fault/0", "failover of euc1/1 crash 72 s, at most 10 s"},
                                      {Verdict::Kind::met, "blocking", "total", "blocking 0 %, at most 1 %"},
                                      {Verdict::Kind::not_judged, "asr", "total", "answer-seizure ratio, since there were no calls"}};
  const std::vector<Remark> remarks{{Remark::Kind::assumed, "site oslo", "has round-trip times of 0"},
                                    {Remark::Kind::seed_advice, "site oslo", "calls go to addresses"},
                                    {Remark::Kind::own_advice, "service", "one region"}};
  {
    RunRecordWriter writer(folder / "run.db", example::info(), example::directory());
    writer.verdicts(verdicts);
    writer.remarks(remarks);
    for (std::uint32_t replication = 0; replication < 2; ++replication) {
      writer.replication_measures(
          replication,
          std::vector{Measure{
              .name = "asr", .entity = "total", .unit = "probability", .mean = 0.1 + replication, .low = {}, .high = {}, .n = 1, .note = {}}});
    }
    writer.finish(RunRecordWriter::End::complete, example::wall());
  }
  const RunRecord record(folder / "run.db");
  EXPECT_EQ(record.verdicts(), verdicts);
  EXPECT_EQ(record.remarks(), remarks);
  const auto measures = record.replication_measures();
  ASSERT_EQ(measures.size(), 2U);
  ASSERT_EQ(measures[1].size(), 1U);
  EXPECT_EQ(measures[1][0].name, "asr");
  EXPECT_EQ(measures[1][0].entity, "total");
  EXPECT_EQ(measures[1][0].mean, 1.1);
  EXPECT_EQ(measures[0][0].mean, 0.1);
}

TEST(RunRecord, GivesBackTheHeadingAndTheDirectory) {
  const example::Folder folder;
  write_record(folder / "run.db");
  const RunRecord record(folder / "run.db");
  EXPECT_EQ(record.info(), example::info());
  EXPECT_EQ(record.wall(), example::wall());
  EXPECT_TRUE(record.complete());
  const Directory& found = record.directory();
  EXPECT_EQ(found.sites, example::directory().sites);
  EXPECT_EQ(found.site_settings, example::directory().site_settings);
  ASSERT_EQ(found.caps.size(), 2U);
  EXPECT_EQ(found.caps[0].cps, 10.0);
  EXPECT_EQ(found.caps[0].sessions, std::nullopt);
  EXPECT_EQ(found.caps[1].sessions, 200U);
  EXPECT_EQ(found.regions, example::directory().regions);
  ASSERT_EQ(found.edges.size(), 3U);
  EXPECT_EQ(found.edges[2].name, "use1/1");
  EXPECT_EQ(found.edges[2].region, 1);
  ASSERT_EQ(found.demands.size(), 2U);
  EXPECT_EQ(found.demands[1].site, 1);
  ASSERT_EQ(found.faults.size(), 2U);
  EXPECT_EQ(found.faults[0].until, example::at(8100));
  EXPECT_EQ(found.faults[1].until, never);
  EXPECT_EQ(found.faults[1].edges, std::vector<EdgeIndex>{2});
  EXPECT_EQ(found.random_faults, example::directory().random_faults);
  ASSERT_EQ(found.caps.size(), 2U);
  EXPECT_EQ(found.caps[1].scope, CapScope::source_address);
}

TEST(RunRecord, KnowsFaultsOfManyEdgesAndOfNone) {
  const example::Folder folder;
  Directory directory = example::directory();
  directory.faults = {{"euc1 crash", example::at(60), example::at(120), {1, 0}},
                      {"dns no answer", example::at(90), never},
                      {"use1/1 drain", example::at(95), never, {2}}};
  {
    RunRecordWriter writer(folder / "run.db", example::info(), directory);
    writer.events(std::vector<RunEvent>{{example::at(90), EventKind::fault_began, no_edge, 0, no_cap, 1},
                                        {example::at(91), EventKind::fault_began, 1, 0, no_cap, 3}});
    writer.finish(RunRecordWriter::End::complete, example::wall());
  }
  const RunRecord record(folder / "run.db");
  std::vector<std::vector<EdgeIndex>> edges;
  for (const Directory::Fault& fault : record.directory().faults) edges.push_back(fault.edges);
  EXPECT_THAT(edges, ElementsAre(ElementsAre(1, 0), IsEmpty(), ElementsAre(2)));
  EXPECT_EQ(example::rows_of(record, "SELECT text, began_s, edges FROM faults_readable"),
            "euc1 crash|60.0|euc1/2 euc1/1|\ndns no answer|90.0||\nuse1/1 drain|95.0|use1/1|\n");
  EXPECT_EQ(example::rows_of(record, "SELECT kind, edge, fault FROM events_readable"),
            "fault_began||dns no answer|\nfault_began|euc1/2|euc1/2 crash at random|\n");
}

TEST(RunRecord, GivesBackMeasuresImpactsAndAdvice) {
  const example::Folder folder;
  write_record(folder / "run.db");
  const RunRecord record(folder / "run.db");
  const auto measures = record.measures();
  ASSERT_EQ(measures.size(), 2U);
  EXPECT_EQ(measures[0].low, 0.009);
  EXPECT_EQ(measures[1].low, std::nullopt);
  EXPECT_EQ(measures[1].note, "n");
  EXPECT_THAT(record.impacts(), ElementsAre(example::impacts(), example::impacts()));
  EXPECT_EQ(record.advice(), example::advice());
}

TEST(RunRecord, OfTheSameRowsIsTheSameByteForByte) {
  const example::Folder folder;
  write_record(folder / "one.db");
  write_record(folder / "two.db");
  write_record(folder / "later.db", {"2027-01-01T00:00:00Z", "2027-01-01T00:00:09Z", 8.75});
  EXPECT_GT(example::bytes_of(folder / "one.db").size(), 10000U);
  EXPECT_EQ(example::bytes_of(folder / "one.db"), example::bytes_of(folder / "two.db"));
  EXPECT_NE(example::bytes_of(folder / "one.db"), example::bytes_of(folder / "later.db"));
}

TEST(RunRecord, IsOneFileAndReplacesAnOlderRecord) {
  const example::Folder folder;
  write_record(folder / "run.db");
  write_record(folder / "run.db");
  EXPECT_THAT(folder.names(), ElementsAre("run.db"));
}

TEST(RunRecord, ThatWasInterruptedIsReadableAndSaysSo) {
  const example::Folder folder;
  {
    RunRecordWriter writer(folder / "run.db", example::info(), example::directory());
    example::write_all(writer);
    writer.finish(RunRecordWriter::End::incomplete, example::wall());
  }
  const RunRecord record(folder / "run.db");
  EXPECT_FALSE(record.complete());
  EXPECT_THAT(record.measures(), IsEmpty());
  EXPECT_FALSE(measures_of(record).empty());
}

TEST(RunRecord, WithoutFinishLeavesNothingAndKeepsTheOlderOne) {
  const example::Folder folder;
  write_record(folder / "run.db");
  const std::string before = example::bytes_of(folder / "run.db");
  {
    RunRecordWriter writer(folder / "run.db", example::info(), example::directory());
    example::write_all(writer);
    EXPECT_EQ(folder.names().size(), 2U);
  }
  EXPECT_THAT(folder.names(), ElementsAre("run.db"));
  EXPECT_EQ(example::bytes_of(folder / "run.db"), before);
}

TEST(RunRecord, NeverOverwritesAForeignFile) {
  const example::Folder folder;
  std::ofstream(folder / "letter.txt") << "dear carrier, this is longer than the heading of a database, one hundred bytes or so, I think";
  SQLite::Database((folder / "other.db").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE mine (a)");
  for (const char* name : {"letter.txt", "other.db"}) {
    const std::string before = example::bytes_of(folder / name);
    EXPECT_THAT(failure_of([&] { RunRecordWriter(folder / name, example::info(), example::directory()); }), HasSubstr("is not a run record"));
    EXPECT_EQ(example::bytes_of(folder / name), before);
  }
}

TEST(RunRecord, SaysWhyAPlaceCannotTakeIt) {
  const example::Folder folder;
  const auto complaint = [](const fs::path& file) { return failure_of([&] { RunRecordWriter(file, example::info(), example::directory()); }); };
  const std::string missing = folder / "no/such";
  EXPECT_EQ(complaint(missing + "/x"), missing + "/x: cannot write the run record: there is no folder " + missing);
  EXPECT_EQ(complaint(""), "cannot write the run record: its name is empty");
  std::ofstream(folder / "letter.txt") << "dear carrier";
  const std::string letter = folder / "letter.txt";
  EXPECT_EQ(complaint(letter + "/x"), letter + "/x: cannot write the run record: " + letter + " is not a folder");
  fs::create_directory(folder / "inner");
  EXPECT_THAT(complaint(folder / "inner"), HasSubstr("inner: cannot write the run record: it is a folder"));
}

TEST(RunRecord, SaysWhereThereIsNoPermission) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read and write everything";
  const example::Folder folder;
  write_record(folder / "secret.db");
  fs::permissions(folder / "secret.db", fs::perms::none);
  EXPECT_THAT(failure_of([&] { RunRecord record(folder / "secret.db"); }),
              HasSubstr("secret.db: cannot read the run record: there is no permission"));
  fs::create_directory(folder / "locked");
  fs::permissions(folder / "locked", fs::perms::owner_read | fs::perms::owner_exec);
  EXPECT_THAT(failure_of([&] { RunRecordWriter(folder / "locked/x", example::info(), example::directory()); }),
              HasSubstr("locked/x: cannot write the run record: the folder "));
}

TEST(RunRecord, OnAFullDiskNamesTheAttemptAndLeavesNothing) {
  const example::Folder folder;
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{.rlim_cur = 1'000'000, .rlim_max = before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  const std::string failure = failure_of([&] {
    RunRecordWriter writer(folder / "run.db", example::info(), example::directory());
    for (int part = 0; part < 100; ++part) writer.calls(example::calls(10'000));
  });
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_THAT(failure, HasSubstr(".partial: cannot add calls: "));
  EXPECT_THAT(folder.names(), IsEmpty());
}

TEST(RunRecord, ReaderSaysWhatIsWrongWithAFile) {
  const example::Folder folder;
  const auto complaint = [&](const char* name) { return failure_of([&] { RunRecord record(folder / name); }); };
  EXPECT_THAT(complaint("none.db"), HasSubstr("there is no such file"));

  std::ofstream(folder / "letter.txt") << std::string(2000, 'x');
  EXPECT_THAT(complaint("letter.txt"), HasSubstr("it is not a run record"));
  std::ofstream(folder / "empty.db");
  EXPECT_THAT(complaint("empty.db"), HasSubstr("it is not a run record"));

  write_record(folder / "newer.db");
  SQLite::Database((folder / "newer.db").string(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version=99");
  EXPECT_THAT(complaint("newer.db"), HasSubstr("schema version 99, this build reads 4"));
  SQLite::Database((folder / "newer.db").string(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version=1");
  EXPECT_THAT(complaint("newer.db"), HasSubstr("schema version 1, this build reads 4: simulate again"));

  write_record(folder / "cut.db");
  fs::resize_file(folder / "cut.db", fs::file_size(folder / "cut.db") / 2);
  EXPECT_THAT(complaint("cut.db"), HasSubstr("it is truncated or damaged"));
}

TEST(RunRecord, RecomputedMeasuresEqualThoseCountedOnline) {
  const example::Folder folder;
  const Directory directory = example::directory();
  const RunInfo info = example::info();
  std::vector<Tally> online;
  {
    RunRecordWriter writer(folder / "run.db", info, directory);
    for (std::uint32_t replication = 0; replication < 2; ++replication) {
      const auto rows = example::calls(5000, replication);
      writer.begin_replication(replication);
      writer.calls(rows);
      writer.attempts(example::attempts(rows));
      Tally& tally = online.emplace_back(directory, info.measure_from, run_start + info.horizon, info.batch_length);
      tally.calls(rows);
      tally.attempts(example::attempts(rows));
      writer.ghosts(example::ghosts(rows));
      tally.ghosts(example::ghosts(rows));
    }
    writer.finish(RunRecordWriter::End::complete, example::wall());
  }
  const auto expected = summarise(online, directory);
  const auto found = recompute(RunRecord(folder / "run.db"));
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t place = 0; place < found.size(); ++place) {
    EXPECT_EQ(found[place].name, expected[place].name);
    EXPECT_EQ(found[place].entity, expected[place].entity);
    EXPECT_EQ(found[place].mean, expected[place].mean) << expected[place].name;
    EXPECT_EQ(found[place].low, expected[place].low) << expected[place].name;
    EXPECT_EQ(found[place].high, expected[place].high) << expected[place].name;
    EXPECT_EQ(found[place].note, expected[place].note);
  }
}

TEST(RunRecord, WithoutEveryCallCannotBeRecomputed) {
  const example::Folder folder;
  RunInfo info = example::info();
  info.detail = CallDetail::failed;
  {
    RunRecordWriter writer(folder / "run.db", info, example::directory());
    writer.finish(RunRecordWriter::End::complete, example::wall());
  }
  EXPECT_THAT(failure_of([&] { return recompute(RunRecord(folder / "run.db")); }), HasSubstr("does not hold every call"));
}

TEST(RunRecord, SpeedOfAMillionCalls) {
  const example::Folder folder;
  const auto rows = example::calls(100'000);
  const auto start = std::chrono::steady_clock::now();
  {
    RunRecordWriter writer(folder / "run.db", example::info(), example::directory());
    for (std::uint32_t part = 0; part < 10; ++part) writer.calls(rows);
    writer.finish(RunRecordWriter::End::complete, example::wall());
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::cout << "wrote 1,000,000 calls in " << seconds << " s, " << fs::file_size(folder / "run.db") / 1'000'000 << " bytes a call\n";
}

TEST(Tally, SpeedOfTenMillionCalls) {
  const auto rows = example::calls(100'000);
  Tally tally(example::directory(), run_start, example::at(14400));
  const auto start = std::chrono::steady_clock::now();
  for (int part = 0; part < 100; ++part) tally.calls(rows);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::cout << "counted 10,000,000 calls in " << seconds << " s\n";
  EXPECT_EQ(tally.counts(EntityKind::total, 0)[Count::offered], 9'800'000);
}

}  // namespace
}  // namespace trunklab
