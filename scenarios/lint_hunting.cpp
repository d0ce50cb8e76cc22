// Advice on how a site hunts, on its transport, and on the demand: mostly our own judgement.
#include <algorithm>

#include <fmt/format.h>

#include "scenarios/lint_parts.hpp"
#include "scenarios/quantity_text.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

constexpr Span no_response_advised = 10s;
constexpr Span probe_interval_advised = 10s;

std::string codes_text(const std::vector<std::uint16_t>& codes) {
  return fmt::format("{}", fmt::join(codes, ", "));
}

/// Codes that tell of the called number or user, or of nothing wrong at all. An edge passes them on; 408 too, which a proxy makes up when
/// something beyond it does not answer (RFC 3261 16.8).
bool tells_of_the_called_side(std::uint16_t code) {
  return code < 500 || code >= 600;
}

/// A 5xx may be the edge's own, or that of a gateway behind it: RFC 3261 16.7 has proxies pass on a 503 as 500.
void look_at_hold_down(Advisor& advisor, const HoldDown& hold, const std::string& where) {
  std::vector<std::uint16_t> called;
  std::vector<std::uint16_t> either;
  for (const std::uint16_t code : hold.codes) (tells_of_the_called_side(code) ? called : either).push_back(code);
  if (!called.empty()) {
    advisor.add("hold-down-for-a-destination", where, "a hold-down on " + codes_text(called),
                "these codes tell of the called number: one bad destination takes a sound edge away from all calls",
                "leave " + codes_text(called) + " out of hold_down: { on: [...] }");
  }
  if (!either.empty() && hold.trip == 1) {
    advisor.add("hold-down-at-once", where, "a hold-down after one " + codes_text(either),
                "an edge passes on what a gateway behind it says (RFC 3261 16.7): one bad destination takes a sound edge away from all calls",
                "hold_down: { trip: { failures: 3, of: 5 } }");
  }
}

/// Does the site, or the name that it uses, find out that an edge drains before a call is sent there?
bool sees_draining(const Scenario& scenario, const Site& site) {
  const DrainSpec& drain = scenario.service.drain;
  const auto sees = [&](const ProbeSpec& probe) { return probe.method == ProbeSpec::Method::options && !probe.good(drain.options_code); };
  const HuntingPolicy& hunting = site.routing.hunting;
  if (site.routing.target == TargetKind::fqdn && site.routing.cache == DnsCache::ttl && sees(scenario.service.names.check)) return true;
  if (hunting.probe && sees(*hunting.probe)) return true;
  if (!hunting.hold_down) return false;
  return (drain.code == 503 && drain.retry_after && hunting.hold_down->retry_after) ||
         std::ranges::binary_search(hunting.hold_down->codes, drain.code);
}

void look_at_probe(Advisor& advisor, const Site& site, const std::string& where) {
  const Scenario& scenario = advisor.scenario();
  const bool drains = std::ranges::any_of(scenario.faults, [](const FaultSpec& fault) { return fault.kind == FaultKind::drain; });
  if (drains && !sees_draining(scenario, site)) {
    advisor.add("drain-not-seen", where, "nothing takes a draining edge out of use",
                fmt::format("it answers OPTIONS with {}, which counts as alive: every call there is refused first, for as long as it drains",
                            scenario.service.drain.options_code),
                "probe: { alive: ok }, or drain: { retry_after: 60s }");
  }
  const std::optional<ProbeSpec>& probe = site.routing.hunting.probe;
  if (!probe) return;
  const Span shortest = std::min(probe->every, probe->every_down.value_or(probe->every));
  if (shortest < probe_interval_advised) {
    advisor.add("frequent-probe", where, "a probe every " + span_text(shortest),
                "carriers may take frequent OPTIONS for abuse; 10s or more is customary", "probe: { every: 10s }");
  }
  if (probe->method == ProbeSpec::Method::tcp_connect) {
    advisor.add("blind-connect", where, "the probe only connects",
                "the host completes a connection for a process that has stopped, drains or refuses calls", "probe: { method: options }");
  }
}

/// Half of this demand's callers have hung up by then.
Span median_patience(const DemandSpec& demand) {
  return std::chrono::floor<std::chrono::milliseconds>(DurationLaw(demand.patience).quantile(0.5));
}

void look_at_patience(Advisor& advisor, std::size_t index, const std::string& where) {
  const Scenario& scenario = advisor.scenario();
  const Span waits = scenario.sites[index].routing.hunting.no_response;
  for (const DemandSpec& demand : scenario.demands) {
    if (demand.site != index || demand.direction != Direction::termination || waits < median_patience(demand)) continue;
    advisor.add("no-response-beyond-patience", where, "no_response of " + span_text(waits),
                fmt::format("half of the callers of {} hang up within {}: a call that meets a silent edge is given up before the next one is tried",
                            demand.name, span_text(median_patience(demand))),
                "no_response: 4s");
  }
}

