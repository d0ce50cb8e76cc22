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
  EXPECT_THAT(ended.out, HasSubstr("Enough for at most 5 % blocked, with any one edge gone."));
  EXPECT_THAT(ended.out, HasSubstr("site  has  formula  simulated"));
  EXPECT_THAT(ended.out, HasSubstr("oslo   20       15         15"));
  EXPECT_THAT(ended.out, HasSubstr("14 block 5."));
  EXPECT_THAT(ended.out, HasSubstr("All of it together holds in simulation, in each of 3 cases."));
}

TEST_F(Plan, SaysWhatRunsOutFirstAndWhen) {
  const Ended ended = run_command("plan", "busy.yaml", busy, {"--growth", "10%/month", "--formulas"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  // 10 Erlangs grow to 10 * 1.1^5 = 16.1, of which 20 channels block more than 5 % (table value: 15.25), so the fifth month is too much.
  EXPECT_THAT(ended.out, HasSubstr("channels of site oslo                        20     15    x 1.52  too small by 2026-08-02"));
  EXPECT_THAT(ended.out, HasSubstr("First bottleneck: channels of site oslo: 20, needed 15; 1.52 times the planned"));
}

TEST_F(Plan, JsonSaysTheSame) {
  const auto json = nlohmann::json::parse(run_command("plan", "busy.yaml", busy, {"--json", "--growth", "10%/month", "--keep-free", "2"}).out);
  const auto& site = json.at("sites").at(0);
  EXPECT_EQ(site.at("channels"), 15);
  EXPECT_EQ(site.at("ordered"), 17);
  EXPECT_EQ(site.at("simulated").at("channels"), 15);
  EXPECT_EQ(site.at("one_less").at("verdict"), "fails");
  EXPECT_NEAR(site.at("mbit_per_s").get<double>(), 17 * 0.0872, 0.01) << "G.711 at 20 ms: 218 bytes a frame, 50 a second";
  EXPECT_EQ(site.at("rtp_ports"), 34);
  EXPECT_EQ(json.at("scopes").at(0).at("scope"), "account");
  EXPECT_EQ(json.at("proofs").at(0).at("holds"), true);
  EXPECT_EQ(json.at("headroom").at(0).at("month"), 4) << "18 channels for ordinary calls: 13.4 Erlangs";
  EXPECT_EQ(json.at("alternatives").at(0).at("what"), "as it is");
  const auto formulas = nlohmann::json::parse(run_command("plan", "busy.yaml", busy, {"--json", "--formulas"}).out);
  EXPECT_TRUE(formulas.at("simulation_s").is_null());
}

TEST_F(Plan, IsWrittenAsPageMarkdownAndText) {
  for (const std::string ending : {".html", ".md", ".txt"}) {
    const std::string file = (folder() / ("plan" + ending)).string();
    const Ended ended = run_command("plan", "busy.yaml", busy, {"--formulas", "-o", file});
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(ended.out, "");
    EXPECT_THAT(text_of(file), HasSubstr("Order sheet for the carrier"));
    EXPECT_THAT(text_of(file), HasSubstr("18.184.175.4"));
  }
  write_file(folder() / "thesis.md", "years of work\n");
  EXPECT_EQ(run_command("plan", "busy.yaml", busy, {"--formulas", "-o", (folder() / "thesis.md").string()}).code, 1);
  EXPECT_EQ(text_of(folder() / "thesis.md"), "years of work\n");
}

TEST_F(Plan, AMissedObjectiveIsSaidAndEndsWith3) {
  const Ended ended = run_command("plan", "busy.yaml", busy, {"--quality", "4.45"});
  EXPECT_EQ(ended.code, 3) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("In simulation this misses, all is well: MOS 4."));
}

TEST_F(Plan, MisuseIsAnsweredWithWhatIsExpected) {
  const auto says = [&](const std::vector<std::string>& more) {
    const Ended ended = run_command("plan", "busy.yaml", busy, more);
    EXPECT_EQ(ended.code, 2) << ended.err;
    return ended.err;
  };
  EXPECT_THAT(says({"--survive", "planet"}), HasSubstr("--survive: found 'planet', expected none, edge, zone, region or site"));
  EXPECT_THAT(says({"--growth", "10%"}), HasSubstr("expected a percentage a month"));
  EXPECT_THAT(says({"--blocking", "0%"}), HasSubstr("--blocking: found '0%'"));
  EXPECT_THAT(says({"--growth", "10%/month", "--months", "0"}), HasSubstr("from 1 to 120"));
  EXPECT_THAT(says({"--months", "3"}), HasSubstr("--months: found no --growth"));
  EXPECT_THAT(says({"--confidence", "95%"}), HasSubstr("--confidence: found no --traffic-cv"));
  EXPECT_THAT(says({"--trunks", "both"}), HasSubstr("--trunks: found 'both', expected shared or separate"));
  EXPECT_THAT(says({"--trunks", "separate", "--survive", "site"}), HasSubstr("expected shared"));
  EXPECT_THAT(says({"--quality", "5"}), HasSubstr("--quality: found '5', expected a MOS from 1 to 4.5"));
  EXPECT_THAT(says({"--setup-delay", "soon"}), HasSubstr("--setup-delay: found 'soon'"));
  EXPECT_THAT(says({"-o", "plan.pdf"}), HasSubstr("expected a name that ends in .html, .md or .txt"));
}

}  // namespace
}  // namespace trunklab
