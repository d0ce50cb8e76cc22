// What trunklab ports is asked and what it answers, as text and as JSON.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/media/port_figures.hpp"

namespace trunklab::cli {

template <class Value>
struct Word {
  std::string_view word;
  Value value;
};
inline constexpr auto allocator_words = std::to_array<Word<PortAllocator>>({{"rtpengine", PortAllocator::rtpengine},
                                                                            {"freeswitch", PortAllocator::freeswitch},
                                                                            {"asterisk", PortAllocator::asterisk},
                                                                            {"rtpproxy", PortAllocator::rtpproxy},
                                                                            {"lowest-first", PortAllocator::lowest_first}});
inline constexpr auto legs_words = std::to_array<Word<MediaLegs>>({{"both", MediaLegs::both}, {"split", MediaLegs::split}, {"one", MediaLegs::one}});
inline constexpr auto rtcp_words = std::to_array<Word<PortNeed>>({{"pair", PortNeed::pair}, {"mux", PortNeed::single}});

inline constexpr std::uint32_t port_last = 65'535;

/// What the user asks, with the defaults filled in.
struct PortsQuestion {
  PortPlan plan;  ///< with room for at least one call
  Span holding{};
  Span quarantine{};
  Probability blocking{0.01};
  std::optional<CallsPerSecond> rate;  ///< nullopt: that is the question
  std::optional<std::uint32_t> calls;  ///< that have to fit at the same time; not beside a rate
  std::vector<double> occupancies;     ///< each at least 0 and below 1
  std::optional<ScaleOutRace> race;
  std::vector<std::string> defaults;  ///< of ours that it relies on: "--holding 180s"
};

/// Everything that is worked out.
struct PortsAnswer {
  std::uint32_t calls;
  CallsPerSecond rate;                        ///< as asked, or the most that fits
  Probability blocked;                        ///< with the range and the addresses as they are
  std::optional<std::uint32_t> calls_needed;  ///< where a rate was asked for, or so many calls
  std::optional<ScaleOutEstimate> race;
};
PortsAnswer solve(const PortsQuestion& question);

std::string ports_text(const PortsQuestion& question, const PortsAnswer& answer);
/// One document, ending with a line feed. What does not happen or has no formula is null.
std::string ports_json(const PortsQuestion& question, const PortsAnswer& answer);

}  // namespace trunklab::cli
