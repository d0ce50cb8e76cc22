// Counts that vary more than Poisson's: a random factor on the mean, and how unlikely a count then is.
#pragma once

namespace trunklab {

/// P(N >= count) where N is Poisson with a gamma factor on its mean: E N = mean, Var N = mean + excess * mean^2 (negative binomial);
/// excess 0: Poisson. mean > 0, excess >= 0, count >= 0.
/// Source: NIST DLMF 8.17.5 with the negative binomial's r = 1 / excess: P(N >= k) = I_p(k, r), p = mean / (mean + r).
double count_tail(double count, double mean, double excess);

}  // namespace trunklab
