// How long calls hold a channel, over all outcomes: what offered traffic is made of.
#pragma once

#include "scenarios/scenario.hpp"

namespace trunklab {

/// Mean times of one call, s. A channel is held from the first INVITE to the release, so calls that are not answered hold one too.
struct Seizure {
  double hunting_s = 0;  ///< waiting for targets that do not answer
  double delay_s = 0;    ///< INVITE to the first 18x, the refusal, or the caller's hang-up; with the way there and back
  double ringing_s = 0;  ///< from the 18x to the answer, or until the called network or the caller gives up
  double talk_s = 0;     ///< talking, times the share of calls that are answered
  double answered = 0;   ///< that share
  [[nodiscard]] double total_s() const { return hunting_s + delay_s + ringing_s + talk_s; }
};

/// Between the site and the region that the demand's calls go to first, or come from.
Span round_trip(const Scenario& scenario, const DemandSpec& demand);

/// Of a call of this demand whose hunting takes so long before a target takes it: means over 65,536 of the calls that a run could draw (the laws of
/// delay, ring, answer and patience act together, so there is no shorter formula). How often calls are answered, busy or refused at each destination
/// enters by its exact share and the talk time by its exact mean; the rest has the standard error of so many calls: 0.4 % of a mean whose law has a
/// coefficient of variation of 1. `hunting` >= 0.
/// Left out: caps, busy edges, callback, waiting for agents. A trace's talk times are not drawn: its talk_s is 0 here.
Seizure seizure_of(const Scenario& scenario, const DemandSpec& demand, Span hunting);

}  // namespace trunklab
