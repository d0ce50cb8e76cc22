// The ledger and the golden files.
#include "tests/sim/support.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "models/record/words.hpp"

namespace trunklab::testing {

namespace {

std::string seconds(Instant at) {
  return at == never ? std::string("-") : fmt::format("{:.3f}", in_seconds(at));
}

}  // namespace

std::string ledger_of(const Scenario& scenario, const MemorySink& rows) {
  const Directory directory = directory_of(scenario);
  const auto edge = [&](EdgeIndex index) { return index == no_edge ? std::string("-") : directory.edges[index].name; };
  std::vector<std::pair<Instant, std::string>> lines;
  for (const RunEvent& event : rows.event_rows) {
    lines.emplace_back(event.at, fmt::format("{:>9}  {} {}", seconds(event.at), word(event.kind), edge(event.edge)));
  }
  for (const Attempt& attempt : rows.attempt_rows) {
    lines.emplace_back(attempt.sent, fmt::format("{:>9}  {} INVITE to {}: 1xx {}, 18x {}, {} {} at {}", seconds(attempt.sent),
                                                 call_id_text(directory, attempt.call, attempt.number), edge(attempt.edge), seconds(attempt.trying),
                                                 seconds(attempt.ringing), word(attempt.end), attempt.code, seconds(attempt.finished)));
  }
  for (const CallRecord& call : rows.call_rows) {
    lines.emplace_back(call.ended, fmt::format("{:>9}  {}.{} {} {} by {}, stuck {:.3f} s at the site, {:.3f} s at the carrier", seconds(call.ended),
                                               directory.demands[call.id.demand].name, seconds(call.offered), word(call.outcome), word(call.ending),
                                               word(call.released_by), in_seconds(call.stuck_site), in_seconds(call.stuck_carrier)));
  }
  std::ranges::stable_sort(lines, {}, [](const auto& line) { return line; });
  std::string text = fmt::format("# scenario {}, seed {}, replication 0; times in s\n", scenario.name, scenario.seed);
  for (const auto& line : lines) text += line.second + '\n';
  return text;
}

std::string text_of(const Parts& parts) {
  const auto comma = [](const std::string& keys) { return keys.empty() ? keys : ", " + keys; };
  return fmt::format(R"(
horizon: {{ duration: {} }}
warmup: 0s
{}
service: {{ preset: sinch{} }}
sites:
  pbx: {{ rtt: {{ euc1: 100ms }}{}, routing: {{ {} }} }}
demand:
  d: {{ arrivals: {{ {} }}, {}{} }}
faults: [{}]
)",
                     parts.duration, parts.more, comma(parts.service), comma(parts.site), parts.routing, parts.arrivals, parts.life,
                     comma(parts.demand), parts.faults);
}

namespace {

/// Seconds to the nanosecond, without zeros at the end.
std::string exact(Instant at) {
  if (at == never) return "-";
  std::string text = fmt::format("{:.9f}", static_cast<double>((at - run_start).count()) * 1e-9);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string exact(Span span) {
  return exact(run_start + span);
}

}  // namespace

std::vector<std::string> stories_of(const Scenario& scenario, const MemorySink& rows) {
  const Directory directory = directory_of(scenario);
  const auto edge = [&](EdgeIndex index) { return index == no_edge ? std::string("-") : directory.edges[index].name; };
  std::map<CallId, std::string> attempts;
  std::map<CallId, std::string> ghosts;
  for (const Attempt& each : rows.attempt_rows) {
    std::string& text = attempts[each.call];
    text += fmt::format("{}{} {} {} {} {} {} @{}", text.empty() ? "" : "; ", edge(each.edge), exact(each.sent), exact(each.trying),
                        exact(each.ringing), word(each.end), each.code, exact(each.finished));
  }
  for (const Ghost& each : rows.ghost_rows) {
    ghosts[each.call] += fmt::format(", ghost {} of {} given up {} rang {} answered {} ended {}", each.number, edge(each.edge), exact(each.given_up),
                                     exact(each.rang), exact(each.answered), exact(each.ended));
  }
  std::vector<CallRecord> calls = rows.call_rows;
  std::ranges::stable_sort(calls, {}, [](const CallRecord& call) { return std::pair(call.offered, call.id); });
  std::vector<std::string> stories;
  for (const CallRecord& call : calls) {
    std::string text =
        exact(call.offered) + ": " + attempts[call.id] + (attempts[call.id].empty() ? "=> " : " => ") + std::string(word(call.outcome));
    if (call.reason != Reason::none) text += " " + std::string(word(call.reason));
    if (call.outcome != Outcome::answered && call.code != 0) text += fmt::format(" {}", call.code);
    if (call.ending != Ending::none) text += " " + std::string(word(call.ending));
    text += " @" + exact(call.ended);
    if (call.stuck_site != Span::zero()) text += ", site stuck " + exact(call.stuck_site);
    if (call.stuck_carrier != Span::zero()) text += ", carrier stuck " + exact(call.stuck_carrier);
    if (call.queued != Span::zero()) text += ", queued " + exact(call.queued);
    stories.push_back(text + ghosts[call.id]);
  }
  return stories;
}

std::vector<std::string> stories(const Parts& parts) {
  const Scenario scenario = scenario_of(text_of(parts));
  return stories_of(scenario, run(scenario).rows);
}

std::string story(const Parts& parts) {
  const auto all = stories(parts);
  EXPECT_EQ(all.size(), 1U);
  return all.empty() ? "" : all.front();
}

void expect_golden(const std::string& name, const std::string& text) {
  const std::string path = std::string(TRUNKLAB_SOURCE_DIR) + "/tests/golden/" + name;
  if (std::getenv("TRUNKLAB_REWRITE_GOLDEN") != nullptr) std::ofstream(path) << text;
  std::ifstream file(path);
  const std::string golden{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(text, golden) << "tests/golden/" << name << "; TRUNKLAB_REWRITE_GOLDEN=1 rewrites it: look at the difference first";
}

}  // namespace trunklab::testing
