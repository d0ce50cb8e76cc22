// trunklab load.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <thread>

#include "cli/load_record.hpp"
#include "cli/load_request.hpp"
#include "cli/options.hpp"
#include "cli/study_command.hpp"
#include "cli/terminal.hpp"
#include "reports/run_record.hpp"
#include "traffic/load/hang_up.hpp"
#include "traffic/load/replay.hpp"
#include "traffic/load/watchdog.hpp"
#include "traffic/load/work_folder.hpp"

namespace trunklab::cli {

namespace {

namespace fs = std::filesystem;

constexpr auto between_looks = std::chrono::milliseconds{200};

double unix_ms_now() {
  return std::chrono::duration<double, std::milli>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// When the last call is over if all goes well, and two minutes more: a BYE that nobody answers, an attempt that is answered late.
double deadline_ms(const OpenBundle& bundle, const Destination& destination) {
  double over_ms = peak_of(bundle).over_s * 1e3;
  if (destination.kind == Destination::Kind::loopback) {
    over_ms = 0;
    for (const BundleShard& shard : bundle.shards) {
      for (const BundleRow& row : shard.rows) over_ms = std::max(over_ms, row.over_ms);
    }
  }
  constexpr double patience_ms = 120e3;
  return over_ms + patience_ms;
}

/// A line on a terminal, rewritten as things go on: what has become of the calls so far.
class LoadLine {
 public:
  explicit LoadLine(std::uint64_t calls) : calls_(calls) {}
  ~LoadLine() { clear(); }
  LoadLine(const LoadLine&) = delete;
  LoadLine& operator=(const LoadLine&) = delete;
  void show(double elapsed_s, const LoadCounts& counts) {
    if (!watched_) return;
    shown_ = true;
    const std::string when = elapsed_s < 0 ? fmt::format("first call in {:.0f} s", -elapsed_s) : fmt::format("{:.0f} s", elapsed_s);
    fmt::print(stderr, "\r\x1b[K{}  sent {} of {}  up {}  answered {}  unlike expected {}  latest {:.1f} ms", when, counts.sent, calls_,
               counts.sent - counts.over, counts.answered, counts.otherwise, counts.latest_ms);
    std::fflush(stderr);
  }
  void clear() {
    if (shown_) fmt::print(stderr, "\r\x1b[K");
    shown_ = false;
  }
  void say(const std::string& text) {
    clear();
    std::cerr << text << '\n';
  }

 private:
  std::uint64_t calls_;
  bool watched_ = stderr_is_watched();
  bool shown_ = false;
};

/// Ends what SIPp left up and says how that went.
void end_calls(const std::vector<OpenCall>& calls, const Destination& destination) {
  if (calls.empty() || destination.kind == Destination::Kind::loopback) return;  // on loopback both ends were ours
  const HungUp result = hang_up(calls, destination.local_ip);
  std::cerr << fmt::format("{} calls that were up or being set up were ended (BYE, CANCEL)\n", result.ended);
  if (result.left.empty()) return;
  constexpr std::size_t named_most = 20;
  std::string names;
  for (std::size_t i = 0; i < std::min(result.left.size(), named_most); ++i) names += ' ' + result.left[i];
  std::cerr << fmt::format("nobody confirmed the end of {} calls:{}{}\n", result.left.size(), names, result.left.size() > named_most ? " ..." : "");
}

/// One replay from its first call to its last, or to where it has to stop.
class Player {
 public:
  Player(const OpenBundle& bundle, const LoadPlan& plan, const StopRules& rules, const StopSignals& signals, const fs::path& work)
      : bundle_(bundle), plan_(plan), rules_(rules), signals_(signals), replay_(bundle, plan.destination, work), open_(bundle, plan.destination) {}

  [[nodiscard]] double epoch_ms() const { return replay_.epoch_ms(); }

  Played play(MeasuredRun& run) {
    LoadLine line(bundle_.calls);
    const double deadline = replay_.epoch_ms() + deadline_ms(bundle_, plan_.destination);
    bool complete = true;
    for (bool running = true; running;) {
      running = replay_.running();  // asked before the logs are read: what was written before the end is then there
      replay_.logs().look(run, open_);
      const auto mishaps = replay_.mishaps();
      for (const std::string& mishap : mishaps) line.say(mishap);
      if (!mishaps.empty() && plan_.destination.kind != Destination::Kind::loopback) stop("a process of ours ended", line);
      if (!running) break;
      if (signals_.count() > 0)
        stop("stopped by the user", line);
      else if (const std::string reason = reason_to_stop(rules_, run.counts()); !reason.empty())
        stop(reason, line);
      if (unix_ms_now() > deadline) {
        line.say("calls were still in progress long after the last should have been over: ended");
        complete = false;
        break;
      }
      if (stopping_ && is_drained(run)) break;
      line.show((unix_ms_now() - replay_.epoch_ms()) / 1e3, run.counts());
      std::this_thread::sleep_for(between_looks);
    }
    line.clear();
    replay_.kill();
    replay_.logs().look(run, open_);
    end_calls(open_.list(), plan_.destination);
    const Span measured = std::max<Span>(from_seconds((unix_ms_now() - replay_.epoch_ms()) / 1e3), std::chrono::seconds{1});
    return {.complete = complete && !stopping_, .end = run_start + measured, .epoch_ms = replay_.epoch_ms()};
  }

 private:
  void stop(const std::string& reason, LoadLine& line) {
    if (stopping_) return;
    stopping_ = true;
    signals_at_stop_ = signals_.count();
    const bool loopback = plan_.destination.kind == Destination::Kind::loopback;
    line.say(fmt::format("{}: no further calls{}", reason, loopback ? "" : "; those that are up go on to their end, Ctrl-C hangs up"));
    replay_.withhold();
  }

  /// Nothing that SIPp would still have to do; or nobody wants to wait for it.
  [[nodiscard]] bool is_drained(const MeasuredRun& run) const {
    if (plan_.destination.kind == Destination::Kind::loopback || signals_.count() > signals_at_stop_) return true;
    return run.counts().sent == run.counts().over && unix_ms_now() > open_.late_until_ms();
  }

  const OpenBundle& bundle_;
  const LoadPlan& plan_;
  const StopRules& rules_;
  const StopSignals& signals_;
  Replay replay_;
  OpenCalls open_;
  bool stopping_ = false;
  int signals_at_stop_ = 0;
};

/// One short call of each site, before all others: it has to be answered, and its BYE too. Empty: all is well.
std::string canary_fault(const OpenBundle& bundle, const LoadPlan& plan, const StopSignals& signals, const Directory& directory,
                         const fs::path& work) {
  std::vector<std::uint16_t> tried;
  for (const BundleShard& shard : bundle.shards) {
    if (std::ranges::find(tried, shard.group) != tried.end()) continue;
    tried.push_back(shard.group);
    OpenBundle one = bundle;
    one.shards = {{.group = shard.group, .number = shard.number, .rows = {canary_row(shard)}, .rate = 1}};
    one.calls = 1;
    one.lead = std::chrono::seconds{1};
    const StopRules none;
    const fs::path folder = work / fmt::format("canary-{}", shard.group);
    fs::create_directory(folder);
    Player player(one, plan, none, signals, folder);
    MeasuredRun run(one, directory, player.epoch_ms());
    const Played played = player.play(run);
    const LoadCounts& counts = run.counts();
    if (played.complete && counts.answered == 1 && counts.orphaned == 0) continue;
    std::string why = counts.sent == 0 ? "was not sent" : counts.orphaned > 0 ? "was answered, but not its BYE" : "was not answered";
    for (const auto& [code, times] : counts.refused) why += fmt::format(", refused with {}", code);
    return fmt::format("the first call of {} {}", bundle.groups[shard.group].name, why);
  }
  return {};
}

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
      logs.look(run, open);
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

int play_bundle(const LoadRequest& request, const OpenBundle& bundle, const LoadPlan& plan) {
  const auto begun = std::chrono::steady_clock::now();
  WallClock wall;
  wall.started = utc_now();
  const Directory directory = directory_of(bundle.scenario);
  // Before any call is made: a record that cannot be written is worth knowing of now.
  if (request.record) RunRecordWriter(*request.record, run_info(bundle.scenario, 1), directory);
  const WorkFolder work;
  const Watchdog watchdog([&] { last_will(request, bundle, plan, directory, work.path(), wall); });
  const StopSignals signals(StopSignals::Second::counts);
  if (request.canary) {
    std::cerr << "one call first\n";
    if (const std::string fault = canary_fault(bundle, plan, signals, directory, work.path()); !fault.empty()) {
      std::cerr << fault << ": nothing more was sent\n";
      return signals.exit_code().value_or(failed);
    }
  }
  std::cerr << fmt::format("{} calls, {}; the first is due in about {:.0f} s\n", bundle.calls, plan.who, in_seconds(bundle.lead) + 2);
  Player player(bundle, plan, request.stop, signals, work.path());
  MeasuredRun run(bundle, directory, player.epoch_ms());
  const Played played = player.play(run);
  const LoadOutcome outcome(bundle, directory, plan.who, run, played);
  wall.finished = utc_now();
  wall.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  if (request.record) outcome.write(*request.record, wall);
  if (request.json) {
    outcome.print_json(wall.wall_s);
  } else {
    outcome.print_text();
    if (request.record) std::cout << "run record: " << request.record->string() << '\n';
  }
  if (!played.complete && request.record) std::cerr << "stopped; the record is marked incomplete\n";
  if (const auto code = signals.exit_code()) return *code;
  if (run.counts().over < bundle.calls) std::cerr << fmt::format("{} calls were not played to their end\n", bundle.calls - run.counts().over);
  return played.complete && run.counts().over == bundle.calls ? done : failed;
}

}  // namespace

int load(const std::vector<std::string>& arguments) {
  Options options(
      "load BUNDLE [options]",
      "Plays a bundle's calls with SIPp and keeps what was measured as a run record of the same shape as the simulator's: report, measures and\n"
      "reconcile read it. Without --target all of it happens on 127.0.0.1.",
      "  trunklab generate scenarios/library/euc1-edge-loss.yaml -o bundle\n"
      "  trunklab load bundle --until 60s -o measured.sqlite\n"
      "  trunklab load bundle --target lab --targets lab.yaml --blackhole euc1/1\n"
      "  trunklab load bundle --target service\n");
  options.positional("bundle");
  add_load_options(options);
  if (!options.parse(arguments)) return done;
  const auto request = read_load_request(options);
  if (!request) return refuse(request.problems());
  auto opened = open_bundle(request.value().bundle, request.value().shape);
  if (!opened) return refuse(opened.problems());
  OpenBundle bundle = std::move(opened).value();
  if (request.value().kind == Destination::Kind::service && request.value().confirmed.empty()) {
    std::cout << dry_run_text(request.value(), bundle, missing_permission(request.value(), bundle));
    return done;
  }
  const auto plan = permit(request.value(), bundle);
  if (!plan) return refuse(plan.problems());
  return play_bundle(request.value(), bundle, plan.value());
}

}  // namespace trunklab::cli
