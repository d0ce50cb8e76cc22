// The two sides that `trunklab reconcile` lays beside each other: a run record's INVITE targets, and the rows of a call file.
#pragma once

#include <atomic>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/result.hpp"
#include "reports/run_reader.hpp"
#include "traffic/cdr/call_file.hpp"
#include "traffic/cdr/reconciliation.hpp"

namespace trunklab::cli {

/// Which column tells calls apart.
struct KeyColumn {
  std::string name;
  bool is_call_id = false;
  bool guessed = false;
};

/// Columns as the user named them: nullopt = guess, empty = there is none.
struct KeyWishes {
  std::optional<std::string> call_id;
  std::optional<std::string> called;
};

struct TheirCalls {
  CallFileShape shape;
  std::optional<KeyColumn> key;  ///< nullopt: neither Call-ID nor called number: starts alone
  std::vector<BilledCall> calls;
  std::uint64_t unread = 0;  ///< rows of calls that were not answered, whose outcome is neither a code nor a word that is known
};

/// Every row of the file. `wishes.columns.number` is chosen here. Problems: as CallFile has them; a column that is not there; no column of talk
/// times, unless the one of whole calls is named.
Result<TheirCalls> read_their_calls(CallFileWishes wishes, const KeyWishes& key, const std::atomic<bool>& stop);

/// Called numbers by Call-ID, from a CSV with the columns call_id and number.
using CalledNumbers = std::map<std::string, std::string, std::less<>>;
Result<CalledNumbers> read_called_numbers(const std::string& path);

/// Every INVITE target of one replication, in the order of the record; calls from the service, which have none, as one each. Calls of the stationary
/// start are left out.
std::vector<BilledCall> our_calls(const RunRecord& record, std::uint32_t replication, const CalledNumbers& numbers);

}  // namespace trunklab::cli
