// The loss system on trunklab, as a user would run it: from a scenario's text through SimGrid's engine to the tally. With a fourth argument, media,
// only the memory of it with ports of media addresses.
#include <fmt/format.h>

#include "tests/bench/timed_run.hpp"

namespace trunklab::bench {
namespace {

constexpr auto codecs = "    codecs: [G.711a]\n";

Scenario scenario_for(const LossSystem& system, double timed_s, bool with_media) {
  return scenario_of(fmt::format(R"(
horizon: {{ duration: {}s }}
seed: {}
sites:
  exchange:
    channels: {}
    routing: {{ target: single-address, edge: euc1/1, probe: never }}
demand:
  calls:
    arrivals: {{ process: poisson, rate: {:.12f}/s }}
    holding: {{ distribution: exponential, mean: {}s }}
    caller_hangs_up: 100%
{})",
                                 horizon_s(timed_s), system.seed, system.channels, system.calls_per_second(), mean_holding_s,
                                 with_media ? codecs : ""));
}

}  // namespace
}  // namespace trunklab::bench

int main(int argc, char** argv) {
  using namespace trunklab::bench;
  const LossSystem system = loss_system_from(argv);
  const double timed_s = static_cast<double>(system.calls) / system.calls_per_second();
  const bool with_media = argc > 4;
  const TimedRun run = run_timed(scenario_for(system, timed_s, with_media), timed_s);
  const auto blocked = static_cast<std::uint64_t>(run.counts[trunklab::Count::blocked]);
  if (!with_media)
    report("trunklab", system, {.offered = run.end.offered, .blocked = blocked, .timed_calls = run.timed_calls, .seconds = run.seconds});
  std::cout << (with_media ? "memory-media " : "memory ") << system.seed << ' ' << system.channels << ' ' << run.end.bytes_max << ' '
            << run.end.total.max << '\n';
}
