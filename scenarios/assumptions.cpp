// Which of our defaults a scenario relies on: of those that decide what a run shows, the ones that it does not replace.
#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "scenarios/quantity_text.hpp"
#include "scenarios/reader_parts.hpp"

namespace trunklab {
namespace {

/// Sites or demands that rely on the same default. What there is but one of, the service, has no name.
struct Reliance {
  std::string_view kind;  ///< "site"
  std::string what;
  std::vector<std::string> names;
};

class Reliances {
 public:
  void add(std::string_view kind, const std::string& name, std::string what) {
    const auto same = [&](const Reliance& each) { return each.kind == kind && each.what == what; };
    const auto found = std::ranges::find_if(all_, same);
    Reliance& reliance = found != all_.end() ? *found : all_.emplace_back(Reliance{kind, std::move(what), {}});
    reliance.names.push_back(name);
  }

  [[nodiscard]] std::vector<Assumption> assumptions() const {
    std::vector<Assumption> list;
    for (const Reliance& each : all_) list.push_back({.where = where(each), .what = each.what});
    return list;
  }

 private:
  [[nodiscard]] static std::string where(const Reliance& reliance) {
    constexpr std::size_t named = 3;
    const auto& names = reliance.names;
    if (names.front().empty()) return std::string(reliance.kind);
    if (names.size() == 1) return fmt::format("{} {}", reliance.kind, names.front());
    if (names.size() <= named) return fmt::format("{}s {}", reliance.kind, fmt::join(names, ", "));
    return fmt::format("{}s {}, {} and {} more", reliance.kind, names[0], names[1], names.size() - 2);
  }
  std::vector<Reliance> all_;
};

/// A mapping's own value of a key; one that is no mapping (a short form) has none.
bool says(const YamlNode* node, std::string_view key) {
  return node != nullptr && find_key(*node, key) != nullptr;
}

/// "no response, no progress, 408 and 503".
std::string causes_text(const HuntingPolicy& hunting) {
  std::vector<std::string> causes{"no response", "no progress"};
  for (const std::uint16_t code : hunting.advance_codes) causes.push_back(std::to_string(code));
  const std::string last = causes.back();
  causes.pop_back();
  return fmt::format("{} and {}", fmt::join(causes, ", "), last);
}

void add_hunting(const Site& site, const YamlNode* routing, Reliances& out) {
  if (says(routing, "preset")) return;  // the equipment's own values, each with its source
  const HuntingPolicy& hunting = site.routing.hunting;
  if (!says(routing, "no_response"))
    out.add("site", site.name, fmt::format("gives up an attempt after {} without any answer", span_text(hunting.no_response)));
  if (!says(routing, "no_progress"))
    out.add("site", site.name, fmt::format("gives up an attempt {} after the INVITE if it does not ring", span_text(hunting.no_progress)));
  if (!says(routing, "advance_on")) out.add("site", site.name, "tries the next target after " + causes_text(hunting));
  if (!says(routing, "hold_down") && hunting.hold_down) {
    out.add("site", site.name, fmt::format("leaves a target alone for {} after no response", span_text(hunting.hold_down->span)));
  }
  if (!says(routing, "probe") && hunting.probe) {
    out.add("site", site.name,
            fmt::format("probes by OPTIONS every {}, time-out {}, down after {}", span_text(hunting.probe->every), span_text(hunting.probe->timeout),
                        hunting.probe->fail_after));
  }
}

void add_site(const Site& site, const YamlNode& node, Reliances& out) {
  if (!says(&node, "channels")) out.add("site", site.name, "has as many channels as calls need");
  if (!says(&node, "rtt")) out.add("site", site.name, "has round-trip times of 0 to every region: give yours");
  add_hunting(site, find_key(node, "routing"), out);
  if (!says(&node, "media_timeout")) out.add("site", site.name, fmt::format("hangs up after {} without RTP", span_text(site.media_timeout)));
}

void add_demand(const DemandSpec& demand, const YamlNode& node, Reliances& out) {
  if (!says(&node, "post_dial_delay")) out.add("demand", demand.name, "the called side rings, or refuses, without delay");
  if (!says(&node, "ring_time")) out.add("demand", demand.name, "is answered at the first ring");
  if (!says(&node, "patience")) out.add("demand", demand.name, fmt::format("callers wait {} for an answer", span_text(mean_of(demand.patience))));
  if (!says(&node, "caller_hangs_up"))
    out.add("demand", demand.name, fmt::format("{:g} % of the answered calls are ended by the caller", demand.caller_hangs_up.value() * 100));
  if (!says(&node, "redial")) out.add("demand", demand.name, "nobody dials again after a failed call");
  if (demand.codecs.empty()) out.add("demand", demand.name, "no codecs: RTP ports and voice quality are not modelled");
}

void add_service(const Scenario& scenario, const YamlNode* service, Reliances& out) {
  if (scenario.service.caps.empty())
    out.add("service", "", "no caps on calls per second or sessions: Sinch's document names none, the account's contract may");
  const bool names = std::ranges::any_of(scenario.sites, [](const Site& site) { return site.routing.target == TargetKind::fqdn; });
  if (names && !says(service, "names")) {
    const NameSpec& name = scenario.service.names;
    out.add("service", "",
            fmt::format("names have a TTL of {}; their health check sends OPTIONS every {}, time-out {}, down after {}", span_text(name.ttl),
                        span_text(name.check.every), span_text(name.check.timeout), name.check.fail_after));
  }
}

}  // namespace

std::vector<Assumption> assumptions_of(const YamlNode& root, const Scenario& scenario) {
  Reliances reliances;
  add_service(scenario, find_key(root, "service"), reliances);
  const YamlNode* const sites = find_key(root, "sites");
  for (const Site& site : scenario.sites) add_site(site, *find_key(*sites, site.name), reliances);
  const YamlNode* const demands = find_key(root, "demand");
  for (const DemandSpec& demand : scenario.demands) add_demand(demand, *find_key(*demands, demand.name), reliances);
  return reliances.assumptions();
}

}  // namespace trunklab
