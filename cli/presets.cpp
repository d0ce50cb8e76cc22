// trunklab presets.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iostream>

#include "cli/failover_rows.hpp"
#include "cli/options.hpp"
#include "cli/terminal.hpp"
#include "models/measures/summary.hpp"
#include "reports/json.hpp"
#include "reports/text.hpp"
#include "scenarios/equipment.hpp"
#include "scenarios/reader.hpp"
#include "sim/sinks.hpp"

namespace trunklab::cli {

namespace po = boost::program_options;

namespace {

void print_list() {
  for (const EquipmentPreset& preset : equipment_presets()) {
    TextTable table({{preset.name}, {preset.title}});
    table.add({"routing", preset.keys});
    table.add({"source", preset.source});
    std::cout << table.text() << '\n';
  }
}

/// The scenario with every site's hunting as this equipment does it; where the calls go stays as it is.
Scenario with_equipment(const Scenario& scenario, const EquipmentPreset& preset) {
  Scenario changed = scenario;
  for (Site& site : changed.sites) {
    const Routing mine = site.routing;
    site.routing = preset.routing;
    site.routing.target = mine.target;
    site.routing.regions = mine.regions;
    site.routing.edge = mine.edge;
    site.routing.resolver = mine.resolver;
    site.equipment = preset.name;
  }
  return changed;
}

/// The crash of the host of the first edge that the first site uses.
FaultCase crash_of_first_edge(const Scenario& scenario) {
  const EdgeIndex edge = targets_of(scenario, scenario.sites.front()).front();
  std::string id = "crash-" + scenario.service.edges[edge].name;
  std::ranges::replace(id, '/', '-');
  for (FaultCase& each : catalogue_of(scenario)) {
    if (each.id == id) return std::move(each);
  }
  throw Misuse("found a scenario without a fault '" + id + "', expected one whose first site sends calls to an edge");
}

/// Means over replications of one figure of the fault.
template <class Figure>
double mean_of_impacts(const FailoverRow& row, const Figure& figure) {
  double sum = 0;
  for (const FaultImpact& impact : row.impacts) sum += static_cast<double>(figure(impact));
  return sum / static_cast<double>(row.impacts.size());
}

std::vector<std::string> cells_of(const EquipmentPreset& preset, const FailoverRow& row, const Directory& directory) {
  const auto measures = failover_measures(row, directory);
  const auto seen = std::ranges::find(measures, "detection_s", &Measure::name);
  const double late = mean_of_impacts(row, [](const FaultImpact& impact) { return impact.all().delayed; });
  const double extra_s = mean_of_impacts(row, [](const FaultImpact& impact) { return impact.extra_delay_s; });
  const bool lasts = std::ranges::any_of(row.impacts, [](const FaultImpact& impact) { return impact.not_before_repair; });
  const double failover_s = mean_of_impacts(row, [](const FaultImpact& impact) { return impact.failover_s; });
  const double new_lost = mean_of_impacts(row, [](const FaultImpact& impact) { return impact.fresh.lost; });
  const double in_setup_lost = mean_of_impacts(row, [](const FaultImpact& impact) { return impact.in_setup.lost; });
  return {preset.name,
          seen == measures.end() ? "-" : duration_text(seen->mean),
          fmt::format("{:.0f}", late),
          late > 0 ? duration_text(extra_s / late) : "-",
          fmt::format("{:.0f}", new_lost),
          fmt::format("{:.0f}", in_setup_lost),
          duration_text(failover_s) + (lasts ? " *" : "")};
}

/// One row a preset, each against its own undisturbed twin; calls and instants of the fault are the same for all.
int compare(const Scenario& scenario, std::uint32_t replications, bool json) {
  const auto begun = std::chrono::steady_clock::now();
  const StopSignals signals;
  using Align = TextTable::Align;
  TextTable table({{"equipment"},
                   {"seen", Align::right},
                   {"late", Align::right},
                   {"later by", Align::right},
                   {"new lost", Align::right},
                   {"in set-up lost", Align::right},
                   {"failover", Align::right}});
  std::vector<Measure> measures;
  std::uint64_t calls = 0;
  std::string title;
  ProgressLine progress;
  double done_presets = 0;
  for (const EquipmentPreset& preset : equipment_presets()) {
    const Scenario changed = with_equipment(scenario, preset);
    const std::vector<FaultCase> cases{crash_of_first_edge(changed)};
    const auto presets = static_cast<double>(equipment_presets().size());
    const FailoverOptions options{
        .replications = replications, .other_settings = false, .stop = &signals.stop(), .on_progress = [&](double share, std::uint64_t so_far) {
          progress.show((done_presets + share) / presets, calls + so_far);
        }};
    NoSink nobody;
    const auto studied = run_failover(changed, cases, options, nobody);
    if (!studied) return refuse(studied.problems());
    if (!studied.value().complete) {
      progress.clear();
      std::cerr << "stopped by the user\n";
      return signals.exit_code().value_or(failed);
    }
    const FailoverRow row = rows_of(changed, cases, studied.value()).front();
    const Directory directory = directory_of(changed);
    table.add(cells_of(preset, row, directory));
    for (Measure& measure : failover_measures(row, directory)) {
      measure.entity += "/equipment/" + preset.name;
      measures.push_back(std::move(measure));
    }
    calls += studied.value().calls;
    done_presets += 1;
    title = cases.front().id + ": " + cases.front().title;
  }
  progress.clear();
  if (json) {
    std::cout << json_document({.command = "presets",
                                .scenario = scenario.name,
                                .seed = scenario.seed,
                                .replications = replications,
                                .simulated_s = in_seconds(scenario.horizon.duration),
                                .wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count(),
                                .calls = calls},
                               measures);
    return done;
  }
  std::cout << title << "\n\n" << table.text();
  std::cout
      << "\nseen: marked down by a probe or by the name's health check (- never). late: calls set up all the same, and by how much on average.\n"
         "failover: from the fault until new calls are normal; * not before the repair. Published defaults, not how fleets are run:\n"
         "trunklab presets tells each one's source, and which values are ours.\n";
  return done;
}

}  // namespace

int presets(const std::vector<std::string>& arguments) {
  Options options("presets [SCENARIO] [options]",
                  "Without a scenario: how well-known equipment hunts by its published defaults, each value with its source.\n"
                  "With one: what the crash of the first edge does to its calls if all sites hunt as each of them does.",
                  "  trunklab presets\n  trunklab presets scenarios/library/euc1-edge-loss.yaml -n 5\n");
  options.positional("scenario");
  options.add()("replications,n", po::value<std::string>()->default_value("1")->value_name("N"), "independent repetitions, 1 to 1000")(
      "json", po::bool_switch(), "one JSON document on stdout");
  if (!options.parse(arguments)) return done;
  const auto replications = static_cast<std::uint32_t>(options.whole("replications", 1, 1000));
  if (!options.has("scenario")) {
    if (options.flag("json")) throw Misuse("--json without a scenario: expected a scenario to compare the presets by");
    print_list();
    return done;
  }
  const auto scenario = read_scenario(options.text("scenario"));
  if (!scenario) return refuse(scenario.problems());
  return compare(scenario.value(), replications, options.flag("json"));
}

}  // namespace trunklab::cli
