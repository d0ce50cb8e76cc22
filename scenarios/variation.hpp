// Which points a sweep visits: the keys that it varies, their values, and how those are combined.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/result.hpp"
#include "scenarios/overrides.hpp"

namespace trunklab {

/// Values from one end to the other, both included.
struct ValueRange {
  double from = 0;
  double to = 0;
  std::optional<double> step;  ///< nullopt: for a Latin hypercube only
  bool whole = false;          ///< ends and step are written as whole numbers, so every value is one
  std::string unit;            ///< what stands behind each number: "s", "%", "/min"
};

/// A key and the values that it shall take.
struct Variation {
  std::string key;
  std::vector<std::string> values;  ///< of a list, or of a range with a step; at least one
  std::optional<ValueRange> range;
};

/// More values of a key, or points of a sweep, are refused (ours).
inline constexpr std::size_t sweep_points_max = 1'000'000;

/// "sites.oslo.channels=30,60,90", "demand.calls.arrivals.rate=10/min..20/min/2", "sites.oslo.rtt.euc1=10ms..90ms". Commas inside of brackets and
/// braces belong to the value. `where` names the option in messages.
Result<Variation> parse_variation(std::string_view text, std::string_view where);

/// Could these keys name the same value, or one a part of the other's? "sites.*.channels" and "sites.oslo.channels", "sites.oslo" and
/// "sites.oslo.rtt".
bool keys_overlap(std::string_view left, std::string_view right);

/// Every combination, the last key varying fastest. Problems: a range without a step, too many points.
Result<std::vector<std::vector<Override>>> full_grid(std::span<const Variation> variations);

/// `points` combinations in which every key meets each of its `points` equal parts exactly once: a list's values each as often as another (within
/// one), a range at a random place of each part. The order of each key's parts is shuffled; a function of the seed and the number of points. Source:
/// M. D. McKay, R. J. Beckman, W. J. Conover, Technometrics 21 (1979) 239.
std::vector<std::vector<Override>> latin_hypercube(std::span<const Variation> variations, std::size_t points, std::uint64_t seed);

}  // namespace trunklab
