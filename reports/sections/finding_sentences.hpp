// The finding as sentences: the same ones on the page, in Markdown, in JSON and on the terminal.
#pragma once

#include <span>
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

/// What the sentences are made from, of a record or of a run that left none. Everything outlives this.
struct FoundFigures {
  const RunInfo& info;
  const Directory& directory;
  std::span<const Measure> measures;                  ///< empty: nothing was counted
  std::span<const std::vector<FaultImpact>> impacts;  ///< one vector a replication; empty: not compared with a twin
  std::span<const Verdict> verdicts;
  bool complete = true;
};

/// First whether everything was as it should be; then a sentence for each fault, each missed objective, each thing that media went wrong with.
std::vector<FindingSentence> finding_sentences(const FoundFigures& found);
std::vector<FindingSentence> finding_sentences(const RunRecord& record);

/// The words alone.
std::vector<std::string> texts_of(const std::vector<FindingSentence>& sentences);

}  // namespace trunklab
