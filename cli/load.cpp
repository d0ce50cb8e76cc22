// trunklab load.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/options.hpp"
#include "cli/run_results.hpp"
#include "cli/study_command.hpp"
#include "cli/terminal.hpp"
#include "models/measures/tally.hpp"
#include "models/record/words.hpp"
#include "reports/json.hpp"
#include "reports/run_record.hpp"
#include "reports/text.hpp"
#include "scenarios/quantity_text.hpp"
#include "traffic/load/loopback_replay.hpp"
#include "traffic/load/measured_run.hpp"
#include "traffic/load/open_bundle.hpp"

namespace trunklab::cli {

namespace po = boost::program_options;

namespace {

Span span_of(const Options& options, const std::string& name, Span otherwise) {
  const auto text = options.text_if(name);
  if (!text) return otherwise;
  const auto span = parse_span(*text);
  if (!span || *span < Span::zero()) throw Misuse(fmt::format("--{}: found '{}', expected a duration such as 90s or 10min", name, *text));
  return *span;
}

LoadShape shape_of(const Options& options) {
  LoadShape shape{.from = span_of(options, "from", Span::zero()), .until = span_of(options, "until", endless)};
  if (shape.until <= shape.from) throw Misuse("--until: found " + options.text("until") + ", expected later than --from");
  if (const auto text = options.text_if("scale")) {
    const auto scale = parse_number(*text);
    if (!scale || *scale <= 0 || *scale > 1) {
      throw Misuse("--scale: found '" + *text + "', expected a share above 0 and at most 1 (for more calls, generate a bundle of a busier scenario)");
    }
    shape.scale = Probability{*scale};
  }
  return shape;
}

/// When the last call is over if all goes well, and two minutes more: a BYE that nobody answers, an attempt that is answered late.
Instant deadline_of(const OpenBundle& bundle) {
  double over_ms = 0;
  for (const BundleShard& shard : bundle.shards) {
    for (const BundleRow& row : shard.rows) over_ms = std::max(over_ms, row.over_ms);
  }
  constexpr auto patience = std::chrono::seconds{120};
  return run_start + from_seconds(over_ms / 1e3) + patience;
}

/// A line on a terminal, rewritten every second: what has become of the calls so far.
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

 private:
  std::uint64_t calls_;
  bool watched_ = stderr_is_watched();
  bool shown_ = false;
};

struct Played {
  bool complete = true;
  Instant end;
};

/// Until all callers have ended, the user stops, or far too much time has gone by.
Played play(const OpenBundle& bundle, LoopbackReplay& replay, MeasuredRun& run, const std::atomic<bool>& stop) {
  LoadLine line(bundle.calls);
  const Instant deadline = deadline_of(bundle);
  constexpr auto between = std::chrono::milliseconds{200};
  Played played;
  const auto elapsed = [&] {
    const double now_ms = std::chrono::duration<double, std::milli>(std::chrono::system_clock::now().time_since_epoch()).count();
    return from_seconds((now_ms - replay.epoch_ms()) / 1e3);
  };
  while (replay.look(run)) {
    for (const std::string& mishap : replay.mishaps()) {
      line.clear();
      std::cerr << mishap << '\n';
    }
    played.complete = !stop && run_start + elapsed() < deadline;
    if (!played.complete) break;
    line.show(in_seconds(elapsed()), run.counts());
    std::this_thread::sleep_for(between);
  }
  for (const std::string& mishap : replay.mishaps()) std::cerr << mishap << '\n';
  played.end = run_start + std::max(elapsed(), Span{std::chrono::seconds{1}});
  run.close(played.end);
  return played;
}

void print_json(const OpenBundle& bundle, const LoadCounts& counts, const Played& played, const RunResults& results, double wall_s) {
  auto document = nlohmann::ordered_json::parse(json_document({.command = "load",
                                                               .scenario = bundle.scenario.name,
                                                               .seed = bundle.scenario.seed,
                                                               .replications = 1,
                                                               .simulated_s = in_seconds(played.end - run_start),
                                                               .wall_s = wall_s,
                                                               .calls = counts.sent,
                                                               .finding = {},
                                                               .objectives = results.verdicts},
                                                              results.measures));
  document["load"] = {{"complete", played.complete}, {"calls", bundle.calls},        {"sent", counts.sent},
                      {"over", counts.over},         {"answered", counts.answered},  {"not_as_expected", counts.otherwise},
                      {"hunted_on", counts.hunted},  {"latest_ms", counts.latest_ms}};
  std::cout << document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << '\n';
}

void print_text(const OpenBundle& bundle, const LoadCounts& counts, const RunInfo& info, const Directory& directory, const RunResults& results) {
  std::cout << fmt::format("{} of {} calls sent, {} over: {} answered, {} not as expected, {} tried more than one target\n", counts.sent,
                           bundle.calls, counts.over, counts.answered, counts.otherwise, counts.hunted);
  std::cout << fmt::format("first INVITE against its due time: at most {:.1f} ms late\n\n", counts.latest_ms);
  std::cout << summary_text(info, results.measures, stdout_has_colour() ? Colour::on : Colour::off, directory.faults) << '\n';
}

}  // namespace

