// The definitions of the measures, and which interval each of them gets.
#include "models/measures/summary.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <functional>
#include <numeric>
#include <string>

#include "models/measures/summary_rows.hpp"
#include "models/media/voice_quality.hpp"
#include "models/record/words.hpp"
#include "models/statistics/intervals.hpp"

namespace trunklab {
namespace {

using namespace summary_rows;

/// What one replication, or one batch of a single one, has seen of an entity.
struct View {
  Counts counts;
  DurationHistogram post_dial;
  RatingHistogram ratings;
};

/// Adds the measures of one entity to a list.
class EntitySummary {
 public:
  EntitySummary(std::span<const Tally> replications, EntityKind kind, std::uint16_t index, std::string name, std::vector<Measure>& out)
      : replications_(replications), kind_(kind), index_(index), name_(std::move(name)), out_(out) {
    if (replications.size() > 1) {
      for (const Tally& each : replications) add_view(each, std::nullopt);
    } else {
      const std::uint32_t batches = replications[0].batches();
      parts_ = batches;
      for (std::uint32_t batch = 0; batch < batches; ++batch) add_view(replications[0], batch);
    }
  }

  void add_all() {
    for (const CountRow& row : count_rows) add_count(row);
    for (const RatioRow& row : ratio_rows) add_ratio(row);
    for (const PercentileRow& row : percentile_rows) add_delay(row);
    add_mean_time("srd_mean", post_dial_ns, set_up);
    add_mean_time("queued_mean", queued_ns, answered);
    add_time("stuck_s_site", stuck_site_ns, sum_[orphaned] + sum_[dropped]);
    add_time("stuck_s_carrier", stuck_carrier_ns, sum_[orphaned] + sum_[dropped]);
    add_time("ghost_s", ghost_ns, sum_[ghosts]);
    add_occupancy();
    add_quality();
    if (kind_ == EntityKind::site) add_site_media();
    if (kind_ == EntityKind::region) add_region_media();
  }

  /// How calls sounded: all there is to say of codecs.
  void add_quality() {
    for (const PercentileRow& row : quality_rows) {
      const auto value_of = [&row](const RatingHistogram& ratings) -> std::optional<double> {
        const auto r = ratings.percentile(row.share);
        return r ? std::optional(mos_of(*r)) : std::nullopt;
      };
      add_percentile(
          row.name, "MOS", [&](const View& view) { return value_of(view.ratings); }, value_of(all_ratings()));
    }
  }

 private:
  void add_view(const Tally& tally, std::optional<std::uint32_t> batch) {
    if (kind_ == EntityKind::codecs) {
      views_.push_back({.counts = {}, .post_dial = {}, .ratings = tally.ratings(kind_, index_, batch)});
      return;
    }
    views_.push_back({tally.counts(kind_, index_, batch), tally.post_dial(kind_, index_, batch), tally.ratings(kind_, index_, batch)});
    sum_ += views_.back().counts;
  }

  Measure& add(std::string name, std::string unit, double mean) {
    const auto n = static_cast<std::uint32_t>(views_.size());
    return out_.emplace_back(Measure{std::move(name), name_, std::move(unit), mean, std::nullopt, std::nullopt, n, {}});
  }

  /// Sums of a run's batches are scaled back to the run.
  void add_sum(const char* name, const char* unit, const std::vector<double>& values) {
    const double sum = std::accumulate(values.begin(), values.end(), 0.0);
    Measure& measure = add(name, unit, sum * parts_ / static_cast<double>(values.size()));  // a count stays a whole number
    if (values.size() < 2) return;
    const Interval interval = t_interval(values, confidence);
    measure.low = std::max(0.0, interval.low * parts_);
    measure.high = interval.high * parts_;
  }

  static Moments moments_of(const std::vector<double>& values) {
    Moments moments;
    for (const double value : values) moments.add(value);
    return moments;
  }

  void add_count(const CountRow& row) {
    std::vector<double> values;
    for (const View& view : views_) values.push_back(static_cast<double>(view.counts[row.count]));
    add_sum(row.name, row.unit, values);
    const std::int64_t events = sum_[row.count];
    if (events >= events_min) return;
    Measure& measure = out_.back();
    measure.low = 0;
    measure.high = poisson_upper_bound(static_cast<std::uint64_t>(events), confidence) / static_cast<double>(replications_.size());
    measure.note = "upper bound: fewer than 30 events";
  }

  void add_ratio(const RatioRow& row) {
    const Part sum = row.part(sum_);
    if (sum.of == 0) return;
    const auto of = static_cast<double>(sum.of);
    Measure& measure = add(row.name, "probability", static_cast<double>(sum.hits) / of);
    const std::int64_t misses = sum.of - sum.hits;
    if (misses < events_min && misses < sum.hits) {  // of two bounds the one on the rare side says more
      measure.low = std::max(0.0, 1 - poisson_upper_bound(static_cast<std::uint64_t>(misses), confidence) / of);
      measure.high = 1;
      measure.note = "lower bound: fewer than 30 misses";
    } else if (sum.hits < events_min) {
      measure.low = 0;
      measure.high = std::min(1.0, poisson_upper_bound(static_cast<std::uint64_t>(sum.hits), confidence) / of);
      measure.note = "upper bound: fewer than 30 events";
    } else {
      add_ratio_interval(row, sum, measure);
    }
  }

