// Counts what happened to calls and attempts, one cell a call; the same code counts online in the simulator and offline from a record.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "models/measures/media_seen.hpp"
#include "models/measures/rating_histogram.hpp"
#include "models/record/record.hpp"
#include "models/statistics/histogram.hpp"

namespace trunklab {

/// Everything that is counted. Plain sums, so that cells add up to sites, edges, demands and totals.
enum class Count : std::uint8_t {
  offered,  ///< calls offered in the measured window; equals the sum of the nine outcomes below
  answered,
  busy,
  no_answer,
  rejected,
  blocked,
  failed,
  lost_in_setup,
  abandoned,
  in_progress,            ///< undecided when the run ended
  blocked_site_channels,  ///< the parts of `blocked`
  blocked_cap_cps,
  blocked_cap_sessions,
  blocked_site_ports,
  blocked_media_ports,
  ports_exhausted,  ///< the parts of the last two together, in the order of PortRefusal
  ports_fragmented,
  ports_quarantined,
  ports_leaked,
  ports_foreign,
  failed_no_response,  ///< the parts of `failed`, in the order of Reason
  failed_no_progress,
  failed_refused,
  failed_transport_error,
  failed_name_not_resolved,
  failed_unauthorized,
  failed_number_format,
  failed_callback,
  failed_destination,
  failed_firewall,
  failed_fragments,
  failed_no_edge_left,
  failed_site_down,
  failed_codec,
  redials,            ///< the part of `offered` that callers dialled again
  private_caller_id,  ///< the part of `offered` whose caller ID was not known to the service
  queued,             ///< the part of `answered` that waited for an agent
  queued_ns,          ///< their waiting times, ns
  left_queue,         ///< the part of `queued` whose patience ended before an agent was free
  one_way,            ///< the part of `answered` in which only one side heard the other
  no_audio,           ///< the part of `answered` in which neither did
  rated,              ///< the part of `answered` that has a rating
  dropped,            ///< answered calls that were cut off (those of the stationary start and of the warm-up included)
  orphaned,           ///< answered calls whose hang-up did not reach the other side (same)
  rang_out,           ///< the part of `abandoned` that had been ringing: a ring without answer in the sense of ITU-T E.425
  redirected,         ///< final code 3xx
  effective,          ///< RFC 6076 section 4.7: final code 200, 480, 486, 600 or 603
  ineffective,        ///< RFC 6076 section 4.8: final code 408, 500, 503 or 504, or no final response in time
  completed,          ///< answered and ended normally
  open,               ///< undecided, or still talking when the run ended
  set_up,             ///< calls with a post-dial delay: heard an 18x or a 200
  post_dial_ns,       ///< their post-dial delays, ns
  stuck_site_ns,
  stuck_carrier_ns,
  attempts,  ///< INVITE targets tried in the measured window, those of the stationary start left out
  attempts_answered,
  attempts_effective,        ///< answered, busy (486, 600), no answer (480), rejected (603), or given up by the caller while it rang
  attempts_transport_error,  ///< the connection was refused or broke
  ghosts,                    ///< attempts that were given up in the measured window and answered all the same
  double_rings,              ///< attempts given up likewise that made the called side ring all the same
  ghost_ns,                  ///< how long the service held the answered ones, from the answer on, within the run
  last = ghost_ns,
};

/// Sums of one cell, or of many.
struct Counts {
  std::array<std::int64_t, static_cast<std::size_t>(Count::last) + 1> values{};
  [[nodiscard]] std::int64_t operator[](Count which) const { return values[static_cast<std::size_t>(which)]; }
  std::int64_t& operator[](Count which) { return values[static_cast<std::size_t>(which)]; }
  Counts& operator+=(const Counts& other);
  /// Adds each of the other's sums times `weight`, rounded.
  void add(const Counts& other, double weight);
  bool operator==(const Counts&) const = default;
};

/// How full something was, exactly: the simulator integrates as it goes.
struct Occupancy {
  double call_seconds = 0;  ///< integral of the number of calls over the measured window
  double observed_s = 0;    ///< its length
  std::uint32_t max = 0;    ///< largest number at any instant of it
};

/// A long run is cut into at most this many batches (more add nothing: Schmeiser, Operations Research 30 (1982) 556).
inline constexpr std::uint32_t batches_max = 30;
/// Fewer batches than this give no interval.
inline constexpr std::uint32_t batches_min = 10;
/// A batch is at least so many mean holding times long, so that neighbours are nearly independent.
inline constexpr int batch_holdings = 20;

/// Counters of one replication. calls() and attempts() allocate nothing but the growth of a histogram and of the per-second counter.
class Tally {
 public:
  /// The measured window is [measure_from, horizon_end); measure_from is run_start for a stationary start, else the end of the warm-up.
  /// `batch_length` > 0: the least length of a batch (batch_holdings mean holding times); `endless` where replications give the intervals:
  /// one batch, and the least memory. Domain: run_start <= measure_from < horizon_end.
  Tally(const Directory& directory, Instant measure_from, Instant horizon_end, Span batch_length = endless);

