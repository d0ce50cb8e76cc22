// What a plan found, in sentences, and how far that reaches.
#include <fmt/format.h>

#include <algorithm>

#include "cli/plan_figures.hpp"
#include "reports/text.hpp"

namespace trunklab::cli {
namespace {

using Align = Column::Align;

class FindingWriter {
 public:
  FindingWriter(const Scenario& scenario, const PlanFigures& figures) : scenario_(scenario), figures_(figures), plan_(figures.plan) {}

  [[nodiscard]] Section section() const {
    Bullets bullets;
    std::uint32_t channels = 0;
    for (const SitePlan& site : plan_.sites) channels += site.ordered;
    const ScopePlan& account = plan_.scopes.front();
    bullets.items.push_back({.text = fmt::format("{} in all; to contract: {} at the same time, {} per second.", plan_counted(channels, "channel"),
                                                 plan_counted(account.sessions, "call"), plan_counted(account.cps, "call"))});
    add_bottleneck(bullets);
    for (const std::string& each : plan_.without_way_out) {
      bullets.items.push_back({.text = fmt::format("No way out for the calls of {}: nothing is planned for them.", each), .tone = Tone::bad});
    }
    add_proof(bullets);
    if (const Alternative* best = cheapest_of(figures_)) {
      bullets.items.push_back({.text = fmt::format("Cheapest of what was looked at, by the formulas: {}, {:.2f} {} a month.", best->what,
                                                   *best->monthly, scenario_.prices.currency),
                               .tone = Tone::note});
    }
    Section section{.id = "finding", .title = "Finding", .blocks = {{std::move(bullets)}}};
    if (const auto table = headroom_table()) section.blocks.push_back({*table});
    return section;
  }

 private:
  [[nodiscard]] const std::string& site_name(std::uint16_t site) const { return scenario_.sites[site].name; }
  [[nodiscard]] const std::string& case_title(std::size_t gone) const { return plan_.cases[gone].title; }

  void add_bottleneck(Bullets& bullets) const {
    const auto list = headroom_of(scenario_, plan_);
    if (list.empty()) {
      bullets.items.push_back({.text = "The scenario limits nothing (no channels, no caps), so nothing runs out."});
      return;
    }
    const Headroom& first = list.front();
    std::string text = fmt::format("First bottleneck: {}: {:g}, needed {:g}; {:.2f} times the planned traffic would fit.", first.what, first.has,
                                   first.needs, first.factor);
    if (figures_.growth) {
      const auto shortage = shortage_of(scenario_, *figures_.growth, first);
      if (!shortage)
        text += fmt::format(" Growing by {} it lasts {} and longer.", figures_.growth->text, plan_counted(figures_.growth->months, "month"));
      if (shortage && shortage->month > 0) text += fmt::format(" Growing by {} it runs out by {}.", figures_.growth->text, shortage->when);
    }
    bullets.items.push_back({.text = std::move(text), .tone = first.factor < 1 ? Tone::bad : Tone::good});
  }

  void add_proof(Bullets& bullets) const {
    if (figures_.proofs.empty()) return;
    const auto large = std::ranges::count_if(figures_.proofs, &Proof::too_large);
    if (large > 0) {
      bullets.items.push_back({.text = "Too many calls to be simulated here: these are figures by formula."});
      return;
    }
    if (std::ranges::all_of(figures_.proofs, [](const Proof& each) { return each.calls == 0; })) {
      bullets.items.push_back({.text = "No call came in simulation: nothing is proved by it.", .tone = Tone::note});
      return;
    }
    for (const Proof& each : figures_.proofs) {
      if (each.holds()) continue;
      if (!each.misses()) {
        bullets.items.push_back(
            {.text = fmt::format("Whether it holds {} cannot be told by {} replications: {} of the calls of {} are blocked.", case_title(each.gone),
                                 each.replications, plan_interval_text(each.blocking), site_name(each.worst_site)),
             .tone = Tone::note});
        continue;
      }
      std::string text = "In simulation this misses, " + case_title(each.gone) + ":";
      if (each.blocking_verdict == Proof::Blocking::misses)
        text += fmt::format(" {} of the calls of {} are blocked ({} by channels, {} by caps, {} by ports).", plan_interval_text(each.blocking),
                            site_name(each.worst_site), plan_share_text(each.by_channels), plan_share_text(each.by_caps),
                            plan_share_text(std::max(0.0, each.blocking.mean - each.by_channels - each.by_caps)));
      if (!each.calls_work) {
        text += fmt::format(" {} of the calls of {} fail otherwise (most of them: {}); no number of channels mends that.",
                            plan_interval_text(each.failing), site_name(each.failing_site), each.failing_most);
      }
      if (!each.delay_holds)
        text += fmt::format(" Set-up takes {} (95 % of the calls); no number of channels mends that.", duration_text(each.setup_delay_s));
      if (!each.quality_holds)
        text += each.mos ? fmt::format(" MOS {:.2f} (95 % of the talks).", *each.mos) : " No talk is rated: give the demand codecs.";
      bullets.items.push_back({.text = std::move(text), .tone = Tone::bad});
    }
    if (std::ranges::all_of(figures_.proofs, &Proof::holds)) {
      const std::size_t cases = figures_.proofs.size();
      bullets.items.push_back({.text = cases == 1 ? "All of it together holds in simulation."
                                                  : fmt::format("All of it together holds in simulation, in each of {} cases{}.", cases,
                                                                plan_.without_way_out.empty() ? "" : ", for calls that have a way out"),
                               .tone = Tone::good});
    }
  }

  [[nodiscard]] std::optional<Table> headroom_table() const {
    const auto list = headroom_of(scenario_, plan_);
    if (list.empty()) return std::nullopt;
    Table table{.caption = "Headroom, the tightest first: so many times the planned traffic would fit",
                .columns = {{"what"}, {"has", Align::right}, {"needs", Align::right}, {"headroom", Align::right}},
                .rows = {}};
    if (figures_.growth) table.columns.push_back({"growing by " + figures_.growth->text, Align::left});
    table.columns.push_back({"worst case"});
    for (const Headroom& each : list) {
      Row row{.cells = {{.text = each.what},
                        plan_number(each.has, fmt::format("{:g}", each.has)),
                        plan_number(each.needs, fmt::format("{:g}", each.needs)),
                        plan_number(each.factor, fmt::format("x {:.2f}", each.factor), each.factor < 1 ? Tone::bad : Tone::plain)}};
      if (figures_.growth) {
        const auto shortage = shortage_of(scenario_, *figures_.growth, each);
        row.cells.push_back({.text = !shortage              ? "lasts over " + plan_counted(figures_.growth->months, "month")
                                     : shortage->month == 0 ? "too small now"
                                                            : "too small by " + shortage->when});
      }
      row.cells.push_back({.text = each.worst});
      table.rows.push_back(std::move(row));
    }
    return table;
  }

  const Scenario& scenario_;
  const PlanFigures& figures_;
  const CapacityPlan& plan_;
};

}  // namespace

Section finding_section(const Scenario& scenario, const PlanFigures& figures) {
  return FindingWriter(scenario, figures).section();
}

}  // namespace trunklab::cli
