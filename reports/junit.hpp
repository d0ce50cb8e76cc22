// Objectives as JUnit XML, so that a missed one fails a CI job.
#pragma once

#include <span>
#include <string>

#include "reports/run_reader.hpp"

namespace trunklab {

/// <testsuites> with a <testsuite> a run: a <testcase> for whether the run came to its end, and one for each objective. Missed is a failure, not
/// judged an error. The finding stands in <system-out>. The schema is the one that Jenkins and GitLab read.
std::string junit_xml(std::span<const RunRecord* const> records);

}  // namespace trunklab
