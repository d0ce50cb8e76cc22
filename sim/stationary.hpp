// The calls that a run starts with, so that it is in its steady state from the first instant.
#pragma once

#include <vector>

#include "scenarios/scenario.hpp"
#include "sim/call_plane.hpp"

namespace trunklab {

/// Calls talking and in set-up at run_start, drawn from the equilibrium law of demands with Poisson arrivals (a time-varying rate counts as
/// if it had always been what it is at the start). Demands with deterministic or traced arrivals start empty.
///
/// Numbers: without limits Poisson with mean rate x mean time in the system; with channels and session caps that law cut off at them
/// (product form; Kelly, Loss networks, Annals of Applied Probability 1 (1991) 319): exact unless a cap that several sites share binds so
/// hard that rejection fails 200 times; then by Gibbs sampling from a fair split, an approximation. Round-trip times are left out.
/// Calls are taken to be at the site's first target, and CPS caps and rerouting are not in it: where these bind, give a `warmup`.
/// Residual talk times: a uniform part of a length-biased talk time; by the insensitivity of loss systems this holds with limits too.
std::vector<InitialCall> stationary_calls(const Scenario& scenario, std::uint32_t replication);

}  // namespace trunklab
