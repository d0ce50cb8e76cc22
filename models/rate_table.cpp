// Integral and inverse of a piecewise linear rate.
#include "models/rate_table.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace trunklab {

RateTable::RateTable(const VaryingArrivals& arrivals) {
  assert(!arrivals.table.empty() && arrivals.table.front().from == run_start);
  double before = 0;
  for (std::size_t i = 0; i < arrivals.table.size(); ++i) {
    const RatePoint& point = arrivals.table[i];
    const double from = in_seconds(point.from);
    const double rate = point.rate.value();
    const bool last = i + 1 == arrivals.table.size();
    const double length = last ? 0 : in_seconds(arrivals.table[i + 1].from) - from;
    const bool straight = !last && arrivals.between == VaryingArrivals::Between::linear;
    const double slope = straight ? (arrivals.table[i + 1].rate.value() - rate) / length : 0;
    pieces_.push_back({.from = from, .rate = rate, .slope = slope, .before = before});
    before += length * (rate + slope * length / 2);
  }
}

double RateTable::rate(Instant at) const {
  const double t = in_seconds(at);
  const auto after = std::ranges::upper_bound(pieces_, t, {}, &Piece::from);
  const Piece& piece = *std::prev(after);
  return piece.rate + piece.slope * (t - piece.from);
}

double RateTable::cumulative(Instant at) const {
  assert(at >= run_start);
  const double t = in_seconds(at);
  const Piece& piece = *std::prev(std::ranges::upper_bound(pieces_, t, {}, &Piece::from));
  const double dt = t - piece.from;
  return piece.before + dt * (piece.rate + piece.slope * dt / 2);
}

Instant RateTable::inverse(double expected) const {
  assert(expected >= 0);
  const Piece& piece = *std::prev(std::ranges::upper_bound(pieces_, expected, {}, &Piece::before));
  const double rest = expected - piece.before;
  // rest = dt (rate + slope dt / 2), solved in the form that does not cancel when the slope is small.
  const double root = std::sqrt(std::max(0.0, piece.rate * piece.rate + 2 * piece.slope * rest));
  const double divisor = piece.rate + root;
  if (divisor <= 0) return rest <= 0 ? run_start + from_seconds(piece.from) : never;
  const double seconds = piece.from + 2 * rest / divisor;
  if (!(seconds < 9e9)) return never;
  return run_start + Span{static_cast<Span::rep>(seconds * 1e9)};
}

}  // namespace trunklab
