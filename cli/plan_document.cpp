// A plan set out for people.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "cli/plan_figures.hpp"
#include "reports/text.hpp"
#include "scenarios/time_text.hpp"

namespace trunklab::cli {
namespace {

using Align = Column::Align;

Cell count(double value) {
  return plan_number(value, fmt::format("{:.0f}", value));
}

std::string when_text(const Scenario& scenario, const SitePlan& site) {
  if (!site.varies) return "always";
  const auto into = std::chrono::floor<std::chrono::minutes>(site.busiest - run_start);
  return iso8601(scenario.horizon.start_unix_ns + Span(into).count(), scenario.horizon.utc_offset_s);
}

const ConfirmedSite* confirmed_of(const PlanFigures& figures, std::uint16_t site) {
  const auto found = std::ranges::find(figures.confirmed, site, &ConfirmedSite::site);
  return found == figures.confirmed.end() ? nullptr : &*found;
}

std::string subtitle_of(const PlanFigures& figures) {
  const PlanRequest& request = figures.plan.request;
  constexpr const char* words[]{"in normal hours", "with any one edge gone", "with any one zone gone", "with any one region gone",
                                "with any one site gone"};
  std::string text =
      fmt::format("Enough for at most {} blocked, {}", plan_share_text(request.blocking.value()), words[static_cast<int>(request.survive)]);
  if (figures.forecast) {
    text += fmt::format(", with {} confidence for traffic whose forecast has a coefficient of variation of {}: planned for {:.3g} times the traffic",
                        plan_share_text(figures.forecast->confidence), plan_share_text(figures.forecast->cv), request.scale);
  }
  return text + ".";
}

class Writer {
 public:
  Writer(const Scenario& scenario, const PlanFigures& figures) : scenario_(scenario), figures_(figures), plan_(figures.plan) {}

  Document document() const {
    Document document{.title = "Capacity plan of " + scenario_.name, .subtitle = subtitle_of(figures_), .sections = {}};
    document.sections.push_back(finding_section(scenario_, figures_));
    document.sections.push_back(channels());
    document.sections.push_back(order_sheet());
    document.sections.push_back(sbc_sheet());
    document.sections.push_back(firewall_section(scenario_));
    if (!figures_.proofs.empty()) document.sections.push_back(proof());
    document.sections.push_back(what_if());
    document.sections.push_back(method());
    return document;
  }

 private:
  [[nodiscard]] const std::string& site_name(std::uint16_t site) const { return scenario_.sites[site].name; }
  [[nodiscard]] const std::string& case_title(std::size_t gone) const { return plan_.cases[gone].title; }

  [[nodiscard]] Section channels() const {
    Table traffic{.caption = "Traffic of each site in its worst case: how long a call holds a channel, the mean over all outcomes, s",
                  .columns = {{"site"},
                              {"calls/s", Align::right},
                              {"held", Align::right},
                              {"hunting", Align::right},
                              {"delay", Align::right},
                              {"ringing", Align::right},
                              {"talk", Align::right},
                              {"Erlangs", Align::right},
                              {"busiest"}},
                  .rows = {}};
    for (const SitePlan& site : plan_.sites) {
      const Seizure& held = site.seizure;
      const auto seconds = [](double value) { return plan_number(value, fmt::format("{:.2f}", value)); };
      traffic.rows.push_back({.cells = {{.text = site_name(site.site)},
                                        plan_number(site.peak.calls_per_s, fmt::format("{:.3f}", site.peak.calls_per_s)),
                                        plan_number(held.total_s(), fmt::format("{:.1f}", held.total_s())),
                                        seconds(held.hunting_s),
                                        seconds(held.delay_s),
                                        seconds(held.ringing_s),
                                        plan_number(held.talk_s, fmt::format("{:.1f}", held.talk_s)),
                                        plan_number(site.peak.erlangs, fmt::format("{:.1f}", site.peak.erlangs)),
                                        {.text = when_text(scenario_, site)}}});
    }
    Section section{.id = "channels", .title = "Channels", .blocks = {{std::move(traffic)}, {channels_table()}}};
    Bullets causes;
    for (const ConfirmedSite& each : figures_.confirmed) {
      const SitePlan& site = *std::ranges::find(plan_.sites, each.site, &SitePlan::site);
      const std::string text = cause_text(each, site);
      if (!text.empty()) causes.items.push_back({.text = fmt::format("{}: {}", site_name(each.site), text), .tone = Tone::note});
    }
    if (!causes.items.empty()) section.blocks.push_back({std::move(causes)});
    return section;
  }

