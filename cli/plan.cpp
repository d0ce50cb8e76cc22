// trunklab plan.
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <iostream>

#include "cli/options.hpp"
#include "cli/plan_text.hpp"
#include "cli/terminal.hpp"
#include "scenarios/quantity_text.hpp"
#include "scenarios/reader.hpp"
#include "sim/study.hpp"

namespace trunklab::cli {

namespace po = boost::program_options;

namespace {

Survive survive_of(const std::string& word) {
  constexpr std::pair<std::string_view, Survive> words[]{
      {"none", Survive::none}, {"edge", Survive::edge}, {"zone", Survive::zone}, {"region", Survive::region}};
  for (const auto& [name, survive] : words) {
    if (name == word) return survive;
  }
  throw Misuse("--survive: found '" + word + "', expected none, edge, zone or region");
}

/// "10%/month" as 1.1.
double growth_of(const std::string& text) {
  constexpr std::string_view ending = "/month";
  const auto share = text.ends_with(ending) ? parse_percentage(text.substr(0, text.size() - ending.size())) : std::nullopt;
  if (share && *share <= 1) return 1 + *share;
  throw Misuse("--growth: found '" + text + "', expected a percentage a month up to 100%, such as 10%/month");
}

Probability blocking_of(const Options& options, const Scenario& scenario) {
  if (!options.has("blocking")) return scenario.objectives.blocking.value_or(Probability{0.01});
  const std::string text = options.text("blocking");
  const auto share = parse_percentage(text);
  if (share && *share > 0 && *share < 1) return Probability{*share};
  throw Misuse("--blocking: found '" + text + "', expected a percentage above 0 and below 100, such as 1%");
}

/// Simulates every site's worst case. false: stopped.
bool confirm(const Scenario& scenario, PlanFigures& figures, const StopSignals& signals, Problems& problems) {
  ProgressLine progress;
  const auto& sites = figures.plan.sites;
  for (std::size_t place = 0; place < sites.size(); ++place) {
    if (sites[place].peak.erlangs == 0) continue;
    const auto on_progress = [&](double share) {
      progress.show((static_cast<double>(place) + std::min(share, 1.0)) / static_cast<double>(sites.size()), 0);
    };
    const auto found = confirm_site(scenario, figures.plan, sites[place], {.stop = &signals.stop(), .on_progress = on_progress});
    if (!found) {
      problems = found.problems();
      return false;
    }
    if (!found.value()) return false;
    figures.confirmed.push_back(*found.value());
  }
  progress.clear();
  return true;
}

/// The first month in which each thing that the scenario limits is too small.
Result<std::vector<RunsOut>> outlook(const Scenario& scenario, const PlanRequest& request, double factor, std::uint32_t months) {
  std::vector<RunsOut> list;
  PlanRequest later = request;
  for (std::uint32_t month = 0; month <= months; ++month) {
    later.growth = std::pow(factor, month);
    const auto plan = capacity_plan(scenario, later);
    if (!plan) return plan.problems();
    add_shortages(scenario, plan.value(), month, list);
  }
  return list;
}

}  // namespace

int plan(const std::vector<std::string>& arguments) {
  Options options("plan SCENARIO [options]",
                  "How much is enough: channels of each site, calls at the same time and calls per second of account, regions and edges, media\n"
                  "addresses, Mbit/s; in normal hours and with any one edge, zone or region gone. Formulas first, then the fewest channels found by\n"
                  "simulation, both shown.",
                  "  trunklab plan scenarios/library/five-regions.yaml --survive region\n"
                  "  trunklab plan busy.yaml --survive edge --growth 10%/month --months 12\n"
                  "  trunklab plan busy.yaml --blocking 0.5% --formulas --json\n");
  options.positional("scenario");
  options.add()("survive", po::value<std::string>()->default_value("none")->value_name("WHAT"),
                "any one of these may be gone: none, edge, zone or region")("blocking", po::value<std::string>()->value_name("SHARE"),
                                                                            "objective; default the scenario's, else 1% (ours)")(
      "growth", po::value<std::string>()->value_name("RATE"), "of all traffic, such as 10%/month: what runs out when")(
      "months", po::value<std::string>()->default_value("12")->value_name("N"), "how far to look, 1 to 120")(
      "formulas", po::bool_switch(), "do not simulate")("json", po::bool_switch(), "one JSON document on stdout");
  if (!options.parse(arguments)) return done;
  PlanFigures figures;
  PlanRequest request{.survive = survive_of(options.text("survive"))};
  const auto months = static_cast<std::uint32_t>(options.whole("months", 1, 120));
  const auto read = read_scenario(options.required("scenario", "scenario"));
  if (!read) return refuse(read.problems());
  const Scenario& scenario = read.value();
  if (const auto problem = too_large(scenario)) return refuse({*problem});
  request.blocking = blocking_of(options, scenario);

  const auto begun = std::chrono::steady_clock::now();
  auto planned = capacity_plan(scenario, request);
  if (!planned) return refuse(planned.problems());
  figures.plan = std::move(planned).value();
  if (options.has("growth")) {
    figures.growth = options.text("growth");
    figures.months = months;
    auto found = outlook(scenario, request, growth_of(*figures.growth), months);
    if (!found) return refuse(found.problems());
    figures.runs_out = std::move(found).value();
  }
  const auto since = [](auto from) { return std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count(); };
  figures.formulas_s = since(begun);
  const StopSignals signals;
  const auto simulating = std::chrono::steady_clock::now();
  Problems problems;
  if (!options.flag("formulas") && !confirm(scenario, figures, signals, problems)) {
    if (!problems.empty()) return refuse(problems);
    std::cerr << "stopped by the user; --formulas leaves the simulation out\n";
    return signals.exit_code().value_or(failed);
  }
  figures.simulation_s = since(simulating);
  std::cout << (options.flag("json") ? plan_json(scenario, figures) : plan_text(scenario, figures, stdout_has_colour() ? Colour::on : Colour::off));
  return done;
}

}  // namespace trunklab::cli
