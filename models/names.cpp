// The DNS answer rule.
#include "models/names.hpp"

#include <bit>
#include <cassert>

namespace trunklab {

NameAnswer name_answer(const NameSpec& name, std::size_t count, TargetSet healthy, std::uint64_t turn) {
  assert(count >= 1 && count <= targets_max);
  const auto every = static_cast<TargetSet>((1U << count) - 1U);
  auto able = static_cast<TargetSet>(healthy & every);
  if (able == 0 && name.all_sick == NameSpec::AllSick::answer_all) able = every;
  if (able == 0) return {};
  auto left = name.order == TargetOrder::fixed ? 0 : turn % static_cast<unsigned>(std::popcount(able));
  TargetSet rest = able;
  while (left-- > 0) rest = static_cast<TargetSet>(rest & (rest - 1U));
  const auto first = static_cast<std::uint8_t>(std::countr_zero(rest));
  return {.set = name.answer == NameSpec::Answer::all ? able : static_cast<TargetSet>(1U << first), .first = first};
}

}  // namespace trunklab
