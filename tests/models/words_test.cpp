// Words are unique within their enumeration, and names and causes are what others will search for.
#include "models/record/words.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace trunklab {
namespace {

template <class Enum>
void expect_distinct(Enum last) {
  std::set<std::string_view> seen;
  for (int value = 0; value <= static_cast<int>(last); ++value) EXPECT_TRUE(seen.insert(word(static_cast<Enum>(value))).second) << value;
}

TEST(Words, AreDistinct) {
  expect_distinct(Outcome::abandoned);
  expect_distinct(Ending::in_progress);
  expect_distinct(Reason::codec);
  expect_distinct(PortRefusal::foreign);
  expect_distinct(Audio::lost);
  expect_distinct(Party::callee);
  expect_distinct(AttemptEnd::transport_error);
  expect_distinct(EventKind::media_removed);
  expect_distinct(Metric::mbit_per_s);
  expect_distinct(CapScope::source_address);
}

TEST(Words, BelongToTheirValue) {
  EXPECT_EQ(word(Outcome::lost_in_setup), "lost_in_setup");
  EXPECT_EQ(word(Ending::orphaned), "orphaned");
  EXPECT_EQ(word(Reason::cap_sessions), "cap_sessions");
  EXPECT_EQ(word(Reason::transport_error), "transport_error");
  EXPECT_EQ(word(Reason::callback), "callback");
  EXPECT_EQ(word(Reason::site_down), "site_down");
  EXPECT_EQ(word(AttemptEnd::no_progress), "no_progress");
  EXPECT_EQ(word(AttemptEnd::transport_error), "transport_error");
  EXPECT_EQ(word(EventKind::health_down), "health_down");
  EXPECT_EQ(word(EventKind::fault_ended), "fault_ended");
  EXPECT_EQ(word(EventKind::media_ready), "media_ready");
  EXPECT_EQ(word(PortRefusal::fragmented), "fragmented");
  EXPECT_EQ(word(Audio::to_far_only), "to_far_only");
  EXPECT_EQ(word(CapScope::account), "account");
}

TEST(EntityName, NamesEveryKind) {
  const Directory directory{.sites = {"stockholm"},
                            .regions = {"euc1"},
                            .edges = {{"euc1/1", 0}},
                            .demands = {{"retail", 0}},
                            .faults = {},
                            .caps = {},
                            .codecs = {"G.711a"}};
  EXPECT_EQ(entity_name(directory, EntityKind::total, 0), "total");
  EXPECT_EQ(entity_name(directory, EntityKind::site, 0), "site/stockholm");
  EXPECT_EQ(entity_name(directory, EntityKind::region, 0), "region/euc1");
  EXPECT_EQ(entity_name(directory, EntityKind::edge, 0), "edge/euc1/1");
  EXPECT_EQ(entity_name(directory, EntityKind::demand, 0), "demand/retail");
  EXPECT_EQ(entity_name(directory, EntityKind::fault, 0), "fault/0");
  EXPECT_EQ(entity_name(directory, EntityKind::media_address, 2), "media/euc1/3");
  EXPECT_EQ(entity_name(directory, EntityKind::codecs, 0), "codecs/G.711a");
  EXPECT_EQ(call_id_text(directory, CallId{.window = 12, .number = 34}, 1), "retail.12.34.1@trunklab");
  EXPECT_EQ(call_id_text(directory, CallId{.redial = 2, .window = 12, .number = 34}, 0), "retail.12.34r2.0@trunklab");
}

struct CauseRow {
  std::uint16_t code;
  int cause;
};
class Q850 : public testing::TestWithParam<CauseRow> {};
TEST_P(Q850, FollowsRfc3398) {
  EXPECT_EQ(q850_cause(GetParam().code), GetParam().cause) << GetParam().code;
}
INSTANTIATE_TEST_SUITE_P(Table, Q850,
                         testing::Values(CauseRow{0, 0}, CauseRow{200, 0}, CauseRow{404, 1}, CauseRow{486, 17}, CauseRow{480, 18}, CauseRow{603, 21},
                                         CauseRow{403, 21}, CauseRow{410, 22}, CauseRow{484, 28}, CauseRow{487, 16}, CauseRow{408, 102},
                                         CauseRow{500, 41}, CauseRow{502, 38}, CauseRow{503, 41}, CauseRow{504, 102}, CauseRow{600, 17},
                                         CauseRow{302, 127}, CauseRow{499, 127}, CauseRow{699, 127}));

}  // namespace
}  // namespace trunklab