int load(const std::vector<std::string>& arguments) {
  Options options("load BUNDLE [options]",
                  "Plays a bundle's calls with SIPp on this machine, 127.0.0.1 and nothing else, and keeps what was measured as a run record of the\n"
                  "same shape as the simulator's: report, measures and reconcile read it.",
                  "  trunklab generate scenarios/library/euc1-edge-loss.yaml -o bundle\n"
                  "  trunklab load bundle --until 60s -o measured.sqlite\n"
                  "  trunklab report measured.sqlite\n");
  options.positional("bundle");
  options.add()("output,o", po::value<std::string>()->value_name("RUN"), "write the run record, one SQLite file")(
      "from", po::value<std::string>()->value_name("TIME"), "leave out the calls that are due before; begin there (90s, 10min)")(
      "until", po::value<std::string>()->value_name("TIME"), "leave out the calls that are due from then on")(
      "scale", po::value<std::string>()->value_name("SHARE"), "play this share of the calls; who is played at 0.3 is played at 0.5 too")(
      "json", po::bool_switch(), "one JSON document on stdout");
  if (!options.parse(arguments)) return done;
  const LoadShape shape = shape_of(options);
  const auto opened = open_bundle(options.required("bundle", "bundle"), shape);
  if (!opened) return refuse(opened.problems());
  OpenBundle bundle = opened.value();
  const auto begun = std::chrono::steady_clock::now();
  WallClock wall;
  wall.started = utc_now();
  const StopSignals signals;
  const Directory directory = directory_of(bundle.scenario);
  const auto target = options.file_if("output");
  // Before any call is made: a record that cannot be written is worth knowing of now.
  if (target) RunRecordWriter(*target, run_info(bundle.scenario, 1), directory);

  std::cerr << fmt::format("{} calls, 127.0.0.1 only; the first is due in about {:.0f} s\n", bundle.calls, in_seconds(bundle.lead) + 2);
  auto replay = std::make_unique<LoopbackReplay>(bundle);
  MeasuredRun run(bundle, directory, replay->epoch_ms());
  const Played played = play(bundle, *replay, run, signals.stop());
  const double epoch_ms = replay->epoch_ms();
  replay.reset();

  constexpr double ns_in_ms = 1e6;
  Scenario measured = bundle.scenario;  // what was played: as long as it took, when it was
  measured.horizon.duration = played.end - run_start;
  measured.horizon.start_unix_ns = std::llround(epoch_ms * ns_in_ms);
  measured.warmup = Span::zero();
  RunInfo info = run_info(measured, 1);
  info.who = "SIPp on loopback";
  std::vector<Tally> tallies;
  tallies.emplace_back(directory, run_start, played.end);
  run.write(tallies.front(), played.end);
  const Replications replications{.tallies = tallies, .impacts = {}, .complete = played.complete};
  const RunResults results = results_of(measured, directory, replications);
  wall.finished = utc_now();
  wall.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  if (target) {
    RunRecordWriter record(*target, info, directory);
    record.begin_replication(0);
    run.write(record, info.series_step, played.end);
    write_results(record, measured, directory, replications, results);
    record.finish(played.complete ? RunRecordWriter::End::complete : RunRecordWriter::End::incomplete, wall);
  }
  if (options.flag("json")) {
    print_json(bundle, run.counts(), played, results, wall.wall_s);
  } else {
    print_text(bundle, run.counts(), info, directory, results);
    if (target) std::cout << "run record: " << *target << '\n';
  }
  if (const auto code = signals.exit_code()) {
    std::cerr << "stopped by the user: all that was started was ended" << (target ? "; the record is marked incomplete" : "") << '\n';
    return *code;
  }
  if (!played.complete) std::cerr << "calls were still in progress two minutes after the last should have been over: ended\n";
  if (run.counts().over < bundle.calls) std::cerr << fmt::format("{} calls were not played to their end\n", bundle.calls - run.counts().over);
  return played.complete && run.counts().over == bundle.calls ? done : failed;
}

}  // namespace trunklab::cli
