// Series packed into few bytes: a day of seconds of twenty series in a page of two megabytes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "reports/document/document.hpp"

namespace trunklab {

/// By how much values are multiplied before they are rounded: 1 for whole numbers, else 1000.
int packing_scale(const Series& series);

/// The series one after the other, each as `steps` tokens (missing values at the end are not known), deflated (RFC 1950). A token is an unsigned
/// LEB128 varint: 0 = not known, else 1 + zigzag(q - q before), q = round(value * scale), and 0 before the first. Throws std::runtime_error if zlib
/// fails (no memory).
std::vector<std::uint8_t> packed(std::span<const Panel> panels, std::size_t steps);

}  // namespace trunklab
