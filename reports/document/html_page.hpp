// A document as one page for the browser that needs nothing else: no network, no other file.
#pragma once

#include <string>

#include "reports/document/document.hpp"

namespace trunklab {

/// What every page begins with: a file that begins so is a report and may be replaced by another.
inline constexpr std::string_view html_opening = "<!DOCTYPE html>\n<!-- trunklab report -->";

/// All words, tables and pictures but the time charts stand in it as they are, so that it says everything without JavaScript and prints; scripts draw
/// the charts, sort and search. A Content-Security-Policy lets no other script run and nothing be loaded. Text of users is text.
std::string html_page(const Document& document);

}  // namespace trunklab
