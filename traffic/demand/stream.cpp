// The arrival processes.
#include "traffic/demand/stream.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "models/rate_table.hpp"
#include "traffic/demand/life.hpp"
#include "traffic/demand/trace.hpp"

namespace trunklab {

namespace {

std::uint32_t window_of(Instant at) {
  return static_cast<std::uint32_t>((at - run_start) / arrival_window);
}

/// Steps of a unit-rate Poisson process within a window: gap number n of the window, four gaps to a block of luck.
class UnitGaps {
 public:
  explicit UnitGaps(const Luck& luck) : luck_(luck) {}
  double gap(std::uint32_t window, std::uint32_t number) {
    if (number % 4 == 0) words_ = luck_.block(Purpose::arrival, (std::uint64_t{window} << 32U) | (number / 4));
    return -std::log(unit_interval(words_[number % 4]));
  }

 private:
  Luck luck_;
  Luck::Block words_{};
};

/// What every drawn process shares: calls numbered within their window, a life each, an end.
class DrawnStream : public CallStream {
 public:
  DrawnStream(const DemandSpec& demand, std::uint16_t number, const Luck& luck, Span horizon)
      : luck_(luck), laws_(demand, false), demand_(number), end_(run_start + horizon) {}

 protected:
  void add(std::vector<PlannedCall>& chunk, std::uint32_t window, std::uint32_t number, Instant at) const {
    PlannedCall& call = chunk.emplace_back();
    call.id = {.demand = demand_, .window = window, .number = number};
    call.at = at;
    laws_.draw(luck_, Purpose::life, index_of(call.id), call);
  }
  [[nodiscard]] Instant end() const { return end_; }
  [[nodiscard]] const Luck& luck() const { return luck_; }

 private:
  Luck luck_;
  LifeLaws laws_;
  std::uint16_t demand_;
  Instant end_;
};

/// Poisson arrivals at a constant rate: exponential gaps, restarted at each window (exact, since the process has no memory).
class PoissonStream final : public DrawnStream {
 public:
  PoissonStream(const DemandSpec& demand, std::uint16_t number, const Luck& luck, Span horizon)
      : DrawnStream(demand, number, luck, horizon), gaps_(luck), mean_gap_ns_(1e9 / std::get<PoissonArrivals>(demand.arrivals).rate.value()) {}

  void fill(std::vector<PlannedCall>& chunk) override {
    constexpr auto window_ns = static_cast<double>(arrival_window.count());
    chunk.clear();
    while (chunk.size() < chunk_size) {
      const Instant start = run_start + arrival_window * window_;
      if (start >= end()) return;
      in_window_ns_ += gaps_.gap(window_, number_) * mean_gap_ns_;
      if (in_window_ns_ >= window_ns) {
        ++window_;
        number_ = 0;
        in_window_ns_ = 0;
        continue;
      }
      const Instant at = start + Span{static_cast<Span::rep>(in_window_ns_)};
      if (at >= end()) return;
      add(chunk, window_, number_++, at);
    }
  }

 private:
  UnitGaps gaps_;
  double mean_gap_ns_;
  double in_window_ns_ = 0;
  std::uint32_t window_ = 0;
  std::uint32_t number_ = 0;
};

/// Time-varying Poisson arrivals: a unit-rate process on the scale of Lambda, restarted at each window, mapped back by the inverse.
class VaryingStream final : public DrawnStream {
 public:
  VaryingStream(const DemandSpec& demand, std::uint16_t number, const Luck& luck, Span horizon)
      : DrawnStream(demand, number, luck, horizon), gaps_(luck), table_(std::get<VaryingArrivals>(demand.arrivals)) {
    open_window();
  }

  void fill(std::vector<PlannedCall>& chunk) override {
    chunk.clear();
    while (chunk.size() < chunk_size && start_ < end()) {
      expected_ += gaps_.gap(window_, number_);
      if (expected_ >= expected_end_) {
        ++window_;
        open_window();
        continue;
      }
      const Instant at = std::clamp(table_.inverse(expected_), start_, start_ + arrival_window - Span{1});
      if (at >= end()) {
        start_ = end();
        return;
      }
      add(chunk, window_, number_++, at);
    }
  }

 private:
  void open_window() {
    start_ = run_start + arrival_window * window_;
    expected_ = table_.cumulative(start_);
    expected_end_ = table_.cumulative(start_ + arrival_window);
    number_ = 0;
  }

  UnitGaps gaps_;
  RateTable table_;
  Instant start_;
  double expected_ = 0;
  double expected_end_ = 0;
  std::uint32_t window_ = 0;
  std::uint32_t number_ = 0;
};

/// Evenly spaced arrivals.
class DeterministicStream final : public DrawnStream {
 public:
  DeterministicStream(const DemandSpec& demand, std::uint16_t number, const Luck& luck, Span horizon)
      : DrawnStream(demand, number, luck, horizon), spec_(std::get<DeterministicArrivals>(demand.arrivals)), at_(run_start + spec_.offset) {}

  void fill(std::vector<PlannedCall>& chunk) override {
    for (chunk.clear(); chunk.size() < chunk_size && at_ < end(); at_ += spec_.every) {
      const std::uint32_t window = window_of(at_);
      number_ = window == window_ ? number_ : 0;
      window_ = window;
      add(chunk, window, number_++, at_);
    }
  }

 private:
  DeterministicArrivals spec_;
  Instant at_;
  std::uint32_t window_ = 0;
  std::uint32_t number_ = 0;
};

/// Arrivals of a call file; talk times from there too.
class TraceStream final : public CallStream {
 public:
  TraceStream(const DemandSpec& demand, std::uint16_t number, const Luck& luck, std::vector<TracedCall> calls)
      : luck_(luck), laws_(demand, true), demand_(number), calls_(std::move(calls)) {}

  void fill(std::vector<PlannedCall>& chunk) override {
    for (chunk.clear(); chunk.size() < chunk_size && next_ < calls_.size(); ++next_) {
      const TracedCall& traced = calls_[next_];
      PlannedCall& call = chunk.emplace_back();
      call.id = {.demand = demand_, .window = traced.copy, .number = traced.row};
      call.at = traced.at;
      call.talk = traced.talk;
      laws_.draw(luck_, Purpose::life, index_of(call.id), call);
    }
  }

 private:
  Luck luck_;
  LifeLaws laws_;
  std::uint16_t demand_;
  std::vector<TracedCall> calls_;
  std::size_t next_ = 0;
};

}  // namespace

Result<std::unique_ptr<CallStream>> open_stream(const DemandSpec& demand, std::uint16_t number, const Luck& luck, Span horizon) {
  using Opened = std::unique_ptr<CallStream>;
  if (std::holds_alternative<PoissonArrivals>(demand.arrivals)) return Opened{std::make_unique<PoissonStream>(demand, number, luck, horizon)};
  if (std::holds_alternative<VaryingArrivals>(demand.arrivals)) return Opened{std::make_unique<VaryingStream>(demand, number, luck, horizon)};
  if (std::holds_alternative<DeterministicArrivals>(demand.arrivals)) {
    return Opened{std::make_unique<DeterministicStream>(demand, number, luck, horizon)};
  }
  auto calls = read_trace(std::get<TraceArrivals>(demand.arrivals), luck, horizon);
  if (!calls) return calls.problems();
  return Opened{std::make_unique<TraceStream>(demand, number, luck, std::move(calls).value())};
}

}  // namespace trunklab
