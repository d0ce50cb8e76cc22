// A small user agent that does nothing but end calls.
#include "traffic/load/hang_up.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <tuple>

#include "traffic/load/sip_reply.hpp"

namespace trunklab {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto first_repeat = std::chrono::milliseconds{500};  // T1
constexpr auto last_repeat = std::chrono::seconds{4};          // T2

sockaddr_in name_of(const std::string& ip, std::uint16_t port) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(port);
  inet_pton(AF_INET, ip.c_str(), &name.sin_addr);
  return name;
}

/// A UDP port of ours, or a TCP connection to somebody.
class Channel {
 public:
  Channel(Transport transport, const std::string& local_ip, std::uint16_t port, const SipAddress& peer) : transport_(transport) {
    const int kind = transport == Transport::udp ? SOCK_DGRAM : SOCK_STREAM;
    socket_ = socket(AF_INET, kind | SOCK_CLOEXEC, 0);
    sockaddr_in local = name_of(local_ip, transport == Transport::udp ? port : std::uint16_t{0});
    const auto bound = [&] { return bind(socket_, generic(local), sizeof local) == 0; };
    bool good = bound();
    if (!good) {  // somebody has SIPp's port by now: late answers go past us, the requests do not
      local.sin_port = 0;
      good = bound();
    }
    if (good && transport == Transport::tcp) {
      const timeval patience{.tv_sec = 2, .tv_usec = 0};
      setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
      sockaddr_in far = name_of(peer.ip, peer.port);
      good = connect(socket_, generic(far), sizeof far) == 0;
    }
    socklen_t length = sizeof local;
    if (!good || getsockname(socket_, generic(local), &length) != 0) {
      close(socket_);
      socket_ = -1;
      return;
    }
    here_ = fmt::format("{}:{}", local_ip, ntohs(local.sin_port));
  }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  ~Channel() {
    if (socket_ >= 0) close(socket_);
  }

  [[nodiscard]] int socket_id() const { return socket_; }
  [[nodiscard]] const std::string& here() const { return here_; }
  [[nodiscard]] std::string_view word() const { return transport_ == Transport::udp ? "UDP" : "TCP"; }
  [[nodiscard]] bool repeats() const { return transport_ == Transport::udp; }

  void send_to(const std::string& message, const SipAddress& peer) const {
    if (socket_ < 0) return;
    sockaddr_in far = name_of(peer.ip, peer.port);
    const bool udp = transport_ == Transport::udp;
    sendto(socket_, message.data(), message.size(), MSG_NOSIGNAL, udp ? generic(far) : nullptr, udp ? sizeof far : 0);
  }

  /// What has come in; none over TCP before a message's end is there.
  std::vector<std::string> receive() {
    std::array<char, 65536> bytes{};
    std::vector<std::string> messages;
    for (;;) {
      const ssize_t size = recv(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT);
      if (size <= 0) break;
      if (transport_ == Transport::udp)
        messages.emplace_back(bytes.data(), static_cast<std::size_t>(size));
      else
        stream_.append(bytes.data(), static_cast<std::size_t>(size));
    }
    // A body would be taken for the head of the next message, and is then no response: nothing is lost by it.
    for (std::size_t end = stream_.find("\r\n\r\n"); end != std::string::npos; end = stream_.find("\r\n\r\n")) {
      messages.push_back(stream_.substr(std::min(stream_.find("SIP/2.0 "), end), end + 4));
      stream_.erase(0, end + 4);
    }
    return messages;
  }

 private:
  static sockaddr* generic(sockaddr_in& name) {
    return reinterpret_cast<sockaddr*>(&name);  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast): sockets are made so
  }
  Transport transport_;
  int socket_ = -1;
  std::string here_;
  std::string stream_;
};

struct HangingUp {
  OpenCall call;
  Channel* channel = nullptr;
  bool over = false;
  bool refused = false;
  bool unknown[2] = {false, false};  ///< the CANCEL of either INVITE was answered 481
  Clock::time_point again{};
  Clock::duration gap = first_repeat;
};

/// Branches are SIPp's (traffic/sipp/templates/caller.xml), so that a CANCEL finds the INVITE that it is for.
std::string request(const HangingUp& ending, std::string_view method, const std::string& number, const std::string& branch_end,
                    std::string_view sent_by) {
  const OpenCall& call = ending.call;
  const std::size_t dash = std::min(call.call_id.find('-'), call.call_id.size());
  const std::size_t at = std::min(call.call_id.find('@', dash), call.call_id.size());
  const std::string process = dash < at ? call.call_id.substr(dash + 1, at - dash - 1) : "";
  return fmt::format(
      "{} {} SIP/2.0\r\nVia: SIP/2.0/{} {};branch=z9hG4bK{}-{}-{}\r\n{}{}From: {}\r\nTo: {}\r\nCall-ID: {}\r\nCSeq: {} {}\r\nMax-Forwards: "
      "70\r\nContent-Length: 0\r\n\r\n",
      method, call.request_uri, ending.channel->word(), sent_by, process, call.call_id.substr(0, dash), branch_end, call.route,
      call.route.empty() ? "" : "\r\n", call.from, call.to, call.call_id, number, method);
}

