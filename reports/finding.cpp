// Putting a fault's figures into sentences.
#include "reports/finding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <tuple>

#include "reports/text.hpp"

namespace trunklab {
namespace {

/// Means over replications of one group of calls.
struct MeanGroup {
  double hit = 0, lost = 0, delayed = 0, orphaned = 0, gained = 0;
  void add(const ImpactGroup& group, double weight) {
    hit += weight * static_cast<double>(group.hit);
    lost += weight * static_cast<double>(group.lost);
    delayed += weight * static_cast<double>(group.delayed);
    orphaned += weight * static_cast<double>(group.orphaned);
    gained += weight * static_cast<double>(group.gained);
  }
};

struct MeanImpact {
  MeanGroup fresh, in_setup, talking, all;
  double failover_s = 0;
  double return_s = 0;
  double extra_delay_s = 0;
  double lost_talk_s = 0;
  double stuck_site_s = 0;
  double stuck_carrier_s = 0;
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
    mean.lost_talk_s += weight * impact.lost_talk_s;
    mean.stuck_site_s += weight * impact.stuck_site_s;
    mean.stuck_carrier_s += weight * impact.stuck_carrier_s;
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

/// "3 lost, 24 late"; empty if nobody was hit.
std::string harm(const MeanGroup& group) {
  std::vector<std::string> parts;
  if (calls(group.lost) != "0") parts.push_back(calls(group.lost) + " lost");
  if (calls(group.delayed) != "0") parts.push_back(calls(group.delayed) + " set up late");
  if (calls(group.orphaned) != "0") parts.push_back(calls(group.orphaned) + " hung up in vain (channel or billing ran on)");
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string group_line(std::string_view name, const MeanGroup& group) {
  if (calls(group.hit) == "0") return fmt::format("    {:<10} none\n", name);
  return wrapped(fmt::format("    {:<10} {}: {}", name, calls(group.hit), harm(group)), 15);
}

std::string recovery(const MeanImpact& mean, bool repaired) {
  if (calls(mean.fresh.hit) == "0") return "new calls noticed nothing";
  if (mean.not_before_repair) return repaired ? "new calls were not normal before the repair" : "new calls were not normal before the run ended";
  if (mean.failover_s == 0) return "new calls met nothing worse than blocking";
  return fmt::format("new calls were normal after {}", duration_text(mean.failover_s));
}

std::string headline(const Directory::Fault& fault, const MeanImpact& mean, bool repaired) {
  const std::string hit =
      calls(mean.all.hit) == "0" ? "no call was hit" : fmt::format("{} hit, {} lost", counted(mean.all.hit), calls(mean.all.lost));
  return wrapped(fmt::format("{}: {}; {}.", fault.text, hit, recovery(mean, repaired)), 2);
}

/// "  began      02:00:00 of the run = 2026-03-02 11:00:00 +01:00 on site"
std::string moment_line(std::string_view what, const RunInfo& info, Instant at, const std::string& rest) {
  return wrapped(fmt::format("  {:<10} {} of the run = {}{}", what, run_time_text(at), date_and_clock_text(info, at), rest), 13);
}

/// Where calls are blocked anyway many swap their luck with another call: only the difference is harm.
std::string gained_line(const MeanGroup& all) {
  if (calls(all.gained) == "0") return {};
  const bool one = calls(all.gained) == "1";
  const double net = all.lost - all.gained;
  return wrapped(fmt::format("  {} other {} got through that {} lost without the fault: net {} {}", calls(all.gained), one ? "call" : "calls",
                             one ? "was" : "were", calls(std::abs(net)), net < 0 ? "won" : "lost"),
                 4);
}

/// "  after the hang-up channels of the sites were held for 2 h in all, sessions of the service (and billing) for 3 h"
std::string stuck_line(const MeanImpact& mean) {
  std::vector<std::string> parts;
  const auto add = [&](const char* what, double seconds) {
    if (seconds >= 1) parts.push_back(fmt::format("{}{} for {}", what, parts.empty() ? " were held" : "", duration_text(seconds)));
  };
  add("channels of the sites", mean.stuck_site_s);
  add("sessions of the service (and billing)", mean.stuck_carrier_s);
  return parts.empty() ? "" : wrapped(fmt::format("  after the hang-up {}, all calls together", fmt::join(parts, ", ")), 4);
}

std::string fault_paragraph(const RunInfo& info, const Directory::Fault& fault, const MeanImpact& mean) {
  const Instant end = run_start + info.horizon;
  const bool repaired = fault.until < end;
  const Instant until = repaired ? fault.until : end;
  std::string text = headline(fault, mean, repaired);
  text += moment_line("began", info, fault.from, " on site");
  text += moment_line(repaired ? "repaired" : "run ended", info, until, fmt::format(", {} later", duration_text(in_seconds(until - fault.from))));
  text += gained_line(mean.all);
  if (calls(mean.all.hit) == "0") return text;
  text += "  calls hit, by what they were doing when it began\n";
  text += group_line("new", mean.fresh) + group_line("in set-up", mean.in_setup) + group_line("talking", mean.talking);
  if (calls(mean.all.delayed) != "0") {
    text += fmt::format("  late calls waited {} more on average\n", duration_text(mean.extra_delay_s / mean.all.delayed));
  }
  if (mean.lost_talk_s >= 1) text += fmt::format("  talk time lost, all calls together: {}\n", duration_text(mean.lost_talk_s));
  text += stuck_line(mean);
  if (mean.return_s > 0) text += fmt::format("  after the repair calls were disturbed for another {}\n", duration_text(mean.return_s));
  return text;
}

/// "27 lost all the same; new calls normal after 4.6 s instead of 72 s"
std::string gain_words(const AdviceRow& as_it_is, const AdviceRow& best) {
  const std::string now = calls(best.calls_lost);
  const std::string before = calls(as_it_is.calls_lost);
  std::string text = fmt::format("{} lost instead of {}", now, before);
  if (now == before) text = now == "0" ? "no call lost either way" : now + " lost all the same";
  const std::string failover = duration_text(best.failover_s);
  if (failover != duration_text(as_it_is.failover_s)) {
    text += fmt::format("; new calls normal after {} instead of {}", failover, duration_text(as_it_is.failover_s));
  } else if (best.calls_hit < as_it_is.calls_hit) {
    text += fmt::format("; {} hit instead of {}", calls(best.calls_hit), calls(as_it_is.calls_hit));
  }
  return text;
}

}  // namespace

std::string advice_text(std::span<const AdviceRow> advice) {
  if (advice.size() < 2) return {};
  // Lost calls first, then how soon it is over, then everybody who noticed.
  const auto fewer_lost = [](const AdviceRow& left, const AdviceRow& right) {
    return std::tuple{left.calls_lost, left.failover_s, left.calls_hit} < std::tuple{right.calls_lost, right.failover_s, right.calls_hit};
  };
  const AdviceRow& as_it_is = advice.front();
  const AdviceRow& best = *std::ranges::min_element(advice, fewer_lost);
  const auto alike = [&](const AdviceRow& row) {
    return row.calls_lost == as_it_is.calls_lost && row.calls_hit == as_it_is.calls_hit && row.failover_s == as_it_is.failover_s;
  };
  if (std::ranges::all_of(advice, alike)) return "None of the settings tried would have changed anything.\n";
  std::string text = "None of the settings tried would have helped.\n";
  if (&best != &as_it_is) {
    text = wrapped("What would have helped most: " + best.setting, 2) + wrapped("  " + gain_words(as_it_is, best), 2) + '\n';
  }
  TextTable table({{"setting"}, {"lost", TextTable::Align::right}, {"hit", TextTable::Align::right}, {"failover", TextTable::Align::right}, {""}});
  for (const AdviceRow& row : advice) {
    table.add({row.setting, calls(row.calls_lost), calls(row.calls_hit), duration_text(row.failover_s), row.text});
  }
  return text + table.text(Colour::off, text_width);
}

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
