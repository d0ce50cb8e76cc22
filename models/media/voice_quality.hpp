// How a call sounds: the E-model.
#pragma once

#include "models/media/codec.hpp"

namespace trunklab {

/// Input of the narrowband E-model, with the defaults of ITU-T G.107 (06/2015) table 2. dB, ms, percent, as there.
struct EmodelInput {
  double slr = 8, rlr = 2;       ///< loudness ratings, dB
  double stmr = 15, lstr = 18;   ///< sidetone, dB
  double ds = 3, dr = 3;         ///< D-values of telephone
  double telr = 65, wepl = 110;  ///< echo, dB
  double t = 0;                  ///< mean one-way delay of the echo path, ms
  double tr = 0;                 ///< round-trip delay in a 4-wire loop, ms
  double ta = 0;                 ///< absolute delay in echo-free connections, ms
  double qdu = 1;                ///< quantising distortion units
  double ie = 0;                 ///< equipment impairment factor
  double bpl = 4.3;              ///< packet-loss robustness factor
  double ppl = 0;                ///< packet loss, percent
  double burst_r = 1;            ///< burst ratio
  double nc = -70, nfor = -64;   ///< circuit noise dBm0p, noise floor dBmp
  double ps = 35, pr = 35;       ///< room noise, dB(A)
  double a = 0;                  ///< advantage factor
  double st = 1, mt = 100;       ///< delay sensitivity class: sT, mT (ms)
};
struct EmodelResult {
  double no = 0;      ///< all noise, dBm0p
  double ro = 0;      ///< signal-to-noise ratio
  double is = 0;      ///< simultaneous impairment
  double id = 0;      ///< delay: talker echo, listener echo, absolute delay
  double idle = 0;    ///< of these, listener echo
  double ie_eff = 0;  ///< equipment and loss
  double r = 0;       ///< rating
};
/// Equations (7-1) to (7-29) of G.107. May be negative, or above 100 with an advantage factor. Domain: times >= 0, qdu and burst_r >= 1, bpl > 0,
/// 0 <= ppl <= 100, ie >= 0.
EmodelResult e_model(const EmodelInput& input);
/// Mean opinion score, G.107 equation (B-4): 1 for R <= 0, 4.5 for R >= 100. Its polynomial dips below 1 for R below 6.52, where nobody can score:
/// there it is 1 too.
double mos_of(double r);

/// A path of speech as trunklab knows it.
struct SpeechPath {
  Span one_way{};     ///< mouth to ear: network, packetisation, jitter buffer
  double loss = 0;    ///< share of packets, 0..1
  double ie = 0;      ///< sum over codecs in tandem
  double bpl = 25.1;  ///< of the codec on the leg that loses
};
/// R with T = Ta = one_way, Tr = 2 * one_way, and all else at its default; not below 0, where the scale ends. Domain: one_way >= 0.
double rating_of(const SpeechPath& path);

/// Delay of coding and packing: ptime plus the codec's look-ahead (G.729 5 ms, Opus 6.5 ms, G.711 none).
Span coding_delay(const CodecFormat& format);

}  // namespace trunklab
