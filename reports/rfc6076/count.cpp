// Counting a record's rows.
#include <stdexcept>

#include "reports/rfc6076/measures.hpp"

namespace trunklab {

Rfc6076 count_rfc6076(const RunRecord& record, std::optional<EntityKind> by) {
  const RunInfo& info = record.info();
  if (info.detail != CallDetail::all) {
    throw std::runtime_error(record.file().string() + ": cannot count session requests: the run record does not hold every call");
  }
  Rfc6076 counted(
      record.directory(), by,
      {.from = info.measure_from, .until = run_start + info.horizon, .batch_length = info.batch_length, .replications = info.replications});
  record.attempts(counted);
  counted.finish_attempts();
  record.calls(counted);
  return counted;
}

}  // namespace trunklab
