// Reading addresses.
#include "traffic/load/destination.hpp"

#include "scenarios/quantity_text.hpp"
#include "scenarios/reading.hpp"

namespace trunklab {

Result<SipAddress> parse_sip_address(const std::string& text, const std::string& where) {
  constexpr std::uint64_t port_max = 65535;
  const std::size_t colon = std::min(text.find(':'), text.size());
  SipAddress address{.ip = text.substr(0, colon)};
  bool good = is_ipv4(address.ip);
  if (colon < text.size()) {
    const auto port = parse_whole(std::string_view(text).substr(colon + 1));
    good = good && port && *port > 0 && *port <= port_max;
    if (good) address.port = static_cast<std::uint16_t>(*port);
  }
  if (!good) return Problem{where, in_quotes(text), "an IPv4 address, with a port if it is not 5060: 127.0.0.11:5070"};
  return address;
}

bool is_loopback(const SipAddress& address) {
  return address.ip.starts_with("127.");
}

}  // namespace trunklab
