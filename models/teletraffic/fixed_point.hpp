// Networks with alternate routing: routes tried in order over links that several demands share, by Erlang's fixed point.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "models/units.hpp"

namespace trunklab {

/// Links by their index that a call needs all at once; none twice.
using LinkRoute = std::vector<std::size_t>;

/// Calls that try one route after the other and are lost behind the last.
struct RoutedDemand {
  Erlangs offered{0};  ///< >= 0, finite
  std::vector<LinkRoute> routes;
};

struct RoutedNetwork {
  std::vector<std::uint32_t> links;  ///< channels of each
  std::vector<RoutedDemand> demands;
};

struct NetworkBlocking {
  std::vector<Probability> links;    ///< blocking of each link
  std::vector<Probability> demands;  ///< loss of each demand behind its last route
  bool settled = false;              ///< false: still moving after the last round
  int rounds = 0;
};

/// How a network with alternate routing settles if it was empty before, and if it was full.
struct FixedPoints {
  NetworkBlocking from_empty;
  NetworkBlocking from_full;
  bool differ = false;  ///< some demand's loss by more than 1e-6: the network has a good and a bad state and may jump
};

/// Each link blocks as Erlang B of the traffic that reaches it, links independent of each other: B = E(rho(B), C), where rho counts the
/// calls that were blocked on their earlier routes and pass all other links of this one, given that this link is free. Routes that share
/// links are conditioned on them, not multiplied. Independence and Poisson offers are approximations: overflow is burstier, so that
/// losses behind alternate routes are underestimated. Damped iteration (a fifth of each step) to 1e-12; O(rounds * (channels + routes)), and
/// exponential in the routes of one demand that have several links.
/// Source: F. P. Kelly, "Blocking probabilities in large circuit-switched networks", Advances in Applied Probability 18 (1986) 473 (fixed
/// routing: one solution); R. J. Gibbens, P. J. Hunt and F. P. Kelly, "Bistability in communication networks" (1990) (alternate routing).
FixedPoints erlang_fixed_points(const RoutedNetwork& network);

}  // namespace trunklab
