// What a sweep varies: values read from words, combined, and put into a scenario.
#include "scenarios/variation.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "scenarios/reader.hpp"

namespace trunklab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Words = std::vector<std::string>;

Words values_of(const char* text) {
  const auto read = parse_variation(text, "--vary");
  return read ? read.value().values : Words{read.problems().front().text()};
}

TEST(Variation, ReadsListsAndRanges) {
  EXPECT_THAT(values_of("a=1,2, 5"), ElementsAre("1", "2", "5"));
  EXPECT_THAT(values_of("a=10..50/20"), ElementsAre("10", "30", "50"));
  EXPECT_THAT(values_of("a=1..2/0.25"), ElementsAre("1", "1.25", "1.5", "1.75", "2"));
  EXPECT_THAT(values_of("a=0.1..0.3/0.1"), ElementsAre("0.1", "0.2", "0.3")) << "the last step meets the end within rounding";
  EXPECT_THAT(values_of("a=1s..3s/1s"), ElementsAre("1s", "2s", "3s"));
  EXPECT_THAT(values_of("a=10/min..20/min/5"), ElementsAre("10/min", "15/min", "20/min"));
  EXPECT_THAT(values_of("a=5%..15%/5%"), ElementsAre("5%", "10%", "15%"));
  EXPECT_THAT(values_of("a=1..10/4"), ElementsAre("1", "5", "9")) << "the end is not met";
  EXPECT_THAT(values_of("a={ process: poisson, rate: 1/s },[euc1, use1]"), ElementsAre("{ process: poisson, rate: 1/s }", "[euc1, use1]"));
}

TEST(Variation, RefusesWhatMakesNoSense) {
  for (const char* text :
       {"a", "=1", "a=", "a=1,,2", "a=1,1", "a=5..1/1", "a=1s..5ms/1s", "a=1..x/1", "a=1..5/0", "a=1..5/-1", "a=1..5/1s", "a=0..1/1e-9"}) {
    EXPECT_FALSE(parse_variation(text, "--vary")) << text;
  }
  EXPECT_EQ(values_of("a=1,1").front(), "--vary: found 'a=1,1', expected every value once");
}

std::vector<Variation> variations(std::initializer_list<const char*> texts) {
  std::vector<Variation> all;
  for (const char* text : texts) all.push_back(parse_variation(text, "--vary").value());
  return all;
}

TEST(Variation, TheGridHasEveryCombinationTheLastKeyFastest) {
  const auto grid = full_grid(variations({"a=1,2", "b=x,y,z"}));
  ASSERT_TRUE(grid);
  Words seen;
  for (const auto& point : grid.value()) seen.push_back(point[0].value + point[1].value);
  EXPECT_THAT(seen, ElementsAre("1x", "1y", "1z", "2x", "2y", "2z"));
  EXPECT_FALSE(full_grid(variations({"a=1..2"}))) << "a range without a step";
  EXPECT_FALSE(full_grid(variations({"a=1..2000/1", "b=1..2000/1"}))) << "four million points";
}

TEST(Variation, ALatinHypercubeMeetsEveryPartOnce) {
  const auto all = variations({"a=0.0..1.0", "b=1..40", "c=x,y"});
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto points = latin_hypercube(all, 40, seed);
    ASSERT_EQ(points.size(), 40U);
    std::set<int> parts;
    std::set<std::string> whole;
    for (const auto& point : points) {
      parts.insert(static_cast<int>(std::stod(point[0].value) * 40));
      whole.insert(point[1].value);
    }
    EXPECT_EQ(parts.size(), 40U) << "a value in each fortieth";
    EXPECT_EQ(whole.size(), 40U) << "1 to 40, each once";
    EXPECT_EQ(std::ranges::count_if(points, [](const auto& point) { return point[2].value == "x"; }), 20);
    EXPECT_EQ(points, latin_hypercube(all, 40, seed));
  }
  EXPECT_NE(latin_hypercube(all, 40, 1), latin_hypercube(all, 40, 2));

  std::set<std::string> spread;
  for (const auto& point : latin_hypercube(variations({"a=a1,a2,b1,b2,c1,c2,d1,d2"}), 4, 1)) spread.insert(point[0].value.substr(0, 1));
  EXPECT_EQ(spread.size(), 4U) << "a value of each quarter of a list";
}

constexpr const char* two_sites = R"(horizon: { duration: 1h }
sites:
  oslo: { channels: 10, routing: { target: addresses, regions: [euc1] } }
  rome: { channels: 20, routing: { target: addresses, regions: [euc1] } }
demand:
  calls: { site: oslo, arrivals: { process: poisson, rate: 1/s }, holding: { distribution: exponential, mean: 60s } }
faults:
  - { at: 10min, for: 1min, edge: euc1/1, kind: crash }
)";

Result<Scenario> with(const char* key, const char* value) {
  const Override change{key, value};
  return parse_scenario(two_sites, "two.yaml", {&change, 1});
}

TEST(Overrides, ReplaceWhatStandsAtTheKey) {
  EXPECT_EQ(with("sites.oslo.channels", "33").value().sites[0].channels, 33U);
  EXPECT_EQ(with("sites.oslo.channels", "33").value().sites[1].channels, 20U);
  const auto all = with("sites.*.channels", "7").value();
  EXPECT_EQ(all.sites[0].channels, 7U);
  EXPECT_EQ(all.sites[1].channels, 7U);
  EXPECT_EQ(with("seed", "99").value().seed, 99U) << "a key that the scenario does not have";
  EXPECT_EQ(with("sites.oslo.routing.hold_down.for", "9s").value().sites[0].routing.hunting.hold_down->span, Span{std::chrono::seconds{9}});
  EXPECT_EQ(with("faults.0.for", "2min").value().faults.size(), 1U);
  EXPECT_TRUE(with("demand.calls.arrivals", "{ process: deterministic, every: 1s }"));
  EXPECT_EQ(with("sites.oslo.channels", "33").value().text, two_sites) << "the text stays as the user wrote it";
}

TEST(Overrides, MistakesNameThePlaceAndTheValue) {
  const auto says = [](const char* key, const char* value) { return with(key, value).problems().front().text(); };
  EXPECT_EQ(says("sites.oslo.channels", "many"),
            "two.yaml:3:21 with sites.oslo.channels=many: found 'many', expected a whole number from 1 to 4294967295, without quotes or unit");
  EXPECT_THAT(says("sites.oslo.chanels", "5"), HasSubstr("unknown key 'chanels'"));
  EXPECT_THAT(says("sites..channels", "5"), HasSubstr("single dots"));
  EXPECT_THAT(says("faults.3.for", "1min"), HasSubstr("found '3' at 'faults', a list of 1"));
  EXPECT_THAT(says("sites.oslo.channels.x", "1"), HasSubstr("found '10' at 'sites.oslo.channels', expected a mapping there"));
  EXPECT_THAT(says("seed", "{"), HasSubstr("found '{', expected a value in YAML"));
}

TEST(Keys, OverlapWhereTheyMayNameTheSame) {
  EXPECT_TRUE(keys_overlap("sites.oslo.channels", "sites.*.channels"));
  EXPECT_TRUE(keys_overlap("sites.oslo.routing", "sites.oslo.routing.probe"));
  EXPECT_TRUE(keys_overlap("seed", "seed"));
  EXPECT_FALSE(keys_overlap("sites.oslo.channels", "sites.bergen.channels"));
  EXPECT_FALSE(keys_overlap("sites.oslo.channels", "sites.*.rtt"));
  EXPECT_FALSE(keys_overlap("site", "sites"));
}

}  // namespace
}  // namespace trunklab