  /// Rows in any order. A call belongs to the batch in which it was offered, to its demand's site and to the last edge tried.
  /// Calls of the stationary start and of the warm-up count only in dropped, orphaned and stuck seconds, in the batch of their hang-up.
  void calls(std::span<const CallRecord> rows);
  /// Rows in any order. An attempt belongs to the batch in which it was sent and to its own edge.
  void attempts(std::span<const Attempt> rows);
  /// Rows in any order. A ghost belongs to the batch in which its attempt was given up, and to that attempt's edge.
  void ghosts(std::span<const Ghost> rows);
  /// What the run saw of media besides calls. Optional: without it there are none of its measures.
  void media(const MediaSeen& seen) { media_ = seen; }
  /// Exact occupancy of the whole window; kind is total (index 0), site or edge. Optional: without it there are no concurrent_* measures.
  void occupancy(EntityKind kind, std::uint16_t index, const Occupancy& seen);

  /// Adds all that another tally counted to one batch, each demand's counts times its weight (>= 0, one a demand): a part of the window that stands
  /// for more of it. The largest number of calls in a second is that of either. Occupancies and media are left alone.
  void add(std::uint32_t batch, const Tally& part, std::span<const double> weights);

  [[nodiscard]] std::uint32_t batches() const { return batches_; }
  /// [from, until) of a batch.
  [[nodiscard]] std::pair<Instant, Instant> span_of(std::uint32_t batch) const;
  [[nodiscard]] double window_s() const { return in_seconds(until_ - from_); }

  /// Sums over the cells of one entity (total, site, region, edge or demand), of one batch or (nullopt) of all.
  [[nodiscard]] Counts counts(EntityKind kind, std::uint16_t index, std::optional<std::uint32_t> batch = std::nullopt) const;
  /// The same for post-dial delays: first INVITE (the instant of dialling) to the first 18x or, without one, to the 200.
  [[nodiscard]] DurationHistogram post_dial(EntityKind kind, std::uint16_t index, std::optional<std::uint32_t> batch = std::nullopt) const;
  /// The same for ratings. `codecs` is one more entity here: all calls whose legs use them.
  [[nodiscard]] RatingHistogram ratings(EntityKind kind, std::uint16_t index, std::optional<std::uint32_t> batch = std::nullopt) const;
  [[nodiscard]] const MediaSeen& media() const { return media_; }
  [[nodiscard]] std::optional<Occupancy> occupancy(EntityKind kind, std::uint16_t index) const;
  /// Largest number of calls offered in one second (whole seconds since run_start).
  [[nodiscard]] std::uint32_t cps_max() const;

 private:
  struct Cell {
    Counts counts;
    DurationHistogram post_dial;
    RatingHistogram ratings;
  };
  struct Seen {
    EntityKind kind;
    std::uint16_t index;
    Occupancy occupancy;
  };
  [[nodiscard]] std::uint32_t batch_of(Instant at) const;
  [[nodiscard]] Cell& cell(std::uint32_t batch, std::uint16_t demand, EdgeIndex edge);
  void count_offered(const CallRecord& call);
  void count_ending(const CallRecord& call, Counts& counts) const;
  void count_speech(const CallRecord& call, std::uint32_t batch, Cell& own);
  template <class Visit>
  void visit(EntityKind kind, std::uint16_t index, std::optional<std::uint32_t> batch, const Visit& each) const;

  Directory directory_;
  Instant from_;
  Instant until_;
  Span batch_length_;
  std::uint32_t batches_;
  std::size_t edges_;                               ///< with one more for calls that tried none
  std::vector<Cell> cells_;                         ///< [batch][demand][edge]
  std::vector<RatingHistogram> ratings_by_codecs_;  ///< [batch][codecs]
  MediaSeen media_;
  std::vector<std::uint32_t> offered_per_second_;
  std::vector<Seen> seen_;
};

}  // namespace trunklab
