// Availability of pairs of edges that fail and are repaired at random, without any calls, against the two-edge Markov chain.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <iostream>

#include "scenarios/reader.hpp"
#include "sim/run.hpp"

namespace trunklab::bench {
namespace {

// 31 years at a stretch; the one call that a demand must have comes at the end of a year and is no matter.
constexpr auto text = R"(
horizon: { duration: 11600d }
series_every: 10d
warmup: 0s
sites:
  pbx: { routing: { target: addresses, regions: [euc1], probe: never } }
demand:
  d: { arrivals: { process: deterministic, every: 366d }, holding: 1s }
faults:
  - { edge: euc1/1, kind: crash, random: { mtbf: 2h, mttr: 20min } }
  - { edge: euc1/2, kind: crash, random: { mtbf: 2h, mttr: 20min } }
  - { edge: use1/1, kind: crash, random: { mtbf: 2h, mttr: 20min } }
  - { edge: use1/2, kind: crash, random: { mtbf: 2h, mttr: 20min } }
)";

/// Adds up for how long no, one or both edges of a pair were down: the first two edges of the service are one, the next two another.
class TimeShares : public RunSink {
 public:
  explicit TimeShares(Instant horizon) : horizon_(horizon) {}
  void begin_replication(std::uint32_t) override { pairs_ = {}; }
  void calls(std::span<const CallRecord>) override {}
  void attempts(std::span<const Attempt>) override {}
  void samples(std::span<const Sample>) override {}
  void events(std::span<const RunEvent> rows) override {
    for (const RunEvent& event : rows) {
      if (event.kind != EventKind::edge_crashed && event.kind != EventKind::edge_recovered) continue;
      Pair& pair = pairs_.at(event.edge / 2U);
      spend_until(event.at, pair);
      pair.down.at(event.edge % 2U) = event.kind == EventKind::edge_crashed;
      faults_ += event.kind == EventKind::edge_crashed;
    }
  }
  /// At the end of each replication.
  void finish() {
    for (Pair& pair : pairs_) spend_until(horizon_, pair);
  }
  [[nodiscard]] double share(std::size_t edges_down) const { return seconds_[edges_down] / (seconds_[0] + seconds_[1] + seconds_[2]); }
  [[nodiscard]] std::uint64_t faults() const { return faults_; }

 private:
  struct Pair {
    std::array<bool, 2> down{};
    Instant since = run_start;
  };
  void spend_until(Instant at, Pair& pair) {
    seconds_[std::size_t{pair.down[0]} + std::size_t{pair.down[1]}] += in_seconds(at - pair.since);
    pair.since = at;
  }
  Instant horizon_;
  std::array<Pair, 2> pairs_{};
  std::array<double, 3> seconds_{};
  std::uint64_t faults_ = 0;
};

}  // namespace
}  // namespace trunklab::bench

/// Exit code 1: a share is off by more than 1 %.
int main() {
  using namespace trunklab;
  using namespace trunklab::bench;
  constexpr std::uint32_t replications = 3;  // more than 136 years in a process would blur its clock
  const auto scenario = parse_scenario(text, "availability.yaml");
  if (!scenario) throw std::runtime_error(scenario.problems().front().text());
  TimeShares shares(run_start + scenario.value().horizon.duration);
  for (std::uint32_t replication = 0; replication < replications; ++replication) {
    shares.begin_replication(replication);
    const auto end = run_once(scenario.value(), {.replication = replication, .left_out = {Role::health_check}}, shares);
    if (!end) throw std::runtime_error(end.problems().front().text());
    shares.finish();
  }
  // Each edge is down for 20 min of every 140: the chain's states have the product's probabilities.
  constexpr std::array theory{36.0 / 49, 12.0 / 49, 1.0 / 49};
  bool good = true;
  std::cout << fmt::format("pairs of edges, MTBF 2 h, MTTR 20 min: {} faults\n", shares.faults());
  for (std::size_t down = 0; down < theory.size(); ++down) {
    const double ratio = shares.share(down) / theory[down];
    good = good && std::abs(ratio - 1) < 0.01;
    std::cout << fmt::format("  {} down  {:.6f}  Markov chain {:.6f}  ratio {:.4f}\n", down, shares.share(down), theory[down], ratio);
  }
  return good ? 0 : 1;
}
