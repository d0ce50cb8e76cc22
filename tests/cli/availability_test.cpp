// trunklab availability.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/cli/command_test.hpp"

namespace trunklab {
namespace {

using ::testing::HasSubstr;

constexpr const char* two = R"(horizon: { duration: 30d }
sites:
  pbx: { routing: { target: addresses, regions: [euc1], probe: never, hold_down: never, no_response: 100ms } }
demand:
  d: { arrivals: { process: poisson, rate: 6/min }, holding: { distribution: exponential, mean: 20s } }
faults:
  - { edge: euc1/1, kind: crash, random: { mtbf: 999h, mttr: 1h } }
  - { edge: euc1/2, kind: crash, random: { mtbf: 999h, mttr: 1h } }
)";

class AvailabilityCommand : public CommandTest {};

TEST_F(AvailabilityCommand, TellsTimeAndCalls) {
  const Ended ended = run_command("availability", "two.yaml", two, {});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("pbx                             1e-06    6.0    32 s        0.0175  30 min"));
  EXPECT_THAT(ended.out, HasSubstr("euc1/1 crash + euc1/2 crash"));
  const auto json = nlohmann::json::parse(run_command("availability", "two.yaml", two, {"--json"}).out);
  EXPECT_NEAR(json.at("sites").at(0).at("down").get<double>(), 1e-6, 1e-15);
  EXPECT_NEAR(json.at("not_served").at("mean").get<double>(), 1e-6, 2e-7);
  EXPECT_EQ(json.at("precise"), true);
}

TEST_F(AvailabilityCommand, OnPaperAlone) {
  const Ended ended = run_command("availability", "two.yaml", two, {"--chain"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, Not(HasSubstr("calls")));
}

TEST_F(AvailabilityCommand, SaysWhatIsLeftOut) {
  const std::string more =
      "  - { edge: euc1/1, kind: grey, share: 10%, effect: error, code: 503, random: { mtbf: 999h, mttr: 1h } }\n  - { edge: euc1/1, kind: crash, "
      "at: 1h, for: 1h }\n";
  const std::string out = run_command("availability", "more.yaml", two + more, {"--chain"}).out;
  EXPECT_THAT(
      out,
      HasSubstr(
          "Faults with a time of their own (at) are left out.\nThey take no way out, simulation alone knows them: euc1/1 grey 10 % (error 503).\n"));
  EXPECT_THAT(run_command("availability", "two.yaml", two, {"--chain"}).out, Not(HasSubstr("left out")));
}

TEST_F(AvailabilityCommand, MisuseIsAnsweredWithWhatIsExpected) {
  const auto says = [&](const std::vector<std::string>& more) {
    const Ended ended = run_command("availability", "two.yaml", two, more);
    EXPECT_EQ(ended.code, 2) << ended.err;
    return ended.err;
  };
  EXPECT_THAT(says({"--half-width", "0%"}), HasSubstr("--half-width: found '0%', expected a percentage from 0.5% to 100%"));
  EXPECT_THAT(says({"--time", "0s"}), HasSubstr("--time: found '0s', expected a time of 1s or more"));
  const Ended calm = run_command("availability", "calm.yaml", std::string(two).substr(0, std::string(two).find("faults:")), {});
  EXPECT_EQ(calm.code, 2);
  EXPECT_THAT(calm.err, HasSubstr("found no random fault that any site's calls could feel, expected one such as"));
}

}  // namespace
}  // namespace trunklab
