// Who ran what: the heading of a run record.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "models/measures/prices.hpp"
#include "models/units.hpp"

namespace trunklab {

/// Which calls a record holds a row of.
enum class CallDetail : std::uint8_t { all, failed, none };

/// Everything that decides the contents of the record: equal for two runs of the same thing.
struct RunInfo {
  std::string who = "simulator";
  std::string version;
  std::string scenario_name;
  std::string scenario_path;
  std::string scenario_text;
  std::uint64_t seed = 1;
  std::uint32_t replications = 1;
  std::int64_t horizon_start_unix_ns = 0;  ///< UTC instant of run_start
  int utc_offset_s = 0;                    ///< of the site, to show times
  Span horizon{};
  Instant measure_from = run_start;  ///< end of the warm-up
  Span batch_length = endless;       ///< as given to Tally
  CallDetail detail = CallDetail::all;
  Span series_step{};  ///< the grid of the series
  Prices prices{};
  bool operator==(const RunInfo&) const = default;
};

/// The fields that differ from one run of the same thing to the next.
struct WallClock {
  std::string started;   ///< ISO 8601, UTC
  std::string finished;  ///< ISO 8601, UTC
  double wall_s = 0;
  bool operator==(const WallClock&) const = default;
};

/// What a run would have lost with another setting. The first row of a list is the scenario as it is.
struct AdviceRow {
  std::string setting;    ///< "target: addresses", "probe every 5 s"; of the first row "as it is"
  double calls_hit = 0;   ///< mean over replications, all faults together
  double calls_lost = 0;  ///< likewise
  double failover_s = 0;  ///< longest of the faults, mean over replications
  std::string text;       ///< a sentence more; may be empty
  bool operator==(const AdviceRow&) const = default;
};

/// Something that a reader must know to judge a run: a default that the scenario left open, or what `trunklab check` says of it.
struct Remark {
  enum class Kind : std::uint8_t {
    assumed,      ///< a default of ours, in place of a figure that nobody gave
    seed_advice,  ///< what the service's document recommends and the scenario does not follow
    own_advice,   ///< our own judgement
    last = own_advice,
  };
  Kind kind = Kind::assumed;
  std::string where;  ///< "site stockholm"
  std::string text;
  bool operator==(const Remark&) const = default;
};

/// "assumed", "seed_advice", "own_advice".
std::string_view word(Remark::Kind kind);

}  // namespace trunklab
