// Measures of a record from its rows, by the counters that the simulator uses online.
#include <stdexcept>
#include <vector>

#include "models/measures/summary.hpp"
#include "models/measures/tally.hpp"
#include "reports/run_reader.hpp"

namespace trunklab {
namespace {

/// One tally a replication.
class Recount : public RunSink {
 public:
  explicit Recount(const RunRecord& record) : record_(record) {}
  void begin_replication(std::uint32_t replication) override {
    const RunInfo& info = record_.info();
    while (tallies_.size() <= replication) {
      tallies_.emplace_back(record_.directory(), info.measure_from, run_start + info.horizon, info.batch_length);
    }
    current_ = replication;
  }
  void calls(std::span<const CallRecord> rows) override { tallies_[current_].calls(rows); }
  void attempts(std::span<const Attempt> rows) override { tallies_[current_].attempts(rows); }
  void ghosts(std::span<const Ghost> rows) override { tallies_[current_].ghosts(rows); }
  void events(std::span<const RunEvent>) override {}
  void samples(std::span<const Sample>) override {}
  [[nodiscard]] const std::vector<Tally>& tallies() const { return tallies_; }

 private:
  const RunRecord& record_;
  std::vector<Tally> tallies_;
  std::uint32_t current_ = 0;
};

}  // namespace

std::vector<Measure> recompute(const RunRecord& record) {
  if (record.info().detail != CallDetail::all) {
    throw std::runtime_error(record.file().string() + ": cannot recompute measures: the run record does not hold every call");
  }
  Recount recount(record);
  recount.begin_replication(0);
  record.calls(recount);
  record.attempts(recount);
  record.ghosts(recount);
  return summarise(recount.tallies(), record.directory());
}

std::vector<Measure> measures_of(const RunRecord& record) {
  std::vector<Measure> stored = record.measures();
  return stored.empty() && !record.complete() ? recompute(record) : stored;
}

}  // namespace trunklab
