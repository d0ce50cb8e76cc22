// The bundle's own description.
#include "traffic/sipp/manifest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "models/record/words.hpp"
#include "traffic/sipp/call_row.hpp"
#include "traffic/sipp/scenario_xml.hpp"
#include "traffic/sipp/sipp_files.hpp"
#include "traffic/sipp/template_text.hpp"

namespace trunklab {

namespace {

using Json = nlohmann::ordered_json;

Json outcomes_json(const GroupSurvey& survey) {
  Json counts = Json::object();
  for (const auto& [outcome, calls] : survey.outcomes) counts[word(outcome)] = calls;
  return counts;
}

Json group_json(const ReplayGroup& group, const GroupSurvey& survey) {
  Json document{{"name", group.name},
                {"direction", group.direction == Direction::termination ? "termination" : "origination"},
                {"transport", group.transport == Transport::udp ? "udp" : "tcp"},
                {"calls", survey.calls},
                {"processes", survey.shards},
                {"peak_calls_a_second", survey.peak_a_second},
                {"concurrent_max", survey.concurrent},
                {"last_call_over_s", in_seconds(survey.last_over)},
                {"expected", outcomes_json(survey)}};
  document["hunting"] = {
      {"no_response_s", in_seconds(group.no_response)}, {"no_progress_s", in_seconds(group.no_progress)}, {"advance_on", group.advance_codes}};
  if (group.challenge_code != 0) document["digest"] = {{"code", group.challenge_code}, {"uri", "sip:" + group.home}};
  document["targets"] = Json::array();
  for (const ReplayTarget& target : group.targets) document["targets"].push_back({{"name", target.name}, {"host_name", target.host_name}});
  return document;
}

std::string lines(const std::vector<NotPlayed>& list) {
  std::string text;
  for (const NotPlayed& each : list) text += fmt::format("- {}: {}.\n", each.what, each.why);
  return text;
}

}  // namespace

std::string_view manifest_opening() {
  return "{\n  \"format\": \"trunklab SIPp bundle\",\n";
}

std::string group_folder(const ReplayGroup& group) {
  return "groups/" + group.name;
}

std::uint64_t calls_in_shard(const GroupSurvey& group, std::uint32_t shard) {
  return group.calls / group.shards + (shard < group.calls % group.shards ? 1 : 0);
}

std::string manifest_json(const Scenario& scenario, const BundleWishes& wishes, const BundleSummary& summary, const std::vector<FileHash>& files) {
  Json document{{"format", "trunklab SIPp bundle"}, {"version", bundle_version}, {"made_by", wishes.made_by}};
  document["scenario"] = {{"name", scenario.name}, {"seed", scenario.seed}, {"replication", wishes.replication}};
  document["horizon"] = {{"start_unix_ns", scenario.horizon.start_unix_ns}, {"duration_s", in_seconds(scenario.horizon.duration)}};
  document["sipp"] = {{"version", sipp_version}, {"lead_s", in_seconds(wishes.limits.lead)}};
  document["groups"] = Json::array();
  for (std::size_t i = 0; i < summary.groups.size(); ++i) document["groups"].push_back(group_json(summary.groups[i], summary.surveys[i]));
  document["expected_by_second"] = "expected.csv";
  document["not_played"] = Json::array();
  for (const NotPlayed& each : summary.left_out) document["not_played"].push_back({{"what", each.what}, {"why", each.why}});
  document["files"] = Json::object();
  for (const FileHash& file : files) document["files"][file.name] = file.sha256;
  return document.dump(2) + '\n';
}

std::string bundle_readme(const Scenario& scenario, const BundleWishes& wishes, const BundleSummary& summary) {
  TemplateValues values;
  std::uint64_t calls = 0;
  std::string groups;
  for (std::size_t i = 0; i < summary.groups.size(); ++i) {
    const GroupSurvey& survey = summary.surveys[i];
    calls += survey.calls;
    groups += fmt::format("| {} | {} | {} | {} | {} | {} |\n", summary.groups[i].name, survey.calls, survey.peak_a_second, survey.concurrent,
                          survey.shards, summary.groups[i].targets.size());
  }
  values.words = {{"name", scenario.name},
                  {"seed", fmt::format("{}", scenario.seed)},
                  {"replication", fmt::format("{}", wishes.replication)},
                  {"made_by", wishes.made_by},
                  {"calls", fmt::format("{}", calls)},
                  {"groups", groups},
                  {"columns", std::string(call_row_columns)},
                  {"sipp", std::string(sipp_version)},
                  {"user", std::string(loopback_user)},
                  {"password", std::string(loopback_password)},
                  {"not_played", lines(summary.left_out)}};
  return fill_in(sipp_file("README.md"), values);
}

std::string shards_text(const BundleSummary& summary, const SippLimits& limits) {
  // A little faster than the calls need, so that a hiccup does not make them late (ours).
  constexpr double spare = 1.02;
  std::string text = fmt::format("lead {}\n", std::chrono::duration_cast<std::chrono::seconds>(limits.lead).count());
  for (std::size_t i = 0; i < summary.groups.size(); ++i) {
    const ReplayGroup& group = summary.groups[i];
    const GroupSurvey& survey = summary.surveys[i];
    // Without RTP one answerer of a target is fast enough for all callers; with RTP each caller has its own.
    const std::uint32_t sets = group.media ? survey.shards : 1;
    const std::string_view transport = group.transport == Transport::udp ? "udp" : "tcp";
    for (std::uint32_t set = 0; set < sets; ++set) {
      for (std::size_t target = 0; target < group.targets.size(); ++target) {
        text += fmt::format("answerer {} {} {} {} {}\n", group_folder(group), set + 1, target, transport, group.targets[target].host_name);
      }
    }
    for (std::uint32_t shard = 0; shard < survey.shards; ++shard) {
      const double rate = survey.calls_ahead * spare / survey.shards;
      text += fmt::format("caller {} {} {} {} {:.3f} {} {}\n", group_folder(group), shard + 1, group.media ? shard + 1 : 1,
                          calls_in_shard(survey, shard), std::max(rate, 0.001), transport, group.home);
    }
  }
  return text;
}

}  // namespace trunklab
