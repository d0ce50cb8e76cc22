// A small service for the tests of measures.
#pragma once

#include "models/record/record.hpp"

namespace trunklab {

inline Instant at(double seconds) {
  return run_start + from_seconds(seconds);
}

inline Directory two_sites() {
  return {.sites = {"oslo", "stockholm"},
          .regions = {"euc1", "use1"},
          .edges = {{"euc1/1", 0}, {"euc1/2", 0}, {"use1/1", 1}},
          .demands = {{"retail", 0}, {"office", 1}, {"fax", 1}},
          .faults = {},
          .caps = {}};
}

}  // namespace trunklab
