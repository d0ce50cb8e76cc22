// Starting and watching SIPp processes.
#include "traffic/load/replay.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <thread>

#include "traffic/load/work_folder.hpp"
#include "traffic/sipp/manifest.hpp"
#include "traffic/sipp/scenario_xml.hpp"

namespace trunklab {

namespace {

namespace fs = std::filesystem;

constexpr const char* own_ip = "127.0.0.1";  // of answerers, and of what SIPp listens on for commands
constexpr auto start_up = std::chrono::seconds{1};
constexpr int no_program = 127;  // exit code, as a shell has it

/// Takes a port that is free for UDP and TCP, by binding it; nullopt: the kernel's choice was taken for TCP.
std::optional<std::uint16_t> try_port(const std::string& ip) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  inet_pton(AF_INET, ip.c_str(), &name.sin_addr);
  socklen_t length = sizeof name;
  auto* generic = reinterpret_cast<sockaddr*>(&name);  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast): sockets are made so
  const int udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const int tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool free =
      udp >= 0 && tcp >= 0 && bind(udp, generic, length) == 0 && getsockname(udp, generic, &length) == 0 && bind(tcp, generic, length) == 0;
  if (udp >= 0) close(udp);
  if (tcp >= 0) close(tcp);
  return free ? std::optional(ntohs(name.sin_port)) : std::nullopt;
}

/// As many open files as the system lets us have: SIPp takes one a TCP call.
rlim_t raise_file_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

using Words = std::vector<std::string>;

}  // namespace

std::uint16_t free_sip_port(const std::string& ip) {
  constexpr int tries = 100;
  for (int i = 0; i < tries; ++i) {
    if (const auto port = try_port(ip)) return *port;
  }
  throw std::runtime_error(fmt::format("no port of {} is free", ip));
}

Replay::Replay(const OpenBundle& bundle, const Destination& destination, const fs::path& work)
    : bundle_(bundle), destination_(destination), work_(work) {
  raise_file_limit();
  write_private_file(work_ / "control", "go\n");
  if (destination.kind == Destination::Kind::loopback) start_answerers();
  std::this_thread::sleep_for(start_up);
  for (Process& each : answerers_) {
    if (const auto code = each.process.ended()) {
      if (*code == no_program) throw std::runtime_error("there is no sipp on this machine (Debian: apt-get install sip-tester)");
      throw std::runtime_error(fmt::format("{} did not start ({})", each.name, *code));
    }
  }
}

void Replay::start(double epoch_ms) {
  epoch_ms_ = epoch_ms;
  for (const BundleShard& shard : bundle_.shards) start_caller(shard);
  logs_.keep(work_, epoch_ms_);
}

/// What every SIPp is started with; see docs/generate.md for why.
Words Replay::common_words(const ReplayGroup& group, const std::string& ip, std::uint16_t port, const fs::path& errors) const {
  Words words{"sipp", "-i", ip, "-p", fmt::format("{}", port), "-ci", own_ip, "-cp", fmt::format("{}", free_sip_port(own_ip))};
  for (const char* word : {"-nr", "-nostdin", "-deadcall_wait", "0", "-watchdog_interval", "0", "-timer_resol", "1", "-buff_size", "4194304",
                           "-trace_err", "-error_file"}) {
    words.emplace_back(word);
  }
  words.push_back(errors.string());
  if (group.transport == Transport::udp) {
    words.insert(words.end(), {"-t", "u1"});
  } else {
    constexpr rlim_t spare = 100;
    constexpr rlim_t sockets_max = 60'000;
    const rlim_t sockets = std::min(raise_file_limit(), sockets_max + spare) - spare;
    // A connection that is refused fails its call, not SIPp.
    words.insert(words.end(), {"-t", "tn", "-max_socket", fmt::format("{}", sockets), "-max_reconnect", "-1"});
  }
  return words;
}

fs::path Replay::set_of(const BundleShard& shard) const {
  const ReplayGroup& group = bundle_.groups[shard.group];
  // With RTP each caller has answerers of its own (docs/generate.md).
  return work_ / group_folder(group) / fmt::format("set-{}", group.media ? shard.number : 0);
}

void Replay::write_targets(const BundleShard& shard, const std::vector<SipAddress>& addresses) const {
  const ReplayGroup& group = bundle_.groups[shard.group];
  std::string targets = "SEQUENTIAL\n";
  for (std::size_t target = 0; target < group.targets.size(); ++target) {
    targets += fmt::format("{};{};{}\n", addresses[target].ip, addresses[target].port, group.targets[target].host_name);
  }
  write_private_file(set_of(shard) / "targets.csv", targets);
}

