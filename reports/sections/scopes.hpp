// The same time in two scopes: per call, as the customer sees it, and per attempt, as the carrier's records show it.
#pragma once

#include <optional>

#include "reports/document/document.hpp"
#include "reports/run_reader.hpp"

namespace trunklab {

/// While this fault lasted against the time outside all planned faults. nullopt if the record does not hold every call.
std::optional<Table> scopes_table(const RunRecord& record, const Directory::Fault& fault);

}  // namespace trunklab
