// The finding as sentences: the same ones on the page, in Markdown, in JSON and on the terminal.
#pragma once

#include <string>
#include <vector>

#include "reports/document/document.hpp"
#include "reports/run_reader.hpp"

namespace trunklab {

struct FindingSentence {
  std::string entity;  ///< "fault/0", "site/stockholm", "total"
  std::string text;
  Tone tone = Tone::plain;
};

/// First whether everything was as it should be; then a sentence for each fault, each missed objective, each thing that media went wrong with.
std::vector<FindingSentence> finding_sentences(const RunRecord& record);

}  // namespace trunklab
