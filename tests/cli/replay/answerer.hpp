// An answerer of a bundle, played by SIPp, that writes down every message.
#pragma once

#include <filesystem>
#include <string>

#include "traffic/load/child_process.hpp"
#include "traffic/load/replay.hpp"

namespace trunklab {

struct Answerer {
  SipAddress here;
  ChildProcess process;
};

/// Plays groups/a of the bundle on a port of this address; messages go to `log`.
inline Answerer start_answerer(const std::string& ip, Transport transport, const std::filesystem::path& bundle, const std::filesystem::path& log) {
  const SipAddress here{.ip = ip, .port = free_sip_port(ip)};
  std::string words = "exec sipp -i " + ip + " -p " + std::to_string(here.port) + " -ci 127.0.0.1 -cp " + std::to_string(free_sip_port("127.0.0.1"));
  words += " -nr -nostdin -deadcall_wait 0 -sf groups/a/answerer.xml -trace_msg -message_file '" + log.string() + "' -t ";
  words += transport == Transport::udp ? "u1" : "tn -max_socket 500";
  return {.here = here, .process = ChildProcess({"sh", "-c", words}, bundle, log.string() + ".out")};
}

}  // namespace trunklab
