// The DNS answer rule of a health-checked name.
#pragma once

#include <cstdint>

#include "models/hunting.hpp"
#include "models/units.hpp"

namespace trunklab {

/// How a region's name is served. Every default is ours: the seed says only that at least one active and working edge is returned.
struct NameSpec {
  enum class Answer : std::uint8_t {
    one,  ///< the first healthy address, in the listed order
    all   ///< every healthy address, in the listed order
  };
  Span ttl = std::chrono::seconds{60};
  Answer answer = Answer::one;
  ProbeSpec check{.every = std::chrono::seconds{10}, .timeout = std::chrono::seconds{3}, .fail_after = 3, .recover_after = 1};
  bool operator==(const NameSpec&) const = default;
};

/// The addresses in an answer, as a set over the `count` edges of a region. All sick: the rule applies as if all were healthy (ours).
TargetSet dns_answer(NameSpec::Answer rule, std::size_t count, TargetSet healthy);

}  // namespace trunklab
