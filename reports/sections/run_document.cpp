// A run's report: the sections that have something to say.
#include <fmt/format.h>

#include "reports/sections/sections.hpp"
#include "reports/text.hpp"

namespace trunklab {

Document run_document(const RunRecord& record) {
  const RunInfo& info = record.info();
  Document document{.title = info.scenario_name + ": report of a run",
                    .subtitle = fmt::format("{} from {}, seed {}, {} replication{}, {}", duration_text(in_seconds(info.horizon)),
                                            date_and_clock_text(info, run_start), info.seed, info.replications, info.replications == 1 ? "" : "s",
                                            info.who == "simulator" ? "simulated" : "measured"),
                    .sections = {}};
  for (const auto make :
       {finding_section, timeline_section, outage_section, calls_section, media_section, capacity_section, worst_calls_section, method_section}) {
    Section section = make(record);
    if (!section.blocks.empty()) document.sections.push_back(std::move(section));
  }
  return document;
}

}  // namespace trunklab
