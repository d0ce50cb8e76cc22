// Which measures a sweep can show, known before anything has run.
#pragma once

#include <string>
#include <vector>

namespace trunklab::cli {

/// The names of all measures that the total of a run may have, as `summarise` makes them. Some depend on the scenario: where no call has codecs,
/// there is no mos_p5.
std::vector<std::string> measures_of_total();

}  // namespace trunklab::cli
