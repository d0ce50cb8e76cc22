// trunklab load against a real Kamailio, which asks for a digest and hands the calls on to an answerer of SIPp.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <thread>

#include "tests/cli/command_test.hpp"
#include "tests/cli/replay/answerer.hpp"

namespace trunklab {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* edge_ip = "127.0.0.21";
constexpr const char* answerer_ip = "127.0.0.22";
constexpr const char* secret = "s3cret";

std::string scenario(const std::string& service, const std::string& transport) {
  return "service: { preset: sinch" + service + " }\nhorizon: { duration: 10s }\nwarmup: 0s\nsites: { a: { transport: " + transport +
         ", routing: { target: addresses, regions: [euc1] } } }\ndemand:\n"
         "  d: { site: a, arrivals: { process: poisson, rate: 8/s }, holding: { distribution: fixed, value: 1s }, ring_time: { distribution: fixed, "
         "value: 200ms },\n"
         "       answer: { answered: 70%, busy: 20%, no_answer: 10% } }\n";
}

/// How the edge asks, and over what.
struct Asking {
  int code = 401;
  std::string transport;
};

class LoadKamailio : public CommandTest, public ::testing::WithParamInterface<Asking> {
 protected:
  void SetUp() override {
    fs::create_directory(folder() / "tmp");
    const auto& [code, transport] = GetParam();
    ASSERT_EQ(
        run_command("generate", "case.yaml", scenario(", authentication: { code: " + std::to_string(code) + " }", transport), {"-o", "bundle"}).code,
        0);
    // The same without authentication: its answerer stands behind the edge.
    ASSERT_EQ(run_command("generate", "behind.yaml", scenario("", transport), {"-o", "behind"}).code, 0);
    Answerer answerer =
        start_answerer(answerer_ip, transport == "udp" ? Transport::udp : Transport::tcp, folder() / "behind", folder() / "answerer.log");
    const std::string next = answerer.here.ip + ":" + std::to_string(answerer.here.port);
    processes_.push_back(std::move(answerer.process));
    const SipAddress edge{.ip = edge_ip, .port = free_sip_port(edge_ip)};
    write_edge(code == 401 ? "www" : "proxy", next + ";transport=" + transport);
    const std::string port = edge.ip + ":" + std::to_string(edge.port);
    processes_.emplace_back(std::vector<std::string>{"kamailio",
                                                     "-DD",
                                                     "-E",
                                                     "-f",
                                                     (folder() / "edge.cfg").string(),
                                                     "-l",
                                                     "udp:" + port,
                                                     "-l",
                                                     "tcp:" + port,
                                                     "-n",
                                                     "1",
                                                     "-N",
                                                     "1",
                                                     "-m",
                                                     "32",
                                                     "-M",
                                                     "4",
                                                     "-Y",
                                                     folder().string(),
                                                     "-P",
                                                     (folder() / "edge.pid").string()},
                            folder(), folder() / "edge.out");
    write_file(folder() / "lab.yaml", "euc1/1: " + port + "\neuc1/2: " + port + "\n");
    std::this_thread::sleep_for(2s);
    for (ChildProcess& each : processes_) ASSERT_FALSE(each.ended()) << text_of(folder() / "edge.out");
  }
  void TearDown() override {
    // Kamailio's own processes are in its group.
    for (const ChildProcess& each : processes_) ::kill(-each.id(), SIGKILL);
  }
  void write_edge(const std::string& scheme, const std::string& next) const {
    std::string config = text_of(TRUNKLAB_SOURCE_DIR "/tests/cli/replay/edge.cfg");
    const std::vector<std::pair<std::string, std::string>> values{{"@SCHEME@", scheme}, {"@SECRET@", secret}, {"@NEXT@", next}};
    for (const auto& [word, value] : values) {
      for (std::size_t at = config.find(word); at != std::string::npos; at = config.find(word)) config.replace(at, word.size(), value);
    }
    write_file(folder() / "edge.cfg", config);
  }
  [[nodiscard]] Ended load(const std::string& given, const std::vector<std::string>& more) const {
    std::vector<std::string> words{"load", "bundle", "--target", "lab", "--targets", "lab.yaml", "--user", "tester", "--until", "3s"};
    words.insert(words.end(), more.begin(), more.end());
    return run_trunklab(
        words,
        {.folder = folder(), .out = {}, .deadline = 120s, .with = {"env", "TMPDIR=" + (folder() / "tmp").string(), "TRUNKLAB_SECRET=" + given}});
  }

 private:
  std::vector<ChildProcess> processes_;
};

TEST_P(LoadKamailio, AsksForADigestAndStaysInTheDialog) {
  const Ended ended = load(secret, {"--canary", "-o", "run.sqlite"});
  EXPECT_EQ(ended.code, 0) << ended.err << text_of(folder() / "edge.out");
  EXPECT_THAT(ended.out, HasSubstr(" 0 not as expected"));
  // Talks last a second, whoever hangs up: a BYE of the called side has come through the edge too.
  SQLite::Database database((folder() / "run.sqlite").string());
  EXPECT_GT(database.execAndGet("SELECT count(*) FROM calls WHERE answered IS NOT NULL").getInt(), 3);
  EXPECT_EQ(database.execAndGet("SELECT count(*) FROM calls WHERE ended - answered > 2000000000").getInt(), 0);
  // Every request that reached the answerer came from the edge, in the dialog too: by Record-Route, whose Route the edge has taken off.
  std::istringstream log(text_of(folder() / "answerer.log"));
  std::string request;
  int byes = 0;
  for (std::string line; std::getline(log, line);) {
    if (line.starts_with("-----")) request.clear();
    for (const char* method : {"INVITE sip:", "ACK sip:", "BYE sip:", "CANCEL sip:"}) {
      if (line.starts_with(method)) request = method;
    }
    if (request.empty() || !line.starts_with("Via: ")) continue;
    // Those that the answerer sends itself have its own address.
    if (line.find(answerer_ip) == std::string::npos) {
      EXPECT_THAT(line, HasSubstr(edge_ip)) << request;
      if (request == "BYE sip:") ++byes;
    }
    request.clear();
  }
  EXPECT_GT(byes, 3);
  EXPECT_THAT(text_of(folder() / "answerer.log"), Not(HasSubstr("Authorization"))) << "the edge keeps the credentials";
  EXPECT_THAT(files_in(folder() / "tmp"), IsEmpty());
}

TEST_P(LoadKamailio, RefusesAWrongSecretAtTheFirstCall) {
  const Ended ended = load("wrong", {"--canary"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("the first call of a was not answered, refused with 403: nothing more was sent"));
  EXPECT_THAT(text_of(folder() / "answerer.log"), Not(HasSubstr("INVITE")));
}

INSTANTIATE_TEST_SUITE_P(Digests, LoadKamailio, ::testing::Values(Asking{401, "udp"}, Asking{407, "udp"}, Asking{407, "tcp"}),
                         [](const auto& each) { return std::to_string(each.param.code) + each.param.transport; });

}  // namespace
}  // namespace trunklab
