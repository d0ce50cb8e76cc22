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

void expect_golden(const std::string& name, const std::string& text) {
  const std::string path = std::string(TRUNKLAB_SOURCE_DIR) + "/tests/golden/" + name;
  if (std::getenv("TRUNKLAB_REWRITE_GOLDEN") != nullptr) std::ofstream(path) << text;
  std::ifstream file(path);
  const std::string golden{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(text, golden) << "tests/golden/" << name << "; TRUNKLAB_REWRITE_GOLDEN=1 rewrites it: look at the difference first";
}

}  // namespace trunklab::testing
