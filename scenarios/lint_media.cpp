// Advice on media: ports, addresses, firewalls.
#include <algorithm>
#include <cmath>
#include <tuple>

#include <fmt/format.h>

#include "models/media/codec.hpp"
#include "models/media/port_figures.hpp"
#include "models/teletraffic/erlang_b.hpp"
#include "scenarios/lint_parts.hpp"
#include "scenarios/media_plans.hpp"
#include "scenarios/reader_parts.hpp"

namespace trunklab {
namespace {

constexpr Probability blocking{0.01};
constexpr double erlangs_max = 1e6;  // counting channels takes a step for each
constexpr std::uint16_t port_most = 65'535;

std::uint32_t ports_in(const PortPoolSpec& ports) {
  return std::uint32_t{ports.last} - ports.first + 1;
}

/// Pairs of an even port and the next one.
std::uint32_t pairs_in(const PortPoolSpec& ports) {
  const std::uint32_t odd_first = ports.first % 2;
  return (ports_in(ports) - odd_first) / 2;
}

/// Allocators that know even ports only: a call with rtcp-mux takes one all the same.
bool by_slots(const PortPoolSpec& ports) {
  return ports.allocator != PortAllocator::rtpengine && ports.allocator != PortAllocator::lowest_first;
}

/// How many legs find ports, at most, where a share of calls needs one port and the others a pair.
double legs_in(const PortPoolSpec& ports, Probability mux) {
  if (mux == Probability{0} || by_slots(ports)) return legs_of_address({.first = ports.first, .last = ports.last, .allocator = ports.allocator});
  return std::floor(ports_in(ports) / (2 - mux.value()));
}

std::string legs_text(double legs, Probability mux) {
  if (mux == Probability{0}) return fmt::format("{:.0f} pairs of ports", legs);
  return fmt::format("{}ports for {:.0f} legs", mux == Probability{1} ? "" : "about ", legs);
}

std::string range_text(std::uint32_t first, std::uint32_t last) {
  return fmt::format("{}-{}", first, last);
}

std::string percent(double share) {
  return fmt::format("{:.3g} %", share * 100);
}

bool says_nothing(const MediaSpec& media) {
  return media == default_media();
}

void look_for_codecs(Advisor& advisor) {
  const Scenario& scenario = advisor.scenario();
  if (has_media(scenario)) return;
  const auto add = [&](const std::string& where) {
    advisor.add("media-not-modelled", where, "it says something of media, and no demand has codecs",
                "ports, speech and firewalls for it are left out then", "codecs: [G.711a] in a demand");
  };
  if (!says_nothing(scenario.service.media)) add("service");
  for (const Site& site : scenario.sites) {
    if (site.media != SiteMedia{}) add("site " + site.name);
  }
}

/// `key`: of the range.
void look_at_range(Advisor& advisor, const PortPoolSpec& ports, Probability mux, const std::string& where, std::string_view key) {
  if (ports.first % 2 == 0 || mux == Probability{1}) return;
  const std::string last = ports.last % 2 == 0 ? fmt::format(" and {}", ports.last) : "";
  advisor.add("odd-port-range", where, fmt::format("the ports {} begin with an odd one", range_text(ports.first, ports.last)),
              fmt::format("RTP is on an even port with RTCP on the next one (RFC 3550 section 11): {}{} never belong{} to a pair", ports.first, last,
                          last.empty() ? "s" : ""),
              fmt::format("{}: {}", key, range_text(ports.first - 1U, ports.last)));
}

/// Ports rest after a call: as if it were longer.
double with_quarantine(const DemandSpec& demand, Span quarantine) {
  const double erlangs = peak_erlangs(demand);
  const double holding_s = in_seconds(mean_of(demand.holding));
  return holding_s > 0 ? erlangs * (1 + in_seconds(quarantine) / holding_s) : erlangs;
}

/// Calls at the same time that meet a region's media at the peak. As if each site's calls went to its first region.
double erlangs_of_region(const Scenario& scenario, std::size_t region, Span quarantine) {
  double erlangs = 0;
  for (const DemandSpec& demand : scenario.demands) {
    const bool outward = demand.direction == Direction::termination;
    const std::size_t used = outward ? scenario.sites[demand.site].routing.regions.front() : demand.region;
    if (used == region && !demand.codecs.empty()) erlangs += with_quarantine(demand, quarantine);
  }
  return erlangs;
}

double legs_a_call(const MediaSpec& media) {
  return media.legs == MediaLegs::one ? 1 : 2;
}

void look_at_addresses(Advisor& advisor, std::size_t region) {
  const MediaSpec& media = advisor.scenario().service.media;
  if (!media.addresses.most) return;
  const double erlangs = erlangs_of_region(advisor.scenario(), region, media.ports.quarantine);
  const double legs = legs_in(media.ports, media.mux);
  const double most = *media.addresses.most;
  if (erlangs * legs_a_call(media) <= most * legs) return;
  std::string fix = "a larger most, or leave it out";
  if (erlangs <= erlangs_max && legs > 0) {
    fix = fmt::format("most: {:.0f} (Erlang B, 1% refused), or leave it out",
                      std::ceil(channels_for(Erlangs{erlangs}, blocking) * legs_a_call(media) / legs));
  }
  advisor.add("media-addresses-too-few", "region " + advisor.scenario().service.regions[region].name,
              fmt::format("about {:.0f} erlangs at the peak with {:.0f} leg{} each, and {} on at most {:.0f} media address{}", erlangs,
                          legs_a_call(media), legs_a_call(media) == 1 ? "" : "s", legs_text(legs * most, media.mux), most, most == 1 ? "" : "es"),
              "a good part of the calls will be refused for want of ports, even with all of them up", fix);
}

/// Packets a second that one leg brings to a media address, on average over the calls.
double packets_a_leg(const Scenario& scenario) {
  const MediaSpec& media = scenario.service.media;
  const auto rate = [&](const CodecFormat& format) { return stream_rate(format, media.srtp, 0).packets_per_s; };
  const std::vector<std::vector<MediaPlan>> plans = media_plans(scenario);
  double packets = 0;
  double weight = 0;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    const DemandSpec& demand = scenario.demands[i];
    const double erlangs = std::max(peak_erlangs(demand), 1e-9);  // a trace has its weight where it is alone
    for (const MediaPlan& plan : plans[i]) {
      if (!plan.codecs) continue;
      const double from_site = rate(plan.codecs->site) * scenario.sites[demand.site].media.activity.value();
      const double of_both = (from_site + rate(plan.codecs->far)) / 2;
      packets += erlangs * plan.share * (media.legs == MediaLegs::one ? from_site : of_both);
      weight += erlangs * plan.share;
    }
  }
  return weight > 0 ? packets / weight : 0;
}

void look_at_packets(Advisor& advisor) {
  const MediaSpec& media = advisor.scenario().service.media;
  if (!media.packets_max) return;
  const double full = legs_in(media.ports, media.mux) * packets_a_leg(advisor.scenario());
  if (*media.packets_max >= full) return;
  const double share = *media.packets_max / full;
  advisor.add(
      "packets-before-ports", "service",
      fmt::format("an address with all its ports in use takes in {:.0f} packets a second, and packets_max is {:.0f}", full, *media.packets_max),
      fmt::format("above {} of its ports in use packets are lost, and speech suffers before any call is refused", percent(share)),
      (share >= 0.02 ? fmt::format("scale_out below {:.0f}%, or ", std::floor(share * 100)) : std::string()) +
          fmt::format("packets_max: {:.0f}", std::ceil(full)));
}

void look_at_site_ports(Advisor& advisor, std::size_t index, const std::string& where) {
  const Site& site = advisor.scenario().sites[index];
  const PortPoolSpec& ports = *site.media.ports;
  double erlangs = 0;
  double channel_erlangs = 0;
  for (const DemandSpec& demand : advisor.scenario().demands) {
    if (demand.site == index) channel_erlangs += peak_erlangs(demand);
    if (demand.site == index) erlangs += with_quarantine(demand, ports.quarantine);
  }
  const double legs = legs_in(ports, site.media.mux);
  double calls = erlangs;
  if (site.channels) {
    const double rest = in_seconds(ports.quarantine) > 0 && channel_erlangs > 0 ? erlangs / channel_erlangs : 1;
    calls = std::ceil(*site.channels * rest);
  } else if (erlangs <= erlangs_max) {
    calls = channels_for(Erlangs{erlangs}, blocking);
  }
  if (calls <= legs) return;
  const double needed = std::ceil(calls * (by_slots(ports) ? 2 : 2 - site.media.mux.value()));
  const std::uint32_t first = ports.first + ports.first % 2U;
  const std::string fix = first + needed - 1 <= port_most
                              ? fmt::format("rtp_ports: {} ({:.0f} ports)", range_text(first, first + static_cast<std::uint32_t>(needed) - 1), needed)
                              : fmt::format("{:.0f} ports: a range that begins lower, rtcp: mux, or fewer channels", needed);
  advisor.add("site-ports-too-few", where,
              fmt::format("rtp_ports {} are {} for {}", range_text(ports.first, ports.last), legs_text(legs, site.media.mux),
                          site.channels ? fmt::format("{} channels", *site.channels) : fmt::format("about {:.0f} erlangs at the peak", erlangs)),
              "a call that finds no port is blocked, though a channel is free", fix);
}

/// The share of calls whose RTP port at the service lies outside of what the firewall lets through, if all ports are used alike.
double share_outside(const PortPoolSpec& ports, Probability mux, const MediaFirewall& firewall) {
  double all = 0;
  double outside = 0;
  for (std::uint32_t port = ports.first; port <= ports.last; ++port) {
    const bool begins_pair = port % 2 == 0 && port < ports.last;
    const double weight = mux.value() / ports_in(ports) + (begins_pair ? (1 - mux.value()) / pairs_in(ports) : 0);
    all += weight;
    if (port < firewall.first || port > firewall.last) outside += weight;
  }
  return outside / all;
}

void look_at_filter(Advisor& advisor, const SiteMedia& site, const std::string& where) {
  const MediaSpec& media = advisor.scenario().service.media;
  const MediaFirewall& firewall = *site.firewall;
  const double outside = share_outside(media.ports, media.mux, firewall);
  if (outside == 0) return;
  const std::string seed =
      quote("You must whitelist ALL of Sinch IP addresses and ports on your firewall for SIP signalling and RTP media traffic", "IP whitelisting");
  const std::string ports = range_text(firewall.first, firewall.last);
  const std::string service = range_text(media.ports.first, media.ports.last);
  const std::string fix = fmt::format("firewall: {{ media: {{ ports: {} }} }}", service);
  const std::string share = "about " + percent(outside) + " of the calls";
  if (firewall.filters_out) {
    const bool silent = firewall.filters_in || site.nat;
    advisor.add("media-ports-closed-out", where, fmt::format("the firewall lets out RTP to ports {} of the service's {}", ports, service),
                fmt::format("{}: {} have {}", seed, share,
                            silent ? fmt::format("no audio at all{}", firewall.filters_in ? "" : ", for behind NAT Sinch must hear first")
                                   : "one-way audio: the far side hears nothing"),
                fix);
  } else if (firewall.filters_in && !(firewall.stateful && site.symmetric_rtp)) {
    advisor.add("media-ports-closed-in", where, fmt::format("the firewall lets in RTP from ports {} of the service's {}", ports, service),
                fmt::format("{}: {} have one-way audio: the site hears nothing, for {}", seed, share,
                            firewall.stateful ? "without symmetric RTP what comes in does not look like an answer" : "the filter is not stateful"),
                fix);
  }
}

void look_at_nat(Advisor& advisor, const SiteMedia& site, const std::string& where) {
  const bool latching = advisor.scenario().service.media.latching;
  if (!site.nat || (latching && site.symmetric_rtp)) return;
  advisor.add("nat-without-latching", where, fmt::format("behind NAT without {}", latching ? "symmetric_rtp" : "latching of the service"),
              latching ? "the service sends RTP to the port from which it hears, and the site does not listen there"
                       : "the service sends RTP to the private address that SDP names, and the site hears nothing",
              latching ? "symmetric_rtp: true" : "service: { preset: sinch, media: { latching: true } }");
}

}  // namespace

void advise_on_media(Advisor& advisor) {
  const Scenario& scenario = advisor.scenario();
  const MediaSpec& media = scenario.service.media;
  look_for_codecs(advisor);
  look_at_range(advisor, media.ports, media.mux, "service", "ports");
  if (!has_media(scenario)) return;
  for (std::size_t i = 0; i < scenario.service.regions.size(); ++i) look_at_addresses(advisor, i);
  look_at_packets(advisor);
}

void advise_on_site_media(Advisor& advisor, std::size_t index) {
  const Site& site = advisor.scenario().sites[index];
  const std::string where = "site " + site.name;
  if (site.media.ports) {
    look_at_range(advisor, *site.media.ports, site.media.mux, where, "rtp_ports");
    look_at_site_ports(advisor, index, where);
  }
  if (site.media.firewall) look_at_filter(advisor, site.media, where);
  look_at_nat(advisor, site.media, where);
}

}  // namespace trunklab
