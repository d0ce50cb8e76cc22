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
  // What capacity costs in a month.
  std::optional<double> channel{};  ///< each channel of a site
  std::optional<double> session{};  ///< each call at the same time that the contract allows, of the account
  std::optional<double> cps{};      ///< each call a second, likewise
  std::optional<double> mbit{};     ///< each Mbit/s of a site, in each direction
  bool operator==(const Prices&) const = default;
};

}  // namespace trunklab
