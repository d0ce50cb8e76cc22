// Oracle: the M/M/c retrial queue with geometric persistence and at most `most` redials per call, solved exactly, and how it approaches
// Extended Erlang B when redials come late. Uses nothing of trunklab.
//
// Model. First attempts: Poisson, rate A (mean holding time = 1, so the unit of time is a holding time). c channels, exponential holding.
// An attempt that meets c busy channels is blocked. A blocked first attempt redials with probability p after an exponential delay of mean
// `delay`; so does a blocked redial, drawn anew each time, until the call has redialled `most` times. Else the call is lost.
// State: (busy, o_1, .., o_most), o_j = calls that wait for their j-th redial. Calls of different classes have different futures, hence one
// count for each. For most = infinity the classes are alike and (busy, orbit) suffices.
// Every rate out of a state:
//   A          busy < c: busy + 1; busy = c: with probability p o_1 + 1
//   busy       busy - 1
//   o_j/delay  o_j - 1 and: busy < c: busy + 1; busy = c: with probability p and j < most o_(j+1) + 1
// Truncation: o_j <= limit_j; what would go beyond is lost. The mass on the limits is printed: it bounds what truncation does.
//
// Solved with Eigen's SparseLU (pi Q = 0 with one equation replaced by pi(ref) = 1, then normalised). Second ways: Gauss-Seidel on the same
// equations without Eigen; conservation laws; and, independent of the generator, an event-driven simulation of single calls, retrial_simulated.cpp.
#include <Eigen/Dense>
#include <Eigen/SparseLU>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

namespace {

struct Case {
  int c;
  double offered;
  double p;
  double delay;
  std::vector<int> limits;  ///< one per class: most = limits.size()
};

struct Values {
  double first = 0;                       ///< blocking of first attempts = P(busy = c): Poisson arrivals see time averages
  double all = 0;                         ///< blocking of all attempts
  double orbit = 0;                       ///< mean number waiting to redial
  double busy = 0;                        ///< mean busy channels = carried traffic
  double attempts = 0;                    ///< per holding time
  double edge = 0;                        ///< probability of being on a limit
  double imbalance = 0;                   ///< worst violation of the conservation laws
  std::vector<double> redial_blocking{};  ///< of the j-th redials
};

double erlang_b(double offered, int channels) {
  double b = 1;
  for (int n = 1; n <= channels; ++n) b = offered * b / (n + offered * b);
  return b;
}

/// The states in mixed radix: busy fastest.
struct States {
  std::vector<int> sizes;
  std::vector<int> steps;
  int count = 1;

