// Who calls, as plain data: arrival process, talk time, what the called side does, how patient the caller is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/distribution.hpp"
#include "models/hunting.hpp"
#include "models/media/media_spec.hpp"
#include "models/units.hpp"

namespace trunklab {

/// Independent arrivals at a constant rate (> 0).
struct PoissonArrivals {
  CallsPerSecond rate{0};
  bool operator==(const PoissonArrivals&) const = default;
};

/// One row of a rate table: from this instant on.
struct RatePoint {
  Instant from;
  CallsPerSecond rate{0};
  bool operator==(const RatePoint&) const = default;
};

/// Independent arrivals at a rate that varies with time. The first point is at run_start, times ascend strictly, rates are >= 0 and one is > 0.
/// After the last point the last rate holds. A counts file becomes such a table when it is read (each count / bin width, steps).
struct VaryingArrivals {
  enum class Between : std::uint8_t { step, linear };
  std::vector<RatePoint> table;
  Between between = Between::step;
  bool operator==(const VaryingArrivals&) const = default;
};

/// Evenly spaced arrivals, the first one after `offset`. every > 0.
struct DeterministicArrivals {
  Span every{};
  Span offset{};
  bool operator==(const DeterministicArrivals&) const = default;
};

/// Arrivals read from a call file (CSV with a heading line).
struct TraceArrivals {
  std::string file;                         ///< path, already resolved against the scenario's folder
  std::string arrival_column;               ///< ISO 8601 date and time; without an offset it is taken as UTC, as the window is
  std::string holding_column;               ///< talk time in seconds; replaces DemandSpec::holding
  std::optional<std::string> where_column;  ///< only rows whose column ...
  std::string where_value;                  ///< ... has this value
  std::int64_t from_unix_ns = 0;            ///< window in the file's own time; the row at `from` arrives at run_start
  std::int64_t to_unix_ns = 0;              ///< end of the window, exclusive
  double scale = 1;                         ///< >= 0; 0.5 keeps half of the calls (thinning), 2.5 plays each twice and half of them once more
  Span jitter{};                            ///< added copies arrive up to this much later (uniform); the first copy is never moved
  bool operator==(const TraceArrivals&) const = default;
};

using Arrivals = std::variant<PoissonArrivals, VaryingArrivals, DeterministicArrivals, TraceArrivals>;

/// What the called side does once it has been reached.
enum class PstnAnswer : std::uint8_t { answered, busy, no_answer, rejected };

/// Shares of the called side's behaviour; they sum to 1.
struct AnswerMix {
  Probability answered{1};
  Probability busy{0};
  Probability no_answer{0};
  Probability rejected{0};
  bool operator==(const AnswerMix&) const = default;
};

/// Calls from the site to Sinch, or from Sinch to the site.
enum class Direction : std::uint8_t { termination, origination };

/// Where some of a demand's calls go, and what is different there.
struct DestinationSpec {
  std::string prefix;                           ///< digits after '+', such as "4670"
  Probability share{1};                         ///< of the demand's calls
  std::optional<AnswerMix> answer;              ///< nullopt = the demand's
  std::optional<Distribution> post_dial_delay;  ///< nullopt = the demand's
  std::optional<Distribution> ring_time;        ///< nullopt = the demand's
  bool operator==(const DestinationSpec&) const = default;
};

/// Callers who try again. Drawn at birth, executed only if the call fails.
struct RedialSpec {
  Probability probability{0};  ///< that a call which was blocked, failed, lost in set-up, busy or not answered is dialled again
  Distribution delay = Fixed{std::chrono::seconds{30}};
  std::uint8_t most = 3;  ///< redials of one call at most, 1..7
  bool operator==(const RedialSpec&) const = default;
};

/// One source of calls.
struct DemandSpec {
  std::string name;
  std::uint16_t site = 0;  ///< index into Scenario::sites
  Direction direction = Direction::termination;
  std::uint16_t region = 0;                     ///< origination: the region whose edges call the site (index into Service::regions)
  TargetOrder edges = TargetOrder::rotate;      ///< origination: which of its working edges calls (ours: the seed does not say)
  std::vector<DestinationSpec> destinations{};  ///< shares sum to 1; empty = all calls alike
  Probability not_e164{0};                      ///< share of calls whose To number is not E.164
  Probability unknown_caller_id{0};             ///< share of calls whose caller ID is neither a DID nor verified: it goes out as private
  std::optional<RedialSpec> redial{};
  std::vector<CodecOffer> codecs{};  ///< what the site offers, or accepts; empty = media is not modelled
  Arrivals arrivals = PoissonArrivals{};
  Distribution holding = Fixed{};                           ///< talk time of an answered call
  AnswerMix answer;                                         ///< default: every call is answered
  Distribution post_dial_delay = Fixed{};                   ///< INVITE accepted by the edge -> first 18x, or final refusal; default none
  Distribution ring_time = Fixed{};                         ///< first 18x -> 200; default none
  Distribution patience = Fixed{std::chrono::seconds{60}};  ///< how long a caller waits for an answer before hanging up
  Probability caller_hangs_up{0.5};                         ///< share of answered calls that the calling side ends
  bool operator==(const DemandSpec&) const = default;
};

}  // namespace trunklab
