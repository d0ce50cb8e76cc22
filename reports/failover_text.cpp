// A failover study in words.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string_view>

#include "reports/failover_report.hpp"
#include "reports/notice_words.hpp"
#include "reports/text.hpp"

namespace trunklab {
namespace {

using Align = TextTable::Align;

template <class Figure>
double mean_over(const FailoverRow& row, const Figure& figure) {
  double sum = 0;
  for (const FaultImpact& impact : row.impacts) sum += static_cast<double>(figure(impact));
  return sum / static_cast<double>(row.impacts.size());
}

/// Narrow: seconds up to an hour and a half.
std::string narrow(double seconds) {
  return seconds < 5400 ? fmt::format("{:.{}f} s", seconds, seconds > 0 && seconds < 9.95 ? 1 : 0) : duration_text(seconds);
}

/// "4.6 s", with '*' if it lasted until the repair and '!' if that misses the objective.
std::string failover_cell(const FailoverFigures& figures, std::optional<Span> longest) {
  std::string cell = narrow(figures.failover_s);
  if (figures.not_before_repair) cell += '*';
  return longest && figures.failover_s > in_seconds(*longest) ? cell + '!' : cell;
}

std::string seen_cell(const FailoverRow& row, const FailoverFigures& figures) {
  if (figures.seen_s) return narrow(*figures.seen_s);
  return row.concerned.empty() ? "" : "never";
}

/// "probe-10s -27" calls lost, or "-68s" of failover, or "-3 hit".
std::string best_cell(const FailoverRow& row) {
  if (!row.best) return "";
  const auto net = [](const FaultImpact& impact) { return static_cast<double>(impact.all().lost) - static_cast<double>(impact.all().gained); };
  const double lost = net(row.best->as_it_is) - net(row.best->better);
  const double sooner = row.best->as_it_is.failover_s - row.best->better.failover_s;
  if (lost > 0) return fmt::format("{} -{:.0f}", row.best->key, lost);
  if (sooner > 0) return fmt::format("{} -{:.{}f}s", row.best->key, sooner, sooner < 9.95 ? 1 : 0);
  const ImpactGroup before = row.best->as_it_is.all();
  return fmt::format("{} -{} hit", row.best->key, before.hit - std::min(before.hit, row.best->better.all().hit));
}

constexpr std::size_t table_width = 100;

std::string legend(std::span<const FailoverRow> rows, std::optional<Span> longest) {
  const auto line = [](const std::string& words) { return wrapped(words, 2, table_width); };
  std::string text = line("hit: calls changed for the worse: lost (some of them cut off while talking), late, or stuck (hung up in vain).");
  text +=
      line("failover: from the fault until new calls are normal; * not before the repair. return: how long after the repair calls were disturbed.");
  text += line("seen: first marked down by a probe or a name's health check.");
  if (longest && std::ranges::any_of(rows, [&](const FailoverRow& row) { return misses(row, *longest); }))
    text += line(fmt::format("! longer than the objective, {}.", duration_text(in_seconds(*longest))));
  if (std::ranges::any_of(rows, [](const FailoverRow& row) { return row.best.has_value(); })) {
    text += line(
        "best other: the setting that would have helped most, and how many fewer calls would have been lost; else how much sooner it would have "
        "been over; else how many fewer would have been hit. Its configuration: trunklab failover --faults FAULT");
  }
  return text;
}

}  // namespace

FailoverFigures figures_of(const FailoverRow& row) {
  const auto mean = [&](std::uint64_t ImpactGroup::*member) {
    return mean_over(row, [member](const FaultImpact& impact) { return impact.all().*member; });
  };
  FailoverFigures figures{.hit = mean(&ImpactGroup::hit),
                          .lost = mean(&ImpactGroup::lost),
                          .late = mean(&ImpactGroup::delayed),
                          .cut = mean_of(row.notice[Heard::cut_off], row.notice),
                          .stuck = mean(&ImpactGroup::orphaned),
                          .failover_s = mean_over(row, [](const FaultImpact& impact) { return impact.failover_s; }),
                          .not_before_repair = std::ranges::any_of(row.impacts, &FaultImpact::not_before_repair),
                          .return_s = mean_over(row, [](const FaultImpact& impact) { return impact.return_s; }),
                          .seen_s = std::nullopt,
                          .best = best_cell(row)};
  for (const std::uint16_t site : row.concerned) {
    const FaultNotice::Detection& detection = row.notice.detection.at(site);
    if (detection.seen == 0) continue;
    const double seen_s = detection.sum_s / detection.seen;
    figures.seen_s = std::min(figures.seen_s.value_or(seen_s), seen_s);
  }
  return figures;
}

bool misses(const FailoverRow& row, Span longest) {
  return mean_over(row, [](const FaultImpact& impact) { return impact.failover_s; }) > in_seconds(longest);
}

std::string failover_table(std::span<const FailoverRow> rows, std::optional<Span> longest) {
  TextTable table({{"fault"},
                   {"hit", Align::right},
                   {"lost", Align::right},
                   {"late", Align::right},
                   {"cut", Align::right},
                   {"stuck", Align::right},
                   {"failover", Align::right},
                   {"return", Align::right},
                   {"seen", Align::right},
                   {"best other"}});
  std::vector<std::string> harmless;
  for (const FailoverRow& row : rows) {
    const FailoverFigures figures = figures_of(row);
    if (figures.harmless()) {
      harmless.push_back(row.id);
      continue;
    }
    table.add({row.id, count_text(figures.hit), count_text(figures.lost), count_text(figures.late), count_text(figures.cut),
               count_text(figures.stuck), failover_cell(figures, longest), narrow(figures.return_s), seen_cell(row, figures), figures.best});
  }
  std::string text = harmless.size() < rows.size() ? table.text(Colour::off, table_width) + '\n' : "";
  if (!harmless.empty()) text += wrapped(fmt::format("No call was hit by {}.", fmt::join(harmless, ", ")), 2, table_width) + '\n';
  return harmless.size() < rows.size() ? text + legend(rows, longest) : text;
}

namespace {

bool has_kind(const FailoverRow& row, FaultKind kind) {
  return std::ranges::any_of(row.faults, [kind](const FaultSpec& fault) { return fault.kind == kind; });
}

/// Do OPTIONS go through although INVITEs do not?
bool hides_from_probes(const FailoverRow& row) {
  return has_kind(row, FaultKind::grey);
}

std::string detection_lines(const FailoverRow& row, const Directory& directory) {
  std::string text;
  for (const std::uint16_t site : row.concerned) {
    text += wrapped(fmt::format("  {}: {}", directory.sites[site], detection_words(row.notice, directory, site, hides_from_probes(row))), 4);
  }
  return text;
}

std::string caller_lines(const FailoverRow& row, const Directory& directory) {
  std::string text;
  for (const NoticeCount& each : callers_heard(row.notice)) text += fmt::format("    {:>6} {}\n", count_text(each.calls), each.words);
  if (text.empty()) return {};
  for (const NoticeCount& each : silences_met(row.notice, directory)) text += fmt::format("    {:>6} {}\n", count_text(each.calls), each.words);
  return "  callers of the calls hit\n" + text;
}

/// "31 x no response, 12 x 503": the most frequent first.
std::string logged_line(const FailoverRow& row) {
  std::vector<std::string> parts;
  for (const NoticeCount& each : logged_ends(row.notice)) parts.push_back(fmt::format("{} x {}", count_text(each.calls), each.words));
  if (parts.empty()) return {};
  return wrapped(fmt::format("  the sites log for the attempts of these calls: {}", fmt::join(parts, ", ")), 4);
}

std::string count_lines(const FailoverRow& row) {
  std::string text;
  const FaultNotice& notice = row.notice;
  if (notice.calls > 0) {
    text += fmt::format("  attempts per call while it lasted: {:.2f}\n", static_cast<double>(notice.attempts) / static_cast<double>(notice.calls));
  }
  if (notice.ghosts + notice.double_rings > 0) {
    text += wrapped(fmt::format("  of the attempts given up {} were answered all the same (ghosts), {} rang the called side again",
                                count_text(mean_of(notice.ghosts, notice)), count_text(mean_of(notice.double_rings, notice))),
                    4);
  }
  return text;
}

std::string of_limit(std::uint32_t value, const std::optional<double>& limit) {
  return limit ? fmt::format("{} of {:g}", value, *limit) : std::to_string(value);
}

std::string load_table(const FailoverRow& row, const Directory& directory) {
  const EdgeLimits limits = edge_limits(directory);
  TextTable table(
      {{"  edge"}, {"calls", Align::right}, {"INVITEs/s", Align::right}, {"calls after", Align::right}, {"INVITEs/s after", Align::right}});
  bool any = false;
  for (std::size_t edge = 0; edge < row.notice.peaks.size(); ++edge) {
    const FaultNotice::Peak& peak = row.notice.peaks[edge];
    if (peak == FaultNotice::Peak{}) continue;
    any = true;
    table.add({"  " + directory.edges[edge].name, of_limit(peak.concurrent_during, limits.sessions), of_limit(peak.cps_during, limits.cps),
               of_limit(peak.concurrent_after, limits.sessions), of_limit(peak.cps_after, limits.cps)});
  }
  if (!any) return {};
  return fmt::format("  highest load of the edges while it lasted, and in the {} after the repair\n", duration_text(in_seconds(after_repair))) +
         table.text();
}

}  // namespace

std::string failover_details(const FailoverRow& row, const Directory& directory) {
  std::string text = detection_lines(row, directory);
  if (figures_of(row).harmless()) return text;
  text += caller_lines(row, directory) + logged_line(row) + count_lines(row) + load_table(row, directory);
  return text;
}

}  // namespace trunklab
