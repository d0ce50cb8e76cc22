// Lays our calls beside those of a call record file from elsewhere (the SBC's, the carrier's): which belong together, and what differs.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/demand_spec.hpp"
#include "models/units.hpp"

namespace trunklab {

/// How a call was released, as far as a side tells.
struct ReleaseCode {
  std::uint16_t sip = 0;                ///< 0 = not told
  std::uint8_t q850 = 0;                ///< 0 = not told
  std::optional<PstnAnswer> meaning{};  ///< nullopt = not told
  bool operator==(const ReleaseCode&) const = default;
};

/// One INVITE target of ours, or one row there.
struct BilledCall {
  std::string id;             ///< Call-ID; empty = not told
  std::string number;         ///< called; empty = not told
  std::int64_t start_ns = 0;  ///< UTC, since 1970: the INVITE
  bool answered = false;
  double talk_s = 0;  ///< 0 if it was not answered
  bool heard = true;  ///< here: some answer came, so the other side knows of it
  bool open = false;  ///< here: the run ended first; nothing but its start is compared
  ReleaseCode release{};
  std::size_t line = 0;  ///< there: of the file
};

enum class CdrDifference : std::uint8_t {
  missing_there_answered,    ///< here answered, there no such call
  missing_there_unanswered,  ///< here refused or given up, there no such call
  missing_here,              ///< there, and not here
  duplicate_there,           ///< there a second time
  answered_here_only,
  answered_there_only,
  release_code,  ///< both not answered, for different reasons
  duration,      ///< talk times differ, and not by rounding up alone
  start,         ///< beyond the clocks' offset
  last = start,
};
inline constexpr std::size_t differences = static_cast<std::size_t>(CdrDifference::last) + 1;
/// "missing_there_answered", for JSON.
std::string_view word(CdrDifference difference);
/// "answered here, missing there"
std::string_view text_of(CdrDifference difference);

struct ReconcileRules {
  bool by_call_id = true;      ///< else by called number and start; by the start alone where a side tells no numbers
  bool answered_only = false;  ///< the other side has no rows of calls that were not answered
  Span match_within{};         ///< by number: starts, less the offset, differ by no more
  Span start_tolerance{};
  double duration_tolerance_s = 0;
  double increment_s = 1;    ///< talk time is billed in whole multiples. > 0
  std::size_t examples = 3;  ///< of each difference
};

enum class MatchedBy : std::uint8_t { call_id, number, start };

/// Places in the two lists.
struct CallPair {
  std::optional<std::size_t> here;
  std::optional<std::size_t> there;
  bool operator==(const CallPair&) const = default;
};

struct Reconciliation {
  struct Found {
    std::uint64_t calls = 0;
    std::vector<CallPair> first;  ///< in the order of their starts
  };
  enum class End : std::uint8_t {
    complete,
    stopped,   ///< by the user; nothing else here means anything
    too_dense  ///< more than pairs_max pairs of calls start near each other: likewise
  };
  End end = End::complete;
  std::array<Found, differences> found{};
  MatchedBy by = MatchedBy::call_id;
  std::uint64_t matched = 0;
  std::uint64_t unheard = 0;         ///< here without any answer, there no such call: no difference
  std::uint64_t unexpected = 0;      ///< here not answered, left out there because only answered calls stand there: no difference
  std::uint64_t rounded_up = 0;      ///< talk time there is ours, rounded up to the increment: no difference
  std::uint64_t open = 0;            ///< here in progress when the run ended: no difference
  std::optional<double> offset_s{};  ///< their clock less ours: the median over matched calls
  double talk_here_s = 0;            ///< of answered calls, exact
  double billed_here_s = 0;          ///< each rounded up to the increment
  double billed_there_s = 0;         ///< as written there
  [[nodiscard]] const Found& operator[](CdrDifference difference) const { return found[static_cast<std::size_t>(difference)]; }
  /// Of all kinds.
  [[nodiscard]] std::uint64_t all() const;
};

/// Each call belongs to one row at most. By Call-ID: texts are equal up to '@'. Else the clocks' offset is first taken from the difference of starts
/// that most pairs have, and then pairs within start_tolerance belong together, by number also those within match_within: those first
/// that agree in all else, and of them the nearest.
/// `stop` is looked at as it goes.
Reconciliation reconcile(std::span<const BilledCall> here, std::span<const BilledCall> there, const ReconcileRules& rules,
                         const std::atomic<bool>* stop = nullptr);

/// So many pairs of calls that may belong together are weighed at once (ours): 32 bytes each.
inline constexpr std::size_t pairs_max = 20'000'000;

/// The least multiple of `increment_s` > 0 that is not below `seconds` >= 0. A nanosecond too much is none.
double rounded_up(double seconds, double increment_s);

}  // namespace trunklab
