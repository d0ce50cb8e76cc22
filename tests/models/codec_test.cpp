// Bandwidth of streams against a printed table, and offer and answer case by case.
#include "models/media/codec.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace trunklab {
namespace {

using namespace std::chrono_literals;

constexpr CodecFormat g711u{.codec = Codec::pcmu};
constexpr CodecFormat g711a{.codec = Codec::pcma};
constexpr CodecFormat opus{.codec = Codec::opus};
constexpr CodecFormat g729{.codec = Codec::g729};

/// With one decimal, as tables have it.
double kilobits(double bit_s) {
  return std::round(bit_s / 100) / 10;
}

struct Bandwidth {
  const char* name;
  CodecFormat format;
  double payload_bytes;
  double packets_per_s;
  double ip;        ///< kbit/s with 40 bytes of headers
  double ethernet;  ///< with 18 bytes more
  double wire;      ///< with 38 bytes more
};
class StreamRateTest : public testing::TestWithParam<Bandwidth> {};
TEST_P(StreamRateTest, MeetsTheTable) {
  const Bandwidth& row = GetParam();
  const StreamRate rate = stream_rate(row.format, false, 18);
  EXPECT_DOUBLE_EQ(rate.payload_bytes, row.payload_bytes);
  EXPECT_NEAR(rate.packets_per_s, row.packets_per_s, 0.05);
  EXPECT_DOUBLE_EQ(kilobits(rate.ip_bit_s), row.ip);
  EXPECT_DOUBLE_EQ(kilobits(rate.frame_bit_s), row.ethernet);
  EXPECT_DOUBLE_EQ(kilobits(stream_rate(row.format, false, 38).frame_bit_s), row.wire);
}
// Avaya 555-245-600, table 42, has 87.2, 31.2, 110.4 and 79.5; the others by hand: (payload + 40 + layer 2) * 8 * packets / s.
INSTANTIATE_TEST_SUITE_P(Table, StreamRateTest,
                         testing::Values(Bandwidth{"G711", {Codec::pcma, 20ms}, 160, 50, 80, 87.2, 95.2},            //
                                         Bandwidth{"G711u", {Codec::pcmu, 20ms}, 160, 50, 80, 87.2, 95.2},           //
                                         Bandwidth{"G711At10ms", {Codec::pcma, 10ms}, 80, 100, 96, 110.4, 126.4},    //
                                         Bandwidth{"G711At30ms", {Codec::pcma, 30ms}, 240, 33.3, 74.7, 79.5, 84.8},  //
                                         Bandwidth{"G729", {Codec::g729, 20ms}, 20, 50, 24, 31.2, 39.2},             //
                                         Bandwidth{"G729At30ms", {Codec::g729, 30ms}, 30, 33.3, 18.7, 23.5, 28.8},   //
                                         Bandwidth{"Opus24k", {Codec::opus, 20ms, 24'000}, 60, 50, 40, 47.2, 55.2},  //
                                         Bandwidth{"Opus32k", {Codec::opus, 20ms, 32'000}, 80, 50, 48, 55.2, 63.2}),
                         [](const auto& test) { return test.param.name; });

TEST(StreamRates, SrtpAddsItsTag) {
  EXPECT_NEAR(stream_rate(g711a, true, 18).ip_bit_s - stream_rate(g711a, false, 18).ip_bit_s, 4'000, 1e-6) << "10 bytes 50 times a second";
}

// Avaya 555-245-600 table 42 with 26 bytes of layer 2.
TEST(StreamRates, LayerTwoMayBeAnother) {
  EXPECT_NEAR(stream_rate(g711a, false, 26).frame_bit_s, 90'400, 1e-6);
  EXPECT_NEAR(stream_rate(g729, false, 26).frame_bit_s, 34'400, 1e-6);
}

TEST(CodecTexts, SayWhatIsNotTheDefault) {
  EXPECT_EQ(text_of(g711u), "G.711u");
  EXPECT_EQ(text_of(g711a), "G.711a");
  EXPECT_EQ(text_of(CodecFormat{.codec = Codec::g729, .ptime = 30ms}), "G.729 30ms");
  EXPECT_EQ(text_of(opus), "Opus");
  EXPECT_EQ(text_of(CodecFormat{.codec = Codec::opus, .bit_rate = 32'000}), "Opus 32k");
  EXPECT_EQ(text_of(CodecFormat{.codec = Codec::opus, .ptime = 40ms, .bit_rate = 16'500}), "Opus 16.5k 40ms");
  EXPECT_EQ(text_of(CodecPair{g711a, g711a}), "G.711a");
  EXPECT_EQ(text_of(CodecPair{g729, g711a}), "G.729 - G.711a");
}

TEST(CodecTimes, AreThoseOfTheCodec) {
  for (const Codec codec : {Codec::pcmu, Codec::pcma, Codec::g729}) {
    for (const Span ptime : {10ms, 20ms, 30ms, 40ms, 50ms, 60ms}) EXPECT_TRUE(may_have(codec, ptime));
    for (const Span ptime : {0ms, 5ms, 15ms, 70ms}) EXPECT_FALSE(may_have(codec, ptime));
  }
  for (const Span ptime : {10ms, 20ms, 40ms, 60ms}) EXPECT_TRUE(may_have(Codec::opus, ptime));
  for (const Span ptime : {0ms, 5ms, 30ms, 50ms, 80ms}) EXPECT_FALSE(may_have(Codec::opus, ptime));
}

TEST(ShippedTraits, AreMarkedWhereNoRecommendationHasThem) {
  EXPECT_EQ(shipped_traits(Codec::pcma).bpl, 25.1);
  EXPECT_EQ(shipped_traits(Codec::g729).ie, 11);
  EXPECT_EQ(shipped_traits(Codec::g729).bpl, 19);
  EXPECT_TRUE(shipped_traits(Codec::opus).provisional);
  EXPECT_FALSE(shipped_traits(Codec::g729).provisional);
}

TEST(Answer, IsTheFirstOfTheOfferThatIsTakenWithItsPacketTime) {
  const CodecFormat slow{.codec = Codec::g729, .ptime = 40ms};
  EXPECT_EQ(answer_to(std::vector{opus, slow, g711a}, std::vector{g711a, g729}), slow);
  EXPECT_EQ(answer_to(std::vector{opus}, std::vector{g711a}), std::nullopt);
  EXPECT_EQ(answer_to({}, std::vector{g711a}), std::nullopt);
}

struct Negotiation {
  const char* name;
  std::vector<CodecFormat> site;
  std::vector<CodecFormat> service;
  std::vector<CodecFormat> far;
  bool transcodes;
  std::optional<CodecPair> from_site;  ///< the site offers
  std::optional<CodecPair> to_site;    ///< the far side offers
};
constexpr std::nullopt_t refused = std::nullopt;
class NegotiationTest : public testing::TestWithParam<Negotiation> {};
TEST_P(NegotiationTest, EndsAsByHand) {
  const Negotiation& row = GetParam();
  MediaSpec media;
  media.codecs = row.service;
  media.far_codecs = row.far;
  media.transcodes = row.transcodes;
  EXPECT_EQ(negotiate_from_site(row.site, media), row.from_site);
  EXPECT_EQ(negotiate_to_site(row.site, media), row.to_site);
}
const std::vector<CodecFormat> all{g711u, g711a, opus, g729};
const std::vector<CodecFormat> telephone{g711a, g711u};
const CodecFormat g729_30{.codec = Codec::g729, .ptime = 30ms};
INSTANTIATE_TEST_SUITE_P(
    ByHand, NegotiationTest,
    testing::Values(
        Negotiation{"OneCodecForAll", {g711a}, all, telephone, true, CodecPair{g711a, g711a}, CodecPair{g711a, g711a}},
        // RFC 3264 section 6.1: the answerer keeps to the offerer's order.
        Negotiation{"TheOfferersOrderCounts", {g711u, g711a}, all, telephone, true, CodecPair{g711u, g711u}, CodecPair{g711a, g711a}},
        Negotiation{
            "WhatTheFarSideTakesComesBeforeTheSitesBest", {g729, g711u}, all, telephone, true, CodecPair{g711u, g711u}, CodecPair{g711u, g711u}},
        Negotiation{"TheServiceTranscodesWhereNothingIsCommon", {g729}, all, telephone, true, CodecPair{g729, g711u}, CodecPair{g729, g711a}},
        Negotiation{"WithoutTranscodingThatIs488", {g729}, all, telephone, false, refused, refused},
        Negotiation{"WithoutTranscodingACommonCodecWillDo", {g729, g711a}, all, telephone, false, CodecPair{g711a, g711a}, CodecPair{g711a, g711a}},
        Negotiation{"WhatTheServiceDoesNotTakeDoesNotPassEndToEnd", {opus, g711a}, {g711a}, {opus}, true, refused, refused},
        Negotiation{
            "TheServiceLeavesOutWhatItDoesNotTake", {opus, g711a}, {g711a}, {opus, g711a}, true, CodecPair{g711a, g711a}, CodecPair{g711a, g711a}},
        Negotiation{"NothingThatTheServiceTakes", {opus}, {g711a}, telephone, true, refused, refused},
        Negotiation{"ThePacketTimeOfTheOffererHoldsOnBothLegs", {g729_30}, all, {g729}, true, CodecPair{g729_30, g729_30}, CodecPair{g729, g729}},
        Negotiation{"EachLegHasItsOwnPacketTimeWhereCodecsDiffer", {g729_30}, all, {g711a}, true, CodecPair{g729_30, g711a}, CodecPair{g729, g711a}}),
    [](const auto& test) { return test.param.name; });

/// The codecs whose bits are set, in one of their orders.
std::vector<CodecFormat> subset(unsigned bits, bool backwards) {
  std::vector<CodecFormat> formats;
  for (unsigned codec = 0; codec < codec_count; ++codec) {
    if ((bits >> codec) & 1U) formats.push_back({.codec = static_cast<Codec>(codec)});
  }
  if (backwards) std::ranges::reverse(formats);
  return formats;
}

TEST(Negotiations, KeepTheirLawsForEverySetOfCodecs) {
  constexpr unsigned sets = 1U << codec_count;
  for (unsigned site = 0; site < sets; ++site) {
    for (unsigned service = 0; service < sets; ++service) {
      for (unsigned far = 0; far < sets; ++far) {
        MediaSpec media;
        media.codecs = subset(service, false);
        media.far_codecs = subset(far, true);
        for (const auto negotiate : {negotiate_from_site, negotiate_to_site}) {
          media.transcodes = false;
          const std::optional<CodecPair> plain = negotiate(subset(site, false), media);
          media.transcodes = true;
          const std::optional<CodecPair> helped = negotiate(subset(site, false), media);
          const bool common = (site & service & far) != 0;
          ASSERT_EQ(plain.has_value(), common) << "without transcoding one codec must serve all three";
          ASSERT_FALSE(plain && plain->transcoded());
          ASSERT_EQ(helped.has_value(), (site & service) != 0 && (service & far) != 0) << "with it each leg needs one of its own";
          if (!helped) continue;
          ASSERT_EQ(helped->transcoded(), !common) << "only where it has to be";
          ASSERT_TRUE(((site & service) >> static_cast<unsigned>(helped->site.codec)) & 1U);
          ASSERT_TRUE(((far & service) >> static_cast<unsigned>(helped->far.codec)) & 1U);
        }
      }
    }
  }
}

TEST(Negotiations, TranscodeExactlyWhereCodecsDiffer) {
  EXPECT_FALSE((CodecPair{g711a, g711a}.transcoded()));
  EXPECT_FALSE((CodecPair{g729_30, g729}.transcoded()));
  EXPECT_TRUE((CodecPair{g729, g711a}.transcoded()));
  EXPECT_TRUE((CodecPair{g711u, g711a}.transcoded())) << "A-law and mu-law are different codecs";
}

}  // namespace
}  // namespace trunklab
