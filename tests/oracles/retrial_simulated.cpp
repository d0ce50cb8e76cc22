// The second way of retrial.cpp: the same retrial queue, simulated call by call, without states and rates. Uses nothing of trunklab.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <queue>
#include <random>
#include <vector>

namespace {

struct Case {
  int c;
  double offered;  ///< first attempts per holding time
  double p;
  double delay;  ///< mean, in holding times
  int most;      ///< redials of one call
};

constexpr int endless = 1 << 30;

/// Single calls in a queue of events: knows nothing of states and rates. Mean and standard error from 20 batches.
void simulate(const Case& of, std::uint64_t seed) {
  struct Event {
    double at;
    int redial;  ///< -1 release, 0 first attempt, j the j-th redial
    bool operator>(const Event& other) const { return at > other.at; }
  };
  std::mt19937_64 luck(seed);
  const auto exponential = [&](double mean) { return std::exponential_distribution<double>(1 / mean)(luck); };
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events;
  events.push({exponential(1 / of.offered), 0});
  int busy = 0, orbit = 0;
  double now = 0;
  constexpr int batches = 20;
  const double length = 100000;
  double sum[5] = {}, squares[5] = {};
  for (int batch = -1; batch < batches; ++batch) {  // the first one only warms up
    const double end = now + length;
    double firsts = 0, firsts_blocked = 0, tries = 0, blocked = 0, orbit_time = 0, busy_time = 0;
    while (now < end) {
      const Event event = events.top();
      events.pop();
      orbit_time += orbit * (event.at - now);
      busy_time += busy * (event.at - now);
      now = event.at;
      if (event.redial < 0) {
        --busy;
        continue;
      }
      if (event.redial == 0) events.push({now + exponential(1 / of.offered), 0});
      if (event.redial > 0) --orbit;
      const bool full = busy == of.c;
      ++tries;
      blocked += full;
      if (event.redial == 0) {
        ++firsts;
        firsts_blocked += full;
      }
      if (!full) {
        ++busy;
        events.push({now + exponential(1), -1});
      } else if (event.redial < of.most && std::bernoulli_distribution(of.p)(luck)) {
        ++orbit;
        events.push({now + exponential(of.delay), event.redial + 1});
      }
    }
    if (batch < 0) continue;
    const double of_batch[5] = {firsts_blocked / firsts, blocked / tries, orbit_time / length, busy_time / length, tries / length};
    for (int i = 0; i < 5; ++i) {
      sum[i] += of_batch[i];
      squares[i] += of_batch[i] * of_batch[i];
    }
  }
  static constexpr const char* names[5] = {"first", "all", "orbit", "busy", "attempts"};
  std::printf("  %-12s", "simulated");
  for (int i = 0; i < 5; ++i) {
    const double mean = sum[i] / batches;
    std::printf(" %s %.5f+-%.5f ", names[i], mean, std::sqrt((squares[i] / batches - mean * mean) / (batches - 1)));
  }
  std::printf("\n");
}

}  // namespace

int main() {
  const std::vector<Case> cases{
      {5, 4, 0.5, 0.1, 1}, {5, 4, 0.5, 1, 1},    {5, 4, 0.5, 0.1, 2}, {5, 4, 0.5, 1, 2},         {5, 4, 0.5, 0.1, 3},
      {5, 4, 0.5, 1, 3},   {10, 8, 0.7, 0.1, 2}, {10, 8, 0.7, 1, 2},  {5, 4, 0.5, 0.1, endless}, {5, 4, 0.5, 1, endless},
  };
  std::uint64_t seed = 0;
  for (const Case& of : cases) {
    std::printf("c=%d A=%g p=%g delay=%g most=%d\n", of.c, of.offered, of.p, of.delay, of.most);
    simulate(of, ++seed);
  }
  return 0;
}
