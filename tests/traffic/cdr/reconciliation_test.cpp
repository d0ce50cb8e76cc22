// Two small lists of calls laid beside each other; what differs was written down by hand.
#include "traffic/cdr/reconciliation.hpp"

#include <gtest/gtest.h>

namespace trunklab {
namespace {

using namespace std::chrono_literals;
using Pairs = std::vector<CallPair>;

BilledCall answered(const char* id, double start_s, double talk_s) {
  BilledCall call;
  call.id = id;
  call.start_ns = static_cast<std::int64_t>(start_s * 1e9);
  call.answered = true;
  call.talk_s = talk_s;
  return call;
}

BilledCall refused(const char* id, double start_s, std::uint16_t sip) {
  BilledCall call = answered(id, start_s, 0);
  call.answered = false;
  call.release.sip = sip;
  return call;
}

ReconcileRules rules() {
  return {.by_call_id = true, .match_within = 60s, .start_tolerance = 2s, .duration_tolerance_s = 1, .increment_s = 60};
}

TEST(Reconcile, FindsEachDifferenceOnce) {
  std::vector<BilledCall> here{answered("same", 0, 100),    answered("rounded", 10, 61), answered("longer", 20, 61), answered("lost", 30, 5),
                               refused("code", 40, 486),    answered("here", 50, 7),     refused("there", 60, 480),  answered("late", 70, 9),
                               refused("refused", 80, 503), refused("silent", 90, 0),    answered("talking", 95, 0)};
  here[9].heard = false;
  here[10].open = true;
  // Their clock is three seconds ahead.
  const std::vector<BilledCall> there{
      answered("same@carrier", 3, 100.9), answered("rounded", 13, 120), answered("longer", 23, 180), refused("code", 43, 603),
      refused("here", 53, 500),           answered("there", 63, 4),     answered("late", 80, 9),     answered("same@carrier", 3.5, 100.9),
      answered("unknown", 100, 50),       answered("talking", 98, 1000)};
  const Reconciliation found = reconcile(here, there, rules());
  EXPECT_EQ(found.matched, 8U);
  EXPECT_DOUBLE_EQ(*found.offset_s, 3);
  EXPECT_EQ(found[CdrDifference::missing_there_answered].first, (Pairs{{3, std::nullopt}}));
  EXPECT_EQ(found[CdrDifference::missing_there_unanswered].first, (Pairs{{8, std::nullopt}}));
  EXPECT_EQ(found[CdrDifference::missing_here].first, (Pairs{{std::nullopt, 8}}));
  EXPECT_EQ(found[CdrDifference::duplicate_there].first, (Pairs{{std::nullopt, 7}}));
  EXPECT_EQ(found[CdrDifference::answered_here_only].first, (Pairs{{5, 4}}));
  EXPECT_EQ(found[CdrDifference::answered_there_only].first, (Pairs{{6, 5}}));
  EXPECT_EQ(found[CdrDifference::release_code].first, (Pairs{{4, 3}}));
  EXPECT_EQ(found[CdrDifference::duration].first, (Pairs{{2, 2}}));
  EXPECT_EQ(found[CdrDifference::start].first, (Pairs{{7, 6}}));
  EXPECT_EQ(found.all(), 9U);
  EXPECT_EQ(found.rounded_up, 1U);
  EXPECT_EQ(found.unheard, 1U);
  EXPECT_EQ(found.open, 1U);
  EXPECT_DOUBLE_EQ(found.talk_here_s, 100 + 61 + 61 + 5 + 7 + 9);
  EXPECT_DOUBLE_EQ(found.billed_here_s, 120 + 120 + 120 + 60 + 60 + 60);
  EXPECT_DOUBLE_EQ(found.billed_there_s, 100.9 + 120 + 180 + 4 + 9 + 100.9 + 50 + 1000);
}

TEST(Reconcile, AFileOfAnsweredCallsMissesNoOthers) {
  ReconcileRules only = rules();
  only.answered_only = true;
  const std::vector<BilledCall> here{refused("busy", 0, 486)};
  const Reconciliation found = reconcile(here, {}, only);
  EXPECT_EQ(found.all(), 0U);
  EXPECT_EQ(found.unexpected, 1U);
  EXPECT_FALSE(found.offset_s);
}

TEST(Reconcile, KeepsTheFirstExamplesAndCountsAll) {
  ReconcileRules few = rules();
  few.examples = 2;
  std::vector<BilledCall> here;
  here.reserve(5);
  for (int i = 0; i < 5; ++i) here.push_back(answered(std::to_string(i).c_str(), 10 - i, 1));
  const Reconciliation found = reconcile(here, {}, few);
  EXPECT_EQ(found[CdrDifference::missing_there_answered].calls, 5U);
  EXPECT_EQ(found[CdrDifference::missing_there_answered].first, (Pairs{{4, std::nullopt}, {3, std::nullopt}})) << "in the order of their starts";
}

BilledCall to(const char* number, double start_s, double talk_s) {
  BilledCall call = answered("", start_s, talk_s);
  call.number = number;
  return call;
}

TEST(Reconcile, ByNumberTheNearestStartAndTheOffsetTakenOff) {
  ReconcileRules numbers = rules();
  numbers.by_call_id = false;
  numbers.match_within = 20s;
  // Clocks 8 s apart, beyond the tolerance for starts.
  const std::vector<BilledCall> here{to("+1", 0, 30), to("+1", 100, 40), to("+2", 0, 50), to("+3", 0, 60)};
  const std::vector<BilledCall> there{to("+1", 8, 30), to("+1", 108, 40), to("+2", 8, 50), to("+4", 8, 60), to("+2", 8, 50)};
  const Reconciliation found = reconcile(here, there, numbers);
  EXPECT_EQ(found.by, MatchedBy::number);
  EXPECT_EQ(found.matched, 3U);
  EXPECT_DOUBLE_EQ(*found.offset_s, 8);
  EXPECT_EQ(found[CdrDifference::start].calls, 0U);
  EXPECT_EQ(found[CdrDifference::duplicate_there].first, (Pairs{{std::nullopt, 4}}));
  EXPECT_EQ(found[CdrDifference::missing_here].first, (Pairs{{std::nullopt, 3}}));
  EXPECT_EQ(found[CdrDifference::missing_there_answered].first, (Pairs{{3, std::nullopt}}));
}

TEST(Reconcile, ByNumberACallMayHaveStartedAtAnotherTime) {
  ReconcileRules numbers = rules();
  numbers.by_call_id = false;
  const std::vector<BilledCall> here{to("+1", 0, 30), to("+2", 5, 40), to("+3", 9, 50)};
  const std::vector<BilledCall> there{to("+1", 0, 30), to("+2", 25, 40), to("+3", 9, 50)};
  const Reconciliation found = reconcile(here, there, numbers);
  EXPECT_EQ(found.matched, 3U);
  EXPECT_EQ(found[CdrDifference::start].first, (Pairs{{1, 1}}));
  EXPECT_EQ(found.all(), 1U);
}

/// Calls 0.4 to 1.2 s apart, each with its own talk time.
std::vector<BilledCall> dense() {
  std::vector<BilledCall> calls;
  calls.reserve(500);
  double start = 0;
  for (int i = 0; i < 500; ++i) calls.push_back(to("", start += 0.4 + 0.2 * (i * i % 5), 100 + 3 * i));
  return calls;
}

TEST(Reconcile, ByStartAloneTheOffsetIsFoundFirst) {
  ReconcileRules times = rules();
  times.by_call_id = false;
  const std::vector<BilledCall> here = dense();
  std::vector<BilledCall> there = here;
  for (BilledCall& row : there) row.start_ns -= 7'300'000'000;  // many calls later
  there.erase(there.begin() + 100);
  there[200].talk_s += 500;
  for (BilledCall& row : there) row.number = "+47";  // here there are no numbers
  const Reconciliation found = reconcile(here, there, times);
  EXPECT_EQ(found.by, MatchedBy::start);
  EXPECT_DOUBLE_EQ(*found.offset_s, -7.3);
  EXPECT_EQ(found.matched, 499U);
  EXPECT_EQ(found[CdrDifference::missing_there_answered].first, (Pairs{{100, std::nullopt}}));
  EXPECT_EQ(found[CdrDifference::duration].first, (Pairs{{201, 200}}));
  EXPECT_EQ(found.all(), 2U);
}

TEST(Reconcile, NothingBelongsToNothing) {
  ReconcileRules times = rules();
  times.by_call_id = false;
  times.match_within = Span{0};
  EXPECT_EQ(reconcile({}, {}, times).all(), 0U);
  EXPECT_EQ(reconcile({}, dense(), times)[CdrDifference::missing_here].calls, 500U);
  EXPECT_EQ(reconcile(dense(), {}, times)[CdrDifference::missing_there_answered].calls, 500U);
}

struct ReleaseRow {
  ReleaseCode here;
  ReleaseCode there;
  bool differs;
};

TEST(Reconcile, ReleaseCodesAreComparedAsFarAsBothTell) {
  for (const ReleaseRow& row :
       {ReleaseRow{{.sip = 486, .q850 = 17}, {.sip = 486}, false}, ReleaseRow{{.sip = 486, .q850 = 17}, {.sip = 600}, true},
        ReleaseRow{{.sip = 486, .q850 = 17}, {.q850 = 17}, false}, ReleaseRow{{.sip = 486, .q850 = 17}, {.q850 = 21}, true},
        ReleaseRow{{.sip = 486, .meaning = PstnAnswer::busy}, {.meaning = PstnAnswer::busy}, false},
        ReleaseRow{{.sip = 486, .meaning = PstnAnswer::busy}, {.meaning = PstnAnswer::no_answer}, true}, ReleaseRow{{.sip = 486}, {}, false}}) {
    BilledCall ours = refused("a", 0, 0);
    ours.release = row.here;
    BilledCall theirs = refused("a", 0, 0);
    theirs.release = row.there;
    const Reconciliation found = reconcile(std::vector{ours}, std::vector{theirs}, rules());
    EXPECT_EQ(found[CdrDifference::release_code].calls, row.differs ? 1U : 0U) << row.there.sip << ' ' << int{row.there.q850};
  }
}

TEST(RoundedUp, ToWholeIncrements) {
  EXPECT_DOUBLE_EQ(rounded_up(0, 60), 0);
  EXPECT_DOUBLE_EQ(rounded_up(60, 60), 60);
  EXPECT_DOUBLE_EQ(rounded_up(60.001, 60), 120);
  EXPECT_DOUBLE_EQ(rounded_up(0.3, 0.1), 0.1 * 3) << "rounding of doubles is no increment";
}

TEST(Reconcile, RowsWithoutACallIdAreNotEachOthersDuplicates) {
  const std::vector<BilledCall> there{answered("", 0, 10), answered("", 1, 10), answered("a", 2, 10), answered("a", 2, 10)};
  const Reconciliation found = reconcile(std::vector{answered("a", 2, 10)}, there, rules());
  EXPECT_EQ(found[CdrDifference::missing_here].calls, 2U);
  EXPECT_EQ(found[CdrDifference::duplicate_there].calls, 1U);
}

TEST(Reconcile, EndsWhenItIsStopped) {
  ReconcileRules numbers = rules();
  numbers.by_call_id = false;
  const std::vector<BilledCall> calls{answered("", 0, 10)};
  const std::atomic<bool> stop = true;
  EXPECT_EQ(reconcile(calls, calls, numbers, &stop).end, Reconciliation::End::stopped);
  const std::atomic<bool> go_on = false;
  EXPECT_EQ(reconcile(calls, calls, numbers, &go_on).end, Reconciliation::End::complete);
}

}  // namespace
}  // namespace trunklab
