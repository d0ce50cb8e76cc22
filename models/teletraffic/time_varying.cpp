// Means of the Mt/G/infinity queue, piece by piece, and modified offered load.
#include "models/teletraffic/time_varying.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <utility>

#include "models/teletraffic/erlang_b.hpp"

namespace trunklab {

namespace {

double normal_share_below(double z) {
  return std::erfc(-z / std::sqrt(2.0)) / 2;
}

/// Simpson's rule on halves until they agree.
class AdaptiveIntegral {
 public:
  AdaptiveIntegral(const std::function<double(double)>& f, double tolerance) : f_(f), tolerance_(tolerance) {}

  [[nodiscard]] double between(double low, double high) const {
    const std::array at{f_(low), f_((low + high) / 2), f_(high)};
    return refined(low, high, at, simpson(high - low, at), tolerance_, 40);
  }

 private:
  using Three = std::array<double, 3>;
  static double simpson(double width, const Three& at) { return width / 6 * (at[0] + 4 * at[1] + at[2]); }

  [[nodiscard]] double refined(double low, double high, const Three& at, double coarse, double tolerance, int depth) const {
    const double middle = (low + high) / 2;
    const Three left_at{at[0], f_((low + middle) / 2), at[1]};
    const Three right_at{at[1], f_((middle + high) / 2), at[2]};
    const double left = simpson(middle - low, left_at);
    const double right = simpson(high - middle, right_at);
    const double error = (left + right - coarse) / 15;
    if (depth == 0 || std::abs(error) <= tolerance) return left + right + error;
    return refined(low, middle, left_at, left, tolerance / 2, depth - 1) + refined(middle, high, right_at, right, tolerance / 2, depth - 1);
  }

  const std::function<double(double)>& f_;
  double tolerance_;
};

double checked(Span mean) {
  assert(mean > Span{0});
  return in_seconds(mean);
}

Span total_of(std::span<const RatePiece> pieces) {
  Span total{};
  for (const RatePiece& piece : pieces) total += piece.length;
  return total;
}

}  // namespace

HoldingLaw HoldingLaw::exponential(Span mean) {
  const double m = checked(mean);
  return {m, [m](double x) { return -m * std::expm1(-x / m); }};
}

HoldingLaw HoldingLaw::constant(Span mean) {
  const double m = checked(mean);
  return {m, [m](double x) { return std::min(x, m); }};
}

HoldingLaw HoldingLaw::lognormal(Span mean, double cv) {
  assert(cv > 0 && std::isfinite(cv));
  const double m = checked(mean);
  const double variance = std::log1p(cv * cv);
  const double sigma = std::sqrt(variance);
  const double mu = std::log(m) - variance / 2;
  return {m, [=](double x) {
            if (x <= 0) return 0.0;
            const double z = (std::log(x) - mu) / sigma;
            return m * normal_share_below(z - sigma) + x * normal_share_below(-z);
          }};
}

HoldingLaw HoldingLaw::of_survival(std::function<double(double)> survival, Span mean) {
  const double m = checked(mean);
  return {m, [m, survival = std::move(survival)](double x) {
            const AdaptiveIntegral integral(survival, 1e-11 * m);
            // In steps of about a mean, lest three points miss everything; the tail in growing ones.
            double sum = 0;
            double step = m / 4;
            for (double low = 0; low < x && m - sum > 1e-12 * m; low += step, step *= low > 8 * m ? 2 : 1) {
              sum += integral.between(low, std::min(x, low + step));
            }
            return std::min(sum, m);
          }};
}

Erlangs offered_at(const RateProfile& profile, const HoldingLaw& holding, Instant at) {
  assert(!profile.pieces.empty() && at >= run_start);
  // E[min(S, age)] of a change of rate is what it has added since.
  double before = profile.before.value();
  double offered = before * holding.mean();
  Instant begin = run_start;
  for (const RatePiece& piece : profile.pieces) {
    assert(piece.length > Span{0} && piece.rate.value() >= 0);
    if (begin >= at) break;
    offered += (piece.rate.value() - before) * holding.limited_mean(in_seconds(at - begin));
    before = piece.rate.value();
    begin += piece.length;
  }
  return Erlangs{std::max(0.0, offered)};
}

LoadPeak peak_offered(const RateProfile& profile, const HoldingLaw& holding) {
  constexpr int looks = 200;
  LoadPeak best{run_start, offered_at(profile, holding, run_start)};
  Span stride{};
  Instant begin = run_start;
  for (const RatePiece& piece : profile.pieces) {
    for (int look = 1; look <= looks; ++look) {
      const Instant at = begin + from_seconds(in_seconds(piece.length) * look / looks);
      const Erlangs offered = offered_at(profile, holding, at);
      if (offered > best.offered) {
        best = {at, offered};
        stride = piece.length / looks;
      }
    }
    begin += piece.length;
  }
  // By thirds between the neighbours.
  Instant low = std::max(run_start, best.at - stride);
  Instant high = std::min(run_start + total_of(profile.pieces), best.at + stride);
  while (high - low > std::chrono::microseconds{1}) {
    const Span third = (high - low) / 3;
    const LoadPeak left{low + third, offered_at(profile, holding, low + third)};
    const LoadPeak right{high - third, offered_at(profile, holding, high - third)};
    if (left.offered < right.offered) {
      low = left.at;
    } else {
      high = right.at;
    }
    for (const LoadPeak& each : {left, right}) {
      if (each.offered > best.offered) best = each;
    }
  }
  return best;
}

Probability mol_blocking(const RateProfile& profile, const HoldingLaw& holding, Instant at, std::uint32_t channels) {
  return erlang_b(offered_at(profile, holding, at), channels);
}

Probability mol_peak_blocking(const RateProfile& profile, const HoldingLaw& holding, std::uint32_t channels) {
  return erlang_b(peak_offered(profile, holding).offered, channels);
}

std::uint32_t mol_channels_for(const RateProfile& profile, const HoldingLaw& holding, Probability blocking) {
  return channels_for(peak_offered(profile, holding).offered, blocking);
}

}  // namespace trunklab
