// What calls are worth to the user.
#pragma once

#include <optional>
#include <string>

namespace trunklab {

/// nullopt = not told; nothing is said of money then.
struct Prices {
  std::string currency;               ///< "EUR"; empty without prices
  std::optional<double> minute{};     ///< of talk time
  std::optional<double> lost_call{};  ///< each
  bool operator==(const Prices&) const = default;
};

}  // namespace trunklab
