// trunklab load.
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <iostream>
#include <thread>

#include "cli/load_player.hpp"
#include "cli/load_record.hpp"
#include "cli/load_request.hpp"
#include "cli/load_self_test.hpp"
#include "cli/load_team.hpp"
#include "cli/options.hpp"
#include "cli/study_command.hpp"
#include "cli/terminal.hpp"
#include "reports/run_record.hpp"
#include "traffic/load/watchdog.hpp"
#include "traffic/load/work_folder.hpp"

namespace trunklab::cli {

namespace {

namespace fs = std::filesystem;

/// What is done if we are killed: calls are ended, and what is in the logs becomes a record.
void last_will(const LoadRequest& request, const OpenBundle& bundle, const LoadPlan& plan, const Directory& directory, const fs::path& work,
               const WallClock& wall) {
  constexpr auto until_sipp_is_gone = std::chrono::milliseconds{300};
  std::this_thread::sleep_for(until_sipp_is_gone);
  std::cerr << "trunklab load was killed\n";
  try {
    std::vector<fs::path> folders{work};
    for (const fs::directory_entry& entry : fs::directory_iterator(work)) {
      if (entry.path().filename().string().starts_with("canary-")) folders.push_back(entry.path());
    }
    for (const fs::path& folder : folders) {
      ReplayLogs logs;
      double epoch_ms = 0;
      if (!logs.find(folder, epoch_ms)) continue;
      MeasuredRun run(bundle, directory, epoch_ms);
      OpenCalls open(bundle, plan.destination);
      logs.look([&](std::uint16_t group, std::uint16_t port, const std::string& text) {
        const auto line = parse_caller_line(text);
        if (!line) return;
        run.take(group, *line);
        open.take(group, port, *line);
      });
      const Span measured = std::max<Span>(from_seconds((unix_ms_now() - epoch_ms) / 1e3), std::chrono::seconds{1});
      end_calls(open.list(), plan.destination);
      if (folder != work || !request.record) continue;
      WallClock until = wall;
      until.finished = utc_now();
      LoadOutcome(bundle, directory, plan.who, run, {.complete = false, .end = run_start + measured, .epoch_ms = epoch_ms})
          .write(*request.record, until);
      std::cerr << "what was measured so far: " << request.record->string() << " (incomplete)\n";
    }
  } catch (const std::exception& error) {
    std::cerr << "trunklab: " << error.what() << '\n';
  }
  std::error_code ignored;
  fs::remove_all(work, ignored);
}

/// The bundle's calls, and those of them that this rank plays.
struct SharedBundle {
  const OpenBundle& whole;
  const OpenBundle& own;
};

int finish(const LoadRequest& request, const OpenBundle& bundle, const LoadOutcome& outcome, const LoadCounts& counts, const Played& played,
           const WallClock& wall, const StopSignals& signals) {
  if (request.record) outcome.write(*request.record, wall);
  if (request.json) {
    outcome.print_json(wall.wall_s);
  } else {
    outcome.print_text();
    if (request.record) std::cout << "run record: " << request.record->string() << '\n';
  }
  if (!played.complete && request.record) std::cerr << "stopped; the record is marked incomplete\n";
  if (const auto code = signals.exit_code()) return *code;
  if (counts.over < bundle.calls) std::cerr << fmt::format("{} calls were not played to their end\n", bundle.calls - counts.over);
  return played.complete && counts.over == bundle.calls ? done : failed;
}

int lead(const LoadRequest& request, const SharedBundle& bundle, const LoadPlan& plan, Ranks& ranks) {
  const auto begun = std::chrono::steady_clock::now();
  WallClock wall;
  wall.started = utc_now();
  const Directory directory = directory_of(bundle.whole.scenario);
  // Before any call is made: a record that cannot be written is worth knowing of now.
  if (request.record) RunRecordWriter(*request.record, run_info(bundle.whole.scenario, 1), directory);
  const WorkFolder work;
  const Watchdog watchdog([&] { last_will(request, bundle.whole, plan, directory, work.path(), wall); });
  const StopSignals signals(StopSignals::Second::counts);
  LoadLeader leader(ranks);
  if (request.self_test) {
    const double wanted = peak_of(bundle.own).calls_per_second;
    std::cerr << fmt::format("self-test: {} calls/s on loopback\n", wanted);
    const double held = rate_held(bundle.own, wanted, directory, signals, work.path());
    if (held < wanted) {
      std::cerr << fmt::format("this machine holds {:.0f} calls/s of this bundle, its busiest second has {}: nothing was sent\n", held, wanted);
      return signals.exit_code().value_or(failed);
    }
  }
  if (request.canary) {
    std::cerr << "one call first\n";
    if (const std::string fault = canary_fault(bundle.own, plan, signals, directory, work.path()); !fault.empty()) {
      std::cerr << fault << ": nothing more was sent\n";
      return signals.exit_code().value_or(failed);
    }
  }
  LoadPart part(bundle.own, plan, work.path());
  const double epoch_ms = leader.begin(bundle.whole.lead + std::chrono::seconds{1});
  std::cerr << fmt::format("{} calls, {}; the first is due in about {:.0f} s\n", bundle.whole.calls, plan.who, in_seconds(bundle.whole.lead) + 1);
  if (request.authorization) {
    // Self-test and first calls took their time: is there enough of the window left?
    constexpr double ns_in_ms = 1e6;
    const auto late = beyond_limits(bundle.whole, request.limits, &*request.authorization, std::llround(epoch_ms * ns_in_ms));
    if (!late.empty()) return refuse(late);
  }
  part.start(epoch_ms);
  MeasuredRun run(bundle.whole, directory, epoch_ms);
  const Played played = LoadPlayer(bundle.whole, plan, request.stop, signals, part, leader).play(run, epoch_ms);
  for (const int rank : leader.lost()) {
    std::cerr << fmt::format("calls of rank {} that are not over were lost by the generator, not by the trunk\n", rank);
  }
  const LoadOutcome outcome(bundle.whole, directory, plan.who, run, played);
  wall.finished = utc_now();
  wall.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  return finish(request, bundle.whole, outcome, run.counts(), played, wall, signals);
}

int follow(const LoadRequest& request, const SharedBundle& bundle, const LoadPlan& plan, Ranks& ranks) {
  const Directory directory = directory_of(bundle.whole.scenario);
  const WorkFolder work;
  const WallClock wall;
  const Watchdog watchdog([&] { last_will(request, bundle.whole, plan, directory, work.path(), wall); });
  const StopSignals signals(StopSignals::Second::counts);
  LoadMember member(ranks);
  try {
    LoadPart part(bundle.own, plan, work.path());
    const double epoch_ms = member.wait_for_start([&] { return signals.count() > 0; });
    if (epoch_ms > 0) {
      part.start(epoch_ms);
      play_for_leader(part, member, plan, signals);
    }
  } catch (const std::exception& error) {
    member.mishap(error.what());
    member.over();
    return failed;
  }
  return signals.exit_code().value_or(done);
}

}  // namespace

int load(const std::vector<std::string>& arguments) {
  Options options(
      "load BUNDLE [options]",
      "Plays a bundle's calls with SIPp and keeps what was measured as a run record of the same shape as the simulator's: report, measures and\n"
      "reconcile read it. Without --target all of it happens on 127.0.0.1. Under mpirun the ranks share the calls.",
      "  trunklab generate scenarios/library/euc1-edge-loss.yaml -o bundle\n"
      "  trunklab load bundle --until 60s -o measured.sqlite\n"
      "  trunklab load bundle --target lab --targets lab.yaml --blackhole euc1/1\n"
      "  trunklab load bundle --target service\n"
      "  mpirun -n 2 trunklab load bundle -o measured.sqlite\n");
  options.positional("bundle");
  add_load_options(options);
  Ranks ranks;
  silence_all_but_first(ranks);
  if (!options.parse(arguments)) return done;
  auto read = read_load_request(options);
  if (!read) return refuse(read.problems());
  LoadRequest& request = read.value();
  auto opened = open_bundle(request.bundle, request.shape);
  if (!opened) return refuse(opened.problems());
  OpenBundle& bundle = opened.value();
  if (request.kind == Destination::Kind::service && request.confirmed.empty()) {
    std::cout << dry_run_text(request, bundle, missing_permission(request, bundle));
    return done;
  }
  const auto plan = permit(request, bundle);
  if (!plan) return refuse(plan.problems());
  if (bundle.calls < static_cast<std::uint64_t>(ranks.size())) throw Misuse(fmt::format("found {} ranks for {} calls", ranks.size(), bundle.calls));
  if (const auto lacks = machine_lacks(bundle); !lacks.empty()) {
    for (const std::string& each : lacks) std::cerr << each << '\n';
    return failed;
  }
  if (!clock_is_synchronised()) std::cerr << "this machine's clock is not synchronised: instants are not those of others\n";
  OpenBundle own = bundle;
  keep_part(own, static_cast<std::size_t>(ranks.rank()), static_cast<std::size_t>(ranks.size()));
  if (ranks.rank() == 0) return lead(request, {.whole = bundle, .own = own}, plan.value(), ranks);
  request.record.reset();
  return follow(request, {.whole = bundle, .own = own}, plan.value(), ranks);
}

}  // namespace trunklab::cli
