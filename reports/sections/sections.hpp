// The sections of a run's report. Each is worked out from the run record alone, so that a measured run gets the same ones.
#pragma once

#include "reports/document/document.hpp"
#include "reports/run_reader.hpp"

namespace trunklab {

/// What a reader should know in ten seconds: the finding, the verdicts, what would have helped, what is assumed.
Section finding_section(const RunRecord& record);

/// Offered, answered and failed calls, concurrency, set-up delays, ports, with the states of edges, names and probes above them. Of replication 0.
Section timeline_section(const RunRecord& record);

/// Each fault as the engineer on duty lives it. No blocks if there are no faults.
Section outage_section(const RunRecord& record);

/// What happened to the calls: outcomes and reasons, by site, region, edge and attempt, from offered to ended as a flow, release causes.
Section calls_section(const RunRecord& record);

/// Ports, media addresses, quality. No blocks if media are not modelled.
Section media_section(const RunRecord& record);

/// Use against caps and channels in normal hours and with each fault; hour by weekday.
Section capacity_section(const RunRecord& record);

/// The calls that fared worst, each with its attempts as a ladder. Of replication 0.
Section worst_calls_section(const RunRecord& record);

/// How it was found: scenario, seed, versions, replications, intervals, warm-up, what the model leaves out.
Section method_section(const RunRecord& record);

/// All of them that say something.
Document run_document(const RunRecord& record);

}  // namespace trunklab
