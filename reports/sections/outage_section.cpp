// Each fault as the engineer on duty lives it.
#include <fmt/format.h>

#include <algorithm>

#include "reports/mean_impact.hpp"
#include "reports/record_watch.hpp"
#include "reports/sections/parts.hpp"
#include "reports/sections/scopes.hpp"
#include "reports/sections/sections.hpp"

namespace trunklab {

Section outage_section(const RunRecord& record) {
  Section section{.id = "outage", .title = "The outage, as the engineer on duty lives it", .blocks = {}};
  const auto impacts = record.impacts();
  if (record.directory().faults.empty() || impacts.empty()) return section;
  const auto stories = fault_stories(record);
  if (impacts.size() > 1) {
    section.blocks.push_back({Paragraph{.text = fmt::format("Figures are means over {} replications.", impacts.size()), .tone = Tone::note}});
  }
  const Instant end = run_start + record.info().horizon;
  for (std::size_t place = 0; place < record.directory().faults.size(); ++place) {
    const Directory::Fault& fault = record.directory().faults[place];
    const OutageFigures figures{.info = record.info(),
                                .directory = record.directory(),
                                .fault = fault,
                                .mean = mean_impact(impacts, place),
                                .story = stories.empty() ? nullptr : &stories[place]};
    Fold fold{.id = fmt::format("fault-{}", place),
              .title = fault_sentence(fault, figures.mean, end),
              .blocks = outage_blocks(figures),
              .open = record.directory().faults.size() == 1};
    if (auto table = scopes_table(record, fault)) fold.blocks.push_back({std::move(*table)});
    section.blocks.push_back({std::move(fold)});
  }
  const bool lost =
      std::ranges::any_of(impacts, [](const auto& each) { return std::ranges::any_of(each, [](const auto& i) { return i.all().lost > 0; }); });
  if (lost && !stories.empty()) {
    section.blocks.push_back({Paragraph{.text = "The list of calls to call back: trunklab report RUN --format csv --table calls_to_call_back"}});
  }
  return section;
}

}  // namespace trunklab
