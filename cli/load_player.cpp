// Playing, watching, stopping.
#include "cli/load_player.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <thread>

#include "traffic/load/hang_up.hpp"

namespace trunklab::cli {

namespace {

namespace fs = std::filesystem;

constexpr auto between_looks = std::chrono::milliseconds{200};

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

bool is_loopback_replay(const LoadPlan& plan) {
  return plan.destination.kind == Destination::Kind::loopback;
}

}  // namespace

void end_calls(const std::vector<OpenCall>& calls, const Destination& destination) {
  if (calls.empty() || destination.kind == Destination::Kind::loopback) return;
  const HungUp result = hang_up(calls, destination.local_ip);
  std::cerr << fmt::format("{} calls that were up or being set up were ended (BYE, CANCEL)\n", result.ended);
  if (result.left.empty()) return;
  constexpr std::size_t named_most = 20;
  std::string names;
  for (std::size_t i = 0; i < std::min(result.left.size(), named_most); ++i) names += ' ' + result.left[i];
  std::cerr << fmt::format("nobody confirmed the end of {} calls:{}{}\n", result.left.size(), names, result.left.size() > named_most ? " ..." : "");
}

LoadPart::LoadPart(const OpenBundle& bundle, const LoadPlan& plan, const fs::path& work)
    : plan_(plan), replay_(bundle, plan.destination, work), open_(bundle, plan.destination) {}

bool LoadPart::look(const TakeLine& take) {
  const bool running = replay_.running();  // asked before the logs are read: what was written before the end is then there
  replay_.logs().look([&](std::uint16_t group, std::uint16_t port, const std::string& text) {
    const auto line = parse_caller_line(text);
    if (!line) return;
    open_.take(group, port, *line);
    take(group, *line, text);
  });
  return running;
}

bool LoadPart::is_drained() {
  const auto calls = open_.list();
  return std::ranges::none_of(calls, [&](const OpenCall& call) { return replay_.runs(call.port); }) && unix_ms_now() > open_.late_until_ms();
}

void LoadPart::end(const TakeLine& take) {
  replay_.kill();
  look(take);
  end_calls(open_.list(), plan_.destination);
}

/// A line on a terminal, rewritten as things go on: what has become of the calls so far.
class LoadPlayer::ProgressText {
 public:
  explicit ProgressText(std::uint64_t calls) : calls_(calls) {}
  ~ProgressText() { clear(); }
  ProgressText(const ProgressText&) = delete;
  ProgressText& operator=(const ProgressText&) = delete;
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

LoadPlayer::LoadPlayer(const OpenBundle& whole, const LoadPlan& plan, const StopRules& rules, const StopSignals& signals, LoadPart& part,
                       LoadLeader& leader)
    : whole_(whole), plan_(plan), rules_(rules), signals_(signals), part_(part), leader_(leader) {}

void LoadPlayer::stop(const std::string& reason, ProgressText& line) {
  if (stopping_) return;
  stopping_ = true;
  signals_at_stop_ = signals_.count();
  line.say(fmt::format("{}: no further calls{}", reason, is_loopback_replay(plan_) ? "" : "; those that are up go on to their end, Ctrl-C hangs up"));
  part_.withhold();
  leader_.tell_stop();
}

bool LoadPlayer::wants_end_now() const {
  return stopping_ && (is_loopback_replay(plan_) || signals_.count() > signals_at_stop_);
}

void LoadPlayer::hang_up_everywhere() {
  if (hanging_up_) return;
  hanging_up_ = true;
  if (!stopping_) leader_.tell_stop();
  leader_.tell_stop();
}

Played LoadPlayer::play(MeasuredRun& run, double epoch_ms) {
  ProgressText line(whole_.calls);
  const LoadPart::TakeLine take = [&](std::uint16_t group, const CallerLine& parsed, const std::string&) { run.take(group, parsed); };
  const auto take_theirs = [&](std::uint16_t group, const CallerLine& parsed) { run.take(group, parsed); };
  const auto mishap = [&](const std::string& text) {
    line.say(text);
    if (!is_loopback_replay(plan_)) stop("a process of ours ended", line);
  };
  const double deadline = epoch_ms + deadline_ms(whole_, plan_.destination);
  bool complete = true;
  for (bool own = true; own || leader_.anybody();) {
    if (own) own = part_.look(take);
    leader_.look(take_theirs, mishap);
    for (const std::string& text : part_.mishaps()) mishap(text);
    if (!own && !leader_.anybody()) break;
    if (signals_.count() > 0) {
      stop("stopped by the user", line);
    } else if (const std::string reason = reason_to_stop(rules_, run.counts()); !reason.empty()) {
      stop(reason, line);
    }
    if (complete && unix_ms_now() > deadline) {
      line.say("calls were still in progress long after the last should have been over: ended");
      complete = false;
    }
    if (!complete || wants_end_now()) {
      hang_up_everywhere();
      if (own) part_.end(take);
      own = false;
    } else if (own && stopping_ && part_.is_drained()) {
      own = false;
    }
    line.show((unix_ms_now() - epoch_ms) / 1e3, run.counts());
    std::this_thread::sleep_for(between_looks);
  }
  line.clear();
  part_.end(take);
  const Span measured = std::max<Span>(from_seconds((unix_ms_now() - epoch_ms) / 1e3), std::chrono::seconds{1});
  return {.complete = complete && !stopping_ && leader_.lost().empty(), .end = run_start + measured, .epoch_ms = epoch_ms};
}

void play_for_leader(LoadPart& part, LoadMember& member, const LoadPlan& plan, const StopSignals& signals) {
  const LoadPart::TakeLine take = [&](std::uint16_t group, const CallerLine&, const std::string& text) { member.log(group, text); };
  bool withheld = false;
  bool told = false;
  while (part.look(take)) {
    for (const std::string& text : part.mishaps()) member.mishap(text);
    if (signals.count() > 0 && !told) member.mishap("stopped by a signal");
    told = told || signals.count() > 0;
    const int stops = member.look();
    if (stops > 1 || (stops > 0 && is_loopback_replay(plan))) break;
    if (stops > 0 && !withheld) part.withhold();
    withheld = stops > 0;
    if (withheld && part.is_drained()) break;
    std::this_thread::sleep_for(between_looks);
  }
  for (const std::string& text : part.mishaps()) member.mishap(text);
  part.end(take);
  member.over();
}

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
    LoadPart part(one, plan, folder);
    LoadLeader nobody;
    const double epoch_ms = nobody.begin(one.lead);
    part.start(epoch_ms);
    MeasuredRun run(one, directory, epoch_ms);
    const Played played = LoadPlayer(one, plan, none, signals, part, nobody).play(run, epoch_ms);
    const LoadCounts& counts = run.counts();
    if (played.complete && counts.answered == 1 && counts.orphaned == 0) continue;
    std::string why = counts.sent == 0 ? "was not sent" : counts.orphaned > 0 ? "was answered, but not its BYE" : "was not answered";
    for (const auto& [code, times] : counts.refused) why += fmt::format(", refused with {}", code);
    return fmt::format("the first call of {} {}", bundle.groups[shard.group].name, why);
  }
  return {};
}

}  // namespace trunklab::cli
