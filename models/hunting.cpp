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
