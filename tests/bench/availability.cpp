// Availability of two edges that fail and are repaired at random, without any calls, against the two-edge Markov chain.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdlib>
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
)";

/// Adds up for how long no, one or both edges were down.
class TimeShares : public RunSink {
 public:
  void begin_replication(std::uint32_t) override {
    finish();
    down_ = {};
    since_ = run_start;
  }
  void calls(std::span<const CallRecord>) override {}
  void attempts(std::span<const Attempt>) override {}
  void samples(std::span<const Sample>) override {}
  void events(std::span<const RunEvent> rows) override {
    for (const RunEvent& event : rows) {
      if (event.kind != EventKind::edge_crashed && event.kind != EventKind::edge_recovered) continue;
      spend_until(event.at);
      down_[event.edge] = event.kind == EventKind::edge_crashed;
      cycles_ += down_[event.edge];
    }
  }
  void finish() {
    if (horizon_ > run_start) spend_until(horizon_);
  }
  void set_horizon(Instant horizon) { horizon_ = horizon; }
  [[nodiscard]] double share(std::size_t edges_down) const { return seconds_[edges_down] / (seconds_[0] + seconds_[1] + seconds_[2]); }
  [[nodiscard]] std::uint64_t cycles() const { return cycles_; }

 private:
  void spend_until(Instant at) {
    seconds_[std::size_t{down_[0]} + std::size_t{down_[1]}] += in_seconds(at - since_);
    since_ = at;
  }
  std::array<bool, 2> down_{};
  std::array<double, 3> seconds_{};
  Instant since_ = run_start;
  Instant horizon_ = run_start;
  std::uint64_t cycles_ = 0;
};

}  // namespace
}  // namespace trunklab::bench

/// Argument: REPLICATIONS of 31 years, 5 for a million faults. Exit code 1: a share is off by more than 1 %.
int main(int argc, char** argv) {
  using namespace trunklab;
  using namespace trunklab::bench;
  const int replications = argc > 1 ? std::atoi(argv[1]) : 5;
  const auto scenario = parse_scenario(text, "availability.yaml");
  if (!scenario) throw std::runtime_error(scenario.problems().front().text());
  TimeShares shares;
  for (int replication = 0; replication < replications; ++replication) {
    shares.begin_replication(static_cast<std::uint32_t>(replication));
    shares.set_horizon(run_start + scenario.value().horizon.duration);
    const auto end = run_once(scenario.value(), {.replication = static_cast<std::uint32_t>(replication), .left_out = {Role::health_check}}, shares);
    if (!end) throw std::runtime_error(end.problems().front().text());
  }
  shares.finish();
  // Each edge is down for 20 min of every 140: the chain's states have the product's probabilities.
  constexpr std::array theory{36.0 / 49, 12.0 / 49, 1.0 / 49};
  bool good = true;
  std::cout << fmt::format("two edges, MTBF 2 h, MTTR 20 min: {} faults\n", shares.cycles());
  for (std::size_t down = 0; down < theory.size(); ++down) {
    const double ratio = shares.share(down) / theory[down];
    good = good && std::abs(ratio - 1) < 0.01;
    std::cout << fmt::format("  {} down  {:.6f}  Markov chain {:.6f}  ratio {:.4f}\n", down, shares.share(down), theory[down], ratio);
  }
  return good ? 0 : 1;
}
