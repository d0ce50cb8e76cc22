// Limits of this machine, looked up and measured.
#include "cli/load_self_test.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/timex.h>

#include <algorithm>
#include <fstream>

#include "cli/load_player.hpp"

namespace trunklab::cli {

namespace {

/// Source ports that the kernel gives to connections; 0 if it does not say.
std::uint64_t source_ports() {
  std::ifstream stream("/proc/sys/net/ipv4/ip_local_port_range");
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  return stream >> first >> last && last >= first ? last - first + 1 : 0;
}

std::uint64_t available_kb() {
  std::ifstream stream("/proc/meminfo");
  for (std::string name; stream >> name;) {
    std::uint64_t value = 0;
    if (name == "MemAvailable:" && stream >> value) return value;
  }
  return 0;
}

}  // namespace

std::vector<std::string> machine_lacks(const OpenBundle& bundle) {
  std::vector<std::string> lacks;
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  for (const BundleShard& shard : bundle.shards) {
    const ReplayGroup& group = bundle.groups[shard.group];
    if (group.transport != Transport::tcp) continue;
    OpenBundle alone;
    alone.shards = {shard};
    const std::uint64_t at_once = peak_of(alone).at_once;
    constexpr std::uint64_t spare = 100;
    if (at_once + spare > files.rlim_max) {
      lacks.push_back(
          fmt::format("{}: {} calls at once over TCP, each with a file; at most {} may be open (ulimit -Hn)", group.name, at_once, files.rlim_max));
    }
    if (const std::uint64_t ports = source_ports(); ports > 0 && at_once > ports) {
      lacks.push_back(fmt::format("{}: {} calls at once over TCP, each with a source port; there are {} (net.ipv4.ip_local_port_range)", group.name,
                                  at_once, ports));
    }
  }
  constexpr std::uint64_t kb_a_call = 16;  // measured, SIPp 3.6.1
  const std::uint64_t kb = available_kb();
  if (kb > 0 && bundle.calls * kb_a_call > kb) {
    lacks.push_back(fmt::format("{} calls of {} KB each that SIPp may hold at once; {} MB of memory are free", bundle.calls, kb_a_call, kb / 1000));
  }
  return lacks;
}

bool clock_is_synchronised() {
  timex about{};
  return adjtimex(&about) != TIME_ERROR;
}

double rate_held(const OpenBundle& bundle, double wanted, const Directory& directory, const StopSignals& signals, const std::filesystem::path& work) {
  constexpr auto duration = std::chrono::seconds{3};
  constexpr double late_ms = 20;
  constexpr double least = 1;
  int tries = 0;
  for (double rate = wanted; rate >= least && signals.count() == 0; rate /= 2) {
    const OpenBundle even = at_even_rate(bundle, rate, duration);
    const LoadPlan plan;  // loopback
    const std::filesystem::path folder = work / fmt::format("self-test-{}", ++tries);
    std::filesystem::create_directory(folder);
    LoadPart part(even, plan, folder);
    LoadLeader nobody;
    const double epoch_ms = nobody.begin(even.lead);
    part.start(epoch_ms);
    MeasuredRun run(even, directory, epoch_ms);
    const StopRules none;
    LoadPlayer(even, plan, none, signals, part, nobody).play(run, epoch_ms);
    if (run.counts().over == even.calls && run.lateness_ms(0.99) <= late_ms) return rate;
  }
  return 0;
}

}  // namespace trunklab::cli