  explicit States(const Case& of) {
    sizes.push_back(of.c + 1);
    for (const int limit : of.limits) sizes.push_back(limit + 1);
    for (const int size : sizes) {
      steps.push_back(count);
      count *= size;
    }
  }
  int part(int state, std::size_t dimension) const { return state / steps[dimension] % sizes[dimension]; }
};

struct Move {
  int from, to;
  double rate;
};

std::vector<Move> moves(const Case& of, const States& states) {
  std::vector<Move> all;
  const std::size_t most = of.limits.size();
  // The state with one more in class j, or the same on the limit.
  const auto joined = [&](int state, std::size_t j) { return states.part(state, j) < of.limits[j - 1] ? state + states.steps[j] : state; };
  for (int s = 0; s < states.count; ++s) {
    const int busy = states.part(s, 0);
    if (busy < of.c) all.push_back({s, s + 1, of.offered});
    if (busy == of.c && most > 0) all.push_back({s, joined(s, 1), of.offered * of.p});
    if (busy > 0) all.push_back({s, s - 1, static_cast<double>(busy)});
    for (std::size_t j = 1; j <= most; ++j) {
      const int waiting = states.part(s, j);
      if (waiting == 0) continue;
      const double rate = waiting / of.delay;
      const int left = s - states.steps[j];
      if (busy < of.c) {
        all.push_back({s, left + 1, rate});
      } else if (j < most) {
        all.push_back({s, joined(left, j + 1), rate * of.p});
        all.push_back({s, left, rate * (1 - of.p)});
      } else {
        all.push_back({s, left, rate});
      }
    }
  }
  std::erase_if(all, [](const Move& move) { return move.from == move.to; });
  return all;
}

Eigen::VectorXd by_eigen(const std::vector<Move>& all, int count, int ref) {
  std::vector<Eigen::Triplet<double>> triplets;
  for (const Move& move : all) {
    if (move.to != ref) triplets.emplace_back(move.to, move.from, move.rate);  // row = balance equation of a state
    if (move.from != ref) triplets.emplace_back(move.from, move.from, -move.rate);
  }
  triplets.emplace_back(ref, ref, 1.0);
  Eigen::SparseMatrix<double> equations(count, count);
  equations.setFromTriplets(triplets.begin(), triplets.end());
  Eigen::SparseLU<Eigen::SparseMatrix<double>, Eigen::COLAMDOrdering<int>> lu(equations);
  Eigen::VectorXd right = Eigen::VectorXd::Zero(count);
  right[ref] = 1;
  Eigen::VectorXd pi = lu.solve(right);
  pi += lu.solve(right - equations * pi);  // one step of refinement
  return pi / pi.sum();
}

/// The same equations by Gauss-Seidel: pi(s) = (sum of flows into s) / (rate out of s), sweep by sweep.
Eigen::VectorXd by_sweeps(const std::vector<Move>& all, int count) {
  std::vector<Move> into = all;
  std::ranges::sort(into, {}, &Move::to);
  Eigen::VectorXd out = Eigen::VectorXd::Zero(count);
  for (const Move& move : all) out[move.from] += move.rate;
  Eigen::VectorXd pi = Eigen::VectorXd::Constant(count, 1.0 / count);
  for (int sweep = 0; sweep < 20000; ++sweep) {
    double change = 0;
    for (std::size_t i = 0; i < into.size();) {
      const int s = into[i].to;
      double flow = 0;
      for (; i < into.size() && into[i].to == s; ++i) flow += pi[into[i].from] * into[i].rate;
      change += std::abs(flow / out[s] - pi[s]);
      pi[s] = flow / out[s];
    }
    pi /= pi.sum();
    if (change < 1e-15) break;
  }
  return pi;
}

Values values_of(const Case& of, const States& states, const Eigen::VectorXd& pi) {
  const std::size_t most = of.limits.size();
  std::vector<double> waiting(most), waiting_full(most);
  Values v;
  for (int s = 0; s < states.count; ++s) {
    const int busy = states.part(s, 0);
    v.busy += busy * pi[s];
    if (busy == of.c) v.first += pi[s];
    bool edge = false;
    for (std::size_t j = 1; j <= most; ++j) {
      const int n = states.part(s, j);
      waiting[j - 1] += n * pi[s];
      if (busy == of.c) waiting_full[j - 1] += n * pi[s];
      edge = edge || n == of.limits[j - 1];
    }
    if (edge) v.edge += pi[s];
  }
  v.attempts = of.offered;
  double blocked = of.offered * v.first;
  double into_class = blocked * of.p;
  for (std::size_t j = 0; j < most; ++j) {
    v.orbit += waiting[j];
    v.attempts += waiting[j] / of.delay;
    blocked += waiting_full[j] / of.delay;
    v.redial_blocking.push_back(waiting_full[j] / waiting[j]);
    v.imbalance = std::max(v.imbalance, std::abs(waiting[j] / of.delay - into_class));  // what enters a class leaves it
    into_class = waiting_full[j] / of.delay * of.p;
  }
  v.all = blocked / v.attempts;
  v.imbalance = std::max(v.imbalance, std::abs(v.busy - (v.attempts - blocked)));  // carried = attempts that got through
  return v;
}

void print(const char* what, const Values& v) {
  std::printf("  %-12s first %.12f  all %.12f  orbit %.12f  busy %.12f  attempts %.12f\n", what, v.first, v.all, v.orbit, v.busy, v.attempts);
}

Values exact(const Case& of, bool second_way) {
  const States states(of);
  const std::vector<Move> all = moves(of, states);
  const Values v = values_of(of, states, by_eigen(all, states.count, std::min(of.c, static_cast<int>(of.offered))));
  if (second_way) {
    print("exact", v);
    print("Gauss-Seidel", values_of(of, states, by_sweeps(all, states.count)));
    std::printf("  j-th redial's blocking");
    for (const double b : v.redial_blocking) std::printf(" %.12f", b);
    std::printf("; lost for good %.12f; mass on the limits %.1e; conservation off by %.1e\n", 1 - v.busy / of.offered, v.edge, v.imbalance);
  }
  return v;
}

/// (busy, orbit) with `classes` = 1: redials end after one (most = 1) or go on for ever. Level by level: an orbit grows only from busy = c, so
/// that pi_k = pi_(k-1)(c) * r_k with a vector r_k, found from the highest level down: r_k = up e_c' (-(D_k + up e_c' r_(k+1) L_(k+1)))^-1.
Values by_levels(int c, double offered, double p, double delay, bool for_ever, int highest) {
  const int n = c + 1;
  const double up = offered * p;
  const auto local = [&](int k, bool may_grow) {  // D_k
    Eigen::MatrixXd d = Eigen::MatrixXd::Zero(n, n);
    for (int b = 0; b < n; ++b) {
      double out = b;
      if (b < c) d(b, b + 1) += offered;
      if (b > 0) d(b, b - 1) += b;
      out += b < c ? offered + k / delay : (may_grow ? up : 0) + k / delay * (for_ever ? 1 - p : 1);
      d(b, b) -= out;
    }
    return d;
  };
  const auto down = [&](int k, const Eigen::RowVectorXd& row) {  // row * L_k: a redial leaves level k
    Eigen::RowVectorXd to = Eigen::RowVectorXd::Zero(n);
    for (int b = 0; b < c; ++b) to[b + 1] += row[b] * k / delay;
    to[c] += row[c] * k / delay * (for_ever ? 1 - p : 1);
    return to;
  };
  std::vector<Eigen::RowVectorXd> r(highest + 1);
  const auto last = [&](int k) {  // D_k with all higher levels folded in
    Eigen::MatrixXd d = local(k, k < highest);
    if (k < highest) d.row(c) += down(k + 1, r[k + 1]);
    return d;
  };
  for (int k = highest; k >= 1; --k) r[k] = up * (-last(k)).transpose().partialPivLu().solve(Eigen::VectorXd::Unit(n, c)).transpose();
  Eigen::MatrixXd zero = last(0).transpose();
  zero.row(0).setOnes();  // normalise level 0 for the time being
  Eigen::RowVectorXd pi = zero.partialPivLu().solve(Eigen::VectorXd::Unit(n, 0)).transpose();
  Eigen::RowVectorXd busy_marginal = pi;
  double orbit = 0, orbit_full = 0, total = 1;
  for (int k = 1; k <= highest; ++k) {
    pi = pi[c] * r[k];
    if (pi.sum() > 1e200) {  // far from level 0 the weights are huge: rescale everything
      constexpr double scale = 1e-200;
      pi *= scale, busy_marginal *= scale, orbit *= scale, orbit_full *= scale, total *= scale;
    }
    busy_marginal += pi;
    orbit += k * pi.sum();
    orbit_full += k * pi[c];
    total += pi.sum();
  }
  Values v;
  v.edge = pi.sum() / total;
  v.first = busy_marginal[c] / total;
  v.orbit = orbit / total;
  for (int b = 0; b < n; ++b) v.busy += b * busy_marginal[b] / total;
  v.attempts = offered + v.orbit / delay;
  const double blocked = offered * v.first + orbit_full / total / delay;
  v.all = blocked / v.attempts;
  v.imbalance = std::max(std::abs(v.busy - (v.attempts - blocked)), std::abs(v.orbit / delay - p * (for_ever ? blocked : offered * v.first)));
  return v;
}

/// Extended Erlang B: total = A * sum over i = 0..most of (p B)^i, B = ErlangB(total, c); most < 0: for ever, total = A / (1 - p B). Bisection.
Values extended_erlang_b(int c, double offered, double p, int most) {
  const auto total_if = [&](double b) {
    if (most < 0) return offered / (1 - p * b);
    double sum = 0;
    for (int i = 0; i <= most; ++i) sum += std::pow(p * b, i);
    return offered * sum;
  };
  double low = offered, high = most < 0 ? offered / (1 - p) : offered * (most + 1);
  for (int i = 0; i < 200; ++i) {
    const double middle = (low + high) / 2;
    (total_if(erlang_b(middle, c)) > middle ? low : high) = middle;
  }
  Values v;
  v.attempts = low;
  v.first = v.all = erlang_b(low, c);
  v.busy = low * (1 - v.all);
  return v;
}

void print_at(double delay, const Values& v) {
  std::printf("  delay %-8g first %.12f  all %.12f  attempts %.12f  busy %.12f  (edge %.0e, off %.0e)\n",  //
              delay, v.first, v.all, v.attempts, v.busy, v.edge, v.imbalance);
}

void slow(const char* what, int c, double offered, double p, bool for_ever, std::initializer_list<double> delays, double spread) {
  std::printf("\n%s: c=%d A=%g p=%g, %s\n", what, c, offered, p, for_ever ? "redials without end" : "most=1");
  const Values limit = extended_erlang_b(c, offered, p, for_ever ? -1 : 1);
  for (const double delay : delays) {
    const double mean = (limit.attempts - offered) * delay;
    const int highest = static_cast<int>(mean + spread * std::sqrt(mean + 1) + 60);
    const Values v = by_levels(c, offered, p, delay, for_ever, highest);
    print_at(delay, v);
  }
  std::printf("  Ext.Erl.B      first %.12f  all %.12f  attempts %.12f  busy %.12f\n", limit.first, limit.all, limit.attempts, limit.busy);
}

}  // namespace

