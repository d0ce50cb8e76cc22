// How a run was found out: everything that somebody needs who doubts it.
#include <fmt/format.h>

#include "models/measures/summary.hpp"
#include "reports/sections/sections.hpp"
#include "reports/text.hpp"

namespace trunklab {
namespace {

std::string interval_words(const RunInfo& info) {
  if (info.replications > 1) {
    return fmt::format("{:.0f} % by Student's t over {} independent replications, ratios by jackknife", confidence * 100, info.replications);
  }
  if (info.batch_length == endless || info.batch_length * batches_min > info.horizon) {
    return "none: a single replication that is too short for batches. Several replications (-n) give intervals";
  }
  return fmt::format("{:.0f} % by batch means within the one replication, batches of {}", confidence * 100,
                     duration_text(in_seconds(info.batch_length)));
}

std::string detail_words(CallDetail detail) {
  switch (detail) {
    case CallDetail::all: return "every call";
    case CallDetail::failed: return "calls that went wrong";
    case CallDetail::none: return "no calls";
  }
  return {};
}

Table facts_of(const RunRecord& record) {
  const RunInfo& info = record.info();
  Table table{.caption = "The run", .columns = {{"what"}, {"value"}}, .rows = {}};
  const auto add = [&](const char* what, std::string value) { table.rows.push_back({.cells = {{.text = what}, {.text = std::move(value)}}}); };
  const bool simulated = info.who == "simulator";
  add("who", simulated ? "trunklab's simulator: nothing here was measured on a real trunk" : info.who);
  add("version", info.version);
  add("scenario", fmt::format("{} ({})", info.scenario_name, info.scenario_path));
  add("seed", std::to_string(info.seed));
  add("replications", std::to_string(info.replications));
  add("time covered", fmt::format("{} from {}", duration_text(in_seconds(info.horizon)), date_and_clock_text(info, run_start)));
  const bool warm = info.measure_from > run_start;
  add("start", warm ? fmt::format("empty; calls of the first {} are not measured", duration_text(in_seconds(info.measure_from - run_start)))
                    : "in equilibrium: the calls that would be there already are there");
  add("intervals", interval_words(info));
  add("few events", "fewer than 30 events give an exact Poisson bound instead of an interval; it takes them to be independent");
  add("what a fault did",
      record.impacts().empty() ? "not compared" : "each call against the same call of an undisturbed twin: same times, same luck");
  add("the record holds", detail_words(info.detail));
  add("run on", fmt::format("{}, in {}", record.wall().started, duration_text(record.wall().wall_s)));
  return table;
}

/// What the model leaves out whatever the scenario says (the README and docs/ say it at length).
Bullets limits() {
  Bullets bullets;
  for (const char* limit :
       {"Sinch's edges are modelled from its public introduction to SIP trunking; their inner workings are not known and stand as assumptions.",
        "Messages have a fixed travel time and are lost only where a fault says so; queues stand at edges, callback and agents only.",
        "No early media, no transfer, no codec change within a call; a talk's loss is its mean, and its delay does not vary.",
        "A caller who dials again does so by the scenario's redial rule alone.",
        "A setting under \"what would have helped\" was tried on the calls of replication 0 alone."}) {
    bullets.items.push_back({.text = limit});
  }
  return bullets;
}

}  // namespace

Section method_section(const RunRecord& record) {
  Section section{.id = "method", .title = "Method", .blocks = {}};
  section.blocks.push_back({facts_of(record)});
  if (record.info().who == "simulator")
    section.blocks.push_back({Fold{.id = "limits", .title = "What the model leaves out", .blocks = {{limits()}}}});
  section.blocks.push_back(
      {Fold{.id = "scenario", .title = "The scenario's text", .blocks = {{Verbatim{.caption = "", .text = record.info().scenario_text}}}}});
  return section;
}

}  // namespace trunklab