void Replay::start_answerers() {
  for (const BundleShard& shard : bundle_.shards) {
    const ReplayGroup& group = bundle_.groups[shard.group];
    const fs::path set = set_of(shard);
    if (fs::exists(set)) continue;
    fs::create_directories(set);
    // Our own text, not the bundle's, which somebody may be changing.
    write_private_file(set / "answerer.xml", answerer_xml(group));
    std::vector<SipAddress> addresses;
    for (std::size_t target = 0; target < group.targets.size(); ++target) {
      addresses.push_back({.ip = own_ip, .port = free_sip_port(own_ip)});
      Words words = common_words(group, own_ip, addresses.back().port, set / fmt::format("answerer-{}.err", target));
      words.insert(words.end(), {"-sf", (set / "answerer.xml").string()});
      answerers_.push_back({.name = fmt::format("the answerer of {}, {},", group.name, group.targets[target].name),
                            .port = addresses.back().port,
                            .process = ChildProcess(words, bundle_.folder, set / fmt::format("answerer-{}.out", target))});
    }
    write_targets(shard, addresses);
  }
}

void Replay::start_caller(const BundleShard& shard) {
  const ReplayGroup& group = bundle_.groups[shard.group];
  const fs::path folder = work_ / group_folder(group);
  const fs::path set = set_of(shard);
  // Files of the group are written once: the callers of its other call files may be reading them.
  if (destination_.kind != Destination::Kind::loopback && !fs::exists(set)) {
    fs::create_directories(set);
    std::vector<SipAddress> addresses;
    for (const ReplayTarget& target : group.targets) addresses.push_back(destination_.addresses.at(target.name));
    write_targets(shard, addresses);
  }
  const std::string name = fmt::format("calls-{}", shard.number);
  std::string rows = fmt::format("SEQUENTIAL\n#\n");
  for (const BundleRow& row : shard.rows) rows += row.line + '\n';
  write_private_file(folder / (name + ".csv"), rows);
  const std::uint16_t port = free_sip_port(destination_.local_ip);
  Words words = common_words(group, destination_.local_ip, port, folder / (name + ".err"));
  const fs::path xml = folder / "caller.xml";
  if (!fs::exists(xml)) write_private_file(xml, caller_xml(group));
  words.insert(words.end(), {"-sf", xml.string(), "-inf", (folder / (name + ".csv")).string(), "-inf", (set / "targets.csv").string()});
  if (group.challenge_code != 0) {
    const fs::path account = folder / "account.csv";
    if (!fs::exists(account)) write_private_file(account, fmt::format("SEQUENTIAL\n{};{}\n", destination_.account.user, destination_.account.secret));
    words.insert(words.end(), {"-inf", (folder / "account.csv").string()});
  }
  words.insert(words.end(),
               {"-m", fmt::format("{}", shard.rows.size()), "-l", fmt::format("{}", shard.rows.size() + 1), "-r", fmt::format("{:.3f}", shard.rate)});
  words.insert(words.end(), {"-key", "epoch", fmt::format("{:.3f}", epoch_ms_ / 1e3), "-key", "control", (work_ / "control").string()});
  // [local_port] is 0 over TCP until the call has its connection.
  words.insert(words.end(), {"-key", "own_port", fmt::format("{}", port), "-auth_uri", group.home});
  const fs::path log = folder / (name + ".log");
  words.insert(words.end(), {"-trace_logs", "-log_file", log.string()});
  std::ifstream targets(set / "targets.csv");
  std::string first;
  std::getline(targets, first);
  std::getline(targets, first);
  const std::size_t host_end = first.find(';');
  words.push_back(first.substr(0, host_end) + ':' + first.substr(host_end + 1, first.find(';', host_end + 1) - host_end - 1));
  callers_.push_back({.name = fmt::format("the caller {} of {}", shard.number, group.name),
                      .port = port,
                      .process = ChildProcess(words, bundle_.folder, folder / (name + ".out"))});
  logs_.add(shard.group, port, log);
}

bool Replay::running() {
  bool any = false;
  for (Process& each : callers_) any |= !each.process.ended();
  return any;
}

bool Replay::runs(std::uint16_t port) {
  const auto caller = std::ranges::find(callers_, port, &Process::port);
  return caller != callers_.end() && !caller->process.ended();
}

void Replay::withhold() const {
  // In place of the old file, so that nobody reads half a word.
  write_private_file(work_ / "control.next", "stop\n");
  fs::rename(work_ / "control.next", work_ / "control");
}

void Replay::kill() {
  callers_.clear();
  answerers_.clear();
}

std::vector<std::string> Replay::mishaps() {
  std::vector<std::string> list;
  const auto tell = [&list](std::vector<Process>& processes, int harmless, const char* how) {
    for (Process& each : processes) {
      const auto code = each.process.ended();
      if (!code || *code <= harmless || each.told) continue;
      each.told = true;
      if (*code == no_program)
        list.emplace_back("there is no sipp on this machine (Debian: apt-get install sip-tester)");
      else
        list.push_back(fmt::format("{} {} ({})", each.name, how, *code));
    }
  };
  tell(answerers_, -1, "ended while calls were played");
  tell(callers_, 1, "ended early");  // SIPp ends with 1 where a call failed in its own eyes
  return list;
}

}  // namespace trunklab