int main() {
  const std::vector<Case> cases{
      {5, 4, 0.5, 0.1, {12}},       {5, 4, 0.5, 1, {30}},         {5, 4, 0.5, 0.1, {12, 10}},  {5, 4, 0.5, 1, {26, 20}},
      {5, 4, 0.5, 0.1, {11, 9, 8}}, {5, 4, 0.5, 1, {20, 15, 12}}, {10, 8, 0.7, 0.1, {16, 13}}, {10, 8, 0.7, 1, {36, 30}},
  };
  for (const Case& of : cases) {
    std::printf("c=%d A=%g p=%g delay=%g most=%zu\n", of.c, of.offered, of.p, of.delay, of.limits.size());
    exact(of, true);
    if (of.limits.size() == 1) print("by levels", by_levels(of.c, of.offered, of.p, of.delay, false, of.limits[0]));
  }
  for (const double delay : {0.1, 1.0}) {
    std::printf("c=5 A=4 p=0.5 delay=%g most=infinity\n", delay);
    print("by levels", by_levels(5, 4, 0.5, delay, true, 80));
  }

  // A known closed form, to check by_levels: c = 1, p = 1: mean orbit = rho (A + rho/delay) / ((1 - rho)/delay) (Falin 1990), rho = A.
  const double rho = 0.6, delay = 0.5;
  std::printf("\nM/M/1 retrial, p=1, A=%g, delay=%g: orbit %.12f, closed form %.12f\n", rho, delay, by_levels(1, rho, 1, delay, true, 400).orbit,
              rho * (rho * delay + rho) / (1 - rho));

  slow("Slow redials, towards A (1 + p B)", 5, 4, 0.5, false, {0.1, 1, 10, 100, 1000, 10000}, 40);
  slow("Slow redials", 5, 4, 0.5, true, {0.1, 1, 10, 100, 1000, 10000}, 40);
  std::printf("\nSlow redials, towards A (1 + pB + (pB)^2): c=5 A=4 p=0.5 most=2\n");
  for (const Case& of : {Case{5, 4, 0.5, 1, {26, 20}}, Case{5, 4, 0.5, 10, {46, 30}}}) {
    const Values v = exact(of, false);
    print_at(of.delay, v);
  }
  for (const int most : {1, 2, 3}) {
    const Values v = extended_erlang_b(5, 4, 0.5, most);
    std::printf("  Ext.Erl.B most=%d: all %.12f  attempts %.12f  busy %.12f\n", most, v.all, v.attempts, v.busy);
  }
  const Values v = extended_erlang_b(10, 8, 0.7, 2);
  std::printf("  Ext.Erl.B c=10 A=8 p=0.7 most=2: all %.12f  attempts %.12f  busy %.12f\n", v.all, v.attempts, v.busy);
  slow("domain.md (5,10,.4)->(5.0385242,.0191148)", 10, 5, 0.4, true, {0.1, 1, 10, 100, 1000, 10000}, 40);
  slow("domain.md (10,10,.5)->(11.6898166,.2891092)", 10, 10, 0.5, true, {0.1, 1, 10, 100, 1000, 10000}, 40);
  slow("domain.md (100,100,.7)->(111.1271789,.1430430)", 100, 100, 0.7, true, {0.1, 1, 10, 100}, 60);
  return 0;
}
