// The definitions of the measures, and which interval each of them gets.
#include "models/measures/summary.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <numeric>
#include <string>

#include "models/record/words.hpp"
#include "models/statistics/intervals.hpp"

namespace trunklab {
namespace {

using enum Count;

struct CountRow {
  const char* name;
  Count count;
  const char* unit = "calls";
};
constexpr auto count_rows = std::to_array<CountRow>({{"offered", offered},
                                                     {"answered", answered},
                                                     {"busy", busy},
                                                     {"no_answer", no_answer},
                                                     {"rejected", rejected},
                                                     {"blocked", blocked},
                                                     {"failed", failed},
                                                     {"lost_in_setup", lost_in_setup},
                                                     {"abandoned", abandoned},
                                                     {"in_progress", in_progress},
                                                     {"dropped", dropped},
                                                     {"orphaned", orphaned},
                                                     {"blocked_site_channels", blocked_site_channels},
                                                     {"blocked_cap_cps", blocked_cap_cps},
                                                     {"blocked_cap_sessions", blocked_cap_sessions},
                                                     {"blocked_site_ports", blocked_site_ports},
                                                     {"blocked_media_ports", blocked_media_ports},
                                                     {"failed_no_response", failed_no_response},
                                                     {"failed_no_progress", failed_no_progress},
                                                     {"failed_refused", failed_refused},
                                                     {"failed_transport_error", failed_transport_error},
                                                     {"failed_name_not_resolved", failed_name_not_resolved},
                                                     {"failed_unauthorized", failed_unauthorized},
                                                     {"failed_number_format", failed_number_format},
                                                     {"failed_callback", failed_callback},
                                                     {"failed_destination", failed_destination},
                                                     {"failed_firewall", failed_firewall},
                                                     {"failed_fragments", failed_fragments},
                                                     {"failed_no_edge_left", failed_no_edge_left},
                                                     {"failed_site_down", failed_site_down},
                                                     {"failed_codec", failed_codec},
                                                     {"redials", redials},
                                                     {"private_caller_id", private_caller_id},
                                                     {"queued", queued},
                                                     {"left_queue", left_queue},
                                                     {"attempts_transport_error", attempts_transport_error, "attempts"},
                                                     {"ghosts", ghosts, "attempts"},
                                                     {"double_rings", double_rings, "attempts"}});

struct Part {
  std::int64_t hits;
  std::int64_t of;
};
struct RatioRow {
  const char* name;
  Part (*part)(const Counts&);
};
constexpr auto ratio_rows = std::to_array<RatioRow>({
    {"blocking",
     [](const Counts& c) {
       return Part{c[blocked], c[offered]};
     }},
    {"asr",
     [](const Counts& c) {
       return Part{c[answered], c[offered]};
     }},
    {"ner",
     [](const Counts& c) {
       return Part{c[answered] + c[busy] + c[no_answer] + c[rejected] + c[rang_out], c[offered]};
     }},
    {"ser",
     [](const Counts& c) {
       return Part{c[answered], c[offered] - c[redirected]};
     }},
    {"seer",
     [](const Counts& c) {
       return Part{c[effective], c[offered] - c[redirected]};
     }},
    {"isa",
     [](const Counts& c) {
       return Part{c[ineffective], c[offered]};
     }},
    {"scr",
     [](const Counts& c) {
       return Part{c[completed], c[offered] - c[open]};
     }},
    {"attempt_asr",
     [](const Counts& c) {
       return Part{c[attempts_answered], c[attempts]};
     }},
    {"attempt_ner",
     [](const Counts& c) {
       return Part{c[attempts_effective], c[attempts]};
     }},
});

struct PercentileRow {
  const char* name;
  double share;
};
constexpr auto percentile_rows = std::to_array<PercentileRow>({{"pdd_p50", 0.50}, {"pdd_p95", 0.95}, {"pdd_p99", 0.99}});

/// What one replication, or one batch of a single one, has seen of an entity.
struct View {
  Counts counts;
  DurationHistogram post_dial;
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
    for (const PercentileRow& row : percentile_rows) add_percentile(row);
    add_mean_time("srd_mean", post_dial_ns, set_up);
    add_mean_time("queued_mean", queued_ns, answered);
    add_time("stuck_s_site", stuck_site_ns, sum_[orphaned] + sum_[dropped]);
    add_time("stuck_s_carrier", stuck_carrier_ns, sum_[orphaned] + sum_[dropped]);
    add_time("ghost_s", ghost_ns, sum_[ghosts]);
    add_occupancy();
  }

 private:
  void add_view(const Tally& tally, std::optional<std::uint32_t> batch) {
    views_.push_back({tally.counts(kind_, index_, batch), tally.post_dial(kind_, index_, batch)});
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

  void add_percentile(const PercentileRow& row) {
    std::vector<double> values;
    DurationHistogram whole;
    for (const View& view : views_) {
      whole.merge(view.post_dial);
      if (const auto value = view.post_dial.percentile(row.share)) values.push_back(in_seconds(*value));
    }
    add_mean(row.name, "s", values);
    // Over batches the run's own percentile is known: the mean of the batches' would be biased.
    if (replications_.size() > 1 || values.empty()) return;
    Measure& measure = out_.back();
    measure.mean = in_seconds(*whole.percentile(row.share));
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
  return measures;
}

}  // namespace trunklab
