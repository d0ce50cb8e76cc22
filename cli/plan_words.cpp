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

std::optional<Shortage> shortage_of(const Scenario& scenario, const Growth& growth, const Headroom& headroom) {
  const auto month = month_of_shortage(headroom, growth.monthly, growth.months);
  if (!month) return std::nullopt;
  const std::chrono::sys_time<std::chrono::nanoseconds> start{std::chrono::nanoseconds{scenario.horizon.start_unix_ns}};
  const std::chrono::year_month_day from{std::chrono::floor<std::chrono::days>(start + std::chrono::seconds{scenario.horizon.utc_offset_s})};
  auto then = from + std::chrono::months{*month};
  if (!then.ok()) then = then.year() / then.month() / std::chrono::last;
  return Shortage{.month = *month,
                  .date = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(then.year()), static_cast<unsigned>(then.month()),
                                      static_cast<unsigned>(then.day()))};
}

std::string cause_text(const ConfirmedSite& confirmed) {
  const Cause& cause = confirmed.cause;
  const char* why = nullptr;
  switch (cause.what) {
    case Cause::What::none: return "";
    case Cause::What::redials: why = "blocked callers dial again"; break;
    case Cause::What::failure: why = "the surge of what goes: calls hunt, and cut-off calls hold channels"; break;
    case Cause::What::arrivals: why = "calls do not come independently at one rate"; break;
    case Cause::What::unknown:
      return fmt::format("the formula's number blocks {} by the formula and {} in simulation; what makes the difference was not found",
                         plan_share_text(cause.formula), plan_interval_text(cause.as_it_is));
  }
  return fmt::format("the formula's number blocks {} by the formula and {} in simulation, since {}; without that {}", plan_share_text(cause.formula),
                     plan_interval_text(cause.as_it_is), why, plan_interval_text(cause.without_it));
}

}  // namespace trunklab::cli
