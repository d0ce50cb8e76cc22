// The tables and views of a run record, as SQL.
#pragma once

#include <string>

namespace trunklab {

/// Statements that create every table of an empty record.
std::string record_tables();

/// Statements that create the views for the questions people ask first.
std::string record_views();

}  // namespace trunklab
