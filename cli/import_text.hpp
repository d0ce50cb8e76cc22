// What `trunklab import` tells: for people and for programs.
#pragma once

#include <string>

#include "traffic/cdr/call_fit.hpp"

namespace trunklab::cli {

/// A short summary with tables. `file`: as the user named it.
std::string import_text(const std::string& file, const CallTallies& tallies, const CallFit& fit);

/// One JSON document.
std::string import_json(const std::string& file, const CallTallies& tallies, const CallFit& fit);

}  // namespace trunklab::cli
