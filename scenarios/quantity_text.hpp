// Numbers as scenario files write them: durations, rates and shares carry their unit, so that nobody has to guess it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "models/units.hpp"

namespace trunklab {

/// `180s`, `1.5h`, `1h30min`: numbers with the units d, h, min, s, ms, us, ns, largest first, each at most once. Below 200 years.
std::optional<Span> parse_span(std::string_view text);

/// `3/s`, `12/min`, `500/h`. Finite, >= 0.
std::optional<CallsPerSecond> parse_rate(std::string_view text);

/// `70%`, as 0.7. >= 0, may be above 100%.
std::optional<double> parse_percentage(std::string_view text);

/// `12`, `1.25`: digits with at most one point; no sign, no exponent. Finite.
std::optional<double> parse_number(std::string_view text);

/// `600`: digits only. 0..2^63-1.
std::optional<std::uint64_t> parse_whole(std::string_view text);

/// Four numbers 0..255 without leading zeros, joined by points.
bool is_ipv4(std::string_view text);

/// A rate as people would write it: in the shortest of /s, /min and /h that gives a number of 1 or more, else in /h. Six digits.
std::string rate_text(CallsPerSecond rate);

/// The shortest text that parse_span() reads as this span. span >= 0.
std::string span_text(Span span);

}  // namespace trunklab
