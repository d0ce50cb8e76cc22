// A port that takes whatever is sent to it and never says a word.
#pragma once

#include <string>

#include "traffic/load/destination.hpp"

namespace trunklab {

/// Of this machine, for UDP and TCP: stands in for a target that is to be lost, so that a drill touches nobody else.
class SilentPort {
 public:
  /// Throws std::runtime_error if there is no free port.
  explicit SilentPort(const std::string& ip);
  SilentPort(const SilentPort&) = delete;
  SilentPort& operator=(const SilentPort&) = delete;
  ~SilentPort();
  [[nodiscard]] const SipAddress& address() const { return address_; }

 private:
  SipAddress address_;
  int udp_ = -1;
  int tcp_ = -1;
};

}  // namespace trunklab