  [[nodiscard]] Table channels_table() const {
    const bool simulated = !figures_.confirmed.empty();
    const bool kept = plan_.request.kept_free > 0;
    Table table{.caption = "Channels", .columns = {{"site"}, {"has", Align::right}, {"formula", Align::right}}, .rows = {}};
    if (simulated) table.columns.insert(table.columns.end(), {{"simulated", Align::right}, {"blocking", Align::right}, {"fewer", Align::right}});
    if (kept) table.columns.push_back({"kept free", Align::right});
    table.columns.insert(table.columns.end(), {{"order", Align::right}, {"worst case"}});
    for (const SitePlan& site : plan_.sites) {
      const ConfirmedSite* confirmed = confirmed_of(figures_, site.site);
      Row row{.cells = {{.text = site_name(site.site)}, {.text = site.has ? std::to_string(*site.has) : "any"}, count(site.channels)}};
      if (simulated) add_simulated(confirmed, row);
      if (kept) row.cells.push_back(count(plan_.request.kept_free));
      row.cells.push_back(count(site.ordered));
      row.cells.push_back({.text = case_title(site.peak.erlangs_case)});
      table.rows.push_back(std::move(row));
    }
    return table;
  }

  static void add_simulated(const ConfirmedSite* confirmed, Row& row) {
    if (confirmed == nullptr || confirmed->too_large) {
      row.cells.insert(row.cells.end(), {{.text = "-"}, {.text = confirmed != nullptr ? "too many calls" : "-"}, {.text = "-"}});
      return;
    }
    const bool rare = confirmed->enough.verdict == Tried::Verdict::rare;
    if (confirmed->enough.blocking.high == 0) {
      row.cells.insert(row.cells.end(), {{.text = "-"}, {.text = "no call came"}, {.text = "-"}});
      return;
    }
    if (confirmed->in_vain) {
      row.cells.insert(row.cells.end(), {{.text = "-"},
                                         {.text = plan_interval_text(confirmed->enough.blocking)},
                                         {.text = "more would not help: not for want of channels", .tone = Tone::bad}});
      return;
    }
    row.cells.push_back(rare ? Cell{.text = "too rare"} : count(confirmed->enough.channels));
    const Interval& blocking = confirmed->enough.blocking;
    const bool recorded = confirmed->floor == Floor::recording;
    row.cells.push_back({.text = rare       ? "at most " + plan_share_text(blocking.high)
                                 : recorded ? plan_share_text(blocking.mean) + " (one recording)"
                                            : plan_interval_text(blocking)});
    std::string fewer;
    if (confirmed->less && confirmed->less->verdict != Tried::Verdict::fails) {
      fewer = fmt::format("{} not told apart ({})", confirmed->less->channels, plan_share_text(confirmed->less->blocking.mean));
    }
    if (confirmed->too_few) {
      fewer +=
          fmt::format("{}{} block {}", fewer.empty() ? "" : "; ", confirmed->too_few->channels, plan_share_text(confirmed->too_few->blocking.mean));
    }
    row.cells.push_back({.text = std::move(fewer)});
  }

