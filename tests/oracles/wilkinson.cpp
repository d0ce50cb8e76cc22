// Oracle: mean, variance and peakedness of what overflows from N channels offered A Erlang (Wilkinson's formulas), confirmed from the chain
// itself. Uses nothing of trunklab.
//
// Chain: (n, m), n busy of the N primary channels, m busy of an infinite second group, all holding times exponential with mean 1.
//   A: n + 1 if n < N, else m + 1;   n: n - 1;   m: m - 1.
// Overflow traffic is described by the moments of m. Three ways:
//   formula   M = A B(N, A), V = M (1 - M + A / (N + 1 + M - A)), Z = V / M
//   chain     m truncated where nothing is left, stationary law by Eigen's SparseLU
//   moments   E[m; n] and E[m (m-1); n] solve linear systems of N + 1 equations each, which follow from the chain without truncation:
//             multiply the balance equations by the k-th factorial power of m and sum: g_k (Q_n - k) = -k A g_(k-1)(N) e_N,
//             Q_n the generator of the primary group, g_0 its stationary law.
#include <Eigen/Dense>
#include <Eigen/SparseLU>

#include <cstdio>
#include <vector>

namespace {

struct Overflow {
  double mean, variance;
};

Overflow by_formula(double a, int channels) {
  double b = 1;
  for (int n = 1; n <= channels; ++n) b = a * b / (n + a * b);
  const double mean = a * b;
  return {mean, mean * (1 - mean + a / (channels + 1 + mean - a))};
}

Overflow by_chain(double a, int channels, int most, double* edge) {
  const int width = channels + 1;
  const int count = width * (most + 1);
  std::vector<Eigen::Triplet<double>> triplets;
  const auto move = [&](int from, int to, double rate) {  // row = balance equation; that of state 0 is replaced by pi(0) = 1
    if (to != 0) triplets.emplace_back(to, from, rate);
    if (from != 0) triplets.emplace_back(from, from, -rate);
  };
  for (int m = 0; m <= most; ++m) {
    for (int n = 0; n < width; ++n) {
      const int s = m * width + n;
      if (n < channels) move(s, s + 1, a);
      if (n == channels && m < most) move(s, s + width, a);
      if (n > 0) move(s, s - 1, n);
      if (m > 0) move(s, s - width, m);
    }
  }
  triplets.emplace_back(0, 0, 1.0);
  Eigen::SparseMatrix<double> equations(count, count);
  equations.setFromTriplets(triplets.begin(), triplets.end());
  Eigen::SparseLU<Eigen::SparseMatrix<double>> lu(equations);
  Eigen::VectorXd pi = lu.solve(Eigen::VectorXd::Unit(count, 0));
  pi /= pi.sum();
  double mean = 0, square = 0;
  for (int s = 0; s < count; ++s) {
    const double m = s / width;
    mean += m * pi[s];
    square += m * m * pi[s];
  }
  *edge = pi.tail(width).sum();
  return {mean, square - mean * mean};
}

Overflow by_moments(double a, int channels) {
  const int width = channels + 1;
  Eigen::MatrixXd q = Eigen::MatrixXd::Zero(width, width);
  for (int n = 0; n < width; ++n) {
    if (n < channels) q(n, n + 1) = a;
    if (n > 0) q(n, n - 1) = n;
    q(n, n) = -(n < channels ? a : 0.0) - n;
  }
  Eigen::MatrixXd normed = q.transpose();
  normed.row(0).setOnes();
  const Eigen::VectorXd g0 = normed.partialPivLu().solve(Eigen::VectorXd::Unit(width, 0));
  const auto next = [&](const Eigen::VectorXd& before, int k) -> Eigen::VectorXd {
    const Eigen::MatrixXd shifted = (q - k * Eigen::MatrixXd::Identity(width, width)).transpose();
    return shifted.partialPivLu().solve(-k * a * before[channels] * Eigen::VectorXd::Unit(width, channels));
  };
  const Eigen::VectorXd g1 = next(g0, 1);
  const double mean = g1.sum(), factorial = next(g1, 2).sum();
  return {mean, factorial + mean - mean * mean};
}

void print(const char* way, const Overflow& o) {
  std::printf("  %-8s mean %.14f  variance %.14f  peakedness %.14f\n", way, o.mean, o.variance, o.variance / o.mean);
}

}  // namespace

int main() {
  struct Case {
    double a;
    int channels;
  };
  for (const Case& of : {Case{8, 5}, Case{20, 25}, Case{10, 10}}) {
    double edge = 0;
    std::printf("A=%g N=%d\n", of.a, of.channels);
    print("formula", by_formula(of.a, of.channels));
    print("chain", by_chain(of.a, of.channels, 80, &edge));
    print("moments", by_moments(of.a, of.channels));
    std::printf("  mass of the chain on its limit (80): %.0e\n", edge);
  }
  return 0;
}
