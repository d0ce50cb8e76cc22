// Solving, and showing what is a formula, what a bound, and what was only counted.
#include "cli/ports_answer.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <tuple>

#include "reports/text.hpp"
#include "scenarios/quantity_text.hpp"

namespace trunklab::cli {

namespace {

template <class Value, std::size_t count>
std::string_view word_of(Value value, const std::array<Word<Value>, count>& words) {
  return std::ranges::find(words, value, &Word<Value>::value)->word;
}

/// The range, from the asked one's first port on, that holds so many calls; nullopt where ports end before.
struct NeededRange {
  std::uint64_t ports;
  std::optional<std::uint64_t> last;
};
NeededRange needed_range(const PortPlan& plan, std::uint32_t calls) {
  const std::uint64_t ports = ports_for_legs(legs_per_address(calls, plan.legs, plan.addresses), plan.need, plan.allocator);
  const bool begins_at_even = ports_for_legs(1, plan.need, plan.allocator) == 2;
  const std::uint64_t last = plan.first + (begins_at_even ? plan.first & 1U : 0U) + std::max<std::uint64_t>(ports, 2) - 1;
  return {ports, last <= port_last ? std::optional(last) : std::nullopt};
}

}  // namespace

PortsAnswer solve(const PortsQuestion& question) {
  const std::uint32_t calls = calls_of_plan(question.plan);
  const auto& [holding, quarantine, blocking] = std::tie(question.holding, question.quarantine, question.blocking);
  const CallsPerSecond rate = question.rate ? *question.rate : rate_for(calls, blocking, holding, quarantine);
  PortsAnswer answer{calls, rate, question.rate ? port_blocking(calls, rate, holding, quarantine) : blocking, std::nullopt, std::nullopt};
  if (question.rate) answer.calls_needed = calls_for(rate, holding, quarantine, blocking);
  if (question.calls) answer.calls_needed = question.calls;
  if (question.race) answer.race = scale_out_race(*question.race);
  return answer;
}

namespace {

using Align = TextTable::Align;

/// What is below a billionth is as good as nothing; and what is not all is not called all.
std::string percent_text(double share) {
  constexpr double nothing = 1e-9;
  if (share > 0 && share < nothing) return "0 %";
  const std::string text = fmt::format("{:.4g} %", share * 100);
  return text == "100 %" && share < 1 ? fmt::format("{:.10g} %", share * 100) : text;
}

std::string rate_figure(double per_second) {
  return per_second < 1000 ? fmt::format("{:.4g}", per_second) : fmt::format("{:.0f}", per_second);
}

std::string traffic_text(Erlangs traffic) {
  return traffic.value() < 10 ? fmt::format("{:.4g} E", traffic.value()) : fmt::format("{:.1f} E", traffic.value());
}

std::string place_word(const PortPlan& plan) {
  if (plan.allocator != PortAllocator::rtpengine && plan.allocator != PortAllocator::lowest_first) return "slots, an even port each";
  return plan.need == PortNeed::pair ? "whole pairs" : "single ports";
}

std::string calls_text(const PortPlan& plan) {
  const std::string of_all = plan.addresses == 1 ? "" : fmt::format("; {} addresses", plan.addresses);
  if (plan.legs == MediaLegs::one) return "a leg each" + of_all;
  return (plan.legs == MediaLegs::both || plan.addresses == 1 ? "two legs each, on the same address" : "two legs each, on two addresses") + of_all;
}

/// Titles are the first line of the table.
std::string capacity_text(const PortsQuestion& question, const PortsAnswer& answer) {
  const PortPlan& plan = question.plan;
  const std::string addresses = fmt::format("on {} address{}", plan.addresses, plan.addresses == 1 ? "" : "es");
  const std::string_view rtcp = plan.need == PortNeed::pair ? "RTCP on the next port" : "rtcp-mux";
  TextTable table({{"RTP ports"},
                   {fmt::format("{}-{}", plan.first, plan.last), Align::right},
                   {fmt::format("{}, {}, {}", addresses, word_of(plan.allocator, allocator_words), rtcp)}});
  table.add({"ports of an address", fmt::format("{}", plan.last - plan.first + 1), "counted"});
  table.add({"legs of an address", fmt::format("{}", legs_of_address(plan)), place_word(plan)});
  table.add({"calls", fmt::format("{}", answer.calls), calls_text(plan)});
  const std::string held = question.quarantine > Span{0} ? fmt::format(" and {} of quarantine", span_text(question.quarantine)) : "";
  const std::string formula = fmt::format("Erlang B, holding {}{}", span_text(question.holding), held);
  table.add(
      {question.rate ? "traffic offered" : "traffic that fits", traffic_text(answer.rate * question.holding), question.rate ? "as asked" : formula});
  table.add({"calls per second", rate_figure(answer.rate.value()), "traffic / holding"});
  table.add({"blocked", percent_text(answer.blocked.value()), question.rate ? formula : "as asked"});
  constexpr Probability rare{0.001};
  if (!question.rate && question.blocking != rare) {
    const CallsPerSecond at_rare = rate_for(answer.calls, rare, question.holding, question.quarantine);
    table.add({"at 0.1 % blocked", traffic_text(at_rare * question.holding), rate_figure(at_rare.value()) + " calls per second"});
  }
  if (answer.calls_needed) {
    const NeededRange needed = needed_range(plan, *answer.calls_needed);
    const std::string why = question.calls ? "as asked" : fmt::format("for {} blocked, Erlang B", percent_text(question.blocking.value()));
    table.add({"calls needed", fmt::format("{}", *answer.calls_needed), why});
    table.add({"addresses needed", fmt::format("{}", addresses_for(*answer.calls_needed, plan)), "with this range"});
    const std::string where = plan.addresses == 1 ? "on one address" : fmt::format("on each of {} addresses", plan.addresses);
    table.add({"or ports needed", fmt::format("{}", needed.ports),
               needed.last ? fmt::format("{}: {}-{}", where, plan.first, *needed.last) : where + ": more than there are"});
  }
  return table.text();
}

std::string probes_text(const ProbeBounds& bounds) {
  if (!bounds.most) return fmt::format("at least {:.4g}", bounds.least);
  if (*bounds.most - bounds.least < 1e-9) return fmt::format("{:.4g}", bounds.least);
  return fmt::format("{:.4g} to {:.4g}", bounds.least, *bounds.most);
}

std::string_view probes_source(PortAllocator allocator) {
  switch (allocator) {
    case PortAllocator::rtpengine:
      return "Bounds: 1, or 2 for a pair while its list is as it was shuffled. With rtcp-mux calls among pairs: no formula.";
    case PortAllocator::freeswitch:
      return "Bound from below: places in use spread at random, (M + 1)/(M - N + 1). All calls of a second begin at the same slot, so that many "
             "calls a "
             "second take far more; no formula.";
    case PortAllocator::asterisk:
      return "Bounds: places in use spread at random, (M + 1)/(M - N + 1), and a table only filled, never emptied (Knuth 6.4, theorem K).";
    case PortAllocator::rtpproxy: return "Formula: picks at random, 1/(1 - a).";
    case PortAllocator::lowest_first: break;
  }
  return "Bounds: the lowest may be free, or all below are in use.";
}

std::uint32_t in_use_of(double occupancy, std::uint32_t places) {
  return std::min(static_cast<std::uint32_t>(std::lround(occupancy * places)), places - 1);
}

std::string search_text(const PortsQuestion& question) {
  const PortPlan& plan = question.plan;
  const std::uint32_t places = legs_of_address(plan);
  TextTable table(
      {{"in use", Align::right}, {"legs", Align::right}, {fmt::format("looked at for one more ({})", word_of(plan.allocator, allocator_words))}});
  for (const double occupancy : question.occupancies) {
    const std::uint32_t in_use = in_use_of(occupancy, places);
    table.add({percent_text(occupancy), fmt::format("{}", in_use), probes_text(probe_bounds(plan.allocator, plan.need, in_use, places))});
  }
  return table.text() + wrapped(std::string(probes_source(plan.allocator)), 0);
}

std::string race_text(const ScaleOutRace& race, const ScaleOutEstimate& estimate) {
  const auto instant = [](const std::optional<double>& seconds) { return seconds ? duration_text(*seconds) : std::string("never"); };
  TextTable table({{"burst"}, {rate_text(race.rate), Align::right}, {fmt::format("meets {:.0f} of {} calls", race.calls_at_start, race.calls)}});
  table.add({"ordered", instant(estimate.ordered_s), fmt::format("one more address, above {} in use", percent_text(race.threshold.value()))});
  table.add({"full", instant(estimate.full_s), "without it"});
  table.add({"ready", instant(estimate.ready_s), fmt::format("{} after the order", span_text(race.start_up))});
  table.add({"refused", fmt::format("{:.0f}", estimate.refused), "calls until then"});
  table.add({"threshold to try", estimate.threshold_to_try ? fmt::format("{:.1f} %", std::floor(*estimate.threshold_to_try * 1000) / 10) : "none",
             estimate.threshold_to_try ? "the largest without refusals" : "will do: full before an address ordered at once is ready"});
  return table.text() +
         wrapped(
             "Fluid estimate: mean numbers, exponential holding times, the first order only; chance is not in it, leave room for some sqrt(calls).",
             0);
}

using Json = nlohmann::ordered_json;

Json json_of(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

}  // namespace

std::string ports_json(const PortsQuestion& question, const PortsAnswer& answer) {
  const PortPlan& plan = question.plan;
  Json json{{"command", "ports"},
            {"first", plan.first},
            {"last", plan.last},
            {"addresses", plan.addresses},
            {"allocator", word_of(plan.allocator, allocator_words)},
            {"legs", word_of(plan.legs, legs_words)},
            {"rtcp", word_of(plan.need, rtcp_words)},
            {"legs_per_address", legs_of_address(plan)},
            {"calls", answer.calls},
            {"holding_s", in_seconds(question.holding)},
            {"quarantine_s", in_seconds(question.quarantine)},
            {"offered", (answer.rate * question.holding).value()},
            {"calls_per_s", answer.rate.value()},
            {"blocking", answer.blocked.value()}};
  if (answer.calls_needed) {
    const NeededRange needed = needed_range(plan, *answer.calls_needed);
    json["needed"] = Json{{"blocking", question.blocking.value()},
                          {"calls", *answer.calls_needed},
                          {"addresses", addresses_for(*answer.calls_needed, plan)},
                          {"ports_per_address", needed.ports},
                          {"last", needed.last ? Json(*needed.last) : Json(nullptr)}};
  }
  json["probes"] = Json::array();
  for (const double occupancy : question.occupancies) {
    const std::uint32_t places = legs_of_address(plan);
    const std::uint32_t in_use = in_use_of(occupancy, places);
    const ProbeBounds bounds = probe_bounds(plan.allocator, plan.need, in_use, places);
    json["probes"].push_back(Json{{"occupancy", occupancy}, {"in_use", in_use}, {"least", bounds.least}, {"most", json_of(bounds.most)}});
  }
  if (answer.race) {
    json["race"] = Json{{"calls_per_s", question.race->rate.value()},
                        {"in_progress", question.race->calls_at_start},
                        {"threshold", question.race->threshold.value()},
                        {"start_up_s", in_seconds(question.race->start_up)},
                        {"ordered_s", json_of(answer.race->ordered_s)},
                        {"full_s", json_of(answer.race->full_s)},
                        {"ready_s", json_of(answer.race->ready_s)},
                        {"refused", answer.race->refused},
                        {"threshold_to_try", json_of(answer.race->threshold_to_try)}};
  }
  json["defaults"] = question.defaults;
  return json.dump(2) + '\n';
}

std::string ports_text(const PortsQuestion& question, const PortsAnswer& answer) {
  std::string text = capacity_text(question, answer) + '\n' + search_text(question);
  if (answer.race) text += '\n' + race_text(*question.race, *answer.race);
  if (answer.race && question.quarantine > Span{0})
    text += wrapped("The quarantine is left out of it: ports at rest make a burst fill the address sooner.", 0);
  if (question.defaults.empty()) return text;
  std::string defaults;
  for (const std::string& each : question.defaults) defaults += (defaults.empty() ? "" : ", ") + each;
  return text + '\n' + wrapped("Defaults of ours: " + defaults + ".", 0);
}

}  // namespace trunklab::cli
