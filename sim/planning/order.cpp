// From traffic to what one orders: calls a second, channels and what follows from them, and how far that reaches.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/media/codec.hpp"
#include "models/media/port_figures.hpp"
#include "models/quantiles.hpp"
#include "models/teletraffic/erlang_b.hpp"
#include "models/teletraffic/token_bucket.hpp"
#include "sim/planning/plan.hpp"

namespace trunklab {
namespace {

/// Mean of one direction of the site's own stream, over the codecs that its demands come to.
struct Stream {
  double bit_s = 0;
  double packets_s = 0;
};
Stream stream_of(const Scenario& scenario, std::uint16_t site) {
  const MediaSpec& media = scenario.service.media;
  Stream most;
  for (const DemandSpec& demand : scenario.demands) {
    if (demand.site != site) continue;
    Stream mean;
    for (const CodecOffer& offer : demand.codecs) {
      const auto pair =
          demand.direction == Direction::termination ? negotiate_from_site(offer.formats, media) : negotiate_to_site(offer.formats, media);
      if (!pair) continue;
      const StreamRate rate = stream_rate(pair->site, media.srtp, scenario.sites[site].media.frame_bytes);
      mean.bit_s += offer.share.value() * rate.frame_bit_s * scenario.sites[site].media.activity.value();
      mean.packets_s += offer.share.value() * rate.packets_per_s * scenario.sites[site].media.activity.value();
    }
    most = {std::max(most.bit_s, mean.bit_s), std::max(most.packets_s, mean.packets_s)};
  }
  return most;
}

std::uint32_t media_addresses(const MediaSpec& media, std::uint32_t sessions) {
  const PortNeed need = media.mux.value() < 1 ? PortNeed::pair : PortNeed::single;
  return addresses_for(
      sessions,
      {.first = media.ports.first, .last = media.ports.last, .addresses = 1, .legs = media.legs, .need = need, .allocator = media.ports.allocator});
}

/// The largest factor of the traffic at which `fits` still holds, from below `high`, at which it does not; 0 if even a billionth of that is too much.
template <class Fits>
double largest_factor(double high, const Fits& fits) {
  const double least = high * 1e-9;
  double low = high / 2;
  while (!fits(low)) {
    high = low;
    low /= 2;
    if (low < least) return 0;
  }
  while (high / low > 1 + 1e-6) {
    const double middle = (low + high) / 2;
    (fits(middle) ? low : high) = middle;
  }
  return low;
}

double factor_of_group(double channels, double erlangs, Probability blocking) {
  if (channels < 1) return 0;
  return offered_for(static_cast<std::uint32_t>(channels), blocking).value() / erlangs;
}

/// The scope's sites in one case.
template <class Visit>
void for_sites(const CapacityPlan& plan, const ScopePlan& scope, std::size_t gone, const Visit& visit) {
  for (const std::uint16_t index : scope.by_case[gone].sites) visit(*std::ranges::find(plan.sites, index, &SitePlan::site));
}

/// What the simulation found to be needed above the formula's number (or below), and what is kept free: no factor of the traffic changes it.
double above_formula(const SitePlan& site) {
  return static_cast<double>(site.ordered) - site.channels;
}

/// Calls at the same time that the scope has to take, and the case: no more than its sites have channels.
void order_sessions(const CapacityPlan& plan, ScopePlan& scope) {
  scope.sessions = 0;
  for (std::size_t gone = 0; gone < scope.by_case.size(); ++gone) {
    std::uint64_t channels = 0;
    for_sites(plan, scope, gone, [&](const SitePlan& site) { channels += site.ordered; });
    if (channels <= scope.sessions) continue;
    const ScopeUse& use = scope.by_case[gone];
    const std::uint64_t by_formula =
        channels_for(Erlangs{use.erlangs}, plan.share_of_cap()) + plan.request.kept_free * use.sites.size() + scope.sessions_raised;
    const auto sessions = static_cast<std::uint32_t>(std::min(by_formula, channels));
    if (sessions <= scope.sessions) continue;
    scope.sessions = sessions;
    scope.sessions_case = gone;
  }
}

/// So many times the traffic would come to no more than `limit` calls at the same time, in the case that needs most: because the scope's own traffic
/// does, or because its sites, which grow with it, do not let more through.
double factor_of_sessions(const CapacityPlan& plan, const ScopePlan& scope, std::uint32_t limit) {
  const std::size_t gone = scope.sessions_case;
  const ScopeUse& use = scope.by_case[gone];
  const double kept_free = static_cast<double>(plan.request.kept_free) * static_cast<double>(use.sites.size());
  const double by_traffic = factor_of_group(limit - kept_free, use.erlangs, plan.share_of_cap());
  double by_channels = std::numeric_limits<double>::infinity();
  for_sites(plan, scope, gone, [&](const SitePlan& site) {
    by_channels = std::min(by_channels, factor_of_group(limit - above_formula(site), site.peak.erlangs, plan.request.blocking));
  });
  if (by_channels <= by_traffic) return by_traffic;
  const auto fits = [&](double factor) {
    double channels = 0;
    for_sites(plan, scope, gone, [&](const SitePlan& site) {
      channels += channels_for(Erlangs{site.peak.erlangs * factor}, plan.request.blocking) + above_formula(site);
    });
    return channels <= limit;
  };
  return fits(by_traffic) ? largest_factor(by_channels * (1 + 1e-6), fits) : by_traffic;
}

/// Of a cap on calls per second, with the depth that its bucket has. All tokens of a call are taken at its arrival.
Headroom headroom_of(const ScopePlan& scope, const CapSpec& cap, const std::string& of, const CapacityPlan& plan, double tokens) {
  const double share = plan.share_of_cap().value();
  const std::string what = fmt::format("calls per second {} (burst {:g}{})", of, cap.burst, tokens > 1 ? ", every INVITE counts" : "");
  const double depth = std::floor(cap.burst / tokens);
  if (depth < 1) {  // its own challenge leaves a call no token
    return {
        .what = what, .has = cap.cps->value(), .needs = static_cast<double>(scope.cps), .factor = 0, .worst = plan.cases[scope.peak.rate_case].title};
  }
  const auto refused = [&](double calls_per_s, double rate) {
    return token_bucket_refusal(CallsPerSecond{calls_per_s}, CallsPerSecond{rate / tokens}, depth).value();
  };
  const double offered = scope.peak.calls_per_s;
  double needs = std::max(1.0, std::floor(offered * tokens));
  double too_few = 0;
  while (refused(offered, needs) > share) {
    too_few = needs;
    needs *= 2;
  }
  while (needs - too_few > 1) {
    const double middle = std::floor((needs + too_few) / 2);
    (refused(offered, middle) > share ? too_few : needs) = middle;
  }
  return {.what = what,
          .has = cap.cps->value(),
          .needs = std::min(needs, refused(offered, cap.cps->value()) <= share ? cap.cps->value() : needs),
          // Of more than rate / (1 - share) even the best bucket refuses a larger share.
          .factor = largest_factor(cap.cps->value() / tokens / (1 - share) / offered * (1 + 1e-6),
                                   [&](double factor) { return refused(offered * factor, cap.cps->value()) <= share; }),
          .worst = plan.cases[scope.peak.rate_case].title};
}

}  // namespace

double traffic_factor(double cv, double confidence) {
  const double variance = std::log1p(cv * cv);
  return std::exp(normal_quantile(confidence) * std::sqrt(variance) - variance / 2);
}

double tokens_of_call(const Scenario& scenario, const CapSpec& cap) {
  const auto& authentication = scenario.service.authentication;
  const bool challenged = authentication && authentication->challenge == AuthenticationSpec::Challenge::every_call &&
                          std::ranges::find(scenario.demands, Direction::termination, &DemandSpec::direction) != scenario.demands.end();
  return challenged && cap.counts == CapSpec::Counts::every_invite ? 2 : 1;
}

std::uint32_t cps_for(CallsPerSecond rate, Probability share) {
  const double mean = rate.value();
  if (mean <= 0) return 0;
  // E[(N - c)+] = mean * P(N >= c) - c * P(N > c), summed from the top: every term is positive.
  const auto above = [&](double c) {
    double sum = 0;
    double log_term = -mean + (c + 1) * std::log(mean) - std::lgamma(c + 2);
    for (double k = c + 1;; ++k) {
      const double term = std::exp(log_term) * (k - c);
      sum += term;
      if (k > mean && term < sum * 1e-12) return sum;
      log_term += std::log(mean) - std::log(k + 1);
    }
  };
  auto c = static_cast<std::uint32_t>(std::ceil(mean));
  while (above(c) > share.value() * mean) ++c;
  return c;
}

void order_channels(const Scenario& scenario, CapacityPlan& plan, std::uint16_t site, std::uint32_t channels) {
  SitePlan& own = *std::ranges::find(plan.sites, site, &SitePlan::site);
  own.ordered = channels + plan.request.kept_free;
  const Stream stream = stream_of(scenario, site);
  own.mbit_per_s = stream.bit_s * own.ordered / 1e6;
  own.packets_per_s = stream.packets_s * own.ordered;
  if (stream.bit_s > 0) own.rtp_ports = own.ordered * (scenario.sites[site].media.mux.value() < 1 ? 2 : 1);
}

void order_sessions(const Scenario& scenario, CapacityPlan& plan) {
  for (ScopePlan& scope : plan.scopes) {
    order_sessions(plan, scope);
    if (scope.scope == CapScope::region && has_media(scenario)) scope.media_addresses = media_addresses(scenario.service.media, scope.sessions);
  }
}

std::vector<Headroom> headroom_of(const Scenario& scenario, const CapacityPlan& plan) {
  std::vector<Headroom> list;
  for (const SitePlan& site : plan.sites) {
    if (!site.has || site.peak.erlangs == 0) continue;
    const double usable = static_cast<double>(*site.has) - above_formula(site);
    list.push_back({.what = "channels of site " + scenario.sites[site.site].name,
                    .has = static_cast<double>(*site.has),
                    .needs = static_cast<double>(site.ordered),
                    .factor = factor_of_group(usable, site.peak.erlangs, plan.request.blocking),
                    .worst = plan.cases[site.peak.erlangs_case].title});
  }
  for (const ScopePlan& scope : plan.scopes) {
    const bool article = scope.scope == CapScope::account || scope.scope == CapScope::source_address;
    const std::string of = (article ? "of the " : "of ") + scope.name;
    if (scope.has_sessions) {
      list.push_back({.what = "calls at the same time " + of,
                      .has = static_cast<double>(*scope.has_sessions),
                      .needs = static_cast<double>(scope.sessions),
                      .factor = factor_of_sessions(plan, scope, *scope.has_sessions),
                      .worst = plan.cases[scope.sessions_case].title});
    }
    if (scope.has_cps) {
      list.push_back(headroom_of(scope, *scope.has_cps, of, plan, tokens_of_call(scenario, *scope.has_cps)));
    }
  }
  // Alike to a thousandth is alike: channels first, which are what calls meet first.
  std::ranges::stable_sort(list, {}, [](const Headroom& each) { return std::round(each.factor * 1000); });
  return list;
}

std::optional<std::uint32_t> month_of_shortage(const Headroom& headroom, double monthly, std::uint32_t months) {
  for (std::uint32_t month = 0; month <= months; ++month) {
    if (std::pow(monthly, month) > headroom.factor) return month;
  }
  return std::nullopt;
}

}  // namespace trunklab
