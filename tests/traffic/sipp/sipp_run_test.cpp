// Bundles played by the real SIPp on loopback: every call once, with its fate, its talk and its moment; and hunting past edges that misbehave.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "models/record/words.hpp"
#include "tests/scenarios/files.hpp"
#include "tests/sim/support.hpp"
#include "traffic/sipp/bundle.hpp"
#include "traffic/sipp/scenario_xml.hpp"

namespace trunklab {
namespace {

using ::testing::HasSubstr;
using testing::scenario_of;

struct Played {
  int code = -1;
  std::string out;
};

/// Runs a command of bash and keeps what it writes.
Played play(const std::string& command) {
  Played played;
  FILE* pipe = popen(("{ " + command + "; } 2>&1").c_str(), "r");
  if (pipe == nullptr) return played;
  std::array<char, 4096> buffer{};
  while (std::fgets(buffer.data(), static_cast<int>(buffer.size()), pipe) != nullptr) played.out += buffer.data();
  const int status = pclose(pipe);
  played.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return played;
}

/// Tests run side by side: each looks for its ports elsewhere.
int own_ports() {
  return 20'000 + static_cast<int>(getpid() % 120) * 100;  // below those that Linux gives out by itself
}

std::string quoted(const std::filesystem::path& path) {
  return "'" + path.string() + "'";
}

/// The largest count of RTP packets on each screen of a folder's processes, added up.
int rtp_sent(const std::filesystem::path& folder) {
  int sum = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    std::ifstream screens(file.path());
    int most = 0;
    for (std::string line; std::getline(screens, line);) {
      if (line.find("Total RTP pckts sent") != std::string::npos) most = std::max(most, std::atoi(line.c_str()));
    }
    sum += most;
  }
  return sum;
}

TEST(SippRun, EveryCallOfAMixedScenarioIsPlayedOnceAndEndsAsExpected) {
  const TemporaryFolder folder;
  const Scenario scenario = scenario_of(R"(
service: { preset: sinch, authentication: { code: 401 } }
horizon: { duration: 4s }
seed: 7
sites:
  a: { routing: { target: addresses, regions: [euc1], order: rotate } }
  b: { transport: tcp, routing: { target: addresses, regions: [use1] } }
demand:
  one: { site: a, arrivals: { process: poisson, rate: 30/s }, holding: { distribution: exponential, mean: 500ms },
         answer: { answered: 60%, busy: 15%, no_answer: 15%, rejected: 10% }, post_dial_delay: { distribution: exponential, mean: 300ms },
         ring_time: { distribution: exponential, mean: 500ms }, patience: { distribution: exponential, mean: 4s }, not_e164: 5%,
         codecs: [ { share: 50%, offer: [G.711a, G.729] }, { share: 50%, offer: [Opus] } ] }
  two: { site: b, arrivals: { process: poisson, rate: 10/s }, holding: { distribution: exponential, mean: 1s }, ring_time: 100ms }
  three: { site: a, direction: origination, region: euc1, arrivals: { process: poisson, rate: 10/s }, holding: 700ms, ring_time: 200ms,
           answer: { answered: 80%, busy: 20% } }
)");
  const auto bundle = folder.path() / "bundle";
  const auto summary = write_bundle(scenario, bundle, {});
  ASSERT_TRUE(summary);
  std::map<Outcome, std::uint64_t> expected;
  for (const GroupSurvey& group : summary.value().surveys) {
    for (const auto& [outcome, calls] : group.outcomes) expected[outcome] += calls;
  }
  EXPECT_EQ(expected.size(), 6U) << "one of each kind at least";
  const Played played = play(quoted(bundle / "run.sh") + " --port " + std::to_string(own_ports()) + " --out " + quoted(folder.path() / "logs"));
  EXPECT_EQ(played.code, 0) << played.out;
  EXPECT_THAT(played.out, HasSubstr("not seen: 0, seen twice: 0, ended otherwise: 0,")) << "sipp is in Debian's sip-tester";
  EXPECT_THAT(played.out, HasSubstr("first INVITE against due time: median"));
  EXPECT_THAT(played.out, HasSubstr("BYE against the end of the talk: median"));
  // RTP, as the answerers of site a counted what they sent: some 660 packets of 20 ms, had each talk its full length.
  EXPECT_GT(rtp_sent(folder.path() / "logs/groups/a/1"), 450);
  EXPECT_LT(rtp_sent(folder.path() / "logs/groups/a/1"), 700);
}

/// One attempt: "01 no_response", "04 answered 200".
std::string attempt_text(const std::string& target, const std::string& end, int code) {
  return target + ' ' + end + (code > 0 ? ' ' + std::to_string(code) : "");
}

/// What the caller's log says of a call.
struct Logged {
  std::string end;
  std::string code;
  std::vector<std::string> attempts{};
  std::vector<std::string> predicted{};
};

/// How hunt.sh's edges answer an attempt, as the hunter sees it.
struct EdgeAnswer {
  AttemptEnd end;
  std::uint16_t code;
};
EdgeAnswer answer_of(const std::string& target, std::uint16_t code_of_last) {
  if (target == "01") return {AttemptEnd::refused, 503};
  if (target != "04") return {AttemptEnd::no_response, 0};  // silent, or answers only when the next one has been asked
  return {code_of_last == 200 ? AttemptEnd::answered : AttemptEnd::refused, code_of_last};
}

/// What the pure state machine makes of it: the same rows drive both.
std::vector<std::string> predicted_attempts(const HuntingPolicy& policy, const std::string& targets, std::uint16_t code_of_last) {
  std::vector<std::string> attempts;
  std::istringstream list(targets);
  for (std::string token; std::getline(list, token, ',');) {
    const std::string target = token.substr(token.size() - 2);
    const auto [end, code] = answer_of(target, code_of_last);
    attempts.push_back(attempt_text(target, std::string(word(end)), code));
    if (!Hunt::advances(policy, end, code, false)) break;
  }
  return attempts;
}

class Hunted : public ::testing::Test {
 protected:
  void hunt() {
    ReplayGroup group = replay_groups(scenario_of(R"(
horizon: { duration: 4s }
sites: { a: { routing: { target: addresses, regions: [euc1], no_response: 1s } } }
demand: { calls: { arrivals: { process: poisson, rate: 1/s }, holding: 1s } }
)"))
                            .front();
    group.targets.resize(5);  // hunt.sh has five; each row says which of them it tries
    std::string caller = caller_xml(group);
    // Attempts that were given up are watched for 3 s instead of 32.
    for (std::size_t at = caller.find("\"32000\""); at != std::string::npos; at = caller.find("\"32000\"")) caller.replace(at, 7, "\"3000\"");
    write_file(folder_.path() / "caller.xml", caller);
    write_file(folder_.path() / "answerer.xml", answerer_xml(group));
    write_file(folder_.path() / "calls.csv", "SEQUENTIAL\n#rows\n" + rows_);
    const std::string here = std::string(TRUNKLAB_SOURCE_DIR) + "/tests/traffic/sipp/";
    const Played played = play("bash '" + here + "hunt.sh' " + quoted(folder_.path()) + " '" + here + "edges' " + std::to_string(own_ports() + 50));
    EXPECT_EQ(played.code, 0) << played.out;
    std::istringstream lines(text_of(folder_.path() / "caller.log"));
    for (std::string line; std::getline(lines, line);) {
      std::vector<std::string> fields;
      std::istringstream cells(line);
      for (std::string cell; std::getline(cells, cell, ';');) fields.push_back(cell);
      if (fields.front() == "ghost") ++ghosts_;
      if (fields.front() == "call") {
        logged_[fields[1]].end = fields[2];
        logged_[fields[1]].code = fields[3];
      }
      if (fields.front() != "attempt") continue;
      const bool decided = fields[4] == "answered" || fields[4] == "refused";
      logged_[fields[1]].attempts.push_back(attempt_text(fields[3], fields[4], decided ? std::stoi(fields[5]) : 0));
    }
  }
  void add(const std::string& name, const std::string& targets, const std::string& code) {
    rows_ += std::to_string(100 * logged_.size()) + ";" + name + ";+999000;+9999;" + targets + ";60000;100;200;" + code +
             ";300;caller;8 0;20;a=sendrecv;answered\n";
    logged_[name] = {.end = {}, .code = {}, .predicted = predicted_attempts({}, targets, static_cast<std::uint16_t>(std::stoi(code)))};
  }
  /// Messages of an edge that begin so.
  [[nodiscard]] int messages(const std::string& edge, const std::string& begin) const {
    const std::string text = text_of(folder_.path() / (edge + ".msg"));
    int count = 0;
    for (std::size_t at = text.find("\n" + begin); at != std::string::npos; at = text.find("\n" + begin, at + 1)) ++count;
    return count;
  }
  static std::string text_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  TemporaryFolder folder_;
  std::string rows_;
  std::map<std::string, Logged> logged_;
  int ghosts_ = 0;
};

TEST_F(Hunted, PastASilentARefusingAndTwoLateEdgesToOneThatAnswers) {
  add("silent", "100,204", "200");
  add("refused", "101,204", "200");
  add("late", "102,204", "200");
  add("rings_late", "103,204", "200");
  add("all", "100,201,302,403,504", "200");
  add("busy", "104,201", "486");
  add("refused_twice", "101,201,304", "486");
  add("late_then_busy", "102,204,301", "486");
  add("rejected", "100,204,301", "603");
  add("unavailable", "101,204,300", "480");
  add("nobody", "100,201,300,401,500", "200");
  hunt();
  for (const auto& [name, call] : logged_) {
    EXPECT_EQ(call.attempts, call.predicted) << name;
    const std::string& last = call.predicted.back();
    const bool refused_at_last = name != "nobody" && last.find("refused") != std::string::npos;
    EXPECT_EQ(call.end, last.find("answered") != std::string::npos ? "answered" : refused_at_last ? "refused" : "no_response") << name;
  }
  EXPECT_EQ(logged_["nobody"].attempts.size(), 5U) << "and then it is over";
  // The late answers are ghosts: acknowledged and ended where they came from, once each.
  EXPECT_EQ(ghosts_, 3) << text_of(folder_.path() / "caller.log");
  EXPECT_EQ(messages("answers_late", "ACK "), 3);
  EXPECT_EQ(messages("answers_late", "BYE "), 3);
  // A late 18x is cancelled; before any 1xx nothing may be.
  EXPECT_EQ(messages("rings_late", "CANCEL "), 2);
  EXPECT_EQ(messages("answers_late", "CANCEL "), 0);
  EXPECT_GE(messages("rings_late", "ACK "), 2);
  EXPECT_EQ(messages("answerer", "BYE "), 5);
}

}  // namespace
}  // namespace trunklab
