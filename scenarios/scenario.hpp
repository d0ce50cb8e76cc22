// A scenario as plain data: what to try. Everything that the reader has checked; nothing here knows YAML.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/caps.hpp"
#include "models/demand_spec.hpp"
#include "models/fault_spec.hpp"
#include "models/hunting.hpp"
#include "models/measures/objectives.hpp"
#include "models/measures/prices.hpp"
#include "models/media/media_spec.hpp"
#include "models/names.hpp"
#include "models/record/record.hpp"
#include "models/service_spec.hpp"
#include "models/sip_timers.hpp"
#include "models/units.hpp"

namespace trunklab {

struct EdgeSpec {
  std::string name;     ///< "euc1/1": region and place in its list, from 1
  std::string address;  ///< dotted IPv4
  std::string zone;     ///< edges of a zone may fail together; default: the edge's own name (seed: "across multiple Availability Zones")
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
  EdgeRole role = EdgeRole::proxy;                   ///< ours; the seed shows Record-Route
  std::optional<EdgeCapacity> capacity;              ///< nullopt = edges are never busy
  std::optional<AuthenticationSpec> authentication;  ///< nullopt = costs no time
  std::optional<CallbackSpec> callback;              ///< nullopt = none: "Sinch will try to terminate your call to PSTN" (seed)
  DrainSpec drain;
  OriginationSpec origination;
  MediaSpec media;                         ///< of demands with codecs
  std::uint16_t number_format_code = 484;  ///< refusal of a number that is not E.164 (ours)
  bool merged_482 =
      false;  ///< a second INVITE of the same transaction that meets the first one beyond the edges is refused with 482 (RFC 3261 8.2.2.2)
};

enum class DnsCache : std::uint8_t {
  ttl,      ///< an answer is used until its TTL is over
  forever,  ///< the name is resolved once, at the first call
  start     ///< the name is resolved once, when the run starts
};

/// When a name's client picks the address that stands first for it.
enum class DnsChoice : std::uint8_t {
  resolution,  ///< once for each answer: all calls go there until it expires
  connection,  ///< over TCP: once for each connection; while that lives the name is not resolved again
  call         ///< anew for each call
};

struct Routing {
  TargetKind target = TargetKind::fqdn;  ///< the default is the seed's recommendation
  std::vector<std::uint16_t> regions;    ///< in hunting order; at least one
  EdgeIndex edge = no_edge;              ///< single_address: the one edge
  DnsCache cache = DnsCache::ttl;
  std::optional<Span> ttl_min;  ///< the client's own bounds on a TTL
  std::optional<Span> ttl_max;
  DnsChoice choice = DnsChoice::resolution;
  std::string resolver;                             ///< sites that name the same one share its cache; empty = the site's own
  Span resolver_timeout = std::chrono::seconds{5};  ///< a query without an answer is given up (ours)
  bool cseq_on_failover = true;                     ///< the INVITE to the next target has a new CSeq; else it is a merged request where both arrive
  HuntingPolicy hunting;
};

/// What a site does with TCP.
struct TcpSpec {
  Span user_timeout = std::chrono::seconds{924};  ///< unacknowledged data break the connection after so long (Linux: tcp_retries2 = 15, about 924 s)
  std::optional<Span> keepalive;                  ///< a silent peer of an idle connection is found out within so long; nullopt = never
  bool operator==(const TcpSpec&) const = default;
};

/// People who answer at a site. Callers who find all of them busy wait, holding a channel.
struct ContactCentre {
  std::uint32_t agents = 1;
  bool operator==(const ContactCentre&) const = default;
};

struct Site {
  std::string name;
  Transport transport = Transport::udp;
  std::optional<std::uint32_t> channels;          ///< nullopt = not limited
  std::vector<Span> rtt;                          ///< round-trip time to each region (same index as Service::regions); default 0
  Span media_timeout = std::chrono::seconds{60};  ///< a side that hears no more RTP hangs up after so long (ours)
  TcpSpec tcp;
  bool icmp_seen = false;                       ///< over UDP: an edge whose process is gone is noticed at once
  std::optional<Span> session_expires;          ///< RFC 4028; refreshed by the site at half of it. nullopt = no session timer
  std::vector<bool> allows;                     ///< firewall, origination: lets this edge in (same index as Service::edges)
  std::vector<std::string> allows_strangers;    ///< addresses in its allow-list that no edge has
  bool drop_fragments = false;                  ///< fragments are lost on the way to the site
  std::optional<ContactCentre> contact_centre;  ///< nullopt = somebody is always there
  SiteMedia media;
  std::string equipment;  ///< preset that the routing started from; empty = none
  Routing routing;
};

/// A default that stands in for something the scenario does not say.
struct Assumption {
  std::string where;  ///< "site stockholm", "demands retail and office"
  std::string what;   ///< "round-trip time 0: give yours"
  bool operator==(const Assumption&) const = default;
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
  std::vector<FaultSpec> faults;         ///< at known instants
  std::vector<FaultSpec> random_faults;  ///< at random ones
  Objectives objectives;
  Prices prices;
  std::vector<std::string> silenced;    ///< ids of lint rules that the user does not want to hear
  std::vector<Assumption> assumptions;  ///< defaults of ours that decide what a run shows
  std::optional<Span> series_every;     ///< resolution of the series; default horizon / 86,400, at least 1 s
};

/// Media is modelled: some demand has codecs.
bool has_media(const Scenario& scenario);

/// Resolution of the series: as given, else the horizon / 86,400 in whole seconds, at least 1 s.
Span series_step(const Scenario& scenario);

/// The edges that a routing leads to, in groups that are used up one after the other: those of a region, or those of a rank across the regions.
std::vector<std::vector<EdgeIndex>> target_groups_of(const Service& service, const Routing& routing);

/// The same in hunting order.
std::vector<EdgeIndex> targets_of(const Scenario& scenario, const Site& site);

/// Sites whose probes, or whose names' health check, could see this fault: of an edge that they call, or of the path to it.
std::vector<std::uint16_t> watchers_of(const Scenario& scenario, const FaultSpec& fault);

/// The names that records of this scenario refer to by index.
Directory directory_of(const Scenario& scenario);

}  // namespace trunklab
