// Putting a fault's figures into sentences.
#include "reports/finding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <tuple>

#include "reports/mean_impact.hpp"
#include "reports/notice_words.hpp"
#include "reports/text.hpp"

namespace trunklab {
namespace {

std::string group_line(std::string_view name, const MeanGroup& group) {
  if (count_text(group.hit) == "0") return fmt::format("    {:<10} none\n", name);
  return wrapped(fmt::format("    {:<10} {}: {}", name, count_text(group.hit), harm_words(group)), 15);
}

/// "  began      02:00:00 of the run = 2026-03-02 11:00:00 +01:00 on site"
std::string moment_line(std::string_view what, const RunInfo& info, Instant at, const std::string& rest) {
  return wrapped(fmt::format("  {:<10} {} of the run = {}{}", what, run_time_text(at), date_and_clock_text(info, at), rest), 13);
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
  std::string text = wrapped(fault_sentence(fault, mean, end), 2);
  text += moment_line("began", info, fault.from, " on site");
  text += moment_line(repaired ? "repaired" : "run ended", info, until, fmt::format(", {} later", duration_text(in_seconds(until - fault.from))));
  if (const std::string gained = gained_words(mean.all); !gained.empty()) text += wrapped("  " + gained, 4);
  if (count_text(mean.all.hit) == "0") return text;
  text += "  calls hit, by what they were doing when it began\n";
  text += group_line("new", mean.fresh) + group_line("in set-up", mean.in_setup) + group_line("talking", mean.talking);
  if (count_text(mean.all.delayed) != "0") {
    text += fmt::format("  late calls waited {} more on average\n", duration_text(mean.extra_delay_s / mean.all.delayed));
  }
  if (mean.lost_talk_s >= 1) text += fmt::format("  talk time lost, all calls together: {}\n", duration_text(mean.lost_talk_s));
  text += stuck_line(mean);
  if (mean.return_s > 0) text += fmt::format("  after the repair calls were disturbed for another {}\n", duration_text(mean.return_s));
  return text;
}

/// "27 lost all the same; new calls normal after 4.6 s instead of 72 s"
std::string gain_words(const AdviceRow& as_it_is, const AdviceRow& best) {
  const std::string now = count_text(best.calls_lost);
  const std::string before = count_text(as_it_is.calls_lost);
  std::string text = fmt::format("{} lost instead of {}", now, before);
  if (now == before) text = now == "0" ? "no call lost either way" : now + " lost all the same";
  const std::string failover = duration_text(best.failover_s);
  if (failover != duration_text(as_it_is.failover_s)) {
    text += fmt::format("; new calls normal after {} instead of {}", failover, duration_text(as_it_is.failover_s));
  } else if (best.calls_hit < as_it_is.calls_hit) {
    text += fmt::format("; {} hit instead of {}", count_text(best.calls_hit), count_text(as_it_is.calls_hit));
  }
  return text;
}

}  // namespace

BestSetting best_setting(std::span<const AdviceRow> advice) {
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
  if (std::ranges::all_of(advice, alike)) return {.headline = "None of the settings tried would have changed anything.", .table_says_more = false};
  if (&best == &as_it_is) return {.headline = "None of the settings tried would have helped."};
  std::vector<std::string> as_good;
  for (const AdviceRow& row : advice.subspan(1)) {
    const bool equal = row.calls_lost == best.calls_lost && row.calls_hit == best.calls_hit && row.failover_s == best.failover_s;
    if (equal && &row != &best) as_good.push_back(row.setting);
  }
  const std::string others = as_good.empty() ? "" : fmt::format(" (just as much: {})", fmt::join(as_good, "; "));
  return {.headline = "What would have helped most: " + best.setting + others, .gain = gain_words(as_it_is, best)};
}

std::string advice_text(std::span<const AdviceRow> advice) {
  const BestSetting best = best_setting(advice);
  if (best.headline.empty()) return {};
  std::string text = wrapped(best.headline, 2);
  if (!best.gain.empty()) text += wrapped("  " + best.gain, 2) + '\n';
  if (!best.table_says_more) return text;
  TextTable table({{"setting"}, {"lost", TextTable::Align::right}, {"hit", TextTable::Align::right}, {"failover", TextTable::Align::right}, {""}});
  for (const AdviceRow& row : advice) {
    table.add({row.setting, count_text(row.calls_lost), count_text(row.calls_hit), duration_text(row.failover_s), row.text});
  }
  return text + table.text(Colour::off, text_width);
}

std::string finding_text(const RunInfo& info, const Directory& directory, std::span<const std::vector<FaultImpact>> replications,
                         std::span<const AdviceRow> advice) {
  std::string text;
  if (replications.empty()) return text;
  for (std::size_t fault = 0; fault < directory.faults.size(); ++fault) {
    if (fault > 0) text += '\n';
    text += fault_paragraph(info, directory.faults[fault], mean_impact(replications, fault));
  }
  if (replications.size() > 1 && !text.empty()) text += fmt::format("Means over {} replications.\n", replications.size());
  if (advice.size() > 1 && !text.empty()) text += '\n' + advice_text(advice);
  return text;
}

}  // namespace trunklab
