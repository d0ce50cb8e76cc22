// Putting the finding of a run into sentences.
#include "reports/sections/finding_sentences.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "models/record/words.hpp"
#include "reports/figures.hpp"
#include "reports/mean_impact.hpp"
#include "reports/media_finding.hpp"
#include "reports/notice_words.hpp"
#include "reports/objectives.hpp"

namespace trunklab {
namespace {

struct Trouble {
  std::string_view measure;
  std::string_view words;
};
/// What the trunk, not the called side, did to calls.
constexpr auto troubles = std::to_array<Trouble>({{"blocked", "blocked"},
                                                  {"failed", "failed"},
                                                  {"lost_in_setup", "lost in set-up"},
                                                  {"dropped", "cut off while talking"},
                                                  {"orphaned", "hung up in vain (the other side did not hear the BYE)"}});

/// Parts of `blocked` and `failed` that a reader cannot guess.
constexpr auto reasons = std::to_array<Trouble>({{"blocked_site_channels", "for want of channels"},
                                                 {"blocked_cap_cps", "by a cap on calls per second"},
                                                 {"blocked_cap_sessions", "by a cap on sessions"},
                                                 {"blocked_site_ports", "for want of RTP ports at the site"},
                                                 {"blocked_media_ports", "for want of RTP ports of the service"},
                                                 {"failed_no_response", "without any answer"},
                                                 {"failed_no_progress", "without ringing"},
                                                 {"failed_refused", "refused by the service"},
                                                 {"failed_transport_error", "by a connection refused or broken"},
                                                 {"failed_name_not_resolved", "since the name was not resolved"},
                                                 {"failed_unauthorized", "for wrong credentials"},
                                                 {"failed_number_format", "since the number was not E.164"},
                                                 {"failed_callback", "by the callback"},
                                                 {"failed_destination", "since the called prefix is dead"},
                                                 {"failed_firewall", "at the site's firewall"},
                                                 {"failed_fragments", "since INVITEs were too long for the path"},
                                                 {"failed_no_edge_left", "since no edge could call"},
                                                 {"failed_site_down", "since the site's SBC was gone"},
                                                 {"failed_codec", "for want of a common codec"}});

/// " (9 for want of channels, 3 by a cap on sessions)" of what is blocked or failed; nothing for the rest.
std::string why(const Figures& figures, std::string_view trouble) {
  std::vector<std::string> parts;
  for (const Trouble& reason : reasons) {
    const double count = figures[reason.measure];
    if (count > 0 && reason.measure.starts_with(trouble)) parts.push_back(fmt::format("{} {}", count_text(count), reason.words));
  }
  return parts.empty() ? "" : fmt::format(" ({})", fmt::join(parts, ", "));
}

/// "12 blocked (12 for want of channels), 3 cut off while talking"; empty if all is well.
std::string listed(const Figures& figures) {
  std::vector<std::string> parts;
  for (const Trouble& trouble : troubles) {
    const double count = figures[trouble.measure];
    if (count > 0) parts.push_back(fmt::format("{} {}{}", count_text(count), trouble.words, why(figures, trouble.measure)));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string_view mean_note(const RunInfo& info) {
  return info.replications > 1 ? " (means over the replications)" : "";
}

FindingSentence summary(const FoundFigures& found) {
  const Figures total(found.measures, "total");
  const std::string offered = counted_calls(total["offered"]);
  const std::string wrong = listed(total);
  const bool planned = !found.directory.faults.empty() || !found.directory.random_faults.empty();
  if (!wrong.empty()) {
    return {.entity = "total", .text = fmt::format("Of {} offered{}: {}.", offered, mean_note(found.info), wrong), .tone = Tone::bad};
  }
  if (total["offered"] <= 0) return {.entity = "total", .text = "No call was offered, so nothing is known about calls.", .tone = Tone::note};
  const char* nothing = planned ? "No call came to harm" : "Nothing happened: no fault was planned, and no call came to harm";
  return {.entity = "total",
          .text = fmt::format("{}: of {} offered{} none was blocked, failed, lost, cut off or stuck.", nothing, offered, mean_note(found.info)),
          .tone = Tone::good};
}

void add_faults(const FoundFigures& found, std::vector<FindingSentence>& out) {
  const Directory& directory = found.directory;
  const Instant end = run_start + found.info.horizon;
  for (std::uint16_t fault = 0; fault < directory.faults.size(); ++fault) {
    const std::string entity = entity_name(directory, EntityKind::fault, fault);
    if (found.impacts.empty()) {
      out.push_back({.entity = entity,
                     .text = directory.faults[fault].text + ": what it did is not known, since the run was not compared with an undisturbed twin.",
                     .tone = Tone::note});
      continue;
    }
    const MeanImpact mean = mean_impact(found.impacts, fault);
    const std::string gained = gained_words(mean.all);
    out.push_back({.entity = entity,
                   .text = fault_sentence(directory.faults[fault], mean, end) + (gained.empty() ? "" : fmt::format(" But {}.", gained)),
                   .tone = count_text(mean.all.hit) == "0" ? Tone::good : Tone::bad});
  }
  if (!directory.random_faults.empty()) {
    out.push_back({.entity = "total",
                   .text = fmt::format("Besides, faults happened at random: {}. The timeline shows when.", fmt::join(directory.random_faults, "; ")),
                   .tone = Tone::note});
  }
}

void add_verdicts(const FoundFigures& found, std::vector<FindingSentence>& out) {
  for (const Verdict& verdict : found.verdicts) {
    if (verdict.kind == Verdict::Kind::met) continue;
    const char* words = verdict.kind == Verdict::Kind::missed ? "Objective missed" : "Objective not judged";
    out.push_back({.entity = verdict.entity, .text = fmt::format("{}: {}.", words, verdict.text), .tone = Tone::bad});
  }
}

void add_media(const FoundFigures& found, std::vector<FindingSentence>& out) {
  for (const MediaFinding& finding : media_findings(found.info, found.measures)) {
    const std::string parts = finding.parts.empty() ? "" : fmt::format(" {}.", fmt::join(finding.parts, "; "));
    out.push_back({.entity = finding.entity, .text = finding.sentence + parts, .tone = Tone::bad});
  }
}

}  // namespace

std::vector<FindingSentence> finding_sentences(const FoundFigures& found) {
  std::vector<FindingSentence> sentences;
  if (!found.complete) {
    sentences.push_back(
        {.entity = "total", .text = "INCOMPLETE: the run was stopped before its end; figures are of the part that was run.", .tone = Tone::bad});
  }
  if (found.measures.empty()) {
    sentences.push_back({.entity = "total", .text = "There are no measures: nothing was counted before the run was stopped.", .tone = Tone::note});
  } else {
    sentences.push_back(summary(found));
  }
  add_faults(found, sentences);
  add_verdicts(found, sentences);
  add_media(found, sentences);
  return sentences;
}

std::vector<FindingSentence> finding_sentences(const RunRecord& record) {
  std::vector<Measure> measures = record.measures();
  if (measures.empty() && !record.complete() && record.info().detail == CallDetail::all) measures = recompute(record);
  return finding_sentences({.info = record.info(),
                            .directory = record.directory(),
                            .measures = measures,
                            .impacts = record.impacts(),
                            .verdicts = record.verdicts(),
                            .complete = record.complete()});
}

std::vector<std::string> texts_of(const std::vector<FindingSentence>& sentences) {
  std::vector<std::string> texts;
  texts.reserve(sentences.size());
  for (const FindingSentence& sentence : sentences) texts.push_back(sentence.text);
  return texts;
}

}  // namespace trunklab
