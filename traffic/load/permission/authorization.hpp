// The carrier's consent to a load test, as a file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "models/result.hpp"
#include "models/units.hpp"

namespace trunklab {

/// What somebody at the carrier agreed to. We cannot tell whether it is true; that it has to be written down, and is kept with the record, is the
/// point.
struct Authorization {
  std::string contact;            ///< whom to call when something goes wrong
  std::string reference;          ///< of a ticket or a contract; may be empty
  std::int64_t from_unix_ns = 0;  ///< the window
  std::int64_t until_unix_ns = 0;
  std::vector<std::string> hosts;  ///< host names that may be called, lower case
  CallsPerSecond calls_per_second{1};
  std::uint32_t sessions = 1;

  /// "noc@carrier.example (CHG-1), 2026-11-24T10:00:00Z to 2026-11-24T12:00:00Z, at most 10 calls/s and 50 calls at the same time"
  [[nodiscard]] std::string text() const;
};

/// YAML with exactly these keys: contact, reference (optional), from, until (ISO 8601 with an offset), hosts (a list), calls_per_second, sessions.
Result<Authorization> read_authorization(const std::filesystem::path& path);

}  // namespace trunklab
