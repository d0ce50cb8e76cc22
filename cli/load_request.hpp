// What `load` was asked for, and whether it may do it.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "traffic/load/destination.hpp"
#include "traffic/load/open_bundle.hpp"
#include "traffic/load/permission/authorization.hpp"
#include "traffic/load/permission/load_limits.hpp"
#include "traffic/load/permission/number_rules.hpp"
#include "traffic/load/silent_port.hpp"
#include "traffic/load/stop_rules.hpp"

namespace trunklab::cli {

struct LoadRequest {
  std::filesystem::path bundle;
  LoadShape shape;
  std::optional<std::filesystem::path> record;
  bool json = false;
  Destination::Kind kind = Destination::Kind::loopback;
  std::map<std::string, std::string> addresses{};  ///< --targets and --resolve: as written, by target or host name
  std::string addresses_where{};                   ///< that messages name
  std::optional<std::string> local_ip{};
  std::vector<std::string> confirmed{};  ///< host names
  std::optional<Authorization> authorization{};
  std::optional<OwnNumbers> numbers{};
  std::optional<SipAccount> account{};
  std::vector<std::string> lost{};  ///< --blackhole: names of targets
  LoadLimits limits;
  StopRules stop;
  bool canary = false;
  bool self_test = false;
};

void add_load_options(Options& options);

/// Reads files too; Problems: what stands in them. Throws Misuse.
Result<LoadRequest> read_load_request(const Options& options);

/// A replay that may begin.
struct LoadPlan {
  Destination destination;
  std::vector<std::unique_ptr<SilentPort>> lost{};
  std::string who;  ///< for the record: "SIPp on loopback"
};

/// What a load of a trunk still needs before a packet is sent, one sentence each; empty: it may begin. Only for Kind::service.
std::vector<std::string> missing_permission(const LoadRequest& request, const OpenBundle& bundle);

/// What would be done, for people.
std::string dry_run_text(const LoadRequest& request, const OpenBundle& bundle, const std::vector<std::string>& missing);

/// Puts own numbers in place of the made-up ones, finds the addresses, and holds all of it against the limits. Asks DNS for a trunk's hosts.
/// Problems: everything that is not allowed. May throw std::runtime_error (no port).
Result<LoadPlan> permit(const LoadRequest& request, OpenBundle& bundle);

}  // namespace trunklab::cli
