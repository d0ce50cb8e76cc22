// Redundant units: how long too few of them work.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "cli/erlang_formula.hpp"
#include "models/teletraffic/availability.hpp"
#include "reports/text.hpp"
#include "scenarios/quantity_text.hpp"

namespace trunklab::cli {

namespace {

constexpr Span longest = std::chrono::hours{100 * 365 * 24};
constexpr Span shortest = std::chrono::milliseconds{1};

/// With as many nines as there are, and three digits more.
std::string available_text(double down) {
  if (down == 0) return "100 %";
  const int digits = std::clamp(static_cast<int>(std::ceil(-std::log10(down))), 1, 14);
  return fmt::format("{:.{}f} %", 100 - down * 100, digits);
}

Answer availability_answer(const RedundantUnits& system, const std::string& headline) {
  const Unavailability found = unavailability_of(system);
  const double down_s = minutes_per_year(found.down) * 60;
  const double outage_s = found.mean_outage == endless ? std::numeric_limits<double>::infinity() : in_seconds(found.mean_outage);
  Answer answer{.headline = headline.empty() ? "available " + available_text(found.down.value())
                                             : headline + ", available " + available_text(found.down.value()),
                .figures = {{"units", "units", static_cast<double>(system.units), FigureKind::count},
                            {"needed", "needed", static_cast<double>(system.needed), FigureKind::count},
                            {"crews", "crews", static_cast<double>(system.crews), FigureKind::count},
                            {"mtbf_s", "MTBF", in_seconds(system.mtbf), FigureKind::seconds},
                            {"mttr_s", "MTTR", in_seconds(system.mttr), FigureKind::seconds},
                            {"down", "down", found.down.value(), FigureKind::share},
                            {"down_min_per_year", "in a year", down_s / 60, FigureKind::number},
                            {"outages_per_year", "outages a year", found.outages_per_year, FigureKind::number},
                            {"mean_outage_s", "mean outage", outage_s, FigureKind::seconds}},
                .details = {}};
  answer.figures[6].label = "minutes a year";
  if (system.coverage.value() < 1) {
    answer.figures.insert(answer.figures.begin() + 5, {{"coverage", "takeovers that work", system.coverage.value(), FigureKind::share},
                                                       {"takeover_s", "else by hand in", in_seconds(system.takeover), FigureKind::seconds}});
  }
  return answer;
}

/// Everything but what is sought; that is set to something that makes sense meanwhile.
RedundantUnits read_system(const Inputs& inputs) {
  RedundantUnits system;
  system.needed = inputs.has("needed") ? inputs.whole("needed", 1, 1000) : 1;
  system.units = inputs.has("units") ? inputs.whole("units", 1, 1000) : system.needed;
  if (system.units < system.needed) misuse("units", inputs.text("units"), fmt::format("the {} needed at least", system.needed));
  system.mtbf = inputs.has("mtbf") ? inputs.span("mtbf", "", shortest, longest) : longest;
  system.mttr = inputs.has("mttr") ? inputs.span("mttr", "", shortest, longest) : shortest;
  system.coverage = inputs.has("coverage") ? inputs.share_from_zero("coverage", true) : Probability{1};
  if (inputs.has("takeover") && !inputs.has("coverage"))
    throw Misuse("found --takeover without --coverage, expected both: how often do the others take over, such as --coverage 99%");
  if (inputs.has("takeover")) {
    system.takeover = inputs.span("takeover", "", Span{0}, longest);
  } else if (system.coverage.value() < 1) {
    throw Misuse("found --coverage without --takeover, expected both: how long does it take to switch by hand, such as --takeover 30min");
  }
  // A crew for each unit, also for those still sought.
  system.crews = inputs.has("crews") ? inputs.whole("crews", 1, 1000) : inputs.has("units") ? system.units : 1000;
  return system;
}

[[noreturn]] void out_of_reach(const Inputs& inputs, const std::string& what) {
  misuse("down", inputs.text("down"), "a share that " + what + " can reach, all else being as given");
}

Answer solve_availability(const Inputs& inputs) {
  inputs.expect({"units", "mtbf", "mttr", "down"}, 3);
  RedundantUnits system = read_system(inputs);
  if (!inputs.has("down")) return availability_answer(system, {});
  const Probability down = inputs.share("down");
  if (!inputs.has("units")) {
    const auto units = units_for(system, down);
    if (!units) out_of_reach(inputs, "up to 1000 units");
    system.units = *units;
    system.crews = std::min(system.crews, system.units);
    return availability_answer(system, counted(*units, "unit"));
  }
  const bool seeks_mttr = !inputs.has("mttr");
  const auto time = seeks_mttr ? mttr_for(system, down) : mtbf_for(system, down);
  if (!time) out_of_reach(inputs, seeks_mttr ? "a repair of 1 ns to 200 years" : "an MTBF of 1 ns to 200 years");
  (seeks_mttr ? system.mttr : system.mtbf) = *time;
  return availability_answer(
      system, fmt::format("{} {} {}", seeks_mttr ? "MTTR" : "MTBF", duration_text(in_seconds(*time)), seeks_mttr ? "at most" : "at least"));
}

}  // namespace

Formula formula_availability() {
  return {
      .name = "availability",
      .summary = "how long too few of several units work: repair crews, failovers that fail",
      .about =
          "Availability: so many like units, of which some are needed; each fails and is repaired, as far as there are crews. With --coverage, a\n"
          "failure that leaves enough units is taken over only so often; else all is down until somebody switches by hand. Of --units, --mtbf,\n"
          "--mttr and --down give three, the one left out is the answer.",
      .examples =
          "  trunklab erlang availability --units 2 --mtbf 1000h --mttr 2h\n"
          "  trunklab erlang availability --units 2 --mtbf 1000h --mttr 2h --coverage 99% --takeover 30min\n"
          "  trunklab erlang availability --needed 2 --mtbf 1000h --mttr 2h --down 0.001%      how many units?\n"
          "  trunklab erlang availability --units 2 --mtbf 1000h --down 0.001%                 how fast a repair?\n",
      .variables = {{"units,n", "N", "that there are"},
                    {"needed,k", "N", "of them (default 1)"},
                    {"crews,r", "N", "units under repair at the same time (default: all)"},
                    {"mtbf", "TIME", "mean time between a unit's repair and its next failure"},
                    {"mttr", "TIME", "mean time of a repair"},
                    {"coverage", "SHARE", "of the failures that the others take over (default 100%)"},
                    {"takeover", "TIME", "mean time to switch by hand where they do not"},
                    {"down,d", "SHARE", "of the time in which too few work: 0.001%"}},
      .has_fractions = false,
      .solve = solve_availability};
}

}  // namespace trunklab::cli
