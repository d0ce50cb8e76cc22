#include <span>
#include "reports/sections/sections.hpp"
namespace trunklab {
Document comparison_document(std::span<const RunRecord* const>);
std::string comparison_json(std::span<const RunRecord* const>);
Document comparison_document(std::span<const RunRecord* const>) {
  return {};
}
std::string comparison_json(std::span<const RunRecord* const>) {
  return {};
}
}  // namespace trunklab
