// trunklab load against somebody else's answerers: they are real SIPp, started by the test, and say what really came in.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <map>
#include <set>
#include <thread>

#include "scenarios/time_text.hpp"
#include "tests/cli/command_test.hpp"
#include "tests/cli/replay/answerer.hpp"

namespace trunklab {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string one_site = R"(
service: { preset: sinch, authentication: { code: 401 } }
horizon: { duration: 60s }
warmup: 0s
sites: { a: { routing: { target: addresses, regions: [euc1] } } }
demand:
  d: { site: a, arrivals: { process: poisson, rate: 5/s }, holding: { distribution: fixed, value: 4s }, ring_time: { distribution: fixed, value: 1s },
       answer: { answered: 80%, busy: 20%, no_answer: 0% }, patience: 10s }
)";

class LoadElsewhere : public CommandTest {
 protected:
  void SetUp() override {
    fs::create_directory(folder() / "tmp");
    ASSERT_EQ(run_command("generate", "case.yaml", one_site, {"-o", "bundle"}).code, 0);
    std::string list;
    for (const char* ip : {"127.0.0.11", "127.0.0.12"}) {
      answerers_.push_back(start_answerer(ip, Transport::udp, folder() / "bundle", folder() / (std::string(ip) + ".log")));
      addresses_.push_back(answerers_.back().here.ip + ":" + std::to_string(answerers_.back().here.port));
      list += "euc1/" + std::to_string(answerers_.size()) + ": " + addresses_.back() + "\n";
    }
    write_file(folder() / "lab.yaml", list);
    write_file(folder() / "own.txt", "[called]\n+46812345678\n+4930123456\n[callers]\n+46812345679\n");
    write_consent("euc1.sip.sinch.com", -3600, 3600);
    std::this_thread::sleep_for(500ms);
  }
  void write_consent(const std::string& host, int from_s, int until_s) const {
    const auto at = [](int seconds) {
      return iso8601(
          (std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count() + seconds) * 1'000'000'000,
          0);
    };
    write_file(folder() / "consent.yaml", "contact: noc@carrier.example\nfrom: " + at(from_s) + "\nuntil: " + at(until_s) + "\nhosts: [" + host +
                                              "]\ncalls_per_second: 20\nsessions: 400\n");
  }
  [[nodiscard]] Launch isolated(const std::string& secret = "loopback") const {
    return {.folder = folder(), .out = {}, .deadline = 120s, .with = {"env", "TMPDIR=" + (folder() / "tmp").string(), "TRUNKLAB_SECRET=" + secret}};
  }
  [[nodiscard]] static std::vector<std::string> lab(std::vector<std::string> more) {
    std::vector<std::string> words{"load", "bundle", "--target", "lab", "--targets", "lab.yaml"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  /// All that a load of a trunk needs, the trunk being this test's answerers.
  [[nodiscard]] std::vector<std::string> service(const std::map<std::string, std::string>& other = {},
                                                 const std::vector<std::string>& more = {}) const {
    std::map<std::string, std::string> options{{"--target", "service"},
                                               {"--confirm", "euc1.sip.sinch.com"},
                                               {"--numbers", "own.txt"},
                                               {"--authorization", "consent.yaml"},
                                               {"--max-cps", "20"},
                                               {"--max-concurrent", "300"},
                                               {"--max-calls", "100"},
                                               {"--budget", "1000"},
                                               {"--price", "0.02"},
                                               {"--user", "trunklab"},
                                               {"--ramp", "0s"},
                                               {"--until", "4s"},
                                               {"--resolve", "euc1.sip.sinch.com=" + addresses_.front()}};
    for (const auto& [name, value] : other) options[name] = value;
    std::vector<std::string> words{"load", "bundle"};
    for (const auto& [name, value] : options) {
      if (!value.empty()) words.insert(words.end(), {name, value});
    }
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  /// Call-IDs of the messages that came to (or left) the answerers and begin like this.
  [[nodiscard]] std::set<std::string> calls_with(const std::string& start, const std::string& method) const {
    std::set<std::string> calls;
    for (const char* ip : {"127.0.0.11", "127.0.0.12"}) {
      std::istringstream log(text_of(folder() / (std::string(ip) + ".log")));
      bool wanted = false;
      std::string id;
      for (std::string line; std::getline(log, line);) {
        if (line.starts_with("-----")) wanted = false;
        if (line.starts_with(start)) {
          wanted = true;
          id.clear();
        }
        if (line.starts_with("Call-ID: ")) id = line.substr(9);
        if (wanted && line.starts_with("CSeq: ") && line.find(method) != std::string::npos) calls.insert(id);
      }
    }
    return calls;
  }
  [[nodiscard]] std::set<std::string> answered() const { return calls_with("SIP/2.0 200", "INVITE"); }
  [[nodiscard]] std::set<std::string> hung_up() const { return calls_with("BYE sip:", "BYE"); }
  [[nodiscard]] std::set<std::string> invited() const { return calls_with("INVITE sip:", "INVITE"); }
  /// Ids of SIPp processes that play this test's calls.
  [[nodiscard]] std::vector<int> callers() const {
    std::vector<int> found;
    for (const fs::directory_entry& process : fs::directory_iterator("/proc")) {
      const std::string words = text_of(process.path() / "cmdline");
      const bool ours =
          words.starts_with("sipp") && words.find(folder().string()) != std::string::npos && words.find("caller.xml") != std::string::npos;
      if (ours) found.push_back(std::stoi(process.path().filename().string()));
    }
    return found;
  }
  void expect_nothing_left() const {
    EXPECT_EQ(hung_up(), answered()) << "every call that was answered was ended";
    EXPECT_THAT(callers(), IsEmpty());
    EXPECT_THAT(files_in(folder() / "tmp"), IsEmpty());
  }
  std::vector<std::string> addresses_;

 private:
  std::vector<Answerer> answerers_;
};

TEST_F(LoadElsewhere, EndsItsCallsWhenItIsKilled) {
  Program program(lab({"-o", "killed.sqlite"}), isolated());
  std::this_thread::sleep_for(10s);
  program.signal(SIGKILL);
  const Ended ended = program.wait();
  EXPECT_EQ(ended.signal, SIGKILL);
  EXPECT_THAT(ended.err, HasSubstr("trunklab load was killed"));
  EXPECT_THAT(ended.err, HasSubstr("were ended (BYE, CANCEL)"));
  EXPECT_THAT(ended.err, Not(HasSubstr("nobody confirmed")));
  EXPECT_THAT(run_trunklab({"measures", "killed.sqlite"}, isolated()).out, HasSubstr("INCOMPLETE"));
  EXPECT_GT(answered().size(), 3U);
  expect_nothing_left();
}

TEST_F(LoadElsewhere, LetsCallsEndAtTheFirstSignalAndHangsUpAtTheSecond) {
  Program program(lab({"-o", "stopped.sqlite"}), isolated());
  std::this_thread::sleep_for(10s);
  program.signal(SIGINT);
  std::this_thread::sleep_for(1500ms);
  EXPECT_TRUE(program.running()) << "calls are up";
  const std::size_t calls = invited().size();
  program.signal(SIGINT);
  const Ended ended = program.wait();
  EXPECT_EQ(ended.code, 130) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("no further calls; those that are up go on to their end"));
  EXPECT_EQ(invited().size(), calls) << "nobody called any more";
  EXPECT_THAT(run_trunklab({"measures", "stopped.sqlite"}, isolated()).out, HasSubstr("INCOMPLETE"));
  expect_nothing_left();
}

TEST_F(LoadElsewhere, EndsTheCallsOfASippThatWasKilled) {
  Program program(lab({}), isolated());
  std::this_thread::sleep_for(10s);
  ASSERT_EQ(callers().size(), 1U);
  ::kill(callers().front(), SIGKILL);
  const Ended ended = program.wait();
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("the caller 1 of a ended early (137)"));
  EXPECT_THAT(ended.err, HasSubstr("were ended (BYE, CANCEL)"));
  expect_nothing_left();
}

TEST_F(LoadElsewhere, StopsWhenAFileSaysSo) {
  Program program(lab({"--stop-file", "enough"}), isolated());
  std::this_thread::sleep_for(9s);
  write_file(folder() / "enough", "");
  const Ended ended = program.wait();
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("enough is there: no further calls"));
  expect_nothing_left();
}

