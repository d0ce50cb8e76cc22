// SIPp processes on loopback.
#include "traffic/load/loopback_replay.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include "traffic/sipp/manifest.hpp"
#include "traffic/sipp/scenario_xml.hpp"

namespace trunklab {

namespace {

namespace fs = std::filesystem;

constexpr const char* address = "127.0.0.1";
constexpr auto start_up = std::chrono::seconds{1};

double unix_ms_now() {
  return std::chrono::duration<double, std::milli>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// Takes a port of 127.0.0.1 that is free for UDP and TCP, by binding it; nullopt: the kernel's choice was taken for TCP.
std::optional<std::uint16_t> try_port() {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
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

std::string free_port() {
  constexpr int tries = 100;
  for (int i = 0; i < tries; ++i) {
    if (const auto port = try_port()) return fmt::format("{}", *port);
  }
  throw std::runtime_error("no port of 127.0.0.1 is free");
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

constexpr std::string_view work_prefix = "trunklab-load-";

/// Folders of replays that were killed: their name has the process in it, and it is gone. Somebody else's cannot be removed, which is fine.
void remove_leftovers() {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(fs::temp_directory_path(), ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(work_prefix) || entry.is_symlink(ignored)) continue;
    pid_t owner = 0;
    std::from_chars(name.data() + work_prefix.size(), name.data() + name.size(), owner);
    if (owner > 0 && kill(owner, 0) != 0 && errno == ESRCH) fs::remove_all(entry.path(), ignored);
  }
}

fs::path make_work_folder() {
  remove_leftovers();
  std::string pattern = (fs::temp_directory_path() / fmt::format("{}{}-XXXXXX", work_prefix, getpid())).string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error(fmt::format("{}: cannot be made: {}", pattern, std::strerror(errno)));
  return pattern;
}

void write_file(const fs::path& path, const std::string& text) {
  std::ofstream stream(path, std::ios::binary);
  stream << text;
  stream.close();
  if (!stream) throw std::runtime_error(fmt::format("{}: cannot be written: {}", path.string(), std::strerror(errno)));
}

using Words = std::vector<std::string>;

/// What every SIPp is started with; see docs/generate.md for why.
Words common_words(const ReplayGroup& group, const fs::path& errors) {
  Words words{"sipp", "-i", address, "-p", free_port(), "-ci", address, "-cp", free_port(), "-nr", "-nostdin", "-deadcall_wait", "0"};
  for (const char* word : {"-watchdog_interval", "0", "-timer_resol", "1", "-buff_size", "4194304", "-trace_err", "-error_file"})
    words.emplace_back(word);
  words.push_back(errors.string());
  if (group.transport == Transport::udp) {
    words.insert(words.end(), {"-t", "u1"});
  } else {
    constexpr rlim_t spare = 100;
    constexpr rlim_t sockets_max = 60'000;
    words.insert(words.end(), {"-t", "tn", "-max_socket", fmt::format("{}", std::min(raise_file_limit(), sockets_max + spare) - spare)});
  }
  return words;
}

}  // namespace

LoopbackReplay::LoopbackReplay(const OpenBundle& bundle) : bundle_(bundle), work_(make_work_folder()) {
  try {
    raise_file_limit();
    start_answerers();
    std::this_thread::sleep_for(start_up);
    for (Answerer& each : answerers_) {
      if (const auto code = each.process.ended()) {
        constexpr int no_program = 127;
        if (*code == no_program) throw std::runtime_error("there is no sipp on this machine (Debian: apt-get install sip-tester)");
        throw std::runtime_error(fmt::format("{} did not start ({})", each.name, *code));
      }
    }
    constexpr double second = 1e3;
    epoch_ms_ = std::ceil(unix_ms_now() / second + in_seconds(bundle.lead) + 1) * second;
    for (const BundleShard& shard : bundle.shards) start_caller(shard);
  } catch (...) {
    std::error_code gone;
    fs::remove_all(work_, gone);
    throw;
  }
}

LoopbackReplay::~LoopbackReplay() {
  callers_.clear();
  answerers_.clear();
  std::error_code gone;
  fs::remove_all(work_, gone);
}

fs::path LoopbackReplay::folder_of(std::uint16_t group) const {
  return work_ / group_folder(bundle_.groups[group]);
}

void LoopbackReplay::start_answerers() {
  for (const BundleShard& shard : bundle_.shards) {
    const ReplayGroup& group = bundle_.groups[shard.group];
    // With RTP each caller has answerers of its own (docs/generate.md).
    const fs::path set = folder_of(shard.group) / fmt::format("set-{}", group.media ? shard.number : 0);
    if (fs::exists(set)) continue;
    fs::create_directories(set);
    std::string targets = "SEQUENTIAL\n";
    for (std::size_t target = 0; target < group.targets.size(); ++target) {
      Words words = common_words(group, set / fmt::format("answerer-{}.err", target));
      words.insert(words.end(), {"-sf", (bundle_.folder / group_folder(group) / "answerer.xml").string()});
      targets += fmt::format("{};{};{}\n", address, words[4], group.targets[target].host_name);
      answerers_.push_back({.name = fmt::format("the answerer of {}, {},", group.name, group.targets[target].name),
                            .process = ChildProcess(words, bundle_.folder, set / fmt::format("answerer-{}.out", target))});
    }
    write_file(set / "targets.csv", targets);
  }
}

void LoopbackReplay::start_caller(const BundleShard& shard) {
  const ReplayGroup& group = bundle_.groups[shard.group];
  const fs::path folder = folder_of(shard.group);
  const fs::path set = folder / fmt::format("set-{}", group.media ? shard.number : 0);
  const std::string name = fmt::format("calls-{}", shard.number);
  std::string rows = fmt::format("SEQUENTIAL\n#\n");
  for (const BundleRow& row : shard.rows) rows += row.line + '\n';
  write_file(folder / (name + ".csv"), rows);
  Words words = common_words(group, folder / (name + ".err"));
  const fs::path xml = bundle_.folder / group_folder(group) / "caller.xml";
  words.insert(words.end(), {"-sf", xml.string(), "-inf", (folder / (name + ".csv")).string(), "-inf", (set / "targets.csv").string()});
  if (group.challenge_code != 0) {
    write_file(folder / "account.csv", fmt::format("SEQUENTIAL\n{};{}\n", loopback_user, loopback_password));
    words.insert(words.end(), {"-inf", (folder / "account.csv").string()});
  }
  words.insert(words.end(),
               {"-m", fmt::format("{}", shard.rows.size()), "-l", fmt::format("{}", shard.rows.size() + 1), "-r", fmt::format("{:.3f}", shard.rate)});
  words.insert(words.end(), {"-key", "epoch", fmt::format("{:.0f}", epoch_ms_ / 1e3), "-auth_uri", group.home});
  const fs::path log = folder / (name + ".log");
  words.insert(words.end(), {"-trace_logs", "-log_file", log.string()});
  std::ifstream targets(set / "targets.csv");
  std::string first;
  std::getline(targets, first);
  std::getline(targets, first);
  const std::size_t port = first.find(';') + 1;
  words.push_back(fmt::format("{}:{}", address, first.substr(port, first.find(';', port) - port)));
  callers_.push_back({.name = fmt::format("the caller {} of {}", shard.number, group.name),
                      .group = shard.group,
                      .process = ChildProcess(words, bundle_.folder, folder / (name + ".out")),
                      .log = CallerLog(log)});
}

bool LoopbackReplay::look(MeasuredRun& run) {
  bool running = false;
  for (Caller& each : callers_) {
    // Asked before the log is read: what it wrote before it ended is then there.
    running |= !each.process.ended();
    for (std::string line; each.log.next(line);) {
      if (const auto parsed = parse_caller_line(line)) run.take(each.group, *parsed);
    }
  }
  return running;
}

std::vector<std::string> LoopbackReplay::mishaps() {
  std::vector<std::string> list;
  for (Answerer& each : answerers_) {
    const auto code = each.process.ended();
    if (!code || each.told) continue;
    each.told = true;
    list.push_back(fmt::format("{} ended while calls were played ({})", each.name, *code));
  }
  for (Caller& each : callers_) {
    const auto code = each.process.ended();
    // SIPp ends with 1 where a call failed in its own eyes.
    if (!code || *code <= 1 || each.told) continue;
    each.told = true;
    list.push_back(fmt::format("{} ended early ({})", each.name, *code));
  }
  return list;
}

}  // namespace trunklab
