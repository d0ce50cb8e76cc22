// Negotiates every offer of a scenario, and numbers what comes out.
#include "scenarios/media_plans.hpp"

#include <algorithm>
#include <cassert>

namespace trunklab {
namespace {

std::optional<CodecPair> negotiated(const DemandSpec& demand, const CodecOffer& offer, const MediaSpec& service) {
  return demand.direction == Direction::termination ? negotiate_from_site(offer.formats, service) : negotiate_to_site(offer.formats, service);
}

}  // namespace

std::vector<std::string> codec_names(std::span<const DemandSpec> demands, const MediaSpec& service) {
  std::vector<std::string> names;
  for (const DemandSpec& demand : demands) {
    for (const CodecOffer& offer : demand.codecs) {
      const std::optional<CodecPair> pair = negotiated(demand, offer, service);
      if (pair && std::ranges::find(names, text_of(*pair)) == names.end()) names.push_back(text_of(*pair));
    }
  }
  return names;
}

std::vector<std::string> codec_names(const Scenario& scenario) {
  return codec_names(scenario.demands, scenario.service.media);
}

std::vector<std::vector<MediaPlan>> media_plans(const Scenario& scenario) {
  const std::vector<std::string> names = codec_names(scenario);
  assert(names.size() <= codec_names_max);
  std::vector<std::vector<MediaPlan>> plans(scenario.demands.size());
  for (std::size_t i = 0; i < plans.size(); ++i) {
    const DemandSpec& demand = scenario.demands[i];
    for (const CodecOffer& offer : demand.codecs) {
      MediaPlan plan{.share = offer.share.value(), .codecs = negotiated(demand, offer, scenario.service.media)};
      if (plan.codecs) plan.name = static_cast<std::uint8_t>(std::ranges::find(names, text_of(*plan.codecs)) - names.begin());
      plans[i].push_back(plan);
    }
  }
  return plans;
}

}  // namespace trunklab