  void add_ratio_interval(const RatioRow& row, const Part& sum, Measure& measure) {
    std::vector<RatioTerm> terms;
    for (const View& view : views_) {
      const Part part = row.part(view.counts);
      if (part.of == sum.of) return;  // all in one replication: nothing to compare
      terms.push_back({static_cast<double>(part.hits), static_cast<double>(part.of)});
    }
    const Interval interval = jackknife_ratio(terms, confidence);
    measure.low = std::max(0.0, interval.low);
    measure.high = std::min(1.0, interval.high);
  }

  /// A mean of values that are not sums: over those replications or batches that have one.
  void add_mean(const char* name, const char* unit, const std::vector<double>& values) {
    if (values.empty()) return;
    Measure& measure = add(name, unit, moments_of(values).mean());
    measure.n = static_cast<std::uint32_t>(values.size());
    if (values.size() < 2) return;
    const Interval interval = t_interval(values, confidence);
    measure.low = std::max(0.0, interval.low);
    measure.high = interval.high;
  }

  void add_delay(const PercentileRow& row) {
    const auto value_of = [&row](const DurationHistogram& delays) -> std::optional<double> {
      const auto value = delays.percentile(row.share);
      return value ? std::optional(in_seconds(*value)) : std::nullopt;
    };
    DurationHistogram whole;
    for (const View& view : views_) whole.merge(view.post_dial);
    add_percentile(
        row.name, "s", [&](const View& view) { return value_of(view.post_dial); }, value_of(whole));
  }

  [[nodiscard]] RatingHistogram all_ratings() const {
    RatingHistogram all;
    for (const View& view : views_) all.merge(view.ratings);
    return all;
  }

  template <class Value>
  void add_percentile(const char* name, const char* unit, const Value& value_of, std::optional<double> whole) {
    std::vector<double> values;
    for (const View& view : views_) {
      if (const auto value = value_of(view)) values.push_back(*value);
    }
    add_mean(name, unit, values);
    // Over batches the run's own percentile is known: the mean of the batches' would be biased.
    if (replications_.size() > 1 || values.empty()) return;
    Measure& measure = out_.back();
    measure.mean = *whole;
    if (measure.low) measure.low = std::min(*measure.low, measure.mean);
    if (measure.high) measure.high = std::max(*measure.high, measure.mean);
  }

  /// A mean duration: sums of ns over counts.
  void add_mean_time(const char* name, Count time_ns, Count count) {
    if (sum_[count] == 0) return;
    Measure& measure = add(name, "s", static_cast<double>(sum_[time_ns]) / static_cast<double>(sum_[count]) / 1e9);
    std::vector<RatioTerm> terms;
    for (const View& view : views_) {
      if (view.counts[count] == sum_[count]) return;
      terms.push_back({static_cast<double>(view.counts[time_ns]) / 1e9, static_cast<double>(view.counts[count])});
    }
    const Interval interval = jackknife_ratio(terms, confidence);
    measure.low = std::max(0.0, interval.low);
    measure.high = interval.high;
  }

  /// A sum of durations of so many calls; of few of them an interval would pretend too much.
  void add_time(const char* name, Count time_ns, std::int64_t calls) {
    std::vector<double> values;
    for (const View& view : views_) values.push_back(static_cast<double>(view.counts[time_ns]) / 1e9);
    add_sum(name, "s", values);
    Measure& measure = out_.back();
    if (calls >= events_min) return;
    measure.low = std::nullopt;
    measure.high = std::nullopt;
    measure.note = "no interval: fewer than 30 calls";
  }

  void add_occupancy() {
    std::vector<double> means;
    std::vector<double> maxima;
    std::vector<double> peaks;
    for (const Tally& tally : replications_) {
      if (kind_ == EntityKind::total) peaks.push_back(tally.cps_max());
      if (const auto seen = tally.occupancy(kind_, index_)) {
        means.push_back(seen->call_seconds / seen->observed_s);
        maxima.push_back(seen->max);
      }
    }
    add_mean("concurrent_mean", "Erlang", means);
    add_mean("concurrent_max", "calls", maxima);
    add_mean("cps_max", "calls/s", peaks);
  }

  /// The mean over those replications that saw media, of one figure.
  template <class Seen>
  void add_seen(const char* name, const char* unit, std::vector<Seen> MediaSeen::*seen, const std::function<double(const Seen&)>& figure) {
    std::vector<double> values;
    for (const Tally& tally : replications_) {
      if (index_ < (tally.media().*seen).size()) values.push_back(figure((tally.media().*seen)[index_]));
    }
    add_mean(name, unit, values);
  }

