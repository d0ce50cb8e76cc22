// From log lines to what is open.
#include "traffic/load/open_calls.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace trunklab {

namespace {

/// The part of a call file's row between two semicolons.
std::string field_of(const std::string& row, int wanted) {
  std::size_t begin = 0;
  for (int i = 0; i < wanted; ++i) begin = std::min(row.find(';', begin), row.size() - 1) + 1;
  return row.substr(begin, row.find(';', begin) - begin);
}

/// SIPp's Call-ID is "CALL_NUMBER-PID@HOST"; our tag is "PIDtCALL_NUMBER".
std::string from_tag(const std::string& call_id) {
  const std::size_t dash = std::min(call_id.find('-'), call_id.size());
  const std::size_t at = std::min(call_id.find('@', dash), call_id.size());
  return fmt::format("{}t{}", dash < at ? call_id.substr(dash + 1, at - dash - 1) : "", call_id.substr(0, dash));
}

}  // namespace

OpenCalls::OpenCalls(const OpenBundle& bundle, const Destination& destination) : bundle_(bundle), destination_(destination) {
  for (const BundleShard& shard : bundle.shards) {
    for (const BundleRow& row : shard.rows) rows_.emplace(row.call, &row);
  }
}

void OpenCalls::take(std::uint16_t group, std::uint16_t port, const CallerLine& line) {
  const ReplayGroup& of = bundle_.groups[group];
  if (const auto* sent = std::get_if<SentLine>(&line)) {
    const auto row = rows_.find(sent->call);
    if (row == rows_.end() || sent->target >= of.targets.size()) return;
    constexpr int to_column = 2;
    constexpr int from_column = 3;
    const ReplayTarget& target = of.targets[sent->target];
    const std::string to = field_of(row->second->line, to_column);
    State& state = open_[sent->call];
    state.is_undecided = true;
    state.invite = {.call = sent->call,
                    .request_uri = fmt::format("sip:{}@{}", to, target.host_name),
                    .route = {},
                    .from = fmt::format("<sip:{}@{}>;tag={}", field_of(row->second->line, from_column), of.home, from_tag(sent->call_id)),
                    .to = fmt::format("<sip:{}@{}>", to, of.home),
                    .call_id = sent->call_id,
                    .token = sent->token,
                    .peer = {},
                    .transport = of.transport,
                    .port = port};
    if (const auto address = destination_.addresses.find(target.name); address != destination_.addresses.end()) state.invite.peer = address->second;
    return;
  }
  const auto known = open_.find(std::visit([](const auto& each) -> const std::string& { return each.call; }, line));
  if (known == open_.end()) return;
  State& state = known->second;
  if (const auto* dialog = std::get_if<DialogLine>(&line)) {
    state.is_up = true;
    state.is_undecided = false;
    state.dialog = state.invite;
    state.dialog.answered = true;
    state.dialog.request_uri = dialog->contact;
    state.dialog.route = dialog->route;
    state.dialog.token = dialog->token;
    const std::size_t value = dialog->to.find(':');
    state.dialog.to =
        value == std::string::npos ? dialog->to : dialog->to.substr(std::min(dialog->to.find_first_not_of(' ', value + 1), dialog->to.size()));
    if (dialog->target < of.targets.size()) {
      const auto address = destination_.addresses.find(of.targets[dialog->target].name);
      if (address != destination_.addresses.end()) state.dialog.peer = address->second;
    }
  } else if (const auto* attempt = std::get_if<AttemptLine>(&line)) {
    state.is_undecided = false;
    // RFC 3261 section 17.1.1.2: an answer may come for 64*T1 after the INVITE.
    constexpr double late_ms = 32'000;
    if (attempt->end == "no_response" || attempt->end == "no_progress") late_until_ms_ = std::max(late_until_ms_, attempt->sent_ms + late_ms);
  } else if (std::holds_alternative<CallLine>(line)) {
    open_.erase(known);
  }
}

std::vector<OpenCall> OpenCalls::list() const {
  std::vector<OpenCall> all;
  for (const auto& [name, state] : open_) {
    if (state.is_up)
      all.push_back(state.dialog);
    else if (state.is_undecided)
      all.push_back(state.invite);
  }
  return all;
}

}  // namespace trunklab
