// The E-model, term by term in the order of ITU-T G.107.
#include "models/media/voice_quality.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace trunklab {
namespace {

using namespace std::chrono_literals;

double from_decibel(double level) {
  return std::pow(10, level / 10);
}
double to_decibel(double power) {
  return 10 * std::log10(power);
}
/// (1 + x^n)^(1/n): about 1 for small x, about x for large ones; n even or x >= 0.
double soft_max(double x, double n) {
  return std::pow(1 + std::pow(x, n), 1 / n);
}

/// No, (7-3) to (7-7): all noise, referred to the 0 dBr point, dBm0p.
double noise(const EmodelInput& in) {
  const double olr = in.slr + in.rlr;
  const double nos = in.ps - in.slr - in.ds - 100 + 0.004 * std::pow(in.ps - olr - in.ds - 14, 2);
  const double pre = in.pr + to_decibel(1 + from_decibel(10 - in.lstr));
  const double nor = in.rlr - 121 + pre + 0.008 * std::pow(pre - 35, 2);
  const double nfo = in.nfor + in.rlr;
  return to_decibel(from_decibel(in.nc) + from_decibel(nos) + from_decibel(nor) + from_decibel(nfo));
}

/// Ist, (7-11) and (7-12): sidetone that is not the best one.
double sidetone(const EmodelInput& in) {
  const double stmr_o = -to_decibel(from_decibel(-in.stmr) + std::exp(-in.t / 4) * from_decibel(-in.telr));
  // The bases are negative or not, but (7-11)'s exponents 35 and 13 are odd: std::pow knows them as whole numbers.
  return 12 * soft_max((stmr_o - 13) / 6, 8) - 28 * soft_max((stmr_o + 1) / 19.4, 35) - 13 * soft_max((stmr_o - 3) / 33, 13) + 29;
}

/// Is, (7-8) to (7-17): loudness, sidetone, quantisation.
double simultaneous(const EmodelInput& in, double no, double ro) {
  const double xolr = in.slr + in.rlr + 0.2 * (64 + no - in.rlr);
  const double iolr = 20 * (soft_max(xolr / 8, 8) - xolr / 8);
  const double q = 37 - 15 * std::log10(in.qdu);
  const double g = 1.07 + 0.258 * q + 0.0602 * q * q;
  const double y = (ro - 100) / 15 + 46 / 8.4 - g / 9;
  const double z = 46.0 / 30 - g / 40;
  return iolr + sidetone(in) + 15 * std::log10(1 + std::pow(10, y) + std::pow(10, z));
}

/// Idte, (7-20) to (7-24): talker echo.
double talker_echo(const EmodelInput& in, double no) {
  if (in.t < 1) return 0;
  double terv = in.telr - 40 * std::log10((1 + in.t / 10) / (1 + in.t / 150)) + 6 * std::exp(-0.3 * in.t * in.t);
  if (in.stmr < 9) terv += sidetone(in) / 2;
  const double difference = -1.5 * (no - in.rlr) - (80 + 2.5 * (terv - 14));
  const double idte = (difference / 2 + std::sqrt(difference * difference / 4 + 100) - 1) * (1 - std::exp(-in.t));
  return in.stmr > 15 ? std::hypot(idte, sidetone(in)) : idte;
}

/// Idle, (7-25) and (7-26): listener echo.
double listener_echo(const EmodelInput& in, double ro) {
  const double difference = ro - 10.5 * (in.wepl + 7) * std::pow(in.tr + 1, -0.25);
  return difference / 2 + std::sqrt(difference * difference / 4 + 169);
}

/// Idd, (7-27) and (7-28): a delay that is too long whatever the echo.
double absolute_delay(const EmodelInput& in) {
  if (in.ta <= in.mt) return 0;
  const double x = std::log2(in.ta / in.mt);
  return 25 * (soft_max(x, 6 * in.st) - 3 * soft_max(x / 3, 6 * in.st) + 2);
}

}  // namespace

EmodelResult e_model(const EmodelInput& in) {
  assert(in.t >= 0 && in.tr >= 0 && in.ta >= 0 && in.qdu >= 1 && in.bpl > 0 && in.burst_r >= 1 && in.mt > 0 && in.st > 0);
  assert(in.ppl >= 0 && in.ppl <= 100 && in.ie >= 0);
  const double no = noise(in);
  EmodelResult out;
  out.no = no;
  out.ro = 15 - 1.5 * (in.slr + no);
  out.is = simultaneous(in, no, out.ro);
  out.idle = listener_echo(in, out.ro);
  out.id = talker_echo(in, no) + out.idle + absolute_delay(in);
  out.ie_eff = in.ie + (95 - in.ie) * in.ppl / (in.ppl / in.burst_r + in.bpl);
  out.r = out.ro - out.is - out.id - out.ie_eff + in.a;
  return out;
}

double mos_of(double r) {
  if (r <= 0) return 1;
  if (r >= 100) return 4.5;
  return std::max(1.0, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
}

double rating_of(const SpeechPath& path) {
  assert(path.one_way >= Span{0} && path.loss >= 0 && path.loss <= 1);
  const double one_way_ms = in_seconds(path.one_way) * 1000;
  const EmodelInput in{.t = one_way_ms, .tr = 2 * one_way_ms, .ta = one_way_ms, .ie = path.ie, .bpl = path.bpl, .ppl = path.loss * 100};
  return std::max(0.0, e_model(in).r);
}

Span coding_delay(const CodecFormat& format) {
  switch (format.codec) {
    case Codec::pcmu:
    case Codec::pcma: return format.ptime;
    case Codec::opus: return format.ptime + 6'500us;
    case Codec::g729: return format.ptime + 5ms;
  }
  return format.ptime;
}

}  // namespace trunklab
