// Units of the model: instants, spans and the strong quantities of teletraffic, so that two of them are never swapped by mistake.
#pragma once

#include <chrono>
#include <cmath>
#include <compare>
#include <cstdint>

namespace trunklab {

/// The clock of a run: int64 nanoseconds since the run's start, so that "exactly four seconds later" is an integer equality.
struct SimClock {
  using rep = std::int64_t;
  using period = std::nano;
  using duration = std::chrono::duration<rep, period>;
  using time_point = std::chrono::time_point<SimClock>;
  static constexpr bool is_steady = true;
};

using Span = SimClock::duration;
using Instant = SimClock::time_point;

/// The first instant of every run.
inline constexpr Instant run_start{};
/// Later than anything that happens in a run; also "never".
inline constexpr Instant never = Instant::max();
/// Longer than any run; also "without limit".
inline constexpr Span endless = Span::max();

/// Seconds as a double, for formulas and for people.
constexpr double in_seconds(Span span) {
  return std::chrono::duration<double>(span).count();
}
constexpr double in_seconds(Instant instant) {
  return in_seconds(instant - run_start);
}

/// The nearest whole nanosecond. Domain: |seconds| < 9.2e9 (292 years).
inline Span from_seconds(double seconds) {
  return Span{std::llround(seconds * 1e9)};
}

/// `instant + span` that stays at `never` instead of overflowing. Domain: span >= 0.
constexpr Instant later(Instant instant, Span span) {
  return instant >= never - span ? never : instant + span;
}

template <class Unit>
class Quantity {
 public:
  constexpr explicit Quantity(double value) : value_(value) {}
  [[nodiscard]] constexpr double value() const { return value_; }
  constexpr auto operator<=>(const Quantity&) const = default;

 private:
  double value_;
};

/// Traffic: the mean number of calls at the same time (Erlang). Symbol A when offered, Y when carried.
using Erlangs = Quantity<struct ErlangUnit>;
/// Call attempts per second (CPS).
using CallsPerSecond = Quantity<struct CallRateUnit>;
/// A probability in [0, 1].
using Probability = Quantity<struct ProbabilityUnit>;

constexpr Erlangs operator*(CallsPerSecond rate, Span mean_holding) {
  return Erlangs{rate.value() * in_seconds(mean_holding)};
}
constexpr Erlangs operator*(Span mean_holding, CallsPerSecond rate) {
  return rate * mean_holding;
}

}  // namespace trunklab
