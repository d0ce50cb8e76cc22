// trunklab plan.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/cli/command_test.hpp"

namespace trunklab {
namespace {

using ::testing::HasSubstr;

constexpr const char* busy = R"(service: { preset: sinch, caps: [ { scope: account, cps: 1/s, burst: 10, sessions: 20 } ] }
horizon: { start: 2026-03-02T08:00:00Z, duration: 2h }
sites:
  oslo: { channels: 20, routing: { target: addresses, regions: [euc1] } }
demand:
  calls: { site: oslo, arrivals: { process: poisson, rate: 6/min }, holding: { distribution: exponential, mean: 100s }, codecs: [G.711a] }
objectives: { blocking: 5% }
)";

class Plan : public CommandTest {};

TEST_F(Plan, ShowsFormulaAndSimulationSideBySide) {
  const Ended ended = run_command("plan", "busy.yaml", busy, {"--survive", "edge"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("busy: enough for at most 5 % blocked, with any one edge gone"));
  EXPECT_THAT(ended.out, HasSubstr("channels of site  has  formula  simulated"));
  EXPECT_THAT(ended.out, HasSubstr("oslo               20       15         15"));
  EXPECT_THAT(ended.out, HasSubstr("14 block 5."));
}

TEST_F(Plan, GrowthTellsWhatRunsOutWhen) {
  const Ended ended = run_command("plan", "busy.yaml", busy, {"--growth", "10%/month", "--formulas"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  // 10 Erlangs grow to 10 * 1.1^5 = 16.1 at most 5 % of which 20 channels block (table value: 15.25), so month 5 is the first that is too much.
  EXPECT_THAT(ended.out, HasSubstr("month 5   channels of site oslo: 20, needed 21"));
  EXPECT_THAT(ended.out, HasSubstr("now       calls per second of account: 1, needed"));
}

TEST_F(Plan, JsonSaysTheSame) {
  const auto json = nlohmann::json::parse(run_command("plan", "busy.yaml", busy, {"--json"}).out);
  EXPECT_EQ(json.at("sites").at(0).at("channels"), 15);
  EXPECT_EQ(json.at("sites").at(0).at("simulated").at("channels"), 15);
  EXPECT_EQ(json.at("sites").at(0).at("one_less").at("verdict"), "fails");
  EXPECT_NEAR(json.at("sites").at(0).at("mbit_per_s").get<double>(), 15 * 0.0872, 0.01) << "G.711 at 20 ms: 218 bytes a frame, 50 a second";
  EXPECT_EQ(json.at("scopes").at(0).at("scope"), "account");
}

TEST_F(Plan, MisuseIsAnsweredWithWhatIsExpected) {
  const auto says = [&](const std::vector<std::string>& more) {
    const Ended ended = run_command("plan", "busy.yaml", busy, more);
    EXPECT_EQ(ended.code, 2) << ended.err;
    return ended.err;
  };
  EXPECT_THAT(says({"--survive", "planet"}), HasSubstr("--survive: found 'planet', expected none, edge, zone or region"));
  EXPECT_THAT(says({"--growth", "10%"}), HasSubstr("expected a percentage a month"));
  EXPECT_THAT(says({"--blocking", "0%"}), HasSubstr("--blocking: found '0%'"));
  EXPECT_THAT(says({"--months", "0"}), HasSubstr("from 1 to 120"));
}

}  // namespace
}  // namespace trunklab
