// trunklab sweep.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>
#include <memory>
#include <numeric>

#include "cli/options.hpp"
#include "cli/ranks/crew.hpp"
#include "cli/study_command.hpp"
#include "cli/sweep_measures.hpp"
#include "cli/sweep_point.hpp"
#include "cli/terminal.hpp"
#include "models/clean_text.hpp"
#include "reports/text.hpp"
#include "scenarios/file_text.hpp"
#include "scenarios/reader.hpp"
#include "scenarios/variation.hpp"

namespace trunklab::cli {

namespace po = boost::program_options;

namespace {

constexpr std::size_t rows_shown = 60;
constexpr std::size_t points_read_first = 2000;

/// What is to be swept.
struct Sweep {
  SweepScenario scenario;
  std::vector<std::vector<Override>> points;
  std::vector<std::string> show;  ///< measures in the printed table
  std::filesystem::path file;
  bool json = false;
  std::chrono::milliseconds lost_after{};
};

/// Names of measures that a run may have.
std::vector<std::string> measures_in(const std::string& list) {
  std::vector<std::string> words(1);
  for (const char letter : list) {
    if (letter == ',')
      words.emplace_back();
    else
      words.back() += letter;
  }
  const auto known = measures_of_total();
  for (const std::string& word : words) {
    if (std::ranges::find(known, word) != known.end()) continue;
    throw Misuse("--show: found '" + shortened(clean_line(word), 60) +
                 "', expected measures of the whole run, joined by commas, such as blocking,cps_max (simulate --json lists them)");
  }
  return words;
}

Result<std::vector<std::vector<Override>>> points_of(const Options& options, std::uint64_t seed) {
  std::vector<Variation> variations;
  for (const std::string& text : options.texts("vary")) {
    auto variation = parse_variation(text, "--vary");
    if (!variation) return variation.problems();
    const auto again = std::ranges::find_if(variations, [&](const Variation& each) { return keys_overlap(each.key, variation.value().key); });
    if (again != variations.end()) {
      const bool same = again->key == variation.value().key;
      return Problem{"--vary",
                     "'" + variation.value().key + "' " + (same ? "a second time" : "beside '" + again->key + "', which is a part of it or the same"),
                     "every key once"};
    }
    variations.push_back(std::move(variation).value());
  }
  if (variations.empty()) throw Misuse("--vary is missing: expected KEY=a,b,c or KEY=from..to/step, such as sites.oslo.channels=30..90/10");
  if (!options.has("latin")) return full_grid(variations);
  return latin_hypercube(variations, static_cast<std::size_t>(options.whole("latin", 1, sweep_points_max)), seed);
}

/// The points that are read before the first is run: all of them, or as many as take a second or two, spread by the golden ratio so that none of the
/// ranges is favoured, with the first and the last point, where ranges go too far.
std::vector<std::size_t> points_to_look_at(std::size_t points) {
  std::vector<std::size_t> places(std::min(points, points_read_first));
  std::iota(places.begin(), places.end(), std::size_t{0});
  if (points <= points_read_first) return places;
  constexpr double golden = 0.6180339887498949;
  for (std::size_t& place : places) {
    const double turn = static_cast<double>(place) * golden;
    place = std::min(points - 1, static_cast<std::size_t>((turn - std::floor(turn)) * static_cast<double>(points)));
  }
  places.back() = points - 1;
  return places;
}

/// The mistakes of these points, each once; of those that have been looked at when the user stops it.
Problems mistakes_in(const Sweep& sweep, const std::atomic<bool>& stop) {
  const std::vector<std::size_t> places = points_to_look_at(sweep.points.size());
  if (places.size() < sweep.points.size()) {
    std::cerr << fmt::format("{} points: {} are read before the first runs, the others in their turn\n", sweep.points.size(), places.size());
  }
  Problems problems;
  ProgressLine progress;
  std::size_t looked_at = 0;
  for (const std::size_t place : places) {
    if (stop) break;
    progress.show(static_cast<double>(looked_at++) / static_cast<double>(places.size()), 0);
    const auto scenario = scenario_of(sweep.scenario, sweep.points[place]);
    if (scenario) continue;
    for (Problem problem : scenario.problems()) {
      problem.where = shortened(clean_line(problem.where), 200);  // it repeats values of the command line
      problem.found = shortened(clean_line(problem.found), 200);
      if (std::ranges::find(problems, problem) == problems.end()) problems.push_back(problem);
    }
    if (problems.size() > 20) break;
  }
  return problems;
}

Result<Sweep> sweep_of(const Options& options) {
  Sweep sweep;
  const std::filesystem::path file = options.required("scenario", "scenario");
  const auto output = options.file_if("output");
  if (!output) throw Misuse("--output is missing: expected -o FILE.sqlite, which takes every point as it is done");
  sweep.file = *output;
  sweep.json = options.flag("json");
  sweep.show = measures_in(options.text("show"));
  sweep.lost_after = std::chrono::seconds(options.whole("lost-after", 1, 86'400));
  sweep.scenario.replications = static_cast<std::uint32_t>(options.whole("replications", 1, 100'000));
  auto text = read_text(file.string(), scenario_bytes_max);
  if (!text) return text.problems();
  sweep.scenario.text = std::move(text).value();
  sweep.scenario.path = file.string();
  const auto unchanged = parse_scenario(sweep.scenario.text, sweep.scenario.path);
  if (!unchanged) return unchanged.problems();
  sweep.scenario.name = unchanged.value().name;
  sweep.scenario.seed = options.has("seed") ? options.whole("seed", 0, (std::uint64_t{1} << 63) - 1) : unchanged.value().seed;
  auto points = points_of(options, sweep.scenario.seed);
  if (!points) return points.problems();
  sweep.points = std::move(points).value();
  return sweep;
}

SweepInfo info_of(const Sweep& sweep) {
  SweepInfo info{.version = TRUNKLAB_VERSION,
                 .scenario_name = sweep.scenario.name,
                 .scenario_text = sweep.scenario.text,
                 .seed = sweep.scenario.seed,
                 .replications = sweep.scenario.replications,
                 .keys = {},
                 .points = {}};
  for (const Override& each : sweep.points.front()) info.keys.push_back(each.key);
  for (const auto& point : sweep.points) {
    auto& values = info.points.emplace_back();
    for (const Override& each : point) values.push_back(each.value);
  }
  return info;
}

std::string cell_of(const Measure* measure) {
  if (measure == nullptr) return "-";
  const bool share = measure->unit == "probability";
  const double scale = share ? 100 : 1;
  std::string mean = fmt::format("{:.4g}", measure->mean * scale) + (share ? " %" : "");
  if (!measure->low || !measure->high) return mean;
  return fmt::format("{} ({:.3g} .. {:.3g})", mean, *measure->low * scale, *measure->high * scale);
}

bool all_held(const SweepResult& result) {
  return std::ranges::all_of(result.verdicts, [](const Verdict& verdict) { return verdict.kind == Verdict::Kind::met; });
}

/// Columns are the last words of the keys where those are unlike, else the whole keys.
std::vector<std::string> titles_of(const std::vector<std::string>& keys) {
  std::vector<std::string> titles;
  titles.reserve(keys.size());
  for (const std::string& key : keys) titles.push_back(key.substr(key.rfind('.') + 1));
  std::vector<std::string> sorted = titles;
  std::ranges::sort(sorted);
  return std::ranges::adjacent_find(sorted) == sorted.end() ? titles : keys;
}

void print_text(const Sweep& sweep, const SweepInfo& info, const std::vector<SweepResult>& results) {
  using Align = TextTable::Align;
  std::vector<TextTable::Column> columns{{"point", Align::right}};
  for (const std::string& title : titles_of(info.keys)) columns.push_back({title, Align::right});
  for (const std::string& name : sweep.show) columns.push_back({name, Align::right});
  const bool judged = std::ranges::any_of(results, [](const SweepResult& each) { return !each.verdicts.empty(); });
  if (judged) columns.push_back({"objectives"});
  TextTable table(columns);
  for (std::size_t row = 0; row < std::min(results.size(), rows_shown); ++row) {
    const SweepResult& result = results[row];
    std::vector<std::string> cells{std::to_string(result.point)};
    cells.insert(cells.end(), info.points[result.point].begin(), info.points[result.point].end());
    for (const std::string& name : sweep.show) cells.push_back(cell_of(find_measure(result.measures, name)));
    if (judged) cells.emplace_back(all_held(result) ? "met" : "missed");
    table.add(std::move(cells));
  }
  for (const std::string& name : sweep.show) {
    const bool known = std::ranges::any_of(results, [&](const SweepResult& each) { return find_measure(each.measures, name) != nullptr; });
    if (!known) std::cerr << fmt::format("--show: no point has a measure '{}' of the total\n", name);
  }
  std::cout << table.text(stdout_has_colour() ? Colour::on : Colour::off);
  if (results.size() > rows_shown) std::cout << fmt::format("... and {} more points\n", results.size() - rows_shown);
  if (sweep.scenario.replications == 1) std::cout << "One replication a point; -n 20 gives intervals over replications.\n";
  std::cout << "Every point and measure: " << sweep.file.string() << " (SQLite, view \"results\")\n";
}

/// After the first point, not after the last one.
void warn_of_unknown(const Sweep& sweep, const SweepResult& result) {
  for (const std::string& name : sweep.show) {
    if (find_measure(result.measures, name) == nullptr) std::cerr << fmt::format("--show: the first point has no measure '{}' of the total\n", name);
  }
}

/// Runs what is missing; on rank 0 with the store, on others without.
CrewEnd work_through(Ranks& ranks, const Sweep& sweep, SweepStore* store, const StopSignals& signals) {
  CrewWork work;
  ProgressLine progress;
  std::size_t done = 0;
  std::uint64_t calls = 0;
  if (store != nullptr) {
    const std::vector<bool> there = store->finished();
    for (std::uint32_t point = 0; point < there.size(); ++point) {
      if (!there[point]) work.pieces.push_back(point);
    }
    done = there.size() - work.pieces.size();
    if (done > 0) std::cerr << fmt::format("{} of {} points are there already\n", done, there.size());
  }
  work.run = [&](std::uint32_t point, const Breath& breath) { return run_point(sweep.scenario, sweep.points.at(point), point, breath); };
  work.take = [&](std::uint32_t, int rank, const std::vector<std::uint8_t>& bytes) {
    auto [result, wall_s] = unpacked(bytes);
    store->add(result, {.rank = rank, .wall_s = wall_s, .finished = utc_now()});
    if (done++ == 0) warn_of_unknown(sweep, result);
    calls += result.calls;
  };
  work.on_progress = [&] { progress.show(static_cast<double>(done) / static_cast<double>(sweep.points.size()), calls); };
  work.lost_after = sweep.lost_after;
  work.stop = &signals.stop();
  const CrewEnd end = run_crew(ranks, work);
  progress.clear();
  return end;
}

/// The others wait for work, until they are told that there is none.
void send_home(Ranks& ranks) {
  run_crew(ranks, {});
}

int lead(Ranks& ranks, const Sweep& sweep, const StopSignals& signals) {
  const SweepInfo info = info_of(sweep);
  const auto opened = [&] {
    try {
      return std::make_unique<SweepStore>(sweep.file, info);
    } catch (const NotThisSweep& why) {
      send_home(ranks);
      throw Misuse(why.what());
    } catch (...) {
      send_home(ranks);
      throw;
    }
  }();
  SweepStore& store = *opened;
  const CrewEnd end = work_through(ranks, sweep, &store, signals);
  if (end.lost > 0) std::cerr << fmt::format("{} of {} ranks fell silent; their points were run by others\n", end.lost, ranks.size());
  if (!end.complete) {
    std::cerr << "stopped by the user; the same command goes on where this one ended\n";
    return signals.exit_code().value_or(failed);
  }
  store.check_in_place();
  const auto results = store.results();
  if (sweep.json)
    std::cout << sweep_json(info, results);
  else
    print_text(sweep, info, results);
  return done;
}

}  // namespace

int sweep(const std::vector<std::string>& arguments) {
  Options options("sweep SCENARIO --vary KEY=VALUES -o FILE [options]",
                  "Runs a scenario with every combination of the values given (or a Latin hypercube of them) and keeps all measures in one SQLite\n"
                  "file. Every point is kept as soon as it is done: the same command goes on where an earlier one was stopped or killed. Under\n"
                  "mpirun, or srun, the points are shared among the ranks; without, one process runs them.",
                  "  trunklab sweep euc1-edge-loss.yaml --vary sites.stockholm.channels=300..500/50 -o channels.sqlite\n"
                  "  trunklab sweep euc1-edge-loss.yaml --vary 'sites.*.routing.no_response=1s,2s,4s' --vary seed=1..5/1 -o timer.sqlite\n"
                  "  mpirun -n 8 trunklab sweep busy.yaml --latin 400 --vary demand.calls.arrivals.rate=1/s..9/s -o load.sqlite\n");
  options.positional("scenario");
  options.add()("vary", po::value<std::vector<std::string>>()->composing()->value_name("KEY=VALUES"),
                "a,b,c or from..to/step; KEY as in the scenario, with dots, * for all; may be given several times")(
      "output,o", po::value<std::string>()->value_name("FILE"), "the result; gone on with if it is this sweep's")(
      "latin", po::value<std::string>()->value_name("N"), "a Latin hypercube of N points instead of all combinations")(
      "replications,n", po::value<std::string>()->default_value("1")->value_name("N"), "of each point, 1 to 100000")(
      "seed", po::value<std::string>()->value_name("S"), "instead of the scenario's; the same for all points, so that they meet the same calls")(
      "show", po::value<std::string>()->default_value("blocking,concurrent_max,cps_max")->value_name("NAMES"), "measures in the printed table")(
      "lost-after", po::value<std::string>()->default_value("60")->value_name("SECONDS"), "a rank silent for so long is taken for dead")(
      "json", po::bool_switch(), "one JSON document on stdout");
  Ranks ranks;
  silence_all_but_first(ranks);
  if (!options.parse(arguments)) return done;
  const auto read = sweep_of(options);
  if (!read) return refuse(read.problems());
  const Sweep& sweep = read.value();
  if (ranks.rank() != 0) {
    const StopSignals signals;
    return work_through(ranks, sweep, nullptr, signals).lost > 0 ? failed : done;
  }
  const StopSignals signals;
  const Problems problems = mistakes_in(sweep, signals.stop());
  if (problems.empty() && !signals.stop()) return lead(ranks, sweep, signals);
  send_home(ranks);
  if (!problems.empty()) return refuse(problems);
  std::cerr << "stopped by the user before the first point\n";
  return signals.exit_code().value_or(failed);
}

}  // namespace trunklab::cli
