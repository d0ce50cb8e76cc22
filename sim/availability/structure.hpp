// Which of a scenario's random faults take a site's last way out: availability on paper.
#pragma once

#include <cstdint>
#include <vector>

#include "models/teletraffic/availability.hpp"
#include "scenarios/scenario.hpp"

namespace trunklab {

/// A set of random faults that are there, one bit each (place in Scenario::random_faults).
using FaultSet = std::uint64_t;
inline constexpr std::size_t random_faults_max = 64;

/// For how much of the time a random fault is there, and how often it comes.
struct FaultOdds {
  double down = 0;   ///< MTTR / (MTBF + MTTR), whatever the laws
  double per_s = 0;  ///< 1 / (MTBF + MTTR)
};
FaultOdds odds_of(const FaultSpec& fault);

/// Faults that can take a way out: crash, drain, path_down, site_down, secret. The others make calls worse, or some of them fail: simulation tells.
bool known_on_paper(FaultKind kind);

/// A site's way out as a function of what is there.
class SiteStructure {
 public:
  SiteStructure(const Scenario& scenario, std::uint16_t site);
  /// Do the site's calls have nowhere to go, in one direction at least (to its targets, or from a region that calls it)? Faults that count:
  /// known_on_paper().
  [[nodiscard]] bool down(FaultSet faults) const;
  /// The random faults that count for this site.
  [[nodiscard]] FaultSet relevant() const { return relevant_; }

 private:
  FaultSet all_ = 0;                         ///< each of these alone takes every way out
  std::vector<std::vector<FaultSet>> ways_;  ///< of each edge in each direction: the faults that take it away
  FaultSet relevant_ = 0;
};

/// At most so many relevant faults of a site (2^24 states take some seconds).
inline constexpr int relevant_max = 20;

/// The site's share of time without a way out, how often that begins and how long it lasts, over all states: faults come and go independently of each
/// other (exact for any laws, in the long run). Scenario::faults are left out. Domain: at most relevant_max relevant faults. Source: state
/// enumeration; frequency by Birnbaum importance, e.g. R. E. Barlow and F. Proschan, Statistical Theory of Reliability (1975), section 7.4.
Unavailability chain_of(const Scenario& scenario, const SiteStructure& structure);

}  // namespace trunklab
