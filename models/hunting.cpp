// The hunting policy's decisions.
#include "models/hunting.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

namespace trunklab {

bool HuntingPolicy::advances_on(std::uint16_t code) const {
  return std::ranges::binary_search(advance_codes, code);
}

bool ProbeSpec::good(std::uint16_t code) const {
  switch (alive) {
    case Alive::any: return code != 0;
    case Alive::ok: return code >= 200 && code < 300;
    case Alive::not_5xx: return code != 0 && (code < 500 || code >= 600);
  }
  return false;
}

std::uint8_t Hunt::first_of(TargetSet choice, TargetGroup group, unsigned from) {
  const auto mine = static_cast<unsigned>(choice >> group.first) & ((1U << group.count) - 1U);
  assert(mine != 0 && from < group.count);
  const unsigned later_ones = mine >> from << from;
  return static_cast<std::uint8_t>(group.first + static_cast<unsigned>(std::countr_zero(later_ones != 0 ? later_ones : mine)));
}

std::optional<std::uint8_t> Hunt::next(std::span<const TargetGroup> groups, TargetSet usable, TargetSet tried, unsigned first) {
  const auto choice = static_cast<TargetSet>(usable & ~tried);
  for (const TargetGroup& group : groups) {
    const unsigned bits = ((1U << group.count) - 1U) << group.first;
    if ((choice & bits) != 0) return first_of(choice, group, first % group.count);
  }
  if (tried != 0) return std::nullopt;
  return static_cast<std::uint8_t>(groups.front().first + first % groups.front().count);
}

bool Hunt::advances(const HuntingPolicy& policy, AttemptEnd end, std::uint16_t code, bool ringing) {
  if (ringing) return false;
  switch (end) {
    case AttemptEnd::no_response:
    case AttemptEnd::no_progress:
    case AttemptEnd::transport_error: return true;
    case AttemptEnd::refused: return policy.advances_on(code);
    case AttemptEnd::none:
    case AttemptEnd::answered:
    case AttemptEnd::abandoned:
    case AttemptEnd::lost_in_setup: return false;
  }
  return false;
}

bool Hunt::blames(const HoldDown& policy, AttemptEnd end, std::uint16_t code) {
  if (end == AttemptEnd::no_response) return policy.no_response;
  if (end == AttemptEnd::transport_error) return policy.transport_error;
  return end == AttemptEnd::refused && std::ranges::binary_search(policy.codes, code);
}

}  // namespace trunklab
