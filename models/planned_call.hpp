// One row of the timetable: everything a call needs, drawn at birth, whether or not the call gets through.
#pragma once

#include <compare>
#include <cstdint>

#include "models/demand_spec.hpp"
#include "models/units.hpp"

namespace trunklab {

/// Names a call for ever: the demand, the window in which it was born, its number there. Equal in every replication and on every rank.
struct CallId {
  std::uint16_t demand = 0;
  std::uint8_t redial = 0;   ///< 0 = the call itself, 1.. = its redials
  std::uint32_t window = 0;  ///< below 2^24
  std::uint32_t number = 0;
  auto operator<=>(const CallId&) const = default;
};

struct PlannedCall {
  CallId id;
  Instant at;               ///< when the caller dials
  Span post_dial{};         ///< see DemandSpec::post_dial_delay
  Span ring{};              ///< see DemandSpec::ring_time
  Span talk{};              ///< from answer to hang-up
  Span patience = endless;  ///< from dialling; then the caller hangs up unless answered
  PstnAnswer answer = PstnAnswer::answered;
  bool caller_hangs_up = true;   ///< who ends the call once it is answered
  bool e164 = true;              ///< its To number is in E.164 format
  bool known_caller_id = true;   ///< else it goes out as private
  std::uint8_t destination = 0;  ///< index into DemandSpec::destinations
  bool operator==(const PlannedCall&) const = default;
};

}  // namespace trunklab
