// Putting measures of ports and speech into sentences.
#include "reports/media_finding.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <optional>
#include <string_view>
#include <vector>

#include "reports/figures.hpp"
#include "reports/text.hpp"

namespace trunklab {
namespace {

constexpr std::array reasons{"refused_exhausted", "refused_fragmented", "refused_quarantined", "refused_leaked", "refused_foreign"};

std::string why(const Figures& figures, std::string_view reason) {
  const std::string used = figures.count("ports_max");
  if (reason == "refused_exhausted") {
    if (figures["addresses_max"] < 0.5) return fmt::format("calls held all ports, {} at most", used);
    const bool one = figures.count("addresses_max") == "1";
    return fmt::format("calls held all ports of the addresses that were there, {} at most; {} {} at most, {} ordered", used,
                       figures.count("addresses_max"), one ? "address" : "addresses", figures.count("scale_outs"));
  }
  if (reason == "refused_fragmented") return "ports were free, but no two neighbours for RTP and RTCP, or the search gave up before it came to them";
  if (reason == "refused_quarantined") return "the free ports had been given back too lately: they were in quarantine";
  if (reason == "refused_leaked") {
    return fmt::format("{} ports were held for calls that were over, and never given back in time; calls themselves never used more than {}",
                       figures.count("ports_leaked_max"), used);
  }
  return fmt::format("other programs of the machine had taken ports of the range; calls themselves never used more than {}", used);
}

std::optional<MediaFinding> refusals(const RunInfo& info, const Figures& figures) {
  double refused = 0;
  for (const char* reason : reasons) refused += figures[reason];
  if (refused < 0.5) return std::nullopt;
  const double whole_s = std::floor(figures["refused_from"]);  // as clocks show it
  const Instant first = run_start + from_seconds(whole_s);
  const std::string what = figures.entity().starts_with("site/") ? "call" : "INVITE";
  MediaFinding finding{.entity = figures.entity(), .sentence = {}, .parts = {}};
  finding.sentence =
      fmt::format("{}: no RTP port for {:.0f} {}, the first of them{} after {} ({}).", figures.entity(), refused, refused < 1.5 ? what : what + "s",
                  info.replications > 1 ? ", on average," : "", duration_text(whole_s), date_and_clock_text(info, first));
  for (const char* reason : reasons) {
    if (figures[reason] >= 0.5) finding.parts.push_back(fmt::format("{} of them: {}", figures.count(reason), why(figures, reason)));
  }
  return finding;
}

MediaFinding sentence(const Figures& figures, std::string text) {
  return {.entity = figures.entity(), .sentence = std::move(text), .parts = {}};
}

/// One in a thousand is worth a word.
std::optional<MediaFinding> collisions(const Figures& figures) {
  constexpr double worth_a_word = 0.001;
  if (figures["port_collisions"] < worth_a_word * figures["port_requests"] || figures["port_collisions"] < 0.5) return std::nullopt;
  return sentence(figures,
                  fmt::format("{}: {} times a port was given out again while packets of its last call might still come: somebody may hear the end of "
                              "another call. Of the ports that were used again one in twenty was so within {}.",
                              figures.entity(), figures.count("port_collisions"), duration_text(figures["port_reuse_p5"])));
}

std::optional<MediaFinding> silences(const Figures& figures) {
  if (figures["one_way"] + figures["no_audio"] < 0.5) return std::nullopt;
  std::vector<std::string> parts;
  if (figures["one_way"] >= 0.5) parts.push_back(fmt::format("{} only one side heard the other", figures.count("one_way")));
  if (figures["no_audio"] >= 0.5) parts.push_back(fmt::format("{} neither side did", figures.count("no_audio")));
  return sentence(figures,
                  fmt::format("{}: of {} answered calls, in {}: a firewall, NAT or a failed media address keeps RTP from getting through. Whoever "
                              "hears nothing hangs up after the media time-out.",
                              figures.entity(), figures.count("answered"), fmt::format("{}", fmt::join(parts, ", in "))));
}

}  // namespace

std::vector<MediaFinding> media_findings(const RunInfo& info, std::span<const Measure> measures) {
  std::vector<MediaFinding> findings;
  const auto add = [&](std::optional<MediaFinding> finding) {
    if (finding) findings.push_back(std::move(*finding));
  };
  std::string_view last;
  for (const Measure& measure : measures) {
    if (measure.entity == last || (!measure.entity.starts_with("site/") && !measure.entity.starts_with("region/"))) continue;
    last = measure.entity;
    const Figures figures(measures, measure.entity);
    add(refusals(info, figures));
    add(collisions(figures));
    if (measure.entity.starts_with("site/")) add(silences(figures));
  }
  return findings;
}

std::string media_finding_text(const RunInfo& info, std::span<const Measure> measures) {
  std::string text;
  for (const MediaFinding& finding : media_findings(info, measures)) {
    text += wrapped(finding.sentence, 2);
    for (const std::string& part : finding.parts) text += wrapped("  " + part, 4);
  }
  return text;
}

}  // namespace trunklab
