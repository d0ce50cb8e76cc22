// The DNS answer rule of a health-checked name.
#pragma once

#include <cstdint>

#include "models/hunting.hpp"
#include "models/units.hpp"

namespace trunklab {

/// How a region's name is served. Every default is ours: the seed says only that at least one active and working edge is returned.
struct NameSpec {
  enum class Answer : std::uint8_t {
    one,  ///< one healthy address, the first by `order`
    all   ///< every healthy address
  };
  enum class AllSick : std::uint8_t {
    answer_all,  ///< as if all were healthy
    answer_none  ///< an empty answer (NODATA), which the client remembers for negative_ttl
  };
  Span ttl = std::chrono::seconds{60};
  Span negative_ttl = std::chrono::seconds{30};  ///< for an empty answer and for SERVFAIL
  Answer answer = Answer::one;
  TargetOrder order = TargetOrder::fixed;  ///< of the addresses, from answer to answer
  AllSick all_sick = AllSick::answer_all;
  ProbeSpec check{
      .every = std::chrono::seconds{10}, .timeout = std::chrono::seconds{3}, .fail_after = 3, .recover_after = 1, .alive = ProbeSpec::Alive::ok};
  bool operator==(const NameSpec&) const = default;
};

/// An answer's addresses as a set over the edges of a region, and the one that stands first (RFC 1035 leaves the order to the server).
struct NameAnswer {
  TargetSet set = 0;
  std::uint8_t first = 0;
  bool operator==(const NameAnswer&) const = default;
};

/// The answer over the `count` edges of a region of which these are `healthy`. `turn` counts the answers given so far (rotate) or is the
/// luck of this one (random). Domain: 1 <= count <= targets_max.
NameAnswer name_answer(const NameSpec& name, std::size_t count, TargetSet healthy, std::uint64_t turn);

}  // namespace trunklab
