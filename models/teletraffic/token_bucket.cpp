// M/D/1/b by level crossing.
#include "models/teletraffic/token_bucket.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace trunklab {
namespace {

/// P(at least j arrivals while one token is made), j = 0, 1, ... until it is nothing.
std::vector<double> at_least(double load) {
  std::vector<double> exactly{std::exp(-load)};
  for (double j = 1; j <= load || exactly.back() > 1e-300; ++j) exactly.push_back(exactly.back() * load / j);
  std::vector<double> tails(exactly.size() + 1, 0);
  for (std::size_t j = exactly.size(); j-- > 0;) tails[j] = tails[j + 1] + exactly[j];
  return tails;
}

/// Weights of 0, 1, 2, ... missing tokens at the instants at which one has been made good, relative to that of none.
class Levels {
 public:
  explicit Levels(double load) : tails_(at_least(load)), none_(std::exp(-load)) {}
  [[nodiscard]] double weight(std::size_t level) const { return weights_[level]; }
  void add() {
    const std::size_t from = weights_.size() - 1;  // the flow up across `from` is that down across it
    double up = tail(from + 1);
    const std::size_t reach = std::min(from, tails_.size());
    for (std::size_t back = 0; back < reach; ++back) up += weights_[from - back] * tail(back + 2);
    weights_.push_back(up / none_);
  }

 private:
  [[nodiscard]] double tail(std::size_t arrivals) const { return arrivals < tails_.size() ? tails_[arrivals] : 0; }
  std::vector<double> tails_;
  double none_;
  std::vector<double> weights_{1};
};

}  // namespace

Probability token_bucket_refusal(CallsPerSecond offered, CallsPerSecond rate, double burst) {
  const double load = offered.value() / rate.value();
  if (load <= 0) return Probability{0};
  constexpr double overload = 500;  // a full bucket is never seen; e^-load would vanish
  if (load > overload) return Probability{1 - 1 / load};
  const auto room = static_cast<std::size_t>(burst);
  Levels levels(load);
  double within = 1;
  for (std::size_t level = 1; level < room; ++level) {
    levels.add();
    within += levels.weight(level);
    if (within > 1e250) return Probability{1 - 1 / load};  // overloaded: as good as never empty
  }
  // Where the difference does not cancel, or there is no endless queue, it is the share itself.
  constexpr double plain = 1e-4;
  const double difference = 1 - (1 - load) * within;
  if (load >= 1 || difference > plain) return Probability{difference / (1 + load * within)};
  // Of the endless queue's weight, 1 / (1 - load) in all, what lies beyond: summed, since the difference would cancel.
  double beyond = 0;
  for (std::size_t level = room;; ++level) {
    levels.add();
    beyond += levels.weight(level);
    if (levels.weight(level) < beyond * 1e-13 || levels.weight(level) < 1e-300) break;
  }
  return Probability{(1 - load) * beyond / (1 + load * within)};
}

}  // namespace trunklab
