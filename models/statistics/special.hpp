// The special functions that quantiles and bounds are made of; the standard library has none of the incomplete ones.
#pragma once

namespace trunklab {

/// Regularised incomplete beta function I_x(a, b). a, b > 0; 0 <= x <= 1. Relative error about 1e-13.
/// Source: NIST Digital Library of Mathematical Functions, section 8.17 (continued fraction 8.17.22).
double incomplete_beta(double a, double b, double x);

/// Regularised upper incomplete gamma function Q(a, x). a > 0, x >= 0. Q(k + 1, m) = P(Poisson(m) <= k).
/// Source: NIST DLMF, section 8.11.4 (series) and 8.9.2 (continued fraction).
double upper_gamma(double a, double x);

/// The value that Student's t with `degrees` degrees of freedom does not exceed with probability u. 0 < u < 1, degrees >= 1.
double student_t_quantile(double u, double degrees);

}  // namespace trunklab
