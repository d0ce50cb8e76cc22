// Any table or view of a run record as CSV.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "reports/run_reader.hpp"

namespace trunklab {

/// Names of all tables and views that can be exported, sorted.
std::vector<std::string> csv_tables(const RunRecord& record);

/// Writes a heading line and all rows, in the order of writing, as RFC 4180 has it (CRLF, quotes only where needed); NULL is an empty field.
/// A text that a spreadsheet would take for a formula (it begins with = + - @, a tab or a carriage return) gets an apostrophe in front.
/// Streams: memory does not grow with the table. Throws std::runtime_error if there is no such table (naming those there are), or if
/// `out` fails.
void export_csv(const RunRecord& record, std::string_view table, std::ostream& out);

}  // namespace trunklab
