// What text, JSON and CSV of the measures of RFC 6076 have in common: which measures there are, their sections, and the words about them.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "models/measures/rfc6076.hpp"

namespace trunklab::rfc6076 {

enum class Scope : std::uint8_t { call, attempt };

struct DelayRow {
  std::string_view name;  ///< in JSON
  std::string_view title;
  std::string_view section;
  Delays SessionSeries::*delays;          ///< nullptr: the record does not keep them
  std::int64_t SessionCounts::*sessions;  ///< then: how many there were
  bool of_attempts;                       ///< it is known of attempts, too
};
inline constexpr auto delay_rows = std::to_array<DelayRow>({
    {"srd_successful", "SRD, successful", "4.3.1", &SessionSeries::srd_successful, nullptr, true},
    {"srd_failed", "SRD, failed", "4.3.2", &SessionSeries::srd_failed, nullptr, true},
    {"sdd_successful", "SDD, successful", "4.4", nullptr, &SessionCounts::completed, false},
    {"sdd_bye_repeated", "  BYE repeated", "4.4", &SessionSeries::bye_repeated, nullptr, false},
    {"sdd_failed", "SDD, failed", "4.4", nullptr, &SessionCounts::orphaned, false},
    {"sdt_successful", "SDT, successful", "4.5", &SessionSeries::sdt_successful, nullptr, false},
    {"sdt_failed", "SDT, failed", "4.5", &SessionSeries::sdt_failed, nullptr, false},
});

/// The durations of a row, and how many cases it has.
struct DelaySeen {
  const Delays* delays = nullptr;  ///< nullptr: none, or not kept
  std::int64_t counted = 0;
};
DelaySeen seen(const DelayRow& row, const SessionSeries& series);

struct ShareRow {
  std::string_view name;
  std::string_view title;
  std::string_view section;
  Share (*measure)(const SessionCounts&);
};
inline constexpr auto share_rows = std::to_array<ShareRow>({
    {"ser", "SER", "4.6", ser},
    {"seer", "SEER", "4.7", seer},
    {"isa", "ISA", "4.8", isa},
    {"scr", "SCR", "4.9", scr},
});

/// A count of session requests, or of what is none.
struct CountRow {
  std::string_view name;
  std::string_view title;
  std::int64_t (*count)(const SessionCounts&);
  bool of_calls = true;  ///< else it has no meaning there
  bool of_attempts = true;
};
const std::vector<CountRow>& count_rows();

/// "call", "attempt".
std::string_view word(Scope scope);
/// "established", "user_decided", ...
std::string_view word(RequestEnd end);
/// "", "talking", "completed", ...
std::string_view word(SessionEnd end);

inline const SessionSeries& series_of(const Rfc6076::Entity& entity, Scope scope) {
  return scope == Scope::call ? entity.calls : entity.attempts;
}

struct Definition {
  std::string_view measure;
  std::string_view text;
};
/// What is counted, measure by measure.
const std::vector<Definition>& definitions();

/// What the record cannot tell, in sentences.
std::vector<std::string> not_in_record(const Rfc6076& counted, const Directory& directory);

/// "10 batches", "20 replications", "independent requests".
std::string basis_text(const ShareEstimate& estimate, const SessionSeries& series, bool over_replications);

}  // namespace trunklab::rfc6076
