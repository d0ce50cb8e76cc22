// Small sinks that the studies put between a run and what is done with its rows.
#pragma once

#include <utility>
#include <vector>

#include "models/measures/fault_impact.hpp"
#include "models/measures/tally.hpp"
#include "models/record/record.hpp"

namespace trunklab {

/// Counts what passes, compares it unless `comparison` is nullptr, and hands it on with the calls that were hit. Listens to the comparison.
class Listening : public RunSink {
 public:
  Listening(RunSink& next, Tally& tally, TwinComparison* comparison) : next_(next), tally_(tally), comparison_(comparison) {
    if (comparison_ != nullptr) comparison_->on_hit([this](const CallRecord& /*now*/, const Hit& hit) { hits_.push_back(hit); });
  }
  void begin_replication(std::uint32_t replication) override { next_.begin_replication(replication); }
  void calls(std::span<const CallRecord> rows) override {
    tally_.calls(rows);
    if (comparison_ != nullptr) comparison_->disturbed(rows);
    next_.calls(rows);
    if (!hits_.empty()) next_.hits(hits_);
    hits_.clear();
  }
  void attempts(std::span<const Attempt> rows) override {
    tally_.attempts(rows);
    next_.attempts(rows);
  }
  void events(std::span<const RunEvent> rows) override { next_.events(rows); }
  void samples(std::span<const Sample> rows) override { next_.samples(rows); }
  void ghosts(std::span<const Ghost> rows) override {
    tally_.ghosts(rows);
    next_.ghosts(rows);
  }

 private:
  RunSink& next_;
  Tally& tally_;
  TwinComparison* comparison_;
  std::vector<Hit> hits_;
};

/// Takes no notice of anything.
class NoSink : public RunSink {
 public:
  void begin_replication(std::uint32_t /*replication*/) override {}
  void calls(std::span<const CallRecord> /*rows*/) override {}
  void attempts(std::span<const Attempt> /*rows*/) override {}
  void events(std::span<const RunEvent> /*rows*/) override {}
  void samples(std::span<const Sample> /*rows*/) override {}
};

/// Gives calls to a function, such as the twin's table or the comparison with it; nothing else matters there.
template <class Take>
class CallsOnly : public NoSink {
 public:
  explicit CallsOnly(Take take) : take_(std::move(take)) {}
  void calls(std::span<const CallRecord> rows) override { take_(rows); }

 private:
  Take take_;
};

}  // namespace trunklab
