// A failover study in words.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string_view>

#include "reports/failover_report.hpp"
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

/// A figure of the notice, over replications.
double mean_of(std::uint64_t sum, const FailoverRow& row) {
  return static_cast<double>(sum) / std::max(1U, row.notice.replications);
}

/// Whole, or tenths where a mean is small.
std::string number(double mean) {
  return fmt::format("{:.{}f}", mean, mean < 10 && std::abs(mean - std::round(mean)) > 0.05 ? 1 : 0);
}

bool shows(double mean) {
  return number(mean) != "0";
}

/// Narrow: seconds up to an hour and a half.
std::string narrow(double seconds) {
  return seconds < 5400 ? fmt::format("{:.{}f} s", seconds, seconds > 0 && seconds < 9.95 ? 1 : 0) : duration_text(seconds);
}

/// "4.6 s", with '*' if it lasted until the repair and '!' if that misses the objective.
std::string failover_cell(const FailoverRow& row, std::optional<Span> longest) {
  std::string cell = narrow(mean_over(row, [](const FaultImpact& impact) { return impact.failover_s; }));
  if (std::ranges::any_of(row.impacts, &FaultImpact::not_before_repair)) cell += '*';
  return longest && misses(row, *longest) ? cell + '!' : cell;
}

/// The earliest of the sites that could see it.
std::string seen_cell(const FailoverRow& row) {
  std::optional<double> first;
  for (const std::uint16_t site : row.concerned) {
    const FaultNotice::Detection& detection = row.notice.detection.at(site);
    if (detection.seen > 0) first = std::min(first.value_or(1e9), detection.sum_s / detection.seen);
  }
  if (first) return narrow(*first);
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

bool is_harmless(const FailoverRow& row) {
  return std::ranges::all_of(row.impacts, [](const FaultImpact& impact) { return impact.all().hit == 0; });
}

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
    const auto mean = [&](std::uint64_t ImpactGroup::*member) {
      return number(mean_over(row, [member](const FaultImpact& impact) { return impact.all().*member; }));
    };
    if (is_harmless(row)) {
      harmless.push_back(row.id);
      continue;
    }
    const std::string back = narrow(mean_over(row, [](const FaultImpact& impact) { return impact.return_s; }));
    table.add({row.id, mean(&ImpactGroup::hit), mean(&ImpactGroup::lost), mean(&ImpactGroup::delayed),
               number(mean_of(row.notice[Heard::cut_off], row)), mean(&ImpactGroup::orphaned), failover_cell(row, longest), back, seen_cell(row),
               best_cell(row)});
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

std::string unseen(const FailoverRow& row, const SiteSettings& site) {
  if (!site.probes)
    return site.by_name ? "the health check of the name never saw it, and the site does not probe" : "never saw it, since it does not probe";
  if (hides_from_probes(row)) return "OPTIONS were answered all along: probes never saw it";
  return "its probes never saw it";
}

std::string detection_lines(const FailoverRow& row, const Directory& directory, std::span<const SiteSettings> sites) {
  std::string text;
  for (const std::uint16_t site : row.concerned) {
    const FaultNotice::Detection& detection = row.notice.detection.at(site);
    std::string words = unseen(row, sites[site]);
    if (detection.seen > 0) {
      words = fmt::format("seen by {} after {}", detection.by_name ? "the health check of the name" : "its probes",
                          duration_text(detection.sum_s / detection.seen));
      if (detection.seen < row.notice.replications) words += fmt::format(", in {} of {} replications", detection.seen, row.notice.replications);
    }
    text += wrapped(fmt::format("  {}: {}", directory.sites[site], words), 4);
  }
  return text;
}

struct HeardRow {
  Heard what;
  std::string_view words;
};
constexpr auto heard_rows = std::to_array<HeardRow>({{Heard::cut_off, "were cut off while talking"},
                                                     {Heard::dead_line, "found the line of their own site dead"},
                                                     {Heard::ringback, "heard ringback to nobody until they gave up"},
                                                     {Heard::silence_to_the_end, "heard silence until they gave up"},
                                                     {Heard::silence_then_busy, "heard silence, then fast busy"},
                                                     {Heard::fast_busy, "heard fast busy at once"},
                                                     {Heard::silence_then_through, "heard silence, then got through"},
                                                     {Heard::slow, "waited longer than usual"},
                                                     {Heard::nothing_unusual, "heard nothing unusual (the hang-up was in vain)"}});

/// The silence of an attempt is the site's no_response, if all sites have the same.
std::string silence_lines(const FailoverRow& row, std::span<const SiteSettings> sites) {
  const bool same = std::ranges::all_of(sites, [&](const SiteSettings& site) { return site.no_response == sites.front().no_response; });
  std::string text;
  for (const auto& [times, calls] : row.notice.silent) {
    const std::string wait = same ? fmt::format(": {} of silence", duration_text(times * in_seconds(sites.front().no_response))) : "";
    if (shows(mean_of(calls, row))) {
      text += fmt::format("    {:>6} met {} attempt{} without an answer{}\n", number(mean_of(calls, row)), times, times == 1 ? "" : "s", wait);
    }
  }
  return text;
}

std::string caller_lines(const FailoverRow& row, std::span<const SiteSettings> sites) {
  std::string text;
  for (const HeardRow& each : heard_rows) {
    const double calls = mean_of(row.notice[each.what], row);
    if (shows(calls)) text += fmt::format("    {:>6} {}\n", number(calls), each.words);
  }
  if (text.empty()) return {};
  return "  callers of the calls hit\n" + text + silence_lines(row, sites);
}

/// What stands in a log for an end without a code.
std::string_view logged_words(AttemptEnd end) {
  switch (end) {
    case AttemptEnd::no_response: return "no response";
    case AttemptEnd::no_progress: return "nothing after 100";
    case AttemptEnd::lost_in_setup: return "no final response";
    case AttemptEnd::transport_error: return "connection refused or broken";
    case AttemptEnd::abandoned: return "given up by the caller";
    case AttemptEnd::answered: return "answered";
    case AttemptEnd::refused: return "refused";
    case AttemptEnd::none: return "unfinished";
  }
  return {};
}

/// "31 x no response, 12 x 503": the most frequent first.
std::string logged_line(const FailoverRow& row) {
  std::map<std::string, std::uint64_t> counts;
  for (const auto& [how, count] : row.notice.logged) counts[how.code == 0 ? std::string(logged_words(how.end)) : std::to_string(how.code)] += count;
  std::vector<std::pair<double, std::string>> parts;
  for (const auto& [words, count] : counts) {
    const double mean = mean_of(count, row);
    if (shows(mean)) parts.emplace_back(mean, fmt::format("{} x {}", number(mean), words));
  }
  if (parts.empty()) return {};
  std::ranges::stable_sort(parts, std::ranges::greater{}, [](const auto& part) { return part.first; });
  std::string text = "  the sites log for the attempts of these calls: ";
  for (const auto& part : parts) text += part.second + (&part == &parts.back() ? "" : ", ");
  return wrapped(text, 4);
}

std::string count_lines(const FailoverRow& row) {
  std::string text;
  const FaultNotice& notice = row.notice;
  if (notice.calls > 0) {
    text += fmt::format("  attempts per call while it lasted: {:.2f}\n", static_cast<double>(notice.attempts) / static_cast<double>(notice.calls));
  }
  if (notice.ghosts + notice.double_rings > 0) {
    text += wrapped(fmt::format("  of the attempts given up {} were answered all the same (ghosts), {} rang the called side again",
                                number(mean_of(notice.ghosts, row)), number(mean_of(notice.double_rings, row))),
                    4);
  }
  return text;
}

std::string of_limit(std::uint32_t value, const std::optional<double>& limit) {
  return limit ? fmt::format("{} of {:g}", value, *limit) : std::to_string(value);
}

std::string load_table(const FailoverRow& row, const Directory& directory, std::span<const EdgeLimits> edges) {
  TextTable table(
      {{"  edge"}, {"calls", Align::right}, {"INVITEs/s", Align::right}, {"calls after", Align::right}, {"INVITEs/s after", Align::right}});
  bool any = false;
  for (std::size_t edge = 0; edge < row.notice.peaks.size(); ++edge) {
    const FaultNotice::Peak& peak = row.notice.peaks[edge];
    if (peak == FaultNotice::Peak{}) continue;
    any = true;
    const std::optional<double> sessions = edges[edge].sessions ? std::optional<double>(*edges[edge].sessions) : std::nullopt;
    table.add({"  " + directory.edges[edge].name, of_limit(peak.concurrent_during, sessions), of_limit(peak.cps_during, edges[edge].cps),
               of_limit(peak.concurrent_after, sessions), of_limit(peak.cps_after, edges[edge].cps)});
  }
  if (!any) return {};
  return fmt::format("  highest load of the edges while it lasted, and in the {} after the repair\n", duration_text(in_seconds(after_repair))) +
         table.text();
}

}  // namespace

std::string failover_details(const FailoverRow& row, const Directory& directory, std::span<const SiteSettings> sites,
                             std::span<const EdgeLimits> edges) {
  std::string text = detection_lines(row, directory, sites);
  if (is_harmless(row)) return text;
  text += caller_lines(row, sites) + logged_line(row) + count_lines(row) + load_table(row, directory, edges);
  return text;
}

}  // namespace trunklab
