// trunklab availability.
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/options.hpp"
#include "cli/terminal.hpp"
#include "models/teletraffic/availability.hpp"
#include "reports/text.hpp"
#include "scenarios/quantity_text.hpp"
#include "scenarios/reader.hpp"
#include "sim/availability/study.hpp"

namespace trunklab::cli {

namespace po = boost::program_options;

namespace {

using Json = nlohmann::ordered_json;
using Align = TextTable::Align;

/// "5.2" nines.
std::string nines_text(double down) {
  return down <= 0 ? "-" : fmt::format("{:.1f}", -std::log10(down));
}

std::string year_text(double share) {
  return duration_text(minutes_per_year(Probability{share}) * 60);
}

std::string share_text(const Interval& interval) {
  return fmt::format("{:.3g} ({:.3g} .. {:.3g})", interval.mean, std::max(0.0, interval.low), interval.high);
}

/// What is not in the figures, a sentence each.
std::vector<std::string> left_out(const Scenario& scenario) {
  std::vector<std::string> sentences;
  if (!scenario.faults.empty()) sentences.emplace_back("Faults with a time of their own (at) are left out.");
  std::string others;
  for (const FaultSpec& fault : scenario.random_faults) {
    if (!known_on_paper(fault.kind)) others += (others.empty() ? "" : ", ") + fault.name;
  }
  if (!others.empty()) sentences.push_back("They take no way out, simulation alone knows them: " + others + ".");
  return sentences;
}

struct Told {
  const Scenario& scenario;
  const std::vector<SiteAvailability>& chain;
  const Availability* simulated;  ///< nullptr: not asked for
  double wall_s;
  std::size_t cycles_wanted;  ///< fewer give no interval that can be relied on
};

/// Why the figures are less sure than was wanted; empty if they are not.
std::string doubt_of(const Told& told) {
  const Availability& found = *told.simulated;
  if (found.precise) return "";
  std::string text = found.cut_short ? "--time ran out within a cycle: what such long ones cost is missing"
                                     : "the wanted interval was not reached: give it more --time";
  if (found.cycles < told.cycles_wanted) text += fmt::format("; of fewer than {} cycles the intervals may be far too short", told.cycles_wanted);
  return text;
}

std::string text_of(const Told& told) {
  TextTable paper({{"site without a way out"},
                   {"share of time", Align::right},
                   {"nines", Align::right},
                   {"a year", Align::right},
                   {"times a year", Align::right},
                   {"for", Align::right}});
  for (const SiteAvailability& site : told.chain) {
    const Unavailability& chain = site.chain;
    paper.add({told.scenario.sites[site.site].name, fmt::format("{:.3g}", chain.down.value()), nines_text(chain.down.value()),
               year_text(chain.down.value()), fmt::format("{:.3g}", chain.outages_per_year),
               chain.outages_per_year > 0 ? duration_text(in_seconds(chain.mean_outage)) : "-"});
  }
  std::string text = paper.text();
  for (const std::string& sentence : left_out(told.scenario)) text += sentence + '\n';
  if (told.simulated == nullptr) return text;
  const Availability& found = *told.simulated;
  TextTable calls({{"calls not served"},
                   {"share", Align::right},
                   {"nines", Align::right},
                   {"as much as, a year", Align::right},
                   {"cut off while talking", Align::right}});
  const auto add = [&](const std::string& name, const ServedCalls& served) {
    calls.add({name, share_text(served.not_served), nines_text(served.not_served.mean), year_text(std::max(0.0, served.not_served.mean)),
               share_text(served.cut_off)});
  };
  for (const SiteAvailability& site : found.sites) add(told.scenario.sites[site.site].name, site.calls);
  if (found.sites.size() > 1) add("all", found.all);
  text += '\n' + calls.text(Colour::off, 120);
  if (!found.contributions.empty()) {
    TextTable causes({{"calls not served come from"}, {"share", Align::right}, {"times a year", Align::right}});
    for (const Contribution& each : found.contributions) {
      causes.add({each.faults, fmt::format("{:.0f} %", each.share * 100), fmt::format("{:.2g}", each.outages_per_year)});
    }
    text += '\n' + causes.text(Colour::off, 120);
  }
  if (found.harmless_cycles > 0) {
    text += fmt::format("\nIn none of {} cycles in which every site had a way out was a call lost; what is rarer than that is not in the interval.\n",
                        found.harmless_cycles);
  }
  const std::string doubt = doubt_of(told);
  text += '\n' + wrapped(fmt::format("{} cycles of trouble, {} calls simulated in {}{}{}", found.cycles, found.calls, duration_text(told.wall_s),
                                     doubt.empty() ? "" : "; ", doubt),
                         2);
  return text;
}

Json interval_json(const Interval& interval) {
  return {{"mean", interval.mean}, {"low", interval.low}, {"high", interval.high}};
}

std::string json_of(const Told& told) {
  Json sites = Json::array();
  for (std::size_t place = 0; place < told.chain.size(); ++place) {
    const SiteAvailability& site = told.chain[place];
    Json json{{"site", told.scenario.sites[site.site].name},
              {"down", site.chain.down.value()},
              {"outages_per_year", site.chain.outages_per_year},
              {"mean_outage_s", in_seconds(site.chain.mean_outage)}};
    if (told.simulated != nullptr) {
      json["not_served"] = interval_json(told.simulated->sites[place].calls.not_served);
      json["cut_off"] = interval_json(told.simulated->sites[place].calls.cut_off);
    }
    sites.push_back(std::move(json));
  }
  Json json{{"command", "availability"},
            {"scenario", told.scenario.name},
            {"seed", told.scenario.seed},
            {"sites", sites},
            {"left_out", left_out(told.scenario)}};
  if (const Availability* found = told.simulated) {
    json["not_served"] = interval_json(found->all.not_served);
    json["cut_off"] = interval_json(found->all.cut_off);
    Json contributions = Json::array();
    for (const Contribution& each : found->contributions) {
      contributions.push_back({{"faults", each.faults}, {"share", each.share}, {"per_year", each.outages_per_year}});
    }
    json["contributions"] = contributions;
    json["cycles"] = found->cycles;
    json["cut_by_time"] = found->cut_short;
    json["calls"] = found->calls;
    json["precise"] = found->precise;
    json["doubt"] = doubt_of(told);
    json["harmless_cycles"] = found->harmless_cycles;
    json["wall_s"] = told.wall_s;
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

double half_width_of(const Options& options) {
  const std::string text = options.text("half-width");
  const auto share = parse_percentage(text);
  if (share && *share >= 0.005 && *share <= 1) return *share;
  throw Misuse("--half-width: found '" + text + "', expected a percentage from 0.5% to 100%, such as 20%");
}

Span time_of(const Options& options) {
  const std::string text = options.text("time");
  const auto span = parse_span(text);
  if (span && *span >= std::chrono::seconds{1}) return *span;
  throw Misuse("--time: found '" + text + "', expected a time of 1s or more, such as 120s");
}

}  // namespace

int availability(const std::vector<std::string>& arguments) {
  Options options("availability SCENARIO [options]",
                  "How many nines a site has with the scenario's random faults: how much of the time it has no way out at all, exactly, and\n"
                  "which share of its calls is not served, by simulating calls around faults. Rare faults are made frequent there, and\n"
                  "weighted; so one in a million takes seconds.",
                  "  trunklab availability two-edges.yaml\n"
                  "  trunklab availability two-edges.yaml --half-width 5% --time 10min --json\n"
                  "  trunklab availability two-edges.yaml --chain\n");
  options.positional("scenario");
  options.add()("half-width", po::value<std::string>()->default_value("20%")->value_name("SHARE"),
                "of the 95 % interval of calls not served, relative: when it is enough (ours)")(
      "time", po::value<std::string>()->default_value("120s")->value_name("TIME"), "stop after so long even if it is not")(
      "seed", po::value<std::string>()->value_name("S"), "instead of the scenario's")("chain", po::bool_switch(), "do not simulate")(
      "json", po::bool_switch(), "one JSON document on stdout");
  if (!options.parse(arguments)) return done;
  AvailabilityRequest request{.half_width = half_width_of(options)};
  const Span time = time_of(options);
  auto read = read_scenario(options.required("scenario", "scenario"));
  if (!read) return refuse(read.problems());
  Scenario& scenario = read.value();
  if (options.has("seed")) scenario.seed = options.whole("seed", 0, (std::uint64_t{1} << 63) - 1);
  const auto chain = chain_availability(scenario);
  if (!chain) return refuse(chain.problems());

  const StopSignals signals;
  ProgressLine progress;
  const auto begun = std::chrono::steady_clock::now();
  std::atomic<bool> over = false;
  const std::jthread clock([&](const std::stop_token& finished) {
    while (!finished.stop_requested() && !over) {
      over = signals.stop() || std::chrono::steady_clock::now() - begun >= time;
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
  });
  request.stop = &over;
  request.on_progress = [&](double share, std::uint64_t calls) { progress.show(share, calls); };
  std::optional<Availability> found;
  if (!options.flag("chain")) {
    auto simulated = simulate_availability(scenario, request);
    progress.clear();
    if (!simulated) return refuse(simulated.problems());
    found = std::move(simulated).value();
    if (signals.stop()) {
      std::cerr << "stopped by the user; --chain leaves the simulation out\n";
      return signals.exit_code().value_or(failed);
    }
    if (found->cycles == 0) {
      std::cerr << "not a single cycle of trouble could be simulated within --time; --chain leaves the simulation out\n";
      return failed;
    }
  }
  const Told told{scenario, chain.value(), found ? &*found : nullptr, std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count(),
                  request.cycles_min};
  std::cout << (options.flag("json") ? json_of(told) : text_of(told));
  return done;
}

}  // namespace trunklab::cli
