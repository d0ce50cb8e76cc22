// The full model of a healthy service at 10,000 calls at the same time: digest, callback, answer mix, hunting, caps, two regions; with media or
// without.
#include <fmt/format.h>

#include "tests/bench/timed_run.hpp"

namespace trunklab::bench {
namespace {

constexpr double concurrent_calls = 10'000;
/// From dialling to the last thing freed, as the scenario below has it. Only sets the rate: the concurrency that comes out is printed.
constexpr double mean_time_in_system_s = 124.35;

constexpr auto service_text = R"(
service:
  preset: sinch
  authentication: {{ code: 407, challenge: every_call }}
  callback: {{ latency: {{ distribution: gamma, mean: 150ms, cv: 0.5 }} }}
  caps:
    - {{ scope: account, cps: 2000/s, burst: 2000, sessions: 50000 }}
    - {{ scope: region, sessions: 40000 }}
    - {{ scope: edge, cps: 1000/s, burst: 1000, sessions: 30000 }}
    - {{ scope: source_address, cps: 1000/s, burst: 1000 }}
  media: {{ legs: both, addresses: {{ start_up: 60s }} }}
horizon: {{ duration: {}s }}
seed: {}
)";

constexpr auto site_text = R"(
  {}:
    transport: udp
    channels: 8000
    rtt: {{ {}: 32ms, {}: 110ms }}
    routing:
      target: addresses
      regions: [{}, {}]
      probe: {{ every: 30s, timeout: 3s, fail_after: 3, recover_after: 1 }}
      hold_down: 60s
)";

constexpr auto demand_text = R"(
  to-{0}:
    site: {0}
    arrivals: {{ process: poisson, rate: {1:.9f}/s }}
    holding: {{ distribution: lognormal, mean: 180s, cv: 1.2 }}
    answer: {{ answered: 70%, busy: 12%, no_answer: 15%, rejected: 3% }}
    post_dial_delay: {{ distribution: gamma, mean: 2.5s, cv: 0.5 }}
    ring_time: {{ distribution: gamma, mean: 9s, cv: 0.7 }}
    patience: {{ distribution: exponential, mean: 120s }}
    caller_hangs_up: 50%
)";
/// Nothing of media happens to calls without codecs.
constexpr auto codecs_text = "    codecs: [{ share: 60%, offer: [G.711a] }, { share: 40%, offer: [Opus, G.729] }]\n";
constexpr auto ports_text = "    rtp_ports: 16384-32767\n";

std::string text_for(double timed_s, double calls_per_second, std::uint64_t seed, bool with_media) {
  const auto site = [&](const char* name, const char* near, const char* far) {
    return fmt::format(site_text, name, near, far, near, far) + (with_media ? ports_text : "");
  };
  const auto demand = [&](const char* name) { return fmt::format(demand_text, name, calls_per_second / 2) + (with_media ? codecs_text : ""); };
  return fmt::format(service_text, horizon_s(timed_s), seed) + "sites:" + site("stockholm", "euc1", "use1") + site("boston", "use1", "euc1") +
         "demand:" + demand("stockholm") + demand("boston");
}

}  // namespace
}  // namespace trunklab::bench

/// Arguments: CALLS SEED plain|media.
int main(int argc, char** argv) {
  using namespace trunklab::bench;
  if (argc != 4) throw std::invalid_argument("expected CALLS SEED plain|media");
  const std::string model = argv[3];
  const double calls_per_second = concurrent_calls / mean_time_in_system_s;
  const double timed_s = std::stod(argv[1]) / calls_per_second;
  const TimedRun run = run_timed(scenario_of(text_for(timed_s, calls_per_second, std::stoull(argv[2]), model == "media")), timed_s);
  const auto offered = static_cast<double>(run.end.offered);
  std::cout << "full " << model << ' ' << argv[2] << ' ' << argv[1] << ' ' << run.timed_calls << ' ' << run.seconds << ' '
            << static_cast<double>(run.end.events) / offered << ' ' << run.end.total.call_seconds / run.end.total.observed_s << ' '
            << run.end.bytes_max << ' ' << run.end.total.max << '\n';
}
