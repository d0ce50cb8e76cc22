// Words about the measures of RFC 6076.
#include "reports/rfc6076/rows.hpp"

#include <fmt/format.h>

#include <cassert>

namespace trunklab::rfc6076 {
namespace {

template <RequestEnd end>
std::int64_t ended(const SessionCounts& counts) {
  return counts[end];
}

}  // namespace

DelaySeen seen(const DelayRow& row, const SessionSeries& series) {
  if (row.delays == nullptr) return {.delays = nullptr, .counted = series.sum().*row.sessions};
  const Delays& delays = series.*row.delays;
  return {.delays = delays.count() == 0 ? nullptr : &delays, .counted = static_cast<std::int64_t>(delays.count())};
}

const std::vector<CountRow>& count_rows() {
  static const std::vector<CountRow> rows{
      {"requests", "session requests", [](const SessionCounts& counts) { return counts.requests(); }},
      {"established", "  200", ended<RequestEnd::established>},
      {"redirected", "  3xx", ended<RequestEnd::redirected>},
      {"user_decided", "  480, 486, 600, 603", ended<RequestEnd::user_decided>},
      {"ineffective", "  408 or time-out, 500, 503 or transport error, 504", ended<RequestEnd::ineffective>},
      {"challenged", "  401, 402, 407, and no better INVITE", ended<RequestEnd::challenged>},
      {"refused", "  any other code", ended<RequestEnd::refused>},
      {"unheard", "  no final response: given up, or lost in set-up", ended<RequestEnd::unheard>},
      {"completed", "sessions completed by BYE", [](const SessionCounts& counts) { return counts.completed; }, true, false},
      {"orphaned", "sessions whose BYE was not answered", [](const SessionCounts& counts) { return counts.orphaned; }, true, false},
      {"cut_off", "sessions cut off", [](const SessionCounts& counts) { return counts.cut_off; }, true, false},
      {"talking", "sessions that the run's end found talking", [](const SessionCounts& counts) { return counts.talking; }, true, false},
      {"undecided", "not counted: undecided at the run's end", ended<RequestEnd::undecided>},
      {"not_sent", "not counted: no INVITE was sent", [](const SessionCounts& counts) { return counts.not_sent; }, true, false},
      {"repeated", "not counted: an INVITE anew after a challenge", [](const SessionCounts& counts) { return counts.repeated; }, false, true},
  };
  return rows;
}

std::string_view word(Scope scope) {
  return scope == Scope::call ? "call" : "attempt";
}

std::string_view word(RequestEnd end) {
  constexpr auto words =
      std::to_array<std::string_view>({"undecided", "established", "redirected", "user_decided", "ineffective", "challenged", "refused", "unheard"});
  static_assert(words.size() == static_cast<std::size_t>(RequestEnd::last) + 1);
  return words.at(static_cast<std::size_t>(end));
}

std::string_view word(SessionEnd end) {
  switch (end) {
    case SessionEnd::none: return "";
    case SessionEnd::talking: return "talking";
    case SessionEnd::completed: return "completed";
    case SessionEnd::cut_off: return "cut_off";
    case SessionEnd::orphaned: return "orphaned";
  }
  assert(false);
  return "";
}

const std::vector<Definition>& definitions() {
  static const std::vector<Definition> all{
      {"call", "a session request is a call with an INVITE, whatever number of targets it took: the caller's view"},
      {"attempt",
       "a session request is an INVITE target that was tried: the carrier's view. An INVITE that is sent again, or sent anew after a "
       "401, 402 or 407, is no further one"},
      {"SRD", "INVITE to the first 18x or, without one, to the final response; a time-out of the site is one. Failed: whatever is not established"},
      {"SDD", "failed: no answer to the BYE; a session that was cut off has none of its own"},
      {"SDT", "200 to the hang-up. Failed: the BYE was not answered (to the hang-up), or the session was cut off (to that)"},
      {"SER", "200 / (session requests - 3xx)"},
      {"SEER", "200, 480, 486, 600, 603 / (session requests - 3xx)"},
      {"ISA", "408, 500, 503, 504 / session requests; a time-out counts as 408, a transport error as 503 (RFC 3261 section 8.1.3.1)"},
      {"SCR", "sessions completed by a BYE / (session requests - sessions still talking at the run's end: ours)"},
  };
  return all;
}

std::vector<std::string> not_in_record(const Rfc6076& counted, const Directory& directory) {
  std::vector<std::string> texts{
      "RRD, IRA (4.1, 4.2): there are no registrations.",
      "SDD (4.4): when a BYE was answered is not kept, only how many were, and how many were not.",
      "BYE repeated: those of the successful ones whose first BYE was lost: from it until one got through, a lower bound of SDD.",
      "SDT, failed (4.5): the time-out of the BYE itself (Timer F) is not kept, nor added.",
      "Challenges: a simulated attempt is one row, its 401 or 407 included, and so is the time that it takes.",
      "Retransmissions: only their effect on the delays.",
      "Messages after a BYE or CANCEL, and forking behind the edge.",
  };
  std::string names;
  for (const std::uint16_t demand : counted.demands_without_attempts()) names += (names.empty() ? "" : ", ") + directory.demands.at(demand).name;
  if (!names.empty()) texts.push_back("Attempts of " + names + ": calls from the service have none; they are counted per call only.");
  return texts;
}

std::string basis_text(const ShareEstimate& estimate, const SessionSeries& series, bool over_replications) {
  if (estimate.basis == ShareEstimate::Basis::independent) return "independent";
  return fmt::format("{} {}", series.parts.size(), over_replications ? "replications" : "batches");
}

}  // namespace trunklab::rfc6076
