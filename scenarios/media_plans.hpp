// What the codec offers of a scenario come to: negotiated once, before any call, because the parties never change their minds.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/media/codec.hpp"
#include "scenarios/scenario.hpp"

namespace trunklab {

/// What one offer of a demand comes to.
struct MediaPlan {
  double share = 1;                 ///< of the demand's calls
  std::optional<CodecPair> codecs;  ///< nullopt = no common codec: 488
  std::uint8_t name = no_codecs;    ///< of `codecs`: index into Directory::codecs
};
/// By demand, by offer; none for a demand without codecs.
std::vector<std::vector<MediaPlan>> media_plans(const Scenario& scenario);

/// So many different pairs a scenario may have: a record keeps one byte of it.
inline constexpr std::size_t codec_names_max = no_codecs;
/// The text of each different pair that some offer comes to, in the order of their first use: Directory::codecs.
std::vector<std::string> codec_names(std::span<const DemandSpec> demands, const MediaSpec& service);
std::vector<std::string> codec_names(const Scenario& scenario);

}  // namespace trunklab
