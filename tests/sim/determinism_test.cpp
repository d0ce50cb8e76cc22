// The same scenario, seed and build give the same record, in whatever order and company replications run.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "models/record/words.hpp"
#include "tests/sim/support.hpp"
#include "traffic/demand/luck.hpp"

namespace trunklab {
namespace {

using testing::ledger_of;
using testing::run;
using testing::scenario_of;
using namespace std::chrono_literals;

const std::string text = R"(
service: { preset: sinch, caps: [ { scope: account, sessions: 120, cps: 5/s, burst: 5 } ] }
horizon: { duration: 1h }
seed: 11
sites:
  a: { channels: 60, rtt: { euc1: 33.3ms, use1: 101ms }, routing: { target: addresses, regions: [euc1, use1] } }
  b: { rtt: { euc1: 7ms }, routing: { target: fqdn, regions: [euc1] } }
demand:
  one: { site: a, arrivals: { process: poisson, rate: 20/min }, holding: { distribution: lognormal, mean: 180s, cv: 1.2 },
         answer: { answered: 70%, busy: 10%, no_answer: 15%, rejected: 5% }, post_dial_delay: { distribution: gamma, mean: 2s, cv: 0.5 },
         ring_time: { distribution: exponential, mean: 8s }, patience: { distribution: exponential, mean: 40s } }
  two: { site: b, arrivals: { process: poisson, rate: 10/min }, holding: { distribution: exponential, mean: 120s }, ring_time: 5s }
faults:
  - { at: 20min, for: 10min, edge: euc1/1, kind: crash }
)";

TEST(Determinism, TheSameRunTwiceIsIdentical) {
  const Scenario scenario = scenario_of(text);
  EXPECT_TRUE(run(scenario).rows == run(scenario).rows);
}

TEST(Determinism, ReplicationSevenIsTheSameAloneAndAfterSevenOthers) {
  const Scenario scenario = scenario_of(text);
  const auto alone = run(scenario, {.replication = 7}).rows;
  for (std::uint32_t replication = 0; replication < 7; ++replication) {
    const auto other = run(scenario, {.replication = replication}).rows;
    EXPECT_FALSE(other == alone);
  }
  EXPECT_TRUE(run(scenario, {.replication = 7}).rows == alone);
}

TEST(Determinism, ReplicationSevenIsTheSameInAnotherProcess) {
  // A process of its own: this program again, printing the ledger's hash. (Never fork after an Engine: it is exec'd.)
  if (const char* child = std::getenv("TRUNKLAB_TEST_CHILD"); child != nullptr) GTEST_SKIP() << "running as the other process";
  const Scenario scenario = scenario_of(text);
  const std::string here = ledger_of(scenario, run(scenario, {.replication = 7}).rows);
  const std::string command =
      "TRUNKLAB_TEST_CHILD=1 /proc/" + std::to_string(getpid()) + "/exe --gtest_filter=Determinism.PrintsItsHash --gtest_brief=1";
  FILE* pipe = popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string output;
  char buffer[256];
  while (std::fgets(buffer, sizeof buffer, pipe) != nullptr) output += buffer;
  EXPECT_EQ(pclose(pipe), 0) << output;
  EXPECT_NE(output.find("hash " + std::to_string(name_hash(here)) + "\n"), std::string::npos) << output;
}

TEST(Determinism, PrintsItsHash) {
  if (std::getenv("TRUNKLAB_TEST_CHILD") == nullptr) GTEST_SKIP() << "only for the other process";
  const Scenario scenario = scenario_of(text);
  std::printf("hash %llu\n", static_cast<unsigned long long>(name_hash(ledger_of(scenario, run(scenario, {.replication = 7}).rows))));
}

TEST(Determinism, AnotherSiteLeavesTheFirstOnesCallsAlone) {
  // Two sites that share no limit: what happens to a's calls is the same with and without b.
  const std::string alone = R"(
horizon: { duration: 1h }
sites:
  a: { channels: 60, routing: { target: addresses, regions: [euc1, use1] } }
demand:
  one: { site: a, arrivals: { process: poisson, rate: 20/min }, holding: { distribution: lognormal, mean: 180s, cv: 1.2 } }
faults:
  - { at: 20min, for: 10min, edge: euc1/1, kind: crash }
)";
  std::string together = alone;
  together.insert(together.find("  a: {"), "  b: { routing: { target: fqdn, regions: [euc1] } }\n");
  together.insert(together.find("  one: {"), "  two: { site: b, arrivals: { process: poisson, rate: 10/min }, holding: 100s }\n");
  const auto rows = [](const std::string& scenario_text) {
    const Scenario scenario = scenario_of(scenario_text);
    std::vector<CallRecord> calls;
    for (CallRecord call : run(scenario).rows.call_rows) {
      if (scenario.demands[call.id.demand].name != "one") continue;
      call.id.demand = 0;
      call.site = 0;
      calls.push_back(call);
    }
    std::ranges::sort(calls, {}, &CallRecord::id);  // calls still in progress at the end come in no meaningful order
    return calls;
  };
  EXPECT_TRUE(rows(alone) == rows(together));
}

}  // namespace
}  // namespace trunklab
