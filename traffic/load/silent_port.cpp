// Sockets that are bound and never read.
#include "traffic/load/silent_port.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

#include "traffic/load/replay.hpp"

namespace trunklab {

SilentPort::SilentPort(const std::string& ip) : address_{.ip = ip, .port = free_sip_port(ip)} {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(address_.port);
  inet_pton(AF_INET, ip.c_str(), &name.sin_addr);
  const auto* generic = reinterpret_cast<const sockaddr*>(&name);  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast): sockets are made so
  udp_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  tcp_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(udp_, generic, sizeof name) != 0 || bind(tcp_, generic, sizeof name) != 0 || listen(tcp_, SOMAXCONN) != 0) {
    close(udp_);
    close(tcp_);
    throw std::runtime_error(fmt::format("port {} of {} was taken", address_.port, ip));
  }
}

SilentPort::~SilentPort() {
  close(udp_);
  close(tcp_);
}

}  // namespace trunklab
