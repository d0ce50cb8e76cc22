// How many calls a cap on calls per second refuses: a token bucket under independent arrivals.
#pragma once

#include "models/units.hpp"

namespace trunklab {

/// Share of Poisson arrivals that find no token in a bucket of this rate and depth (TokenBucket in models/caps.hpp). offered >= 0, rate > 0, burst >=
/// 1; a fraction of a token is of no use. Relative error below 1e-9 where the share is above 1e-12.
///
/// The tokens that are missing are a queue: each accepted call adds one, and one is made good every 1/rate. So the share is the loss of M/D/1/b.
/// Source: departure epochs' chain of M/G/1/K, as in H. Tijms, A First Course in Stochastic Models (2003), section 9.6; solved by level crossing, in
/// which all terms are positive.
Probability token_bucket_refusal(CallsPerSecond offered, CallsPerSecond rate, double burst);

}  // namespace trunklab
