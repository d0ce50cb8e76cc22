// What `trunklab reconcile` prints: both sides, what belongs together, what differs.
#pragma once

#include <string>
#include <vector>

#include "cli/reconcile_sides.hpp"

namespace trunklab::cli {

/// Everything that there is to tell.
struct ReconcileAnswer {
  std::string record_file;
  std::string call_file;
  std::uint32_t replication = 0;
  bool complete = true;  ///< false: our run was stopped before its end
  std::vector<BilledCall> here;
  TheirCalls there;
  ReconcileRules rules;
  Reconciliation found;
  std::vector<std::string> defaults;  ///< options of ours that were relied on: "--increment 1s"
};

std::string reconcile_text(const ReconcileAnswer& answer);
std::string reconcile_json(const ReconcileAnswer& answer);

}  // namespace trunklab::cli