TEST_F(LoadElsewhere, LosesATargetOnItsOwnSideOnly) {
  const Ended ended = run_trunklab(lab({"--until", "2s", "--blackhole", "euc1/1", "-o", "lost.sqlite"}), isolated());
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(text_of(folder() / "127.0.0.11.log"), Not(HasSubstr("INVITE")));
  EXPECT_THAT(text_of(folder() / "127.0.0.12.log"), HasSubstr("INVITE"));
  expect_nothing_left();
  EXPECT_EQ(run_trunklab(lab({"--blackhole", "euc1/3"}), isolated()).code, 2);
}

TEST_F(LoadElsewhere, CallsATrunkWithOwnNumbersOnlyAfterOneCall) {
  const Ended ended = run_trunklab(service({{"-o", "trunk.sqlite"}}), isolated("loopback"));
  ASSERT_EQ(ended.code, 0) << ended.err << ended.out;
  std::istringstream log(text_of(folder() / "127.0.0.11.log") + text_of(folder() / "127.0.0.12.log"));
  std::set<std::string> called;
  std::set<std::string> from;
  bool invite = false;
  for (std::string line; std::getline(log, line);) {
    if (line.starts_with("-----")) invite = false;
    if (line.starts_with("INVITE sip:")) {
      invite = true;
      called.insert(line.substr(11, line.find('@') - 11));
    }
    if (invite && line.starts_with("From: <sip:")) from.insert(line.substr(11, line.find('@') - 11));
  }
  EXPECT_EQ(called, (std::set<std::string>{"+46812345678", "+4930123456"}));
  EXPECT_EQ(from, std::set<std::string>{"+46812345679"});
  EXPECT_THAT(ended.err, HasSubstr("self-test: 8 calls/s on loopback\none call first\n22 calls, "));
  const std::string measures = run_trunklab({"measures", "trunk.sqlite"}, isolated()).out;
  EXPECT_THAT(measures, HasSubstr("noc@carrier.example")) << "the authorization is in the record";
  expect_nothing_left();
}

