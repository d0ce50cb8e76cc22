// Every statistical tolerance of the tests, each with its reason: nobody widens one in a corner to make a test pass.
#pragma once

#include <cstdint>

namespace trunklab::tolerance {

/// |mean - theory| in standard errors of the mean. A sound simulator fails one comparison in 16,000 (two-sided normal tail).
inline constexpr double standard_errors = 4;

/// Standard error of the mean over theory, at most: a wide interval shows nothing, so the test has to simulate enough.
inline constexpr double relative_standard_error = 0.01;

/// Kolmogorov-Smirnov: D sqrt(n). Reached by sound samples with probability 2 exp(-2 * 1.95^2) = 0.001 (large n, known distribution).
inline constexpr double ks_limit = 1.95;

/// Of 400 intervals at 99 %: 396 cover on average, standard deviation 2, so that fewer than 388 have a probability below 0.001.
inline constexpr int experiments = 400;
inline constexpr double coverage_level = 0.99;
inline constexpr int covered_min = 388;

/// Seeds of a statistical test: 1..R, never chosen. For what is cheap to draw, so many.
inline constexpr std::uint64_t seeds = 20;

/// Mean probes of port allocators against figures that were measured elsewhere with three digits. Clusters of ports live as long as calls do,
/// so that means over 100 turnovers of 5000 slots still differ by 1 to 2 % from seed to seed, and at 95 % in use by 4 %: two or three times as
/// much is allowed.
inline constexpr double probes_relative = 0.04;
inline constexpr double probes_relative_at_95 = 0.08;

/// A formula of sums of some thousand positive terms against the same value found in another way: relative. Rounding adds up to some 1e-13.
inline constexpr double formula = 1e-12;

/// A formula of the solution of its inverse, against what was asked for: relative. The solution is good to some 1e-15, and steep curves
/// (a million channels at 1e-12) multiply that by some thousand.
inline constexpr double inverse = 1e-10;

}  // namespace trunklab::tolerance