/// The parts of a scenario that begin empty even in a stationary start.
std::string parts_that_begin_empty(const Scenario& scenario) {
  std::vector<std::string_view> parts;
  if (scenario.service.capacity) parts.emplace_back("capacity");
  if (std::ranges::any_of(scenario.service.caps, [](const CapSpec& cap) { return cap.mode == CapSpec::Mode::queue; }))
    parts.emplace_back("mode: queue");
  if (std::ranges::any_of(scenario.sites, [](const Site& site) { return site.contact_centre.has_value(); })) parts.emplace_back("contact_centre");
  if (std::ranges::any_of(scenario.demands, [](const DemandSpec& demand) { return demand.redial.has_value(); })) parts.emplace_back("redial");
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

void advise_on_hunting(Advisor& advisor, std::size_t index) {
  const Site& site = advisor.scenario().sites[index];
  const std::string where = "site " + site.name;
  const HuntingPolicy& hunting = site.routing.hunting;
  if (!hunting.probe && !hunting.hold_down) {
    advisor.add("neither-probe-nor-hold-down", where, "neither probes nor a hold-down",
                "every call tries a lost edge again and waits out no_response first", "hold_down: 60s");
  }
  if (hunting.no_response > no_response_advised) {
    advisor.add("long-no-response", where, "no_response of " + span_text(hunting.no_response),
                "while an edge is lost, callers hear nothing for so long", "no_response: 4s");
  }
  look_at_patience(advisor, index, where);
  look_at_probe(advisor, site, where);
  if (hunting.hold_down) look_at_hold_down(advisor, *hunting.hold_down, where);
}

void advise_on_transport(Advisor& advisor, std::size_t index) {
  const Scenario& scenario = advisor.scenario();
  const Site& site = scenario.sites[index];
  const std::string where = "site " + site.name;
  if (site.transport == Transport::tcp && !site.tcp.keepalive) {
    advisor.add("tcp-without-keepalive", where, "TCP without a keep-alive",
                "an idle connection to a host that is gone is found out by the next call only, which waits for user_timeout or no_response",
                "tcp: { keepalive: 60s }");
  }
  const OriginationSpec& origination = scenario.service.origination;
  const std::uint32_t bytes = origination.invite_bytes + origination.cookie_bytes;
  const bool called = std::ranges::any_of(
      scenario.demands, [&](const DemandSpec& demand) { return demand.site == index && demand.direction == Direction::origination; });
  if (called && site.transport == Transport::udp && site.drop_fragments && bytes > fragment_bytes) {
    advisor.add("invite-in-fragments", where, fmt::format("an INVITE of {} bytes over UDP, and fragments are dropped", bytes),
                fmt::format("above {} bytes it may be cut into fragments (RFC 3261 18.1.1), and no call gets through", fragment_bytes),
                "transport: tcp, or shorter SetCookie headers");
  }
}

void advise_on_demand(Advisor& advisor, const DemandSpec& demand) {
  const Scenario& scenario = advisor.scenario();
  const std::string where = "demand " + demand.name;
  if (demand.not_e164.value() > 0) {
    advisor.add("number-not-e164", where, fmt::format("{:g}% of the numbers are not E.164", demand.not_e164.value() * 100),
                quote("Make sure that any phone number sent via SIP to Sinch are always E.164-formatted", "SIP termination example") +
                    fmt::format(": those calls are refused with {}", scenario.service.number_format_code),
                "not_e164: 0%, by rewriting numbers to +COUNTRY... before they are sent");
  }
  if (demand.unknown_caller_id.value() > 0) {
    advisor.add("unknown-caller-id", where, fmt::format("{:g}% of the caller IDs are unknown", demand.unknown_caller_id.value() * 100),
                quote("If this isn't set, Sinch will set private as your caller ID number going out to PSTN network",
                      "Sending calls to Sinch platform from your SIP infrastructure (SIP-terminated calls)"),
                "unknown_caller_id: 0%, by sending a Sinch DID or a verified number");
  }
}

void advise_on_start(Advisor& advisor) {
  const Scenario& scenario = advisor.scenario();
  const std::string parts = parts_that_begin_empty(scenario);
  if (scenario.warmup || parts.empty()) return;
  constexpr Span customary = 30min;
  advisor.add("no-warmup", "scenario", parts + " without warmup", "the run starts as if these were not there: its first part is too good",
              "warmup: " + span_text(std::min(customary, scenario.horizon.duration / 4)));
}

}  // namespace trunklab