TEST_F(LoadElsewhere, SendsNothingMoreWhenTheFirstCallIsRefusedAndTellsNoSecret) {
  const std::string secret = "hunter2-that-nobody-may-see";
  const Ended ended = run_trunklab(service({{"-o", "trunk.sqlite"}}), isolated(secret));
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("the first call of a was not answered, refused with 401: nothing more was sent"));
  EXPECT_EQ(invited().size(), 1U);
  EXPECT_THAT(ended.err + ended.out, Not(HasSubstr(secret)));
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder())) {
    if (entry.is_regular_file()) {
      EXPECT_THAT(text_of(entry.path()), Not(HasSubstr(secret))) << entry.path();
    }
  }
  EXPECT_THAT(files_in(folder() / "tmp"), IsEmpty());
}

/// Ways to make it call a number or an address that it should not: each ends before a packet is sent.
TEST_F(LoadElsewhere, RefusesToCallWhatItMayNot) {
  const auto refused = [&](const std::vector<std::string>& words, const std::string& why) {
    const Ended ended = run_trunklab(words, isolated());
    EXPECT_EQ(ended.code, 2) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr(why));
  };
  // Dry run: whatever else is given, without --confirm nothing is sent.
  const Ended dry = run_trunklab(service({{"--confirm", ""}}), isolated());
  EXPECT_EQ(dry.code, 0);
  EXPECT_THAT(dry.out, AllOf(HasSubstr("dry run: nothing is sent"), HasSubstr("--confirm euc1.sip.sinch.com"), HasSubstr("noc@carrier.example")));
  // Another host than the bundle's; none of the things that it takes.
  refused(service({{"--confirm", "use1.sip.sinch.com"}}), "--confirm euc1.sip.sinch.com");
  refused(service({{"--authorization", ""}}), "--authorization FILE");
  refused(service({{"--numbers", ""}}), "--numbers FILE");
  refused(service({{"--max-cps", ""}}), "--max-cps N");
  refused(service({{"--max-concurrent", ""}}), "--max-concurrent N");
  refused(service({{"--max-calls", ""}}), "--max-calls N");
  refused(service({{"--budget", ""}, {"--price", ""}}), "--budget SUM");
  refused(service({{"--budget", ""}}), "--budget and --price");
  refused(service({{"--user", ""}}), "--user NAME");
  // More than is allowed.
  refused(service({{"--max-calls", "3"}}), "--max-calls: found");
  refused(service({{"--max-cps", "1"}}), "--max-cps: found");
  refused(service({{"--max-concurrent", "2"}}), "--max-concurrent: found");
  refused(service({{"--budget", "0.01"}}), "--budget: found");
  refused(service({{"--leave-free", "399"}}), "sessions");
  refused(service({{"--leave-free", "0,19"}}), "calls_per_second");
  // Outside the window, another host, a consent that says nothing.
  write_consent("euc1.sip.sinch.com", 60, 3600);
  refused(service(), "window");
  write_consent("euc1.sip.sinch.com", -3600, 30);
  refused(service(), "window");
  write_consent("use1.sip.sinch.com", -3600, 3600);
  refused(service(), "euc1.sip.sinch.com among the authorization's hosts");
  write_file(folder() / "consent.yaml", "contact: me\n");
  refused(service(), "consent.yaml:");
  write_consent("euc1.sip.sinch.com", -3600, 3600);
  // Numbers of others.
  write_file(folder() / "own.txt", "[called]\n112\n[callers]\n+46812345679\n");
  refused(service(), "own.txt:2:1: found '112'");
  write_file(folder() / "own.txt", "[called]\n+44999\n+4690012345\n[callers]\n+46812345679\n");
  refused(service(), "a premium-rate number");
  write_file(folder() / "own.txt", "[called]\n+467012345*\n[callers]\n+46812345679\n");
  refused(service(), "own.txt:2:1");
  write_file(folder() / "own.txt", "[called]\n+46812345678;phone-context=112\n[callers]\n+46812345679\n");
  refused(service(), "own.txt:2:1");
  write_file(folder() / "own.txt", "[called]\n+46812345678\n[callers]\n+46812345679\n");
  // Addresses: a lab is 127.0.0.0/8, in four plain numbers; names are not asked for.
  for (const char* address : {"8.8.8.8", "10.0.0.1:5060", "192.168.0.1", "0.0.0.0", "localhost", "127.1", "2130706433", "0177.0.0.1",
                              "127.0.0.1@8.8.8.8", "::1", "\"127.0.0.1\\n8.8.8.8\""}) {
    write_file(folder() / "lab.yaml", std::string("euc1/1: ") + address + "\neuc1/2: 127.0.0.12\n");
    refused(lab({}), "lab.yaml:1:9: found");
  }
  write_file(folder() / "lab.yaml", "euc1/1: 127.0.0.11\n");
  refused(lab({}), "no address of euc1/2");
  write_file(folder() / "lab.yaml", "euc1/1: 127.0.0.11\neuc1/2: 127.0.0.12\nuse1/1: 127.0.0.13\n");
  refused(lab({}), "'use1/1'");
  // Options that another target would heed are not just ignored.
  refused({"load", "bundle", "--confirm", "euc1.sip.sinch.com"}, "--confirm: found with --target loopback");
  refused({"load", "bundle", "--targets", "lab.yaml"}, "--targets: found with --target loopback");
  refused({"load", "bundle", "--resolve", "euc1.sip.sinch.com=8.8.8.8"}, "--resolve: found with --target loopback");
  refused(lab({"--resolve", "euc1.sip.sinch.com=8.8.8.8"}), "--resolve: found with --target lab");
  refused({"load", "bundle", "--target", "lab"}, "--targets");
  refused({"load", "bundle", "--target", "Service"}, "expected loopback, lab or service");
  // A secret that others may read.
  write_file(folder() / "secret", "x\n");
  fs::permissions(folder() / "secret", fs::perms::group_read, fs::perm_options::add);
  refused(service({{"--secret-file", "secret"}}), "a file that others may read");
  // A host that is confirmed but not called, an address that is none.
  refused(service({}, {"--confirm", "other.example"}), "no --confirm other.example");
  refused(service({{"--resolve", "euc1.sip.sinch.com=example.com"}}), "an IPv4 address");
  refused(service({{"--resolve", "other.example=127.0.0.1"}}), "other.example");
  EXPECT_THAT(invited(), IsEmpty());
}

}  // namespace
}  // namespace trunklab
