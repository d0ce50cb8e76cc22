// Small sinks that the studies put between a run and what is done with its rows.
#pragma once

#include <utility>
#include <vector>

#include "models/measures/fault_impact.hpp"
#include "models/measures/fault_watch.hpp"
#include "models/measures/load_curve.hpp"
#include "models/measures/tally.hpp"
#include "models/record/record.hpp"

namespace trunklab {

/// Hands everything on.
class PassOn : public RunSink {
 public:
  explicit PassOn(RunSink& next) : next_(next) {}
  void begin_replication(std::uint32_t replication) override { next_.begin_replication(replication); }
  void calls(std::span<const CallRecord> rows) override { next_.calls(rows); }
  void attempts(std::span<const Attempt> rows) override { next_.attempts(rows); }
  void events(std::span<const RunEvent> rows) override { next_.events(rows); }
  void samples(std::span<const Sample> rows) override { next_.samples(rows); }
  void ghosts(std::span<const Ghost> rows) override { next_.ghosts(rows); }
  void hits(std::span<const Hit> rows) override { next_.hits(rows); }

 private:
  RunSink& next_;
};

/// Counts what passes.
class Counting : public PassOn {
 public:
  Counting(RunSink& next, Tally& tally) : PassOn(next), tally_(tally) {}
  void calls(std::span<const CallRecord> rows) override {
    tally_.calls(rows);
    PassOn::calls(rows);
  }
  void attempts(std::span<const Attempt> rows) override {
    tally_.attempts(rows);
    PassOn::attempts(rows);
  }
  void ghosts(std::span<const Ghost> rows) override {
    tally_.ghosts(rows);
    PassOn::ghosts(rows);
  }

 private:
  Tally& tally_;
};

/// Draws the curve of what passes.
class Drawing : public PassOn {
 public:
  Drawing(RunSink& next, LoadCurve& curve) : PassOn(next), curve_(curve) {}
  void samples(std::span<const Sample> rows) override {
    curve_.samples(rows);
    PassOn::samples(rows);
  }

 private:
  LoadCurve& curve_;
};

/// Compares the calls that pass with their twins, and hands on which of them were hit. Listens to the comparison.
class Comparing : public PassOn {
 public:
  Comparing(RunSink& next, TwinComparison& comparison) : PassOn(next), comparison_(comparison) {
    comparison_.on_hit([this](const CallRecord& now, const Hit& hit) {
      hits_.push_back(hit);
      on_hit(now);
    });
  }
  void calls(std::span<const CallRecord> rows) override {
    comparison_.disturbed(rows);
    PassOn::calls(rows);
    if (!hits_.empty()) PassOn::hits(hits_);
    hits_.clear();
  }

 private:
  virtual void on_hit(const CallRecord& /*call*/) {}
  TwinComparison& comparison_;
  std::vector<Hit> hits_;
};

/// The same, and tells a watch of everything.
class Watching : public Comparing {
 public:
  Watching(RunSink& next, TwinComparison& comparison, FaultWatch& watch) : Comparing(next, comparison), watch_(watch) {}
  void calls(std::span<const CallRecord> rows) override {
    watch_.calls(rows);
    Comparing::calls(rows);
  }
  void attempts(std::span<const Attempt> rows) override {
    watch_.attempts(rows);
    PassOn::attempts(rows);
  }
  void events(std::span<const RunEvent> rows) override {
    watch_.events(rows);
    PassOn::events(rows);
  }
  void samples(std::span<const Sample> rows) override {
    watch_.samples(rows);
    PassOn::samples(rows);
  }
  void ghosts(std::span<const Ghost> rows) override {
    watch_.ghosts(rows);
    PassOn::ghosts(rows);
  }

 private:
  void on_hit(const CallRecord& call) override { watch_.hit(call); }
  FaultWatch& watch_;
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
