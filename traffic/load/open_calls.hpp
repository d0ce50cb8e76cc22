// Calls that are up or being set up, with all that it takes to end them when SIPp no longer can.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "traffic/load/caller_log.hpp"
#include "traffic/load/destination.hpp"
#include "traffic/load/open_bundle.hpp"

namespace trunklab {

/// One request that ends a call: BYE if it is up, CANCEL if its INVITE is undecided.
struct OpenCall {
  std::string call;         ///< "retail.12.34"
  bool answered = false;    ///< BYE; else CANCEL
  std::string request_uri;  ///< the dialog's remote target; of a CANCEL that of the INVITE
  std::string route;        ///< header field with its name, may be empty
  std::string from;         ///< header field's value
  std::string to;           ///< header field's value
  std::string call_id;
  std::string token;  ///< see SentLine
  SipAddress peer;
  Transport transport = Transport::udp;
  std::uint16_t port = 0;  ///< that SIPp sent from, over UDP: late answers come there
};

/// Follows the lines of the callers' logs.
class OpenCalls {
 public:
  /// Both must outlive it.
  OpenCalls(const OpenBundle& bundle, const Destination& destination);
  /// `port`: of the SIPp process whose log it is.
  void take(std::uint16_t group, std::uint16_t port, const CallerLine& line);
  [[nodiscard]] std::vector<OpenCall> list() const;
  /// Attempts that were given up without an answer may be answered for so long; milliseconds since 1970, 0 = there are none.
  [[nodiscard]] double late_until_ms() const { return late_until_ms_; }

 private:
  struct State {
    OpenCall invite;
    bool is_undecided = false;
    bool is_up = false;
    OpenCall dialog{};
  };
  const OpenBundle& bundle_;
  const Destination& destination_;
  std::map<std::string, const BundleRow*> rows_;
  std::map<std::string, State> open_;
  double late_until_ms_ = 0;
};

}  // namespace trunklab