  [[nodiscard]] Section order_sheet() const {
    const bool media = std::ranges::any_of(plan_.scopes, [](const ScopePlan& scope) { return scope.media_addresses > 0; });
    Table table{.caption = "What to contract for, by scope",
                .columns = {{"scope"},
                            {"has", Align::right},
                            {"calls at the same time", Align::right},
                            {"has", Align::right},
                            {"calls/s", Align::right},
                            {"at once", Align::right}},
                .rows = {}};
    if (media) table.columns.push_back({"media addresses", Align::right});
    table.columns.push_back({"worst case"});
    for (const ScopePlan& scope : plan_.scopes) {
      Row row{.cells = {{.text = scope.name},
                        {.text = scope.has_sessions ? std::to_string(*scope.has_sessions) : "-"},
                        count(scope.sessions),
                        {.text = scope.has_cps ? fmt::format("{:g}", scope.has_cps->cps->value()) : "-"},
                        count(scope.cps),
                        count(scope.cps)}};
      if (media) row.cells.push_back(scope.media_addresses > 0 ? count(scope.media_addresses) : Cell{});
      row.cells.push_back({.text = case_title(scope.sessions_case)});
      table.rows.push_back(std::move(row));
    }
    Section section{.id = "order", .title = "Order sheet for the carrier", .blocks = {{std::move(table)}}};
    if (std::ranges::any_of(plan_.scopes, [](const ScopePlan& scope) { return scope.tokens > 1; })) {
      section.blocks.push_back(
          {Bullets{{{.text = "Calls per second: twice the calls' own where a cap counts every INVITE, since every call is challenged and sent "
                             "again.",
                     .tone = Tone::note}}}});
    }
    if (plan_.scopes.front().sessions_raised > 0) {
      section.blocks.push_back(
          {Bullets{{{.text = "Calls at the same time: more than the formula's, which knows first attempts only; with fewer the simulation refused "
                             "too many. Never more than the sites have channels.",
                     .tone = Tone::note}}}});
    }
    if (const std::uint32_t raised = plan_.scopes.front().cps_raised; raised > 0) {
      section.blocks.push_back(
          {Bullets{{{.text = fmt::format("Calls per second: {} more for the account than the formula's, and alike for the others: calls that "
                                         "hunt are offered more than once, and with fewer the simulation refused too many.",
                                         raised),
                     .tone = Tone::note}}}});
    }
    return section;
  }

  [[nodiscard]] Section sbc_sheet() const {
    Table table{.caption = "What each site's SBC has to carry",
                .columns = {{"site"},
                            {"calls at the same time", Align::right},
                            {"calls/s", Align::right},
                            {"Mbit/s each way", Align::right},
                            {"packets/s each way", Align::right},
                            {"RTP ports", Align::right}},
                .rows = {}};
    for (const SitePlan& site : plan_.sites) {
      const bool media = site.mbit_per_s > 0;
      table.rows.push_back({.cells = {{.text = site_name(site.site)},
                                      count(site.ordered),
                                      count(site.cps),
                                      media ? plan_number(site.mbit_per_s, fmt::format("{:.1f}", site.mbit_per_s)) : Cell{.text = "no codecs"},
                                      media ? count(site.packets_per_s) : Cell{.text = "-"},
                                      media ? count(site.rtp_ports) : Cell{.text = "-"}}});
    }
    return {.id = "sbc", .title = "SBC sizing", .blocks = {{std::move(table)}}};
  }

  [[nodiscard]] Section proof() const {
    Table table{.caption = "All sites together, with all that is ordered",
                .columns = {{"case"},
                            {"site that blocks most"},
                            {"blocking", Align::right},
                            {"by caps", Align::right},
                            {"fail otherwise", Align::right},
                            {"set-up, 95 %", Align::right}},
                .rows = {}};
    const bool media = std::ranges::any_of(figures_.proofs, [](const Proof& each) { return each.mos.has_value(); });
    if (media) table.columns.push_back({"MOS, 95 %", Align::right});
    table.columns.push_back({"objectives"});
    for (const Proof& each : figures_.proofs) {
      if (each.too_large) continue;
      Row row{.cells = {{.text = case_title(each.gone)},
                        {.text = site_name(each.worst_site)},
                        {.text = plan_interval_text(each.blocking), .number = each.blocking.mean},
                        {.text = plan_share_text(each.by_caps), .number = each.by_caps},
                        {.text = plan_share_text(each.failing.mean), .number = each.failing.mean},
                        {.text = duration_text(each.setup_delay_s), .number = each.setup_delay_s}}};
      if (media) row.cells.push_back({.text = each.mos ? fmt::format("{:.2f}", *each.mos) : "-", .number = each.mos});
      row.cells.push_back({.text = each.holds()    ? "met"
                                   : each.misses() ? "missed"
                                                   : "cannot be told",
                           .tone = each.holds()    ? Tone::good
                                   : each.misses() ? Tone::bad
                                                   : Tone::note});
      table.rows.push_back(std::move(row));
    }
    return {.id = "proof", .title = "Checked by simulation", .blocks = {{std::move(table)}}};
  }

