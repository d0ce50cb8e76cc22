// Counting calls and attempts within and outside of faults.
#include "reports/sections/scopes.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <algorithm>

#include "reports/text.hpp"

namespace trunklab {
namespace {

struct Scope {
  double tried = 0;
  double answered = 0;
  double effective = 0;
};

/// Within the measured window, calls of the stationary start left out; `during` is a condition on the instant `at`.
Scope count(const RunRecord& record, const char* counts, const char* table, const char* at, const std::string& during) {
  SQLite::Statement query(record.database(), fmt::format("SELECT count(*), {} FROM {} WHERE {} >= {} AND window != {} AND {}", counts, table, at,
                                                         (record.info().measure_from - run_start).count(), initial_window, during));
  query.executeStep();
  const double replications = record.info().replications;
  return {.tried = query.getColumn(0).getDouble() / replications,
          .answered = query.getColumn(1).getDouble() / replications,
          .effective = query.getColumn(2).getDouble() / replications};
}

/// As Count::attempts_effective and the measure ner have it.
constexpr const char* call_counts = "total(outcome = 1), total(outcome BETWEEN 1 AND 4 OR (outcome = 8 AND progressed IS NOT NULL))";
constexpr const char* attempt_counts = "total(end = 1), total(end = 1 OR code IN (486, 600, 480, 603) OR (end = 5 AND ringing IS NOT NULL))";
static_assert(static_cast<int>(Outcome::answered) == 1 && static_cast<int>(Outcome::rejected) == 4 && static_cast<int>(Outcome::abandoned) == 8);
static_assert(static_cast<int>(AttemptEnd::answered) == 1 && static_cast<int>(AttemptEnd::abandoned) == 5);

std::int64_t ns_of(Instant at, Instant end) {
  return (std::min(at, end) - run_start).count();
}

std::string within(const char* at, const Directory::Fault& fault, Instant end) {
  return fmt::format("({0} >= {1} AND {0} < {2})", at, ns_of(fault.from, end), ns_of(fault.until, end));
}

std::string outside(const char* at, const Directory& directory, Instant end) {
  std::string condition = "1";
  for (const Directory::Fault& fault : directory.faults) condition += " AND NOT " + within(at, fault, end);
  return condition;
}

Row row_of(const char* scope, const char* when, const Scope& counted) {
  const auto share = [&](double part) {
    if (counted.tried == 0) return Cell{.text = "-"};
    return Cell{.text = fmt::format("{:.1f} %", 100 * part / counted.tried), .number = part / counted.tried};
  };
  return {.cells = {{.text = scope},
                    {.text = when},
                    {.text = fmt::format("{:.0f}", counted.tried), .number = counted.tried},
                    {.text = fmt::format("{:.0f}", counted.answered), .number = counted.answered},
                    share(counted.answered),
                    share(counted.effective)}};
}

}  // namespace

std::optional<Table> scopes_table(const RunRecord& record, const Directory::Fault& fault) {
  if (record.info().detail != CallDetail::all) return std::nullopt;
  const Instant end = run_start + record.info().horizon;
  const Directory& directory = record.directory();
  using Align = Column::Align;
  Table table{.caption = "Both scopes: per call, as the customer sees it; per attempt, as the carrier's records show it",
              .columns = {{"scope"}, {"when"}, {"tried", Align::right}, {"answered", Align::right}, {"ASR", Align::right}, {"NER", Align::right}},
              .rows = {}};
  const auto calls = [&](const std::string& during) { return count(record, call_counts, "calls", "offered", during); };
  const auto attempts = [&](const std::string& during) { return count(record, attempt_counts, "attempts", "sent", during); };
  table.rows.push_back(row_of("calls", "while it lasted", calls(within("offered", fault, end))));
  table.rows.push_back(row_of("calls", "outside of faults", calls(outside("offered", directory, end))));
  table.rows.push_back(row_of("attempts", "while it lasted", attempts(within("sent", fault, end))));
  table.rows.push_back(row_of("attempts", "outside of faults", attempts(outside("sent", directory, end))));
  return table;
}

}  // namespace trunklab