  template <class Seen>
  void add_ports(std::vector<Seen> MediaSeen::*seen) {
    add_seen<Seen>("ports_max", "ports", seen, [](const Seen& each) { return static_cast<double>(each.ports.ports_max); });
    add_seen<Seen>("ports_leaked_max", "ports", seen, [](const Seen& each) { return static_cast<double>(each.ports.leaked_max); });
    add_seen<Seen>("port_collisions", "ports", seen, [](const Seen& each) { return static_cast<double>(each.ports.collisions); });
    add_seen<Seen>("port_requests", "requests", seen, [](const Seen& each) { return static_cast<double>(each.ports.takes); });
    for (int place = static_cast<int>(PortRefusal::exhausted); place <= static_cast<int>(PortRefusal::foreign); ++place) {
      const std::string name = "refused_" + std::string(word(static_cast<PortRefusal>(place)));
      add_seen<Seen>(name.c_str(), kind_ == EntityKind::site ? "calls" : "INVITEs", seen,
                     [place](const Seen& each) { return static_cast<double>(each.ports.refusals.at(static_cast<std::size_t>(place))); });
    }
    std::vector<double> probes;
    std::vector<double> soonest;
    std::vector<double> median;
    std::vector<double> from;
    for (const Tally& tally : replications_) {
      if (index_ >= (tally.media().*seen).size()) continue;
      const PortsSeen& ports = (tally.media().*seen)[index_].ports;
      if (ports.takes > 0) probes.push_back(static_cast<double>(ports.probes) / static_cast<double>(ports.takes));
      if (ports.refused_from != never) from.push_back(in_seconds(ports.refused_from));
      if (const auto reuse = ports.reuse_after.percentile(0.05)) soonest.push_back(in_seconds(*reuse));
      if (const auto reuse = ports.reuse_after.percentile(0.50)) median.push_back(in_seconds(*reuse));
    }
    add_mean("port_probes_mean", "probes", probes);
    add_mean("port_reuse_p5", "s", soonest);
    add_mean("port_reuse_p50", "s", median);
    add_mean("refused_from", "s", from);
  }

  void add_site_media() {
    add_ports(&MediaSeen::sites);
    add_seen<SiteMediaSeen>("mbit_max", "Mbit/s", &MediaSeen::sites, [](const SiteMediaSeen& site) { return site.mbit_max; });
    add_seen<SiteMediaSeen>("pps_max", "packets/s", &MediaSeen::sites, [](const SiteMediaSeen& site) { return site.pps_max; });
  }

  /// Of a region that calls were tried in.
  void add_region_media() {
    const auto is_called = [this](const Tally& tally) {
      return index_ < tally.media().regions.size() && tally.media().regions[index_].ports.takes > 0;
    };
    if (std::ranges::none_of(replications_, is_called)) return;
    add_ports(&MediaSeen::regions);
    const auto add_figure = [this](const char* name, const char* unit, const std::function<double(const RegionMediaSeen&)>& figure) {
      add_seen<RegionMediaSeen>(name, unit, &MediaSeen::regions, figure);
    };
    add_figure("addresses_max", "addresses", [](const RegionMediaSeen& region) { return static_cast<double>(region.addresses_max); });
    add_figure("scale_outs", "addresses", [](const RegionMediaSeen& region) { return static_cast<double>(region.scale_outs); });
    add_figure("scale_ins", "addresses", [](const RegionMediaSeen& region) { return static_cast<double>(region.scale_ins); });
    add_figure("address_pps_max", "packets/s", [](const RegionMediaSeen& region) { return region.pps_max; });
    add_figure("transcoding_max", "cores", [](const RegionMediaSeen& region) { return region.transcoding_max; });
  }

  std::span<const Tally> replications_;
  EntityKind kind_;
  std::uint16_t index_;
  std::string name_;
  std::vector<Measure>& out_;
  std::vector<View> views_;
  Counts sum_;
  double parts_ = 1;
};

}  // namespace

std::vector<Measure> summarise(std::span<const Tally> replications, const Directory& directory) {
  assert(!replications.empty());
  std::vector<Measure> measures;
  const auto add = [&](EntityKind kind, std::size_t size) {
    for (std::size_t place = 0; place < size; ++place) {
      const auto index = static_cast<std::uint16_t>(place);
      EntitySummary(replications, kind, index, entity_name(directory, kind, index), measures).add_all();
    }
  };
  add(EntityKind::total, 1);
  add(EntityKind::site, directory.sites.size());
  add(EntityKind::region, directory.regions.size());
  add(EntityKind::edge, directory.edges.size());
  add(EntityKind::demand, directory.demands.size());
  for (std::uint16_t codecs = 0; codecs < directory.codecs.size(); ++codecs) {
    EntitySummary(replications, EntityKind::codecs, codecs, entity_name(directory, EntityKind::codecs, codecs), measures).add_quality();
  }
  return measures;
}

}  // namespace trunklab
