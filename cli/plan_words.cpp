// What a plan says in a sentence or a date.
#include <fmt/format.h>

#include <chrono>

#include "cli/plan_figures.hpp"

namespace trunklab::cli {

std::string plan_share_text(double share) {
  return fmt::format("{:.3g} %", share * 100);
}

std::string plan_interval_text(const Interval& interval) {
  return fmt::format("{} ({:.3g} .. {:.3g})", plan_share_text(interval.mean), interval.low * 100, interval.high * 100);
}

std::string plan_counted(std::uint32_t number, std::string_view word) {
  return fmt::format("{} {}{}", number, word, number == 1 ? "" : "s");
}

Cell plan_number(double value, const std::string& text, Tone tone) {
  return {.text = text, .number = value, .tone = tone};
}

const Alternative* cheapest_of(const PlanFigures& figures) {
  const Alternative* best = nullptr;
  for (const Alternative& each : figures.alternatives) {
    if (each.monthly && each.without_way_out == 0 && (best == nullptr || *each.monthly < *best->monthly)) best = &each;
  }
  return best;
}

std::optional<Shortage> shortage_of(const Scenario& scenario, const Growth& growth, const Headroom& headroom) {
  const auto month = month_of_shortage(headroom, growth.monthly, growth.months);
  if (!month) return std::nullopt;
  if (scenario.horizon.start_unix_ns == 0) return Shortage{.month = *month, .when = fmt::format("month {}", *month)};
  const std::chrono::sys_time<std::chrono::nanoseconds> start{std::chrono::nanoseconds{scenario.horizon.start_unix_ns}};
  const std::chrono::year_month_day from{std::chrono::floor<std::chrono::days>(start + std::chrono::seconds{scenario.horizon.utc_offset_s})};
  auto then = from + std::chrono::months{*month};
  if (!then.ok()) then = then.year() / then.month() / std::chrono::last;
  return Shortage{.month = *month,
                  .when = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(then.year()), static_cast<unsigned>(then.month()),
                                      static_cast<unsigned>(then.day()))};
}

namespace {

std::string difference_text(const Cause& cause) {
  const std::string seen = fmt::format("the formula's number blocks {} by the formula and {} in simulation", plan_share_text(cause.formula),
                                       plan_interval_text(cause.as_it_is));
  const char* why = nullptr;
  switch (cause.what) {
    case Cause::What::none: return "";
    case Cause::What::redials: why = "blocked callers dial again"; break;
    case Cause::What::agents: why = "callers who wait for agents hold channels"; break;
    case Cause::What::failure: why = "the surge of what goes: calls hunt, and cut-off calls hold channels"; break;
    case Cause::What::arrivals: why = "calls do not come independently at one rate"; break;
    case Cause::What::several:
      why = "several things that the formula does not know of come together (redials, agents, what goes, varying rates)";
      break;
    case Cause::What::failing: return "";
    case Cause::What::unknown: return seen + "; what makes the difference was not found. ";
  }
  return fmt::format("{}, since {}; without that {}. ", seen, why, plan_interval_text(cause.without_it));
}

}  // namespace

std::string cause_text(const ConfirmedSite& confirmed, const SitePlan& site) {
  std::string text = difference_text(confirmed.cause);
  if (confirmed.floor == Floor::recording)
    text += "Ordered is the formula's number: calls of a recording are the same in every replication, another day has others. ";
  if (confirmed.floor == Floor::failing) {
    text += fmt::format("Ordered is the formula's number: {} of the calls fail otherwise, and what made room will not last. ",
                        plan_share_text(confirmed.enough.failing.mean));
  }
  if (site.raised > 0)
    text += fmt::format("{} more are ordered than the search found: with fewer, all sites together were not shown to hold. ", site.raised);
  if (!text.empty()) text.pop_back();
  return text;
}

}  // namespace trunklab::cli
