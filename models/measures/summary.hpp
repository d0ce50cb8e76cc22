// Turns tallies into measures with confidence intervals.
#pragma once

#include <span>
#include <vector>

#include "models/measures/measure.hpp"
#include "models/measures/tally.hpp"

namespace trunklab {

/// Confidence of every interval that is printed.
inline constexpr double confidence = 0.95;
/// Below so many events an interval would pretend too much: a Poisson bound is printed instead.
inline constexpr std::int64_t events_min = 30;

/// All measures of total, sites, regions, edges and demands, in this order.
///
/// Counts and means are per replication. Intervals: two replications or more: Student t over them, ratios by jackknife. One replication
/// with at least batches_min batches: the same over its batches (n = number of batches). Else none (low and high are nullopt).
/// Fewer than events_min events in all: low and high are an exact Poisson bound at `confidence` (it takes events to be independent) and
/// the note says so; a ratio with fewer than events_min misses, and fewer than events, gets a lower bound. A ratio over nothing is left out, as RFC
/// 6076 asks.
///
/// Per call:
///   offered, answered, busy, no_answer, rejected, blocked, failed, lost_in_setup, abandoned, in_progress, dropped, orphaned,
///   blocked_site_channels and one for each other reason, ports_exhausted and one for each other reason for want of ports,
///   failed_no_response and one for each other reason, redials, private_caller_id, queued, left_queue, one_way, no_audio    calls, see Count
///   blocking   blocked / offered
///   asr        answered / offered (answer-seizure ratio, ITU-T E.411, E.425; a call that found no channel is a seizure here too)
///   ner        (answered + busy + no_answer + rejected + abandoned while ringing) / offered (network effectiveness ratio, E.425)
///   ser        answered / (offered - 3xx) (RFC 6076 section 4.6)
///   seer       final code 200, 480, 486, 600 or 603 / (offered - 3xx) (section 4.7)
///   isa        final code 408, 500, 503 or 504, or none in time / offered (section 4.8)
///   scr        ended normally / (offered - still open at the end of the run) (section 4.9, for a closed window)
///   pdd_p50, pdd_p95, pdd_p99   s, dialling to first 18x or, without one, to 200; error of the histogram <= 0.8 %
///   srd_mean   s, mean of the same delays (session request delay of successful set-ups, section 4.3)
///   queued_mean   s, waiting time for an agent, mean over all answered calls
///   stuck_s_site, stuck_s_carrier   s, sums
/// Per attempt (what the carrier's records show): attempt_asr, attempt_ner, likewise; attempts_transport_error, ghosts (answered after they had
/// been given up), double_rings (rang likewise), ghost_s (sum).
/// Also by codecs: mos_p5, mos_p50 (MOS of the mean rating of a talk, over talks that have one).
/// If the tally knows of media, site (with a range of its own) and region (that calls were tried in):
///   refused_exhausted and one for each other reason   calls of a site, INVITEs of a region, that got no port there
///   refused_from    s since the run's start, of the first of them
///   port_requests, ports_max, ports_leaked_max, port_probes_mean
///   port_collisions   ports given out while late packets might come
///   port_reuse_p5, port_reuse_p50   s, over ports that were used again
///   mbit_max, pps_max   of a site, RTP each way
///   addresses_max, scale_outs, scale_ins, address_pps_max (into one address), transcoding_max (cores)   of a region
/// total, site and edge, if the tally knows: concurrent_mean (Erlang), concurrent_max (calls). total: cps_max (calls/s).
std::vector<Measure> summarise(std::span<const Tally> replications, const Directory& directory);

}  // namespace trunklab
