// What was wrong with media, in plain words: ports that ran out and why, ports used again too soon, calls in which somebody heard nothing.
#pragma once

#include <span>
#include <string>

#include "models/measures/measure.hpp"
#include "reports/run_info.hpp"

namespace trunklab {

/// A paragraph for each site or region where something was wrong; lines of at most 80 columns where there is a space to break them at. Empty if
/// nothing was, or if media was not modelled. `measures`: as summarise() gives them.
std::string media_finding_text(const RunInfo& info, std::span<const Measure> measures);

}  // namespace trunklab
