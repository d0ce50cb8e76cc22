// The measures of a failover study's rows.
#include <algorithm>

#include "models/record/words.hpp"
#include "reports/failover_report.hpp"

namespace trunklab {
namespace {

double mean_of(std::uint64_t sum, const FailoverRow& row) {
  return static_cast<double>(sum) / std::max(1U, row.notice.replications);
}

void add_peaks(const FailoverRow& row, const Directory& directory, const std::string& entity, std::vector<Measure>& out) {
  for (std::size_t edge = 0; edge < row.notice.peaks.size(); ++edge) {
    const FaultNotice::Peak& peak = row.notice.peaks[edge];
    if (peak == FaultNotice::Peak{}) continue;
    const std::string name = entity + '/' + entity_name(directory, EntityKind::edge, static_cast<std::uint16_t>(edge));
    const auto add = [&](const char* what, const char* unit, std::uint32_t value) {
      out.push_back({what, name, unit, static_cast<double>(value), std::nullopt, std::nullopt, row.notice.replications, {}});
    };
    add("cps_max", "calls/s", peak.cps_during);
    add("concurrent_max", "calls", peak.concurrent_during);
    add("cps_max_after", "calls/s", peak.cps_after);
    add("concurrent_max_after", "calls", peak.concurrent_after);
  }
}

}  // namespace

std::vector<Measure> failover_measures(const FailoverRow& row, const Directory& directory) {
  Directory one = directory;
  one.faults.assign(1, {.text = row.id, .from = run_start, .until = never});
  std::vector<std::vector<FaultImpact>> impacts;
  for (const FaultImpact& impact : row.impacts) impacts.push_back({impact});
  std::vector<Measure> measures = summarise_impacts(impacts, one);
  const std::string entity = "fault/" + row.id;
  for (Measure& measure : measures) measure.entity = entity;

  const FaultNotice& notice = row.notice;
  const auto add = [&](const char* name, const std::string& whose, const char* unit, double mean, std::uint32_t n, const std::string& note = {}) {
    measures.push_back({name, whose, unit, mean, std::nullopt, std::nullopt, n, note});
  };
  add("calls_dropped", entity, "calls", mean_of(notice[Heard::cut_off], row), notice.replications);
  add("ghosts", entity, "attempts", mean_of(notice.ghosts, row), notice.replications);
  add("double_rings", entity, "attempts", mean_of(notice.double_rings, row), notice.replications);
  if (notice.calls > 0) {
    add("attempts_per_call", entity, "attempts", static_cast<double>(notice.attempts) / static_cast<double>(notice.calls), notice.replications);
  }
  for (std::size_t site = 0; site < notice.detection.size(); ++site) {
    const FaultNotice::Detection& detection = notice.detection[site];
    if (detection.seen == 0) continue;
    add("detection_s", entity + '/' + entity_name(directory, EntityKind::site, static_cast<std::uint16_t>(site)), "s",
        detection.sum_s / detection.seen, detection.seen, detection.seen < notice.replications ? "not seen in every replication" : "");
  }
  add_peaks(row, directory, entity, measures);
  if (row.best) {
    add("calls_lost_best", entity, "calls", static_cast<double>(row.best->better.all().lost), 1, row.best->setting);
    add("failover_s_best", entity, "s", row.best->better.failover_s, 1, row.best->setting);
  }
  return measures;
}

}  // namespace trunklab
