// The hunting policy's decisions.
#include "models/hunting.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

namespace trunklab {

bool HuntingPolicy::advances_on(std::uint16_t code) const {
  return std::ranges::binary_search(advance_codes, code);
}

std::optional<std::uint8_t> Hunt::next(TargetSet offered, TargetSet usable) {
  TargetSet choice = static_cast<TargetSet>(offered & usable & ~tried_);
  if (choice == 0 && tried_ == 0) choice = offered;
  if (choice == 0) return std::nullopt;
  const auto target = static_cast<std::uint8_t>(std::countr_zero(choice));
  tried_ = static_cast<TargetSet>(tried_ | (1U << target));
  return target;
}

bool Hunt::advances(const HuntingPolicy& policy, AttemptEnd end, std::uint16_t code, bool ringing) {
  if (ringing) return false;
  switch (end) {
    case AttemptEnd::no_response:
    case AttemptEnd::no_progress: return true;
    case AttemptEnd::refused: return policy.advances_on(code);
    case AttemptEnd::none:
    case AttemptEnd::answered:
    case AttemptEnd::abandoned:
    case AttemptEnd::lost_in_setup: return false;
  }
  return false;
}

std::optional<Span> Hunt::hold_down_after(const HuntingPolicy& policy, AttemptEnd end, std::uint16_t code, std::optional<Span> retry_after) {
  if (!policy.hold_down) return std::nullopt;
  if (end == AttemptEnd::no_response) return policy.hold_down;
  if (end == AttemptEnd::refused && code == 503) return retry_after;
  return std::nullopt;
}

}  // namespace trunklab