  [[nodiscard]] Section what_if() const {
    const bool media = has_media(scenario_);
    const bool prices = std::ranges::any_of(figures_.alternatives, [](const Alternative& each) { return each.monthly.has_value(); });
    Table table{.caption = "By the formulas",
                .columns = {{"what"},
                            {"channels", Align::right},
                            {"calls at the same time", Align::right},
                            {"busiest edge", Align::right},
                            {"hunting", Align::right},
                            {"no way out", Align::right}},
                .rows = {}};
    if (media) table.columns.push_back({"Mbit/s", Align::right});
    if (prices) table.columns.push_back({scenario_.prices.currency + " a month", Align::right});
    const Alternative* best = cheapest_of(figures_);
    for (const Alternative& each : figures_.alternatives) {
      Row row{.cells = {{.text = each.what},
                        count(each.channels),
                        count(each.sessions),
                        count(each.edge_sessions),
                        plan_number(each.hunting_s, duration_text(each.hunting_s)),
                        plan_number(static_cast<double>(each.without_way_out), std::to_string(each.without_way_out),
                                    each.without_way_out > 0 ? Tone::bad : Tone::plain)}};
      if (media) row.cells.push_back(plan_number(each.mbit_per_s, fmt::format("{:.1f}", each.mbit_per_s)));
      if (prices)
        row.cells.push_back({.text = fmt::format("{:.2f}", *each.monthly), .number = each.monthly, .tone = &each == best ? Tone::good : Tone::plain});
      table.rows.push_back(std::move(row));
    }
    return {.id = "what-if", .title = "What if", .blocks = {{std::move(table)}}};
  }

  [[nodiscard]] Section method() const {
    Bullets bullets;
    const auto say = [&](std::string text) { bullets.items.push_back({.text = std::move(text)}); };
    say("Channels: Erlang B of calls per second times the time for which a call holds its channel, at the busiest time of the worst case.");
    say("Caps may refuse a fiftieth of the objective, all together (ours). Calls per second are counted in whole seconds: as many have to pass at "
        "once "
        "(a bucket as deep as that), or far more are refused.");
    say("Planned are the cases above: the scenario's own faults and its failover objective are left out (trunklab simulate).");
    if (!figures_.confirmed.empty()) {
      say("Simulated: the fewest channels with which the 95 % interval of blocking lies within the objective, each site's own calls in its worst "
          "case; over the hour around the busiest time, or at a constant rate over 2,000 mean seizures. What is gone goes when measuring begins: the "
          "longer that is, the less its surge weighs.");
      say("Fewer channels that cannot be told from the objective, within a twentieth of it (ours), are not taken.");
    }
    const auto leaks = [](const Site& site) { return site.media.leak.value() > 0; };
    if (scenario_.service.media.leaks != PortLeaks{} || std::ranges::any_of(scenario_.sites, leaks))
      say("Ports leak here: what gets worse with time is only seen as far as simulated; trunklab simulate shows all of it.");
    if (plan_.request.kept_free > 0) say("Channels kept free are for emergency and priority calls: the SBC must hold them back from all others.");
    if (plan_.request.survive == Survive::site) say("Calls of a site that is gone go to the others in equal parts (ours).");
    if (figures_.separate) say("Sites with calls of both directions have a trunk for each, which lend each other nothing.");
    std::string took = fmt::format("Formulas took {:.2f} s", figures_.formulas_s);
    took += figures_.simulation_s ? fmt::format(", the simulation {:.1f} s.", *figures_.simulation_s) : "; nothing was simulated.";
    say(std::move(took));
    return {.id = "method", .title = "How it was worked out", .blocks = {{std::move(bullets)}}};
  }

  const Scenario& scenario_;
  const PlanFigures& figures_;
  const CapacityPlan& plan_;
};

}  // namespace

Document plan_document(const Scenario& scenario, const PlanFigures& figures) {
  return Writer(scenario, figures).document();
}

}  // namespace trunklab::cli
