// Media addresses on demand, worked out by hand: ranges of eight ports, so four pairs, and calls with both legs there take two of them.
#include "models/media/media_park.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace trunklab {
namespace {

using namespace std::chrono_literals;
using Change = MediaPark::Change;

Instant at(double seconds) {
  return run_start + from_seconds(seconds);
}

MediaPark::Setting small(std::uint32_t most, MediaLegs legs = MediaLegs::one) {
  MediaPark::Setting setting;
  setting.ports = {.first = 10000, .last = 10007, .late_packets = 0s};
  setting.policy.most = most;
  setting.legs = legs;
  return setting;
}

std::string story(MediaPark& park) {
  std::string story;
  for (const MediaPark::Event& event : park.take_events()) {
    const char* const words[] = {"ordered", "ready", "draining", "removed"};
    story +=
        std::to_string(in_seconds(event.at)).substr(0, 5) + ' ' + words[static_cast<int>(event.change)] + ' ' + std::to_string(event.address) + "; ";
  }
  return story;
}

std::vector<MediaPark::Grant> fill(MediaPark& park, Instant when, int calls) {
  std::vector<MediaPark::Grant> grants;
  for (int call = 0; call < calls; ++call) grants.push_back(park.take(when, PortNeed::pair, static_cast<std::uint64_t>(call)));
  return grants;
}

TEST(MediaPark, OneMoreIsOrderedAboveTheThresholdAndTakesCallsWhenItHasStarted) {
  MediaPark::Setting setting = small(2);
  setting.policy.scale_out = Probability{0.5};
  setting.policy.start_up = 10s;
  MediaPark park(setting);
  fill(park, at(1), 2);
  EXPECT_EQ(story(park), "") << "half of the ports are not more than half";
  fill(park, at(2), 2);
  EXPECT_EQ(story(park), "2.000 ordered 1; ");
  EXPECT_EQ(park.take(at(11.9), PortNeed::pair, 9).refusal, PortRefusal::exhausted);
  const MediaPark::Grant late = park.take(at(12), PortNeed::pair, 9);
  EXPECT_EQ(late.site.address, 1);
  EXPECT_EQ(story(park), "12.00 ready 1; ");
  EXPECT_EQ(park.seen().addresses_max, 2U);
  EXPECT_EQ(park.seen().ports.refusals[static_cast<std::size_t>(PortRefusal::exhausted)], 1U);
}

TEST(MediaPark, NeverMoreThanTheMost) {
  MediaPark park(small(2));
  fill(park, at(1), 8);
  EXPECT_EQ(park.there(), 2U);
  EXPECT_EQ(park.take(at(2), PortNeed::pair, 1).refusal, PortRefusal::exhausted);
  EXPECT_EQ(park.there(), 2U);
}

TEST(MediaPark, OneTooManyDrainsAfterItsTimeAndGoesWhenItsLastCallGoes) {
  MediaPark::Setting setting = small(2);
  setting.policy.scale_out = Probability{0.99};
  setting.policy.scale_in = Probability{0.6};
  setting.policy.scale_in_after = 60s;
  MediaPark park(setting);
  auto first = fill(park, at(1), 4);   // address 0 is full, address 1 is ordered, and there at once
  auto second = fill(park, at(2), 1);  // on address 1
  EXPECT_EQ(second[0].site.address, 1);
  EXPECT_EQ(story(park), "1.000 ordered 1; 1.000 ready 1; ");
  park.give(at(10), first[0].site);
  park.give(at(10), first[1].site);  // 3 calls left of 8: 0.75 of one address
  park.give(at(20), first[2].site);  // 2 left: 0.5 of one address, below 0.6
  EXPECT_EQ(park.pool(at(79), 1)->in_use(), 2U);
  EXPECT_EQ(story(park), "");
  EXPECT_EQ(park.take(at(81), PortNeed::pair, 5).site.address, 0) << "it drains since 80 s";
  EXPECT_EQ(story(park), "80.00 draining 1; ");
  park.give(at(90), second[0].site);
  EXPECT_EQ(story(park), "90.00 removed 1; ");
  EXPECT_EQ(park.there(), 1U);
  EXPECT_EQ(park.seen().scale_ins, 1U);
}

TEST(MediaPark, OneThatDrainsComesBackBeforeANewOneStarts) {
  MediaPark::Setting setting = small(3);
  setting.policy.scale_out = Probability{0.9};
  setting.policy.scale_in = Probability{0.9};
  setting.policy.start_up = 30s;
  setting.policy.least = 1;
  MediaPark park(setting);
  fill(park, at(1), 4);
  EXPECT_EQ(park.take(at(40), PortNeed::pair, 1).site.address, 1);
  const auto other = park.take(at(40), PortNeed::pair, 2);
  (void)story(park);
  park.give(at(50), other.site);
  EXPECT_EQ(story(park), "") << "five calls are more than 0.9 of four";
}

TEST(MediaPark, ChoosesAsToldTo) {
  const auto addresses = [](AddressChoice choice) {
    MediaPark::Setting setting = small(3);
    setting.policy.least = 3;
    setting.policy.choice = choice;
    MediaPark park(setting);
    std::string text;
    for (const auto& grant : fill(park, at(1), 9)) text += static_cast<char>('0' + grant.site.address);
    return text;
  };
  EXPECT_EQ(addresses(AddressChoice::fewest_calls), "012012012");
  EXPECT_EQ(addresses(AddressChoice::round_robin), "012012012");
  EXPECT_NE(addresses(AddressChoice::random), "012012012");
  EXPECT_EQ(addresses(AddressChoice::hash), addresses(AddressChoice::hash));
}

TEST(MediaPark, LegsAreOnOneAddressOrOnTwo) {
  MediaPark::Setting setting = small(2, MediaLegs::both);
  setting.policy.least = 2;
  MediaPark both(setting);
  const auto grants = fill(both, at(1), 5);
  for (std::size_t call = 0; call < 4; ++call) EXPECT_EQ(grants[call].site.address, grants[call].far.address);
  EXPECT_EQ(grants[4].refusal, PortRefusal::exhausted) << "two calls an address";
  setting.legs = MediaLegs::split;
  MediaPark split(setting);
  for (const auto& grant : fill(split, at(1), 4)) EXPECT_NE(grant.site.address, grant.far.address);
  EXPECT_EQ(split.take(at(2), PortNeed::pair, 9).refusal, PortRefusal::exhausted);
}

TEST(MediaPark, ACallThatIsRefusedMeetsTheAddressThatItBroughtAbout) {
  MediaPark park(small(3));
  for (int call = 0; call < 4; ++call) park.leak(at(1), park.take(at(1), PortNeed::pair, 1).site, std::nullopt);  // none in use, none free
  EXPECT_EQ(park.take(at(2), PortNeed::pair, 1).site.address, 1);
  EXPECT_EQ(park.seen().ports.refusals[static_cast<std::size_t>(PortRefusal::leaked)], 0U);
}

/// A call that finds room for one leg only gives it back.
TEST(MediaPark, HalfACallHoldsNothing) {
  MediaPark::Setting setting = small(1, MediaLegs::both);
  setting.ports.last = 10005;  // three pairs
  MediaPark park(setting);
  const auto grants = fill(park, at(1), 2);
  EXPECT_EQ(grants[1].refusal, PortRefusal::exhausted);
  EXPECT_EQ(park.pool(at(2), 0)->in_use(), 4U);
  EXPECT_EQ(park.seen().ports.ports_max, 4U);
  EXPECT_EQ(park.take(at(2), PortNeed::pair, 3).refusal, PortRefusal::exhausted);
  EXPECT_EQ(park.seen().ports.collisions, 0U);
}

TEST(MediaPark, OneThatFailsTakesItsPortsWithItAndIsReplaced) {
  MediaPark::Setting setting = small(2);
  setting.policy.least = 2;
  setting.policy.start_up = 5s;
  MediaPark park(setting);
  fill(park, at(1), 4);
  EXPECT_FALSE(park.fail(at(2), 7)) << "never there";
  EXPECT_TRUE(park.fail(at(2), 0));
  EXPECT_EQ(story(park), "2.000 ordered 2; ");
  EXPECT_EQ(park.take(at(3), PortNeed::pair, 1).site.address, 1);
  EXPECT_FALSE(park.is_there(at(3), 0));
  park.repair(at(10), 0);
  EXPECT_FALSE(park.is_there(at(10), 0)) << "its place has been taken";
  EXPECT_EQ(park.there(), 2U);
}

TEST(MediaPark, LosesWhatIsAboveItsPacketRate) {
  MediaPark::Setting setting = small(1);
  setting.packets_max = 100;
  MediaPark park(setting);
  park.stream(at(0), 0, 50'000);
  park.stream(at(10), 0, 150'000);  // 200 a second from here on: half of them are lost
  park.stream(at(20), 0, -150'000);
  EXPECT_DOUBLE_EQ(park.lost_seconds(at(30), 0), 5);
  EXPECT_DOUBLE_EQ(park.seen().pps_max, 200);
}

}  // namespace
}  // namespace trunklab
