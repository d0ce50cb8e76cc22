// Level reduction of the retrial chain, from the highest level downwards, carrying along only what the figures need.
#include "models/teletraffic/retrials.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <vector>

#include "models/teletraffic/erlang_b.hpp"
#include "models/teletraffic/root.hpp"

namespace trunklab {

namespace {

using Row = std::vector<double>;

/// Weights summed over all levels from some level on.
struct Sums {
  double mass = 0;
  double full = 0;          ///< mass with all channels busy
  double busy = 0;          ///< mass times channels busy
  double waiting = 0;       ///< mass times callers between attempts
  double waiting_full = 0;  ///< the same with all channels busy
  double highest = 0;       ///< mass of the highest level

  void add_level(const Row& row, std::size_t level, double unit) {
    const auto w = static_cast<double>(level);
    double all = 0;
    double all_busy = 0;
    for (std::size_t b = 0; b < row.size(); ++b) {
      all += row[b];
      all_busy += row[b] * static_cast<double>(b);
    }
    mass += unit * all;
    busy += unit * all_busy;
    full += unit * row.back();
    waiting += unit * w * all;
    waiting_full += unit * w * row.back();
  }
  void scale(double by) {
    for (double* each : {&mass, &full, &busy, &waiting, &waiting_full, &highest}) *each *= by;
  }
};

class Levels {
 public:
  explicit Levels(const RedialingCallers& callers)
      : a_(callers.offered.value()), c_(callers.channels), p_(callers.persistence.value()), redial_(1 / callers.pause) {}

  /// Sums over all levels up to `top`, of weights that are not normalised.
  [[nodiscard]] Sums sums(std::size_t top) const {
    constexpr double large = 1e200;
    // The sums are in units that shrink: few callers between attempts may be so rare that their share vanishes.
    Row returning(c_ + 1);
    Sums rest;
    double unit = 1;
    for (std::size_t level = top; level > 0; --level) {
      const Row weights = weights_of(level, returning);
      rest.scale(weights.back());
      rest.add_level(weights, level, unit);
      if (level == top) rest.highest = rest.mass;
      if (rest.mass > large) {
        rest.scale(1 / large);
        unit /= large;
      }
      returning = going_down(level, weights);
    }
    const Row weights = weights_of(0, returning);
    rest.scale(weights.back());
    rest.add_level(weights, 0, unit);
    return rest;
  }

 private:
  /// What flows down from a level with these weights: a redial seizes a channel, or finds none and gives up.
  [[nodiscard]] Row going_down(std::size_t level, const Row& weights) const {
    const double rate = static_cast<double>(level) * redial_;
    Row flow(c_ + 1);
    for (std::size_t b = 0; b < c_; ++b) flow[b + 1] += rate * weights[b];
    flow[c_] += rate * (1 - p_) * weights[c_];
    return flow;
  }

  /// Weights of `level` for weight 1 of "all busy" one level lower (of level 0: for weight 1 of its own), where for weight 1 of "all busy"
  /// in it so much is `returning` from above. States are eliminated from "none busy" upwards; each pivot is the sum of the flows that leave
  /// the states up to it, never a difference (Grassmann, Taksar and Heyman 1985). All that goes up returns, so that of "all busy" only
  /// what then goes down a level has left.
  [[nodiscard]] Row weights_of(std::size_t level, const Row& returning) const {
    const double redials = static_cast<double>(level) * redial_;
    Row pivot(c_);
    Row leak(c_);
    for (std::size_t b = 0; b < c_; ++b) {
      leak[b] = redials + (b == 0 ? 0 : static_cast<double>(b) * leak[b - 1] / pivot[b - 1]);
      pivot[b] = leak[b] + a_;
    }
    Row x(c_ + 1);
    x[c_] = 1;
    if (level > 0) {
      double leaves = redials * (1 - p_) + static_cast<double>(c_) * leak[c_ - 1] / pivot[c_ - 1];
      double goes_down = 0;  // before all are busy, from b busy on
      for (std::size_t b = c_; b-- > 0;) {
        goes_down = (leak[b] + a_ * goes_down) / pivot[b];
        leaves += returning[b] * goes_down;
      }
      x[c_] = a_ * p_ / leaves;
    }
    for (std::size_t b = 0; b < c_; ++b) x[b] = x[c_] * returning[b] + (b == 0 ? 0 : x[b - 1] * a_ / pivot[b - 1]);
    for (std::size_t b = c_; b-- > 0;) x[b] = (x[b] + x[b + 1] * static_cast<double>(b + 1)) / pivot[b];
    return x;
  }

