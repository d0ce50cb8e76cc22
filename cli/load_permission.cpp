// Whether a load may begin, and where its calls go.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <set>

#include "cli/load_request.hpp"

namespace trunklab::cli {

namespace {

/// The targets of groups with calls, each once, in the groups' order.
std::vector<ReplayTarget> used_targets(const OpenBundle& bundle) {
  std::vector<ReplayTarget> targets;
  std::set<std::string> seen;
  for (const BundleShard& shard : bundle.shards) {
    for (const ReplayTarget& target : bundle.groups[shard.group].targets) {
      if (seen.insert(target.name).second) targets.push_back(target);
    }
  }
  return targets;
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

bool has_host(const std::vector<std::string>& hosts, const std::string& host) {
  return std::ranges::any_of(hosts, [&](const std::string& each) { return lower(each) == lower(host); });
}

bool needs_digest(const OpenBundle& bundle) {
  return std::ranges::any_of(bundle.shards, [&](const BundleShard& shard) { return bundle.groups[shard.group].challenge_code != 0; });
}

/// Asks DNS for A records, or takes the address that was given. `place`: among the targets of this host; each gets an address of its own, if there
/// are as many.
Result<SipAddress> address_of(const LoadRequest& request, const std::string& host, std::size_t place) {
  if (const auto pinned = request.addresses.find(host); pinned != request.addresses.end()) {
    return parse_sip_address(pinned->second, "--resolve " + host);
  }
  addrinfo wanted{};
  wanted.ai_family = AF_INET;
  wanted.ai_socktype = SOCK_DGRAM;
  addrinfo* answers = nullptr;
  const int error = getaddrinfo(host.c_str(), nullptr, &wanted, &answers);
  if (error != 0) return Problem{host, fmt::format("no address ({})", gai_strerror(error)), "a host that DNS knows, or --resolve HOST=ADDRESS"};
  std::vector<std::string> all;
  for (const addrinfo* each = answers; each != nullptr; each = each->ai_next) {
    sockaddr_in name{};
    std::memcpy(&name, each->ai_addr, sizeof name);
    std::array<char, INET_ADDRSTRLEN> text{};
    inet_ntop(AF_INET, &name.sin_addr, text.data(), text.size());
    all.emplace_back(text.data());
  }
  freeaddrinfo(answers);
  return SipAddress{.ip = all[place % all.size()]};
}

/// The address of ours that packets to this one leave from. No packet is sent. Empty: there is no way there.
std::string local_ip_towards(const SipAddress& far) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(far.port);
  inet_pton(AF_INET, far.ip.c_str(), &name.sin_addr);
  const int probe = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  auto* generic = reinterpret_cast<sockaddr*>(&name);  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast): sockets are made so
  socklen_t length = sizeof name;
  std::array<char, INET_ADDRSTRLEN> text{};
  if (connect(probe, generic, sizeof name) == 0 && getsockname(probe, generic, &length) == 0) {
    inet_ntop(AF_INET, &name.sin_addr, text.data(), text.size());
  }
  close(probe);
  return text.data();
}

/// Rows with own numbers in place of those of nobody. Problems: a pair of numbers that may not be used after all.
Problems put_own_numbers(const OwnNumbers& numbers, OpenBundle& bundle) {
  const NumberGate gate(numbers);
  Problems problems;
  for (BundleShard& shard : bundle.shards) {
    for (BundleRow& row : shard.rows) {
      const std::string& to = gate.called_for(row.call);
      const std::string& from = gate.caller_for(row.call);
      if (const std::string objection = gate.objection(to, from); !objection.empty()) {
        problems.push_back({"--numbers", objection, "numbers of your own that may be called"});
        return problems;
      }
      // due;call;TO;FROM;rest
      std::size_t begin = row.line.find(';', row.line.find(';') + 1) + 1;
      const std::size_t end = row.line.find(';', row.line.find(';', begin) + 1);
      row.line = fmt::format("{}{};{}{}", row.line.substr(0, begin), to, from, row.line.substr(end));
    }
  }
  return problems;
}

Problems find_addresses(const LoadRequest& request, const OpenBundle& bundle, Destination& destination) {
  Problems problems;
  const auto targets = used_targets(bundle);
  std::map<std::string, std::size_t> seen;
  for (const ReplayTarget& target : targets) {
    if (request.kind == Destination::Kind::service) {
      if (const auto address = address_of(request, target.host_name, seen[target.host_name]++))
        destination.addresses[target.name] = address.value();
      else
        problems.push_back(address.problems().front());
      continue;
    }
    const auto given = request.addresses.find(target.name);
    if (given == request.addresses.end()) {
      problems.push_back({request.addresses_where, "no address of " + target.name, "one for each target that the bundle's calls may try"});
    } else if (const auto address = parse_sip_address(given->second, request.addresses_where); !address || !is_loopback(address.value())) {
      problems.push_back({request.addresses_where, given->second, "an address of 127.0.0.0/8"});
    } else {
      destination.addresses[target.name] = address.value();
    }
  }
  const std::string key = request.kind == Destination::Kind::service ? "host" : "target";
  for (const auto& given : request.addresses) {
    const auto is_it = [&](const ReplayTarget& target) { return (key == "host" ? target.host_name : target.name) == given.first; };
    if (std::ranges::none_of(targets, is_it))
      problems.push_back({request.addresses_where, "'" + given.first + "'", "a " + key + " of the bundle's calls"});
  }
  return problems;
}

/// Targets that are to be lost get a port of ours.
Problems lose_targets(const LoadRequest& request, LoadPlan& plan) {
  Problems problems;
  for (const std::string& name : request.lost) {
    const auto target = plan.destination.addresses.find(name);
    if (target == plan.destination.addresses.end()) {
      std::string all;
      for (const auto& each : plan.destination.addresses) all += (all.empty() ? "" : ", ") + each.first;
      problems.push_back({"--blackhole", "'" + name + "'", "one of " + all});
      continue;
    }
    plan.lost.push_back(std::make_unique<SilentPort>(plan.destination.local_ip));
    target->second = plan.lost.back()->address();
  }
  return problems;
}

std::int64_t now_ns() {
  return std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

std::vector<std::string> missing_permission(const LoadRequest& request, const OpenBundle& bundle) {
  std::vector<std::string> missing;
  std::set<std::string> hosts;
  for (const ReplayTarget& target : used_targets(bundle)) hosts.insert(target.host_name);
  for (const std::string& host : hosts) {
    if (!has_host(request.confirmed, host)) missing.push_back("--confirm " + host);
  }
  for (const std::string& host : request.confirmed) {
    if (!has_host({hosts.begin(), hosts.end()}, host)) missing.push_back("no --confirm " + host + ": the bundle does not call it");
  }
  if (!request.authorization) missing.emplace_back("--authorization FILE: the carrier's consent");
  for (const std::string& host : hosts) {
    if (request.authorization && !has_host(request.authorization->hosts, host)) missing.push_back(host + " among the authorization's hosts");
  }
  if (!request.numbers) missing.emplace_back("--numbers FILE: numbers that you own");
  if (!request.limits.calls_per_second) missing.emplace_back("--max-cps N");
  if (!request.limits.at_once) missing.emplace_back("--max-concurrent N");
  if (!request.limits.calls) missing.emplace_back("--max-calls N");
  if (!request.limits.budget) missing.emplace_back("--budget SUM and --price SUM");
  if (needs_digest(bundle) && !request.account) missing.emplace_back("--user NAME and its secret");
  for (const BundleShard& shard : bundle.shards) {
    if (bundle.groups[shard.group].direction != Direction::origination) continue;
    missing.push_back("a bundle without calls from Sinch (" + bundle.groups[shard.group].name + "): nobody but the service can make these");
    break;
  }
  return missing;
}

std::string dry_run_text(const LoadRequest& request, const OpenBundle& bundle, const std::vector<std::string>& missing) {
  const ReplayPeak peak = peak_of(bundle);
  std::string text = "dry run: nothing is sent\n\n";
  for (const ReplayTarget& target : used_targets(bundle)) text += fmt::format("  {:<12}{}\n", target.name, target.host_name);
  text += fmt::format(
      "\n  calls         {}\n  busiest second {} calls\n  at the same time {} at most, if every call takes as long as it may\n  over after    {:.0f} "
      "s\n",
      peak.calls, peak.calls_per_second, peak.at_once, peak.over_s);
  if (request.limits.price.per_minute > 0) text += fmt::format("  worst cost    {:.2f}\n", worst_cost(bundle, request.limits.price));
  if (request.authorization) text += fmt::format("  authorized by {}\n", request.authorization->text());
  for (const Problem& problem : beyond_limits(bundle, request.limits, request.authorization ? &*request.authorization : nullptr, now_ns())) {
    text += "  beyond its limits: " + problem.text() + '\n';
  }
  text += missing.empty() ? "" : "\nit would take:\n";
  for (const std::string& each : missing) text += "  " + each + '\n';
  return text;
}

Result<LoadPlan> permit(const LoadRequest& request, OpenBundle& bundle) {
  LoadPlan plan;
  plan.destination.kind = request.kind;
  plan.who = "SIPp on loopback";
  if (request.account) plan.destination.account = *request.account;
  Problems problems;
  const auto add = [&problems](Problems more) { problems.insert(problems.end(), more.begin(), more.end()); };
  const bool service = request.kind == Destination::Kind::service;
  if (service) {
    for (const std::string& each : missing_permission(request, bundle)) problems.push_back({"--target service", "something missing", each});
    if (!problems.empty()) return problems;
    add(put_own_numbers(*request.numbers, bundle));
    plan.who = "SIPp to a trunk, authorized by " + request.authorization->text();
  }
  const auto start = now_ns() + (bundle.lead + std::chrono::seconds{2}).count();
  add(beyond_limits(bundle, request.limits, request.authorization ? &*request.authorization : nullptr, start));
  if (request.kind == Destination::Kind::loopback || !problems.empty()) {
    return problems.empty() ? Result<LoadPlan>(std::move(plan)) : Result<LoadPlan>(problems);
  }
  add(find_addresses(request, bundle, plan.destination));
  if (!problems.empty()) return problems;
  if (request.kind == Destination::Kind::lab) plan.who = "SIPp to a lab on 127.0.0.0/8";
  const SipAddress& first = plan.destination.addresses.begin()->second;
  plan.destination.local_ip = request.local_ip.value_or(local_ip_towards(first));
  if (const auto local = parse_sip_address(plan.destination.local_ip, "--local-ip"); !local) return local.problems();
  add(lose_targets(request, plan));
  if (!problems.empty()) return problems;
  return plan;
}

}  // namespace trunklab::cli
