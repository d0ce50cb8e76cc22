// A scenario as plain data: what to try. Everything that the reader has checked; nothing here knows YAML.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/caps.hpp"
#include "models/demand_spec.hpp"
#include "models/hunting.hpp"
#include "models/names.hpp"
#include "models/record/record.hpp"
#include "models/sip_timers.hpp"
#include "models/units.hpp"

namespace trunklab {

struct EdgeSpec {
  std::string name;     ///< "euc1/1": region and place in its list, from 1
  std::string address;  ///< dotted IPv4
};

struct RegionSpec {
  std::string name;              ///< "euc1"
  std::string title;             ///< "Europe"
  std::string host_name;         ///< "euc1.sip.sinch.com"
  std::vector<EdgeIndex> edges;  ///< into Service::edges, in the listed order
};

/// The service: its regions and edges, how names are served, what it refuses.
struct Service {
  std::string name;  ///< "sinch"
  std::vector<RegionSpec> regions;
  std::vector<EdgeSpec> edges;
  std::vector<std::uint16_t> region_of_edge;
  NameSpec names;
  std::vector<CapSpec> caps;
};

enum class DnsCache : std::uint8_t {
  ttl,     ///< an answer is used until its TTL is over
  forever  ///< the name is resolved once, at the first call
};

struct Routing {
  TargetKind target = TargetKind::fqdn;  ///< the default is the seed's recommendation
  std::vector<std::uint16_t> regions;    ///< in hunting order; at least one
  EdgeIndex edge = no_edge;              ///< single_address: the one edge
  DnsCache cache = DnsCache::ttl;
  HuntingPolicy hunting;
};

struct Site {
  std::string name;
  Transport transport = Transport::udp;
  std::optional<std::uint32_t> channels;          ///< nullopt = not limited
  std::vector<Span> rtt;                          ///< round-trip time to each region (same index as Service::regions); default 0
  Span media_timeout = std::chrono::seconds{60};  ///< a side that hears no more RTP hangs up after so long (ours)
  Routing routing;
};

enum class FaultKind : std::uint8_t { crash };

struct FaultSpec {
  Instant at;
  std::optional<Span> duration;  ///< nullopt = until the end of the run
  EdgeIndex edge = no_edge;
  FaultKind kind = FaultKind::crash;
};

/// What the user wants to hold; a missed one makes exit code 3. nullopt = not asked for.
struct Objectives {
  std::optional<Probability> blocking;              ///< at most
  std::optional<Span> failover;                     ///< every fault: at most
  std::optional<Probability> answer_seizure_ratio;  ///< at least
};

struct Horizon {
  std::int64_t start_unix_ns = 0;  ///< UTC instant of run_start
  int utc_offset_s = 0;            ///< the offset it was written with; used to show times
  Span duration{};
};

struct Scenario {
  std::string path;  ///< as given by the user
  std::string text;  ///< the file's text, kept in the run record
  std::string name;  ///< file name without its ending
  Horizon horizon;
  std::uint64_t seed = 1;
  std::optional<Span> warmup;  ///< given: start empty, and calls offered before it is over are not measured; else a stationary start
  Service service;
  std::vector<Site> sites;
  std::vector<DemandSpec> demands;
  std::vector<FaultSpec> faults;
  Objectives objectives;
  std::optional<Span> series_every;  ///< resolution of the series; default horizon / 86,400, at least 1 s
};

/// The names that records of this scenario refer to by index.
Directory directory_of(const Scenario& scenario);

}  // namespace trunklab
