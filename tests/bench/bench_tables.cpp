// Reads what the programs of the benchmark printed, checks every blocking against Erlang B, and prints the tables.
// Exit code 1 if a program did not do the work that it was compared on. Speed is recorded, never failed on.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <iostream>
#include <map>
#include <optional>
#include <sstream>
#include <vector>

#include "models/teletraffic/erlang_b.hpp"
#include "tests/bench/loss_system.hpp"
#include "tests/tolerances.hpp"

namespace trunklab::bench {
namespace {

/// One run of one program at one size.
struct Run {
  double offered = 0;
  double blocked = 0;
  double mcalls_per_s = 0;
};
using Round = std::uint64_t;
using Size = std::uint32_t;
using Rounds = std::map<Round, Run>;
using Values = std::vector<double>;

struct FullModel {
  double mcalls_per_s = 0;
  double events_per_call = 0;
  double concurrent = 0;
  double bytes_per_call = 0;
  std::uint64_t calls = 0;
};

struct Results {
  std::map<std::string, std::map<Size, Rounds>> loss;
  std::map<Size, Values> bytes_per_call;
  std::map<Size, Values> bytes_with_media;
  std::map<std::string, std::vector<FullModel>> full;  ///< plain, media
};

void read_loss(std::istringstream& words, Results& results) {
  std::string program;
  Round round = 0;
  Size channels = 0;
  Run run;
  double timed_calls = 0;
  double seconds = 0;
  words >> program >> round >> channels >> run.offered >> run.blocked >> timed_calls >> seconds;
  run.mcalls_per_s = timed_calls / seconds * 1e-6;
  results.loss[program][channels][round] = run;
}

void read_memory(std::istringstream& words, std::map<Size, Values>& bytes_per_call) {
  Round round = 0;
  Size channels = 0;
  double bytes = 0;
  double calls = 0;
  words >> round >> channels >> bytes >> calls;
  bytes_per_call[channels].push_back(bytes / calls);
}

void read_full(std::istringstream& words, Results& results) {
  std::string model;
  Round round = 0;
  FullModel run;
  double timed_calls = 0;
  double seconds = 0;
  double bytes = 0;
  double calls_max = 0;
  words >> model >> round >> run.calls >> timed_calls >> seconds >> run.events_per_call >> run.concurrent >> bytes >> calls_max;
  run.mcalls_per_s = timed_calls / seconds * 1e-6;
  run.bytes_per_call = bytes / calls_max;
  results.full[model].push_back(run);
}

Results read(std::istream& input) {
  Results results;
  for (std::string line; std::getline(input, line);) {
    std::istringstream words(line);
    std::string kind;
    words >> kind;
    if (kind == "loss") read_loss(words, results);
    if (kind == "memory") read_memory(words, results.bytes_per_call);
    if (kind == "memory-media") read_memory(words, results.bytes_with_media);
    if (kind == "full") read_full(words, results);
  }
  return results;
}

double median(Values values) {
  std::ranges::sort(values);
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

constexpr std::array<Size, 5> sizes{100, 1'000, 10'000, 100'000, 1'000'000};

struct Program {
  const char* name;
  const char* title;
};
constexpr std::array programs{Program{"trunklab", "trunklab"},
                              Program{"bare-heap", "bare loop, 4-ary heap"},
                              Program{"bare-calendar", "bare loop, calendar"},
                              Program{"ns3-calendar", "ns-3, calendar"},
                              Program{"ns3-map", "ns-3, map (its default)"},
                              Program{"actors", "SimGrid, actor per call"},
                              Program{"simpy", "SimPy, process per call"}};

const Rounds& rounds_of(const Results& results, const std::string& program, Size size) {
  static const Rounds none;
  const auto found = results.loss.find(program);
  if (found == results.loss.end() || !found->second.contains(size)) return none;
  return found->second.at(size);
}

void print_row(const std::string& title, const std::function<std::string(Size)>& cell, const std::string& remark = "") {
  std::string row = fmt::format("  {:<26}", title);
  for (const Size size : sizes) row += fmt::format("{:>16}", cell(size));
  fmt::print("{}{}\n", row, remark.empty() ? "" : "   " + remark);
}

void print_speeds(const Results& results) {
  fmt::print("\n  million calls a second\n");
  for (const Program& program : programs) {
    print_row(program.title, [&](Size size) -> std::string {
      Values speeds;
      for (const auto& [round, run] : rounds_of(results, program.name, size)) speeds.push_back(run.mcalls_per_s);
      return speeds.empty() ? "-" : fmt::format("{:.3f}", median(speeds));
    });
  }
}

/// Median over the rounds of trunklab's speed over that of the fastest of `rivals` in the same round.
std::optional<double> ratio_to(const Results& results, const std::vector<std::string>& rivals, Size size) {
  Values ratios;
  for (const auto& [round, own] : rounds_of(results, "trunklab", size)) {
    double fastest = 0;
    for (const std::string& rival : rivals) {
      const Rounds& rounds = rounds_of(results, rival, size);
      if (rounds.contains(round)) fastest = std::max(fastest, rounds.at(round).mcalls_per_s);
    }
    if (fastest > 0) ratios.push_back(own.mcalls_per_s / fastest);
  }
  return ratios.empty() ? std::nullopt : std::optional(median(ratios));
}

void print_ratios(const Results& results) {
  fmt::print("\n  speed of trunklab over theirs\n");
  const auto row = [&](const std::string& title, const std::vector<std::string>& rivals, const std::string& target) {
    print_row(
        title,
        [&](Size size) {
          const auto ratio = ratio_to(results, rivals, size);
          return ratio ? fmt::format("{:.2f}", *ratio) : "-";
        },
        target);
  };
  row("bare loop, the better one", {"bare-heap", "bare-calendar"}, "target: 0.70 at every size");
  row("ns-3, calendar", {"ns3-calendar"}, "target: 5 at 10,000 channels");
  row("ns-3, map", {"ns3-map"}, "");
  row("SimGrid, actor per call", {"actors"}, "target: 100 at 10,000 channels");
  row("SimPy, process per call", {"simpy"}, "");
}

double erlang_b_of(Size size) {
  return erlang_b(Erlangs{offered_per_channel * size}, size).value();
}

/// Squared coefficient of variation of the time between blocked calls. They form a renewal process (after each of them the system is the
/// same: full), so the number of them among many calls has a variance of so many times its mean: blocking comes in clusters.
/// m is the mean time from n calls to n + 1 (or, when full, to the next blocked call) in units of the mean gap, and `ratio` the mean square
/// over m squared; both by recursion over the first event, an arrival with chance p or a release.
double dispersion_of_blocked(Size size) {
  const double offered = offered_per_channel * size;
  double m = 1;
  double ratio = 2;
  for (Size n = 1; n <= size; ++n) {
    const double p = offered / (offered + n);
    const double before = m;
    m = 1 + n / offered * before;
    const double part = before / m;
    ratio = (2 * p * p / (m * m) + 2 * p * (1 - p) * (1 + part) / m + (1 - p) * (ratio * part * part + 2 * part)) / p;
  }
  return ratio - 1;
}

struct Blocking {
  double mean = 0;
  double standard_errors = 0;  ///< that it lies above Erlang B
};

/// Over all rounds: their seeds differ.
Blocking blocking_of(const Rounds& rounds, Size size) {
  double offered = 0;
  double blocked = 0;
  for (const auto& [round, run] : rounds) {
    offered += run.offered;
    blocked += run.blocked;
  }
  const double theory = erlang_b_of(size);
  const double standard_error = std::sqrt(theory * dispersion_of_blocked(size) / offered);
  return {.mean = blocked / offered, .standard_errors = (blocked / offered - theory) / standard_error};
}

/// Returns whether all are where they should be.
bool print_blocking(const Results& results) {
  bool sound = true;
  fmt::print("\n  blocking, and its difference from Erlang B in standard errors (at most {})\n", tolerance::standard_errors);
  print_row("Erlang B", [](Size size) { return fmt::format("{:.2e}", erlang_b_of(size)); });
  for (const Program& program : programs) {
    print_row(program.title, [&](Size size) -> std::string {
      const Rounds& rounds = rounds_of(results, program.name, size);
      if (rounds.empty()) return "-";
      const Blocking seen = blocking_of(rounds, size);
      const bool good = std::abs(seen.standard_errors) <= tolerance::standard_errors;
      sound = sound && good;
      return fmt::format("{:.2e} {:+.1f}{}", seen.mean, seen.standard_errors, good ? "" : "!");
    });
  }
  return sound;
}

bool print_loss_system(const Results& results) {
  fmt::print("Loss system: Poisson offers of {} erlangs a channel, exponential holding times of {} s, lost calls cleared.\n", offered_per_channel,
             mean_holding_s);
  fmt::print("One core, stationary start; processor time of the second half; medians over the rounds, ratios within a round.\n");
  fmt::print("Baselines at -O2, the same number of calls each; \"-\": not run at this size, it would take too long.\n\n");
  print_row("channels", [](Size size) { return fmt::format("{}", size); });
  print_row("calls a run, about", [&](Size size) {
    const Rounds& rounds = rounds_of(results, "trunklab", size);
    return rounds.empty() ? "-" : fmt::format("{:.0e}", rounds.begin()->second.offered);
  });
  print_row("rounds (slow ones: 1)", [&](Size size) { return fmt::format("{}", rounds_of(results, "trunklab", size).size()); });
  print_speeds(results);
  print_ratios(results);
  return print_blocking(results);
}

void print_memory(const Results& results) {
  fmt::print("\nBytes per concurrent call, call plane with its queue, at the largest number of calls in the run\n\n");
  print_row("channels", [](Size size) { return fmt::format("{}", size); });
  const auto row = [](const char* title, const std::map<Size, Values>& bytes, const char* target) {
    print_row(
        title, [&](Size size) { return bytes.contains(size) ? fmt::format("{:.1f}", median(bytes.at(size))) : "-"; }, target);
  };
  row("trunklab", results.bytes_per_call, "target: 64");
  row("with ports on both legs", results.bytes_with_media, "target: 128");
}

void print_full_model(const Results& results) {
  if (!results.full.contains("plain") || !results.full.contains("media")) return;
  const auto& plain = results.full.at("plain");
  const auto& media = results.full.at("media");
  const auto median_of = [](const std::vector<FullModel>& runs, const auto& value) {
    Values values;
    for (const FullModel& run : runs) values.push_back(value(run));
    return median(values);
  };
  fmt::print("\nFull model, no fault, --cdr none, {} calls a run, one core\n\n", plain.front().calls);
  fmt::print("  {:<26}{:>12}{:>12}\n", "", "no media", "media");
  const auto row = [&](const char* title, const char* figure, const auto& value, const char* target) {
    const auto cell = [&](const auto& runs) { return fmt::format(fmt::runtime(figure), median_of(runs, value)); };
    fmt::print("  {:<26}{:>12}{:>12}{}\n", title, cell(plain), cell(media), target);
  };
  row(
      "million calls a second", "{:.3f}", [](const FullModel& run) { return run.mcalls_per_s; }, "   target: 2 without media");
  row(
      "events a call", "{:.2f}", [](const FullModel& run) { return run.events_per_call; }, "");
  row(
      "ns an event", "{:.1f}", [](const FullModel& run) { return 1e3 / run.mcalls_per_s / run.events_per_call; }, "");
  row(
      "calls at the same time", "{:.0f}", [](const FullModel& run) { return run.concurrent; }, "   (mean)");
  row(
      "bytes per concurrent call", "{:.1f}", [](const FullModel& run) { return run.bytes_per_call; }, "   target: 128 with media");
  Values ratios;
  for (std::size_t round = 0; round < std::min(plain.size(), media.size()); ++round) {
    ratios.push_back(plain[round].mcalls_per_s / media[round].mcalls_per_s);
  }
  fmt::print("  {:<26}{:>12}{:>12.2f}   target: 1.5\n", "time a call, over no media", "", median(ratios));
  fmt::print(
      "\n  switched on: two sites and two regions, hunting over four addresses, UDP, round-trip times, channels; post-dial delay, ringing, answer\n"
      "  mix, patience, both sides hanging up; hold-down; digest, callback; caps on calls per second (account, edge, source address) and on\n"
      "  sessions (account, region, edge), none of them binding; probes (they sleep: no edge changes); tally of calls and attempts, per-second\n"
      "  samples. With media: ports of sites and of media addresses on demand (rtpengine's way, pairs, both legs), two codec offers, ratings\n");
}

}  // namespace
}  // namespace trunklab::bench

int main() {
  using namespace trunklab::bench;
  const Results results = read(std::cin);
  const bool sound = print_loss_system(results);
  print_memory(results);
  print_full_model(results);
  if (sound) return 0;
  fmt::print("\nerror: a program marked by ! does not simulate this loss system\n");
  return 1;
}