void send(HangingUp& ending) {
  const std::string& token = ending.call.token;
  const std::string& here = ending.channel->here();
  if (ending.call.answered) {
    ending.channel->send_to(request(ending, "BYE", token + "9", token + "9h", here), ending.call.peer);
  } else {
    // Whether it had been challenged is not known: one of the two is somebody's, the other gets 481.
    for (const char* step : {"0", "1"}) ending.channel->send_to(request(ending, "CANCEL", token + step, token + step, here), ending.call.peer);
  }
}

/// Follows what is said about one call.
void take(HangingUp& ending, const SipReply& reply) {
  constexpr std::uint16_t final_code = 200;
  constexpr std::uint16_t no_such_call = 481;
  constexpr std::uint16_t failure = 300;
  if (reply.code < final_code) return;
  if (reply.method == "BYE") {
    ending.refused = reply.code >= failure && reply.code != no_such_call;
    ending.over = true;
  } else if (reply.method == "INVITE" && !reply.number.empty()) {
    ending.call.to = reply.to;
    ending.call.token = reply.number.substr(0, reply.number.size() - 1);
    if (reply.code >= failure) {
      HangingUp acknowledged = ending;
      acknowledged.call.route.clear();
      ending.channel->send_to(request(acknowledged, "ACK", reply.number, reply.number, ending.channel->here()), ending.call.peer);
      ending.over = true;
    } else {
      if (!reply.contact.empty()) ending.call.request_uri = reply.contact;
      ending.call.route = reply.route;
      ending.call.answered = true;
      ending.channel->send_to(request(ending, "ACK", reply.number, reply.number + "a", ending.channel->here()), ending.call.peer);
      send(ending);
    }
  }
  // A 200 of a CANCEL says nothing of the INVITE: its own final response follows, or nothing ever will.
  if (reply.method == "CANCEL" && reply.code == no_such_call && !ending.call.answered) {
    ending.unknown[reply.number.ends_with('1') ? 1 : 0] = true;
    ending.over = ending.unknown[0] && ending.unknown[1];
  }
}

}  // namespace

HungUp hang_up(const std::vector<OpenCall>& calls, const std::string& local_ip, Span patience) {
  std::map<std::tuple<Transport, std::uint16_t, std::string>, std::unique_ptr<Channel>> channels;
  std::vector<HangingUp> endings;
  std::map<std::string, std::size_t> by_call_id;
  for (const OpenCall& call : calls) {
    const bool udp = call.transport == Transport::udp;
    const std::string far = udp ? std::string() : fmt::format("{}:{}", call.peer.ip, call.peer.port);
    auto& channel = channels[{call.transport, udp ? call.port : std::uint16_t{0}, far}];
    if (!channel) channel = std::make_unique<Channel>(call.transport, local_ip, call.port, call.peer);
    by_call_id.emplace(call.call_id, endings.size());
    endings.push_back({.call = call, .channel = channel.get()});
  }
  std::vector<pollfd> watched;
  std::vector<Channel*> order;
  for (const auto& [key, channel] : channels) {
    if (channel->socket_id() < 0) continue;
    watched.push_back({.fd = channel->socket_id(), .events = POLLIN, .revents = 0});
    order.push_back(channel.get());
  }
  const Clock::time_point end = Clock::now() + patience;
  const auto open = [](const HangingUp& each) { return !each.over && each.channel->socket_id() >= 0; };
  while (std::ranges::any_of(endings, open) && Clock::now() < end) {
    const Clock::time_point now = Clock::now();
    for (HangingUp& each : endings) {
      if (!open(each) || now < each.again) continue;
      send(each);
      each.again = each.channel->repeats() ? now + each.gap : Clock::time_point::max();
      each.gap = std::min<Clock::duration>(each.gap * 2, last_repeat);
    }
    constexpr int between_ms = 50;
    poll(watched.data(), watched.size(), between_ms);
    for (Channel* channel : order) {
      for (const std::string& message : channel->receive()) {
        const auto reply = parse_sip_reply(message);
        if (!reply) continue;
        const auto known = by_call_id.find(reply->call_id);
        if (known != by_call_id.end()) take(endings[known->second], *reply);
      }
    }
  }
  HungUp result;
  for (const HangingUp& each : endings) {
    if (each.over && !each.refused)
      ++result.ended;
    else
      result.left.push_back(each.call.call);
  }
  return result;
}

}  // namespace trunklab
