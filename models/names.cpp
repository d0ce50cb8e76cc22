// The DNS answer rule.
#include "models/names.hpp"

#include <bit>
#include <cassert>

namespace trunklab {

TargetSet dns_answer(NameSpec::Answer rule, std::size_t count, TargetSet healthy) {
  assert(count >= 1 && count <= targets_max);
  const auto every = static_cast<TargetSet>((1U << count) - 1U);
  const auto able = static_cast<TargetSet>((healthy & every) != 0 ? healthy & every : every);
  return rule == NameSpec::Answer::all ? able : static_cast<TargetSet>(1U << std::countr_zero(able));
}

}  // namespace trunklab
