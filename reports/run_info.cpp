// The words of a run's heading.
#include "reports/run_info.hpp"

#include <array>

namespace trunklab {

std::string_view word(Remark::Kind kind) {
  constexpr std::array<std::string_view, 3> words{"assumed", "seed_advice", "own_advice"};
  return words.at(static_cast<std::size_t>(kind));
}

}  // namespace trunklab
