// What was wrong with media, in plain words: ports that ran out and why, ports used again too soon, calls in which somebody heard nothing.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "models/measures/measure.hpp"
#include "reports/run_info.hpp"

namespace trunklab {

/// Something that went wrong with media, and the parts it consists of.
struct MediaFinding {
  std::string entity;    ///< "site/stockholm"
  std::string sentence;  ///< "site/stockholm: no RTP port for 812 calls, the first of them after 54 min (...)."
  std::vector<std::string> parts;
};
std::vector<MediaFinding> media_findings(const RunInfo& info, std::span<const Measure> measures);

/// A paragraph for each site or region where something was wrong; lines of at most 80 columns where there is a space to break them at. Empty if
/// nothing was, or if media was not modelled. `measures`: as summarise() gives them.
std::string media_finding_text(const RunInfo& info, std::span<const Measure> measures);

}  // namespace trunklab
