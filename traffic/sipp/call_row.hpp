// A call as one line of a SIPp injection file.
#pragma once

#include <string>
#include <string_view>

#include "traffic/sipp/replay_plan.hpp"

namespace trunklab {

/// The columns, in order; the scenario files read them by number.
inline constexpr std::string_view call_row_columns =
    "due_ms;call;to;from;targets;patience_ms;delay_ms;ring_ms;code;talk_ms;hangs_up;payloads;ptime_ms;attribute;expected";

/// Writes rows of one scenario. Numbers begin with +999, a country code that is assigned to nobody (ITU-T E.164), so that no row can ring at a
/// stranger's.
class CallRows {
 public:
  explicit CallRows(const Scenario& scenario, const std::vector<ReplayGroup>& groups);

  /// Appends the row with its end of line.
  void append(const ReplayCall& call, std::string& text) const;

 private:
  /// "100,201": attempt 1 to target 00, attempt 2 to target 01; for every place where a hunt may begin.
  [[nodiscard]] const std::string& targets(const ReplayCall& call) const;

  const Scenario* scenario_;
  const std::vector<ReplayGroup>* groups_;
  std::vector<std::vector<std::string>> orders_;  ///< by group and first target
};

/// What an offer is in SDP: payload types (RFC 3551; Opus has 96), packet time, and one attribute line.
struct OfferText {
  std::string payloads;
  std::string ptime_ms;
  std::string attribute;
};
OfferText offer_text(const CodecOffer* offer);

}  // namespace trunklab
