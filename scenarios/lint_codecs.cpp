// Advice on codecs: offers that nobody takes, and values that nobody vouches for.
#include <set>

#include <fmt/format.h>

#include "models/media/codec.hpp"
#include "scenarios/lint_parts.hpp"
#include "scenarios/media_plans.hpp"

namespace trunklab {
namespace {

std::string names_of(const std::vector<CodecFormat>& formats) {
  std::vector<std::string_view> names;
  names.reserve(formats.size());
  for (const CodecFormat& format : formats) names.push_back(name_of(format.codec));
  return fmt::format("{}", fmt::join(names, ", "));
}

void look_at_offer(Advisor& advisor, const DemandSpec& demand, const CodecOffer& offer) {
  const MediaSpec& media = advisor.scenario().service.media;
  const std::optional<CodecFormat> common = answer_to(media.far_codecs, media.codecs);
  const bool transcoding_helps = common && answer_to(offer.formats, media.codecs);
  const std::string add = common ? fmt::format("add {} to the codecs", name_of(common->codec)) : "far_codecs that the service takes too";
  advisor.add(
      "no-common-codec", "demand " + demand.name,
      fmt::format("{:.3g} % of the calls {} {} only", offer.share.value() * 100, demand.direction == Direction::termination ? "offer" : "accept",
                  names_of(offer.formats)),
      fmt::format("{}: all of them are refused with 488",
                  transcoding_helps ? fmt::format("the far side takes {}, and the service does not transcode", names_of(media.far_codecs))
                                    : fmt::format("the service takes {}, the far side {}", names_of(media.codecs), names_of(media.far_codecs))),
      transcoding_helps ? "transcoding: true, or " + add : add);
}

/// The shipped costs and traits without a source that this demand's calls rest on.
void look_at_traits(Advisor& advisor, const DemandSpec& demand, const std::vector<MediaPlan>& plans) {
  const std::array<CodecTraits, codec_count>& traits = advisor.scenario().service.media.traits;
  std::set<Codec> costs;
  std::set<Codec> qualities;
  for (const MediaPlan& plan : plans) {
    if (!plan.codecs) continue;
    for (const CodecFormat& format : {plan.codecs->site, plan.codecs->far}) {
      const CodecTraits& known = traits[static_cast<std::size_t>(format.codec)];
      if (plan.codecs->transcoded() && known.cores == shipped_traits(format.codec).cores) costs.insert(format.codec);
      if (known.provisional) qualities.insert(format.codec);
    }
  }
  std::vector<std::string> fixes;
  for (const Codec codec : {Codec::pcmu, Codec::pcma, Codec::opus, Codec::g729}) {
    std::vector<std::string_view> keys;
    if (qualities.contains(codec)) keys.insert(keys.end(), {"ie: ...", "bpl: ..."});
    if (costs.contains(codec)) keys.emplace_back("cores: ...");
    if (!keys.empty()) fixes.push_back(fmt::format("{}: {{ {} }}", name_of(codec), fmt::join(keys, ", ")));
  }
  if (fixes.empty()) return;
  const std::string_view rests = qualities.empty() ? "the shipped costs of transcoding" : "the shipped ie and bpl of Opus";
  advisor.add("provisional-traits", "demand " + demand.name,
              fmt::format("its calls rest on {}{}", rests, qualities.empty() || costs.empty() ? "" : ", and on the shipped costs of transcoding"),
              "these are provisional: no recommendation has them", fmt::format("traits: {{ {} }}, with what you measured", fmt::join(fixes, ", ")));
}

}  // namespace

void advise_on_codecs(Advisor& advisor) {
  const Scenario& scenario = advisor.scenario();
  const std::vector<std::vector<MediaPlan>> plans = media_plans(scenario);
  for (std::size_t i = 0; i < plans.size(); ++i) {
    for (std::size_t offer = 0; offer < plans[i].size(); ++offer) {
      if (!plans[i][offer].codecs) look_at_offer(advisor, scenario.demands[i], scenario.demands[i].codecs[offer]);
    }
    look_at_traits(advisor, scenario.demands[i], plans[i]);
  }
}

}  // namespace trunklab
