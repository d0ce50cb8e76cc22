// Words for what was noticed of a fault.
#include "reports/notice_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string_view>

#include "reports/text.hpp"

namespace trunklab {
namespace {

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

void add_if_shown(std::vector<NoticeCount>& list, double mean, std::string words) {
  if (count_text(mean) != "0") list.push_back({.calls = mean, .words = std::move(words)});
}

std::string unseen(const Directory::SiteSettings& site, bool grey) {
  if (!site.probes)
    return site.names.empty() ? "never saw it, since it does not probe" : "the health check of the name never saw it, and the site does not probe";
  return grey ? "OPTIONS were answered all along: probes never saw it" : "its probes never saw it";
}

}  // namespace

double mean_of(std::uint64_t sum, const FaultNotice& notice) {
  return static_cast<double>(sum) / std::max(1U, notice.replications);
}

std::string count_text(double mean) {
  if (mean != 0 && std::abs(mean) < 0.05)
    return std::abs(mean) < 1e-4 ? (mean > 0 ? "<0.0001" : ">-0.0001") : fmt::format("{:.1g}", mean);  // a few in many replications are not none
  return fmt::format("{:.{}f}", mean, mean < 10 && std::abs(mean - std::round(mean)) > 0.05 ? 1 : 0);
}

std::vector<NoticeCount> callers_heard(const FaultNotice& notice) {
  std::vector<NoticeCount> list;
  for (const HeardRow& row : heard_rows) add_if_shown(list, mean_of(notice[row.what], notice), std::string(row.words));
  return list;
}

std::vector<NoticeCount> silences_met(const FaultNotice& notice, const Directory& directory) {
  const auto& sites = directory.site_settings;
  const bool same = !sites.empty() && std::ranges::all_of(sites, [&](const auto& site) { return site.no_response == sites.front().no_response; });
  std::vector<NoticeCount> list;
  for (const auto& [times, calls] : notice.silent) {
    const std::string wait = same ? fmt::format(": {} of silence", duration_text(times * in_seconds(sites.front().no_response))) : "";
    add_if_shown(list, mean_of(calls, notice), fmt::format("met {} attempt{} without an answer{}", times, times == 1 ? "" : "s", wait));
  }
  return list;
}

std::vector<NoticeCount> logged_ends(const FaultNotice& notice) {
  std::map<std::string, std::uint64_t> counts;
  for (const auto& [how, count] : notice.logged) counts[how.code == 0 ? std::string(logged_words(how.end)) : std::to_string(how.code)] += count;
  std::vector<NoticeCount> list;
  for (const auto& [words, count] : counts) add_if_shown(list, mean_of(count, notice), words);
  std::ranges::stable_sort(list, std::ranges::greater{}, &NoticeCount::calls);
  return list;
}

std::string detection_words(const FaultNotice& notice, const Directory& directory, std::uint16_t site, bool grey) {
  const FaultNotice::Detection& detection = notice.detection.at(site);
  if (detection.seen == 0) return unseen(directory.site_settings.at(site), grey);
  std::string words = fmt::format("seen by {} after {}", detection.by_name ? "the health check of the name" : "its probes",
                                  duration_text(detection.sum_s / detection.seen));
  if (detection.seen < notice.replications) words += fmt::format(", in {} of {} replications", detection.seen, notice.replications);
  return words;
}

EdgeLimits edge_limits(const Directory& directory) {
  EdgeLimits limits;
  for (const Directory::Cap& cap : directory.caps) {
    if (cap.scope != CapScope::edge) continue;
    if (cap.cps) limits.cps = std::min(limits.cps.value_or(*cap.cps), *cap.cps);
    if (cap.sessions) limits.sessions = std::min(limits.sessions.value_or(*cap.sessions), static_cast<double>(*cap.sessions));
  }
  return limits;
}

}  // namespace trunklab
