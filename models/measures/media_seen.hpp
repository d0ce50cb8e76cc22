// What a run saw of ports, media addresses and streams in its measured window, besides what the calls themselves tell.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/media/media_spec.hpp"
#include "models/statistics/histogram.hpp"
#include "models/units.hpp"

namespace trunklab {

/// Of one pool of ports, or of many together.
struct PortsSeen {
  std::uint32_t ports_max = 0;              ///< most ports in use by calls at one instant
  std::uint32_t leaked_max = 0;             ///< most ports held for calls that were over
  std::uint64_t takes = 0;                  ///< requests, refused ones included
  std::uint64_t probes = 0;                 ///< ports looked at for them
  std::uint64_t collisions = 0;             ///< ports given out while late packets of their last call might come
  std::array<std::uint64_t, 6> refusals{};  ///< requests of calls that got no ports here, by PortRefusal: at a region one for each INVITE
  Instant refused_from = never;             ///< when the first of them came
  DurationHistogram reuse_after;            ///< from giving a port back to giving it out again
};

struct SiteMediaSeen {
  PortsSeen ports;
  double mbit_max = 0;  ///< RTP of all its talks, each way, Mbit/s with layer 2
  double pps_max = 0;   ///< the same in packets a second
};

struct RegionMediaSeen {
  PortsSeen ports;                  ///< all its addresses together
  std::uint32_t addresses_max = 0;  ///< most that were there at the same time
  std::uint32_t scale_outs = 0;     ///< addresses ordered
  std::uint32_t scale_ins = 0;      ///< addresses drained
  double pps_max = 0;               ///< most packets a second that one address took in
  double transcoding_max = 0;       ///< most processor cores busy with transcoding at one instant (cost: the user's, or provisional)
};

struct MediaSeen {
  std::vector<SiteMediaSeen> sites;      ///< as Scenario::sites; empty = media was not modelled
  std::vector<RegionMediaSeen> regions;  ///< as Service::regions
};

}  // namespace trunklab
