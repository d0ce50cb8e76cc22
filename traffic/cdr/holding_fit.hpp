// How long calls last: which law fits, how well, and the quantiles to play where none does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/statistics/lognormal_mixture.hpp"
#include "models/statistics/reservoir.hpp"

namespace trunklab {

struct FittedLaw {
  enum class Kind : std::uint8_t { exponential, lognormal, mixture };
  Kind kind = Kind::exponential;
  double mean_s = 0;         ///< of the fitted law
  double cv = 1;             ///< standard deviation / mean of the fitted law
  LognormalMixture mixture;  ///< one part: lognormal; none: exponential. Of seconds
  double bic = 0;            ///< of ln X; smaller is better
  double distance = 0;       ///< Kolmogorov-Smirnov D between the law and the values
  std::optional<double> p;   ///< of such a D or a larger one if the law held, parameters fitted anew; nullopt above 10,000 values

  [[nodiscard]] double cdf(double seconds) const;
};

/// "lognormal mixture of 2".
std::string name_of(const FittedLaw& law);

struct HoldingFit {
  std::uint64_t values = 0;  ///< of the file
  std::size_t sample = 0;    ///< values that the laws were fitted to
  bool dithered = false;     ///< whole seconds: each value was moved by up to half a second (below 1 s: up), the same law's samples likewise
  double mean_s = 0;         ///< of all values
  double cv = 0;
  double median_s = 0;
  double p90_s = 0;
  double p99_s = 0;
  std::vector<FittedLaw> laws{};      ///< exponential, lognormal, mixtures of 2 and 3
  std::size_t best = 0;               ///< by BIC
  std::vector<double> group_means{};  ///< of up to 1000 equal groups of the sorted values: they have the values' own mean
};

/// At least 30 values, not all the same, else nullopt. `mean_s`, `cv`: of all values.
std::optional<HoldingFit> fit_holding(const Reservoir& sample, double mean_s, double cv, bool whole_seconds);

}  // namespace trunklab
