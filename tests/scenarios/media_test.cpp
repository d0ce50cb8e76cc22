// What the reader makes of media, and what the offers of a scenario come to.
#include <gtest/gtest.h>

#include "models/media/codec.hpp"
#include "scenarios/media_plans.hpp"
#include "scenarios/reader.hpp"
#include "scenarios/reader_parts.hpp"
#include "tests/scenarios/files.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

Scenario read(const std::string& service, const std::string& site, const std::string& demand) {
  const Result<Scenario> scenario =
      parse_scenario("service: " + service + "\nhorizon: { duration: 1h }\nsites:\n  a: { " + site +
                         "routing: { regions: [euc1] } }\ndemand:\n  d: { " + demand + "arrivals: { process: poisson, rate: 1/s }, holding: 180s }\n",
                     "x.yaml");
  if (!scenario) throw std::runtime_error(text_of(scenario.problems()));
  return scenario.value();
}
MediaSpec media(const std::string& keys) {
  return read("{ preset: sinch, media: { " + keys + " } }", "", "").service.media;
}
SiteMedia site(const std::string& keys) {
  return read("sinch", keys + ", ", "").sites.at(0).media;
}
std::vector<CodecOffer> codecs(const std::string& value) {
  return read("sinch", "", "codecs: " + value + ", ").demands.at(0).codecs;
}

constexpr CodecFormat g711u{.codec = Codec::pcmu};
constexpr CodecFormat g711a{.codec = Codec::pcma};
constexpr CodecFormat opus{.codec = Codec::opus};
constexpr CodecFormat g729{.codec = Codec::g729};
using Formats = std::vector<CodecFormat>;

// Source: the seed, sections "RTP" and "Codecs". The rest is ours.
TEST(PresetMedia, HasThePortsAndCodecsOfTheSeed) {
  const MediaSpec preset = read("sinch", "", "").service.media;
  EXPECT_EQ(preset.ports.first, 10000);
  EXPECT_EQ(preset.ports.last, 20000);
  EXPECT_EQ(preset.codecs, (Formats{g711u, g711a, opus, g729}));
  EXPECT_EQ(preset.far_codecs, (Formats{g711a, g711u}));
  for (std::size_t i = 0; i < codec_count; ++i) EXPECT_EQ(preset.traits[i], shipped_traits(static_cast<Codec>(i)));
}

TEST(PresetMedia, IsWhatAServiceOfTheUsersHasToo) {
  const MediaSpec preset = read("sinch", "", "").service.media;
  const MediaSpec own = read("{ regions: { euc1: { host_name: lab.example.com, edges: [192.0.2.1] } } }", "", "").service.media;
  EXPECT_EQ(own.ports, preset.ports);
  EXPECT_EQ(own.addresses, preset.addresses);
  EXPECT_EQ(own.leaks, preset.leaks);
  EXPECT_EQ(own.codecs, preset.codecs);
  EXPECT_EQ(own.far_codecs, preset.far_codecs);
  EXPECT_EQ(own.traits, preset.traits);
  EXPECT_EQ(own.far_delay, preset.far_delay);
  EXPECT_EQ(own.legs, preset.legs);
  EXPECT_EQ(own.refusal_code, preset.refusal_code);
}

