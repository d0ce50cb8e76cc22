// The ways of setting a document.
#pragma once

#include <string>
#include <string_view>

#include "reports/document/document.hpp"
#include "reports/text.hpp"

namespace trunklab {

/// Markdown as GitHub, GitLab and most trackers have it: headings, tables, lists; charts as sparklines. Text of users is text: no markup, link,
/// mention or HTML of theirs comes through. Of long tables the first rows, and how many were left out.
std::string markdown(const Document& document);

/// Stands in front of Markdown that goes to a file; invisible where it is shown. A file that begins so is a report and may be replaced by another.
inline constexpr std::string_view markdown_opening = "<!-- trunklab report -->\n";

/// For a terminal or a file: at most 100 columns wide where words allow it; charts as sparklines. Folds are open, details of rows left out.
std::string plain_text(const Document& document, Colour colour = Colour::off);

/// Bars of eight heights, one character for each of `width` equal parts of the values (each part's largest value), over 0 to the largest of all; what
/// is not known is a space. Fewer values than `width`: a character for each.
std::string sparkline(const std::vector<float>& values, std::size_t width);

/// "max 14" and such beside a sparkline: the largest value; "-" if nothing is known.
std::string peak_text(const Series& series, const std::string& unit);

/// A flow in words: a row for each link.
Table flow_table(const Flow& flow);

}  // namespace trunklab
