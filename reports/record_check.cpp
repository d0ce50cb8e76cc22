// Checking what a run record holds.
#include "reports/record_check.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <stdexcept>

#include "reports/sql_values.hpp"

namespace trunklab {
namespace {

void check(bool sound) {
  if (!sound) throw std::out_of_range("a row names something that is not there");
}

template <class Index, class List>
bool is_in(Index index, const List& list) {
  return static_cast<std::size_t>(index) < list.size();
}

std::optional<std::string_view> flaw_of_info(const RunInfo& info, const WallClock& wall) {
  constexpr std::uint32_t replications_most = 1'000'000;
  if (info.horizon <= Span{} || info.horizon > instant_most) return "its horizon";
  if (info.series_step < Span{} || info.series_step > info.horizon) return "the grid of its series";
  if (info.replications == 0 || info.replications > replications_most) return "its number of replications";
  if (info.measure_from < run_start || info.measure_from > run_start + info.horizon) return "its warm-up";
  if (info.batch_length <= Span{}) return "its batches";
  if (std::abs(info.horizon_start_unix_ns) >= std::int64_t{1} << 62 || std::abs(info.utc_offset_s) > 86'400) return "its clock";
  if (!is_duration(wall.wall_s)) return "its wall clock";
  return std::nullopt;
}

std::optional<std::string_view> flaw_of_faults(const Directory& directory) {
  for (const Directory::Fault& fault : directory.faults) {
    if (fault.from < run_start || fault.until < fault.from) return "when a fault began and was repaired";
    if (!std::ranges::all_of(fault.edges, [&](EdgeIndex edge) { return is_in(edge, directory.edges); })) return "the edges of a fault";
    if (!std::ranges::all_of(fault.watchers, [&](std::uint16_t site) { return is_in(site, directory.sites); })) return "the watchers of a fault";
  }
  return std::nullopt;
}

}  // namespace

bool is_duration(double seconds) {
  constexpr double longest_s = 1e13;
  return std::isfinite(seconds) && seconds >= 0 && seconds <= longest_s;
}

std::optional<std::string_view> flaw_of(const RunInfo& info, const Directory& directory, const WallClock& wall) {
  if (const auto flaw = flaw_of_info(info, wall)) return flaw;
  if (!std::ranges::all_of(directory.edges, [&](const auto& edge) { return is_in(edge.region, directory.regions); })) return "the region of an edge";
  if (!std::ranges::all_of(directory.demands, [&](const auto& demand) { return is_in(demand.site, directory.sites); })) return "the site of a demand";
  if (!directory.site_settings.empty() && directory.site_settings.size() != directory.sites.size()) return "how its sites are set up";
  for (const Directory::SiteSettings& site : directory.site_settings) {
    if (site.no_response < Span{} || site.no_response > instant_most) return "how its sites are set up";
    if (!std::ranges::all_of(site.names, [&](std::uint16_t region) { return is_in(region, directory.regions); })) return "the names of a site";
  }
  return flaw_of_faults(directory);
}

void RowCheck::operator()(const CallRecord& call) const {
  check_call(call.id);
  check(is_in(call.site, directory_.sites));
  check_edge(call.edge);
  check_cap(call.cap);
  check(call.codecs == no_codecs || is_in(call.codecs, directory_.codecs));
}

void RowCheck::operator()(const Attempt& attempt) const {
  check_call(attempt.call);
  check_edge(attempt.edge);
  check_cap(attempt.cap);
}

void RowCheck::operator()(const Ghost& ghost) const {
  check_call(ghost.call);
  check_edge(ghost.edge);
}

void RowCheck::operator()(const Hit& hit) const {
  check_call(hit.call);
  check(is_in(hit.fault, directory_.faults));
}

/// Its site is meaningful for probes only.
void RowCheck::operator()(const RunEvent& event) const {
  check_edge(event.edge);
  check(event.site == 0 || is_in(event.site, directory_.sites));
  check_cap(event.cap);
}

void RowCheck::operator()(const Sample& sample) const {
  check(sample.kind != EntityKind::edge || is_in(sample.index, directory_.edges));
  check(sample.kind != EntityKind::site || is_in(sample.index, directory_.sites));
  check(sample.kind != EntityKind::region || is_in(sample.index, directory_.regions));
  check(sample.kind != EntityKind::demand || is_in(sample.index, directory_.demands));
  check(sample.kind != EntityKind::media_address || is_in(sample.index / addresses_max, directory_.regions));
}

void RowCheck::check_call(const CallId& call) const {
  check(is_in(call.demand, directory_.demands));
}
void RowCheck::check_edge(EdgeIndex edge) const {
  check(edge == no_edge || is_in(edge, directory_.edges));
}
void RowCheck::check_cap(std::uint8_t cap) const {
  check(cap == no_cap || is_in(cap, directory_.caps));
}

}  // namespace trunklab