TEST(ServiceMedia, IsReadKeyByKey) {
  EXPECT_EQ(
      media("ports: 30000-40000, allocator: lowest-first, quarantine: 5s, late_packets: 0s, taken_by_others: { rate: 2/min, holding: 30s }").ports,
      (PortPoolSpec{.first = 30000,
                    .last = 40000,
                    .allocator = PortAllocator::lowest_first,
                    .quarantine = 5s,
                    .late_packets = 0s,
                    .foreign = ForeignUse{.rate = CallsPerSecond{2.0 / 60}, .holding = 30s}}));
  EXPECT_EQ(media("rtcp: pair").mux, Probability{0});
  EXPECT_EQ(media("rtcp: mux").mux, Probability{1});
  EXPECT_EQ(media("rtcp: 30%").mux, Probability{0.3});
  EXPECT_EQ(media("legs: split").legs, MediaLegs::split);
  EXPECT_EQ(media("legs: one").legs, MediaLegs::one);
  EXPECT_EQ(media("leaks: { offers: 2%, offer_timeout: 30min, for_ever: 0.1% }").leaks,
            (PortLeaks{.offers = Probability{0.02}, .offer_timeout = 30min, .for_ever = Probability{0.001}}));
  const MediaSpec rest = media("refusal_code: 480, packets_max: 300000, transcoding: false, srtp: true, latching: false, far_delay: 0s");
  EXPECT_EQ(rest.refusal_code, 480);
  EXPECT_EQ(rest.packets_max, 300'000);
  EXPECT_FALSE(rest.transcodes);
  EXPECT_TRUE(rest.srtp);
  EXPECT_FALSE(rest.latching);
  EXPECT_EQ(rest.far_delay, 0s);
}

TEST(ServiceMedia, AddressesScaleAsThePolicySays) {
  EXPECT_EQ(media("addresses: { least: 2, most: 4, choice: hash, scale_out: 70%, start_up: 30s, scale_in: 30%, scale_in_after: 5min }").addresses,
            (AddressPolicy{.least = 2,
                           .most = 4,
                           .choice = AddressChoice::hash,
                           .scale_out = Probability{0.7},
                           .start_up = 30s,
                           .scale_in = Probability{0.3},
                           .scale_in_after = 5min}));
  const AddressPolicy plain = media("addresses: {}").addresses;
  EXPECT_EQ(plain.most, std::nullopt);
  EXPECT_EQ(plain.start_up, 0s);
  EXPECT_EQ(plain.scale_in, std::nullopt);
  EXPECT_EQ(media("addresses: { scale_in: 30% }").addresses.scale_in_after, 10min);
}

TEST(ServiceMedia, TraitsOfTheUserReplaceTheShippedOnes) {
  const auto traits = media("traits: { Opus: { ie: 1, bpl: 30, cores: 0.5 }, PCMA: { cores: 0 } }").traits;
  EXPECT_EQ(traits[static_cast<std::size_t>(Codec::opus)], (CodecTraits{.ie = 1, .bpl = 30, .cores = 0.5}));
  EXPECT_EQ(traits[static_cast<std::size_t>(Codec::pcma)], (CodecTraits{.ie = 0, .bpl = 25.1, .cores = 0}));
  EXPECT_EQ(traits[static_cast<std::size_t>(Codec::g729)], shipped_traits(Codec::g729));
  EXPECT_TRUE(media("traits: { Opus: { ie: 1 } }").traits[static_cast<std::size_t>(Codec::opus)].provisional) << "its bpl still is";
}

TEST(SiteMediaParts, AreReadKeyByKey) {
  EXPECT_EQ(site("channels: 1"), SiteMedia{});
  EXPECT_EQ(site("rtp_ports: 16384-32767").ports, (PortPoolSpec{.first = 16384, .last = 32767, .allocator = PortAllocator::asterisk}));
  const SiteMedia ports = site(
      "rtp_ports: { range: 16384-32767, allocator: freeswitch, rtcp: mux, quarantine: 1s, late_packets: 50ms, leak: 0.1%, taken_by_others: { rate: "
      "1/s, "
      "holding: 1s } }");
  EXPECT_EQ(ports.ports, (PortPoolSpec{.first = 16384,
                                       .last = 32767,
                                       .allocator = PortAllocator::freeswitch,
                                       .quarantine = 1s,
                                       .late_packets = 50ms,
                                       .foreign = ForeignUse{.rate = CallsPerSecond{1}, .holding = 1s}}));
  EXPECT_EQ(ports.mux, Probability{1});
  EXPECT_EQ(ports.leak, Probability{0.001});
  EXPECT_EQ(site("nat: true, symmetric_rtp: false, jitter_buffer: 0s, activity: 40%, frame_bytes: 38"), (SiteMedia{.ports = std::nullopt,
                                                                                                                   .firewall = std::nullopt,
                                                                                                                   .nat = true,
                                                                                                                   .symmetric_rtp = false,
                                                                                                                   .jitter_buffer = 0s,
                                                                                                                   .activity = Probability{0.4},
                                                                                                                   .frame_bytes = 38}));
}

TEST(SiteMediaParts, AFirewallMayFilterMediaWithOrWithoutAnAllowList) {
  EXPECT_EQ(site("firewall: { media: { ports: 10000-15000 } }").firewall,
            (MediaFirewall{.filters_in = true, .filters_out = true, .first = 10000, .last = 15000}));
  EXPECT_EQ(site("firewall: { allow: all, media: { direction: in, stateful: false, ports: 10000-15000 } }").firewall,
            (MediaFirewall{.filters_in = true, .stateful = false, .first = 10000, .last = 15000}));
  EXPECT_EQ(site("firewall: { media: { direction: out, ports: 10000-15000 } }").firewall,
            (MediaFirewall{.filters_out = true, .first = 10000, .last = 15000}));
  EXPECT_EQ(site("firewall: { allow: all }").firewall, std::nullopt);
  EXPECT_EQ(read("sinch", "firewall: { media: { ports: 10000-15000 } }, ", "").sites[0].allows, std::vector<bool>(10, true));
}

TEST(DemandCodecs, AreAListOrAMix) {
  EXPECT_EQ(read("sinch", "", "").demands[0].codecs, std::vector<CodecOffer>{});
  EXPECT_EQ(codecs("[G.711a, G.729]"), (std::vector<CodecOffer>{{.formats = {g711a, g729}}}));
  EXPECT_EQ(codecs("[PCMU, PCMA]"), (std::vector<CodecOffer>{{.formats = {g711u, g711a}}}));
  EXPECT_EQ(codecs("[{ codec: G.729, ptime: 30ms }, { codec: Opus, bit_rate: 32000 }]"),
            (std::vector<CodecOffer>{{.formats = {{.codec = Codec::g729, .ptime = 30ms}, {.codec = Codec::opus, .bit_rate = 32'000}}}}));
  EXPECT_EQ(codecs("[{ share: 70%, offer: [G.711a] }, { share: 30%, offer: [Opus, G.711a] }]"),
            (std::vector<CodecOffer>{{.share = Probability{0.7}, .formats = {g711a}}, {.share = Probability{0.3}, .formats = {opus, g711a}}}));
}

TEST(MediaPlans, NegotiateEveryOfferOnce) {
  const Scenario scenario = read("{ preset: sinch, media: { codecs: [G.711u, G.711a, G.729] } }", "",
                                 "codecs: [{ share: 50%, offer: [G.711a] }, { share: 20%, offer: [G.729] }, { share: 20%, offer: [G.711a, G.711u] }, "
                                 "{ share: 10%, offer: [Opus] }], ");
  const std::vector<std::vector<MediaPlan>> plans = media_plans(scenario);
  ASSERT_EQ(plans.size(), 1U);
  ASSERT_EQ(plans[0].size(), 4U);
  EXPECT_EQ(plans[0][0].share, 0.5);
  EXPECT_EQ(plans[0][0].codecs, (CodecPair{g711a, g711a}));
  EXPECT_EQ(plans[0][0].name, 0);
  EXPECT_EQ(plans[0][1].codecs, (CodecPair{g729, g711u}));
  EXPECT_EQ(plans[0][1].name, 1);
  EXPECT_EQ(plans[0][2].name, 0);
  EXPECT_EQ(plans[0][3].codecs, std::nullopt);
  EXPECT_EQ(plans[0][3].name, no_codecs);
  EXPECT_EQ(codec_names(scenario), (std::vector<std::string>{"G.711a", "G.729 - G.711u"}));
  EXPECT_EQ(directory_of(scenario).codecs, codec_names(scenario));
}

TEST(MediaPlans, ACallFromTheServiceIsOfferedByTheFarSide) {
  const Scenario scenario = read("sinch", "", "direction: origination, region: euc1, codecs: [G.729, G.711u, G.711a], ");
  EXPECT_EQ(media_plans(scenario)[0][0].codecs, (CodecPair{g711a, g711a}));
}

TEST(MediaPlans, ThereAreNoneWithoutCodecs) {
  const Scenario scenario = read("sinch", "", "");
  EXPECT_EQ(media_plans(scenario).at(0).size(), 0U);
  EXPECT_TRUE(directory_of(scenario).codecs.empty());
}

TEST(DemandCodecs, MoreThan32OffersAreAMistake) {
  std::string text =
      "horizon: { duration: 1h }\nsites: { a: { routing: { regions: [euc1] } } }\ndemand: { d: { arrivals: { process: poisson, rate: 1/s }, "
      "holding: 180s, codecs: [";
  for (int i = 0; i < 40; ++i) text += "{ share: 2.5%, offer: [Opus] }, ";
  const Result<Scenario> scenario = parse_scenario(text + "] } }\n", "x.yaml");
  ASSERT_FALSE(scenario);
  EXPECT_NE(text_of(scenario.problems()).find("found 40 offers, expected at most 32 offers"), std::string::npos) << text_of(scenario.problems());
}

TEST(MediaPlans, MorePairsThanARecordCanNameAreAMistake) {
  std::string text = "horizon: { duration: 1h }\nsites: { a: { routing: { regions: [euc1] } } }\ndemand:\n";
  constexpr int offers = 25;
  for (int demand = 0; demand < 12; ++demand) {
    text += "  d" + std::to_string(demand) + ":\n    arrivals: { process: poisson, rate: 1/s }\n    holding: 180s\n    codecs:\n";
    for (int i = 0; i < offers; ++i) {
      text += "      - { share: 4%, offer: [{ codec: Opus, bit_rate: " + std::to_string(10'000 + 100 * (demand * offers + i)) + " }] }\n";
    }
  }
  const Result<Scenario> scenario = parse_scenario(text, "x.yaml");
  ASSERT_FALSE(scenario);
  EXPECT_EQ(text_of(scenario.problems()), "x.yaml:4:3: found codecs that come to 300 different pairs, expected at most 255\n");
}

}  // namespace
}  // namespace trunklab
