// Putting a fault's figures into sentences.
#include "reports/finding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "reports/text.hpp"

namespace trunklab {
namespace {

/// Means over replications of one group of calls.
struct MeanGroup {
  double hit = 0, lost = 0, delayed = 0, orphaned = 0;
  void add(const ImpactGroup& group, double weight) {
    hit += weight * static_cast<double>(group.hit);
    lost += weight * static_cast<double>(group.lost);
    delayed += weight * static_cast<double>(group.delayed);
    orphaned += weight * static_cast<double>(group.orphaned);
  }
};

struct MeanImpact {
  MeanGroup fresh, in_setup, talking, all;
  double failover_s = 0;
  double return_s = 0;
  double extra_delay_s = 0;
  bool not_before_repair = false;
};

MeanImpact mean_of(std::span<const std::vector<FaultImpact>> replications, std::size_t fault) {
  MeanImpact mean;
  const double weight = 1 / static_cast<double>(replications.size());
  for (const auto& impacts : replications) {
    const FaultImpact& impact = impacts.at(fault);
    mean.fresh.add(impact.fresh, weight);
    mean.in_setup.add(impact.in_setup, weight);
    mean.talking.add(impact.talking, weight);
    mean.all.add(impact.all(), weight);
    mean.failover_s += weight * impact.failover_s;
    mean.return_s += weight * impact.return_s;
    mean.extra_delay_s += weight * impact.extra_delay_s;
    mean.not_before_repair |= impact.not_before_repair;
  }
  return mean;
}

/// Whole calls, or tenths where a mean is small.
std::string calls(double mean) {
  return fmt::format("{:.{}f}", mean, mean < 10 && std::abs(mean - std::round(mean)) > 0.05 ? 1 : 0);
}

std::string counted(double mean) {
  return calls(mean) + (calls(mean) == "1" ? " call" : " calls");
}

std::string when_text(const RunInfo& info, const Directory::Fault& fault) {
  const bool repaired = fault.until < run_start + info.horizon;
  const Instant until = repaired ? fault.until : run_start + info.horizon;
  return fmt::format("{} at {} of the run ({}), {} {} later, at {} ({}).", fault.text, run_time_text(fault.from),
                     date_and_clock_text(info, fault.from), repaired ? "repaired" : "still down when the run ended",
                     duration_text(in_seconds(until - fault.from)), run_time_text(until), clock_text(info, until));
}

std::string group_line(std::string_view name, const MeanGroup& group) {
  std::vector<std::string> parts;
  if (calls(group.lost) != "0") parts.push_back(calls(group.lost) + " lost");
  if (calls(group.delayed) != "0") parts.push_back(calls(group.delayed) + " late");
  if (calls(group.orphaned) != "0") parts.push_back(calls(group.orphaned) + " whose hang-up was not heard");
  if (parts.empty()) return fmt::format("  {:<10} none hit\n", name);
  return fmt::format("  {:<10} {} hit: {}\n", name, calls(group.hit), fmt::join(parts, ", "));
}

std::string recovery_text(const MeanImpact& mean, bool repaired) {
  std::string text;
  if (calls(mean.fresh.hit) == "0") {
    text = "No new call noticed.";
  } else if (mean.not_before_repair) {
    text = repaired ? "New calls did not get normal again before the repair." : "New calls did not get normal again before the run ended.";
  } else {
    text = fmt::format("New calls were normal again {} after the fault.", duration_text(mean.failover_s));
  }
  if (mean.return_s > 0) text += fmt::format(" The return to the repaired edge disturbed calls for another {}.", duration_text(mean.return_s));
  if (mean.all.delayed > 0) text += fmt::format(" Late ones waited {} more on average.", duration_text(mean.extra_delay_s / mean.all.delayed));
  return text;
}

/// Breaks a paragraph into lines of at most 100 columns, each with the indent.
std::string wrapped(std::string text, const std::string& indent) {
  const std::size_t room = 100 - indent.size();
  std::string lines;
  while (text.size() > room) {
    const std::size_t space = text.rfind(' ', room);
    const std::size_t cut = space == std::string::npos ? room : space;
    lines += indent + text.substr(0, cut) + '\n';
    text.erase(0, text.find_first_not_of(' ', cut));
  }
  return lines + indent + text + '\n';
}

std::string fault_paragraph(const RunInfo& info, const Directory::Fault& fault, const MeanImpact& mean) {
  const bool repaired = fault.until < run_start + info.horizon;
  std::string text = wrapped(when_text(info, fault), "");
  text += fmt::format("  {} hit: {} lost, {} late.\n", counted(mean.all.hit), calls(mean.all.lost), calls(mean.all.delayed));
  text += group_line("new", mean.fresh) + group_line("in set-up", mean.in_setup) + group_line("talking", mean.talking);
  return text + wrapped(recovery_text(mean, repaired), "  ");
}

std::string advice_text(std::span<const AdviceRow> advice) {
  const auto fewer_lost = [](const AdviceRow& left, const AdviceRow& right) {
    return std::pair{left.calls_lost, left.calls_hit} < std::pair{right.calls_lost, right.calls_hit};
  };
  const AdviceRow& best = *std::ranges::min_element(advice, fewer_lost);
  std::string text = &best == &advice[0] ? std::string{"None of the settings tried loses fewer calls.\n"}
                                         : wrapped(fmt::format("What would have helped most: {} ({} lost instead of {}).", best.setting,
                                                               calls(best.calls_lost), calls(advice[0].calls_lost)),
                                                   "");
  TextTable table({{"setting"}, {"lost", TextTable::Align::right}, {"hit", TextTable::Align::right}, {"failover", TextTable::Align::right}, {""}});
  for (const AdviceRow& row : advice) {
    table.add({row.setting, calls(row.calls_lost), calls(row.calls_hit), duration_text(row.failover_s), row.text});
  }
  return text + table.text();
}

}  // namespace

std::string finding_text(const RunInfo& info, const Directory& directory, std::span<const std::vector<FaultImpact>> replications,
                         std::span<const AdviceRow> advice) {
  std::string text;
  if (replications.empty()) return text;
  for (std::size_t fault = 0; fault < directory.faults.size(); ++fault) {
    if (fault > 0) text += '\n';
    text += fault_paragraph(info, directory.faults[fault], mean_of(replications, fault));
  }
  if (replications.size() > 1 && !text.empty()) text += fmt::format("Means over {} replications.\n", replications.size());
  if (advice.size() > 1 && !text.empty()) text += '\n' + advice_text(advice);
  return text;
}

}  // namespace trunklab
