// The measures of RFC 6076 of a run record: counted from its rows, and set as text, JSON or CSV.
#pragma once

#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "models/measures/rfc6076.hpp"
#include "reports/run_reader.hpp"
#include "reports/text.hpp"

namespace trunklab {

/// Counts the record's calls and attempts. `by`: site, region, edge or demand besides the whole run. Of an interrupted run the last replication
/// counts as far as it went. Throws std::runtime_error if the record does not hold every call.
Rfc6076 count_rfc6076(const RunRecord& record, std::optional<EntityKind> by);

/// For a terminal: the measures, how requests ended, what was counted, what the record cannot tell.
std::string rfc6076_text(const RunRecord& record, const Rfc6076& counted, Colour colour);

/// One JSON document. The measures have the shape that every command prints (name, entity, unit, mean, low, high, n), and their section, scope,
/// numerator and denominator beside it.
std::string rfc6076_json(const RunRecord& record, const Rfc6076& counted);

/// How each CSV begins.
inline constexpr std::string_view rfc6076_csv_heading =
    "replication,call,site,edge,offered_utc,targets,request,code,srd_series,srd_s,session,sdt_series,sdt_s,bye_repeated_s\r\n";

/// A heading and one line a call that counts, replication after replication, in the order of their ends. Throws std::runtime_error naming the file if
/// the record does not hold every call, or if a name would break the CSV.
void rfc6076_csv(const RunRecord& record, std::ostream& out);

}  // namespace trunklab
