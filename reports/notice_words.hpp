// What was noticed of a fault, as words and mean counts: for the terminal, for the page.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/measures/fault_watch.hpp"
#include "models/record/record.hpp"

namespace trunklab {

struct NoticeCount {
  double calls = 0;  ///< mean over replications, or attempts
  std::string words;
};

/// A sum of the notice, as a mean over its replications.
double mean_of(std::uint64_t sum, const FaultNotice& notice);

/// Whole, or tenths where a mean is small: "27", "0.4", "0.002"; "0" for nothing at all.
std::string count_text(double mean);

/// What the callers of the calls hit heard: "heard silence, then fast busy". Those that nobody heard are left out.
std::vector<NoticeCount> callers_heard(const FaultNotice& notice);

/// How many attempts without any answer they met: "met 2 attempts without an answer: 8 s of silence".
std::vector<NoticeCount> silences_met(const FaultNotice& notice, const Directory& directory);

/// What stands in the logs of the sites' equipment for the attempts of the calls hit: "503", "no response"; the most frequent first.
std::vector<NoticeCount> logged_ends(const FaultNotice& notice);

/// Why a site did not see the fault, or by what it did, and when: "seen by its probes after 63 s". `grey`: OPTIONS go through all along.
std::string detection_words(const FaultNotice& notice, const Directory& directory, std::uint16_t site, bool grey);

/// The caps of one edge alone; nullopt = none.
struct EdgeLimits {
  std::optional<double> cps;
  std::optional<double> sessions;
};
EdgeLimits edge_limits(const Directory& directory);

}  // namespace trunklab