  double a_;
  std::size_t c_;
  double p_;
  double redial_;
};

RedialFigures figures_of(const RedialingCallers& callers, Sums sums) {
  sums.scale(1 / sums.mass);
  const double a = callers.offered.value();
  const double redials = sums.waiting / callers.pause;
  const double blocked = a * sums.full + sums.waiting_full / callers.pause;
  const double attempts = a + redials;
  return {.first_blocked = Probability{sums.full},
          .blocked = Probability{blocked / attempts},
          .lost = Probability{blocked * (1 - callers.persistence.value()) / a},
          .attempts = attempts,
          .waiting = sums.waiting,
          .carried = Erlangs{sums.busy}};
}

/// `top`: the levels that sufficed for a question like this one, so that fewer are tried in vain (0: none yet); in return those for this one.
std::optional<RedialFigures> figures_from(const RedialingCallers& callers, double& top) {
  const double a = callers.offered.value();
  const double p = callers.persistence.value();
  assert(a > 0 && std::isfinite(a) && callers.channels >= 1 && p >= 0 && p < 1 && callers.pause > 0 && std::isfinite(callers.pause));
  // With hardly any blocking nobody redials, and the weights relative to "all busy" would leave the machine's numbers.
  constexpr double hardly = 1e-290;
  const Probability blocked = erlang_b(callers.offered, callers.channels);
  if (blocked.value() < hardly) return RedialFigures{Probability{0}, Probability{0}, Probability{0}, a, 0, callers.offered};
  if (p == 0) return RedialFigures{blocked, blocked, blocked, a, 0, Erlangs{a * (1 - blocked.value())}};
  // Roughly what Extended Erlang B says, and some deviations more; then as far as it takes.
  const WithRedials guess = extended_erlang_b(callers.offered, whole(callers.channels), callers.persistence);
  const double waiting = (guess.offered.value() - a) * callers.pause;
  const double levels_max = 2e8 / (callers.channels + 1.0);
  const double first = std::ceil(waiting + 8 * std::sqrt(waiting) + 20);
  const double begin = std::clamp(top, first, 4 * first);
  for (double levels = begin <= levels_max ? begin : first; levels <= levels_max; levels = std::ceil(levels * 1.5)) {
    const Sums sums = Levels(callers).sums(static_cast<std::size_t>(levels));
    if (sums.highest > 1e-13 * sums.mass) continue;
    top = levels;
    return figures_of(callers, sums);
  }
  return std::nullopt;
}

}  // namespace

std::optional<RedialFigures> redial_figures(const RedialingCallers& callers) {
  double top = 0;
  return figures_from(callers, top);
}

std::optional<std::uint32_t> redial_channels_for(RedialingCallers callers, Probability lost) {
  assert(lost.value() > 0 && lost.value() < 1);
  bool too_large = false;
  double top = 0;
  const auto enough = [&](std::uint32_t channels) {
    callers.channels = channels;
    const auto figures = figures_from(callers, top);
    too_large |= !figures;
    return !figures || figures->lost <= lost;
  };
  // Carried traffic is below the channels.
  const auto least = static_cast<std::uint32_t>(std::max(1.0, callers.offered.value() * (1 - lost.value())));
  const auto channels = least_that(least, 100'000'000, enough);
  return too_large ? std::nullopt : channels;
}

std::optional<Erlangs> redial_offered_for(RedialingCallers callers, Probability lost) {
  assert(lost.value() > 0 && lost.value() < 1);
  bool too_large = false;
  double top = 0;
  const auto excess = [&](double log_a) {
    callers.offered = Erlangs{std::exp(log_a)};
    const auto figures = figures_from(callers, top);
    too_large |= !figures;
    if (!figures) return 1.0;
    const double beyond = std::log(std::max(figures->lost.value(), std::numeric_limits<double>::min()) / lost.value());
    return std::abs(beyond) < 1e-11 * (1 - lost.value()) ? 0.0 : beyond;  // close enough: each question is work
  };
  // Carried traffic is below the channels, also of those who redial.
  double high = std::log(callers.channels / (1 - lost.value())) + 1e-9;
  double low = high - 0.02;
  while (!too_large && excess(low) > 0) low -= 2 * (high - low);
  if (too_large) return std::nullopt;
  const double root = root_between(low, high, excess);
  return too_large ? std::nullopt : std::optional(Erlangs{std::exp(root)});
}

}  // namespace trunklab
