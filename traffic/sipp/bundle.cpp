// Writing a bundle: two passes over the calls, the first to count them, the second to write them down.
#include "traffic/sipp/bundle.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>

#include "models/record/words.hpp"
#include "traffic/sipp/bundle_file.hpp"
#include "traffic/sipp/call_row.hpp"
#include "traffic/sipp/manifest.hpp"
#include "traffic/sipp/scenario_xml.hpp"
#include "traffic/sipp/sipp_files.hpp"

namespace trunklab {

namespace {

namespace fs = std::filesystem;

constexpr unsigned calls_between_looks = 0xFFF;

/// A folder beside the bundle that does not outlive this.
class PartialFolder {
 public:
  PartialFolder(const fs::path& target, std::string_view kind) : path_(fmt::format("{}.{}.{}", target.string(), getpid(), kind)) {}
  PartialFolder(const PartialFolder&) = delete;
  PartialFolder& operator=(const PartialFolder&) = delete;
  ~PartialFolder() {
    std::error_code gone;  // renamed by then, if all went well
    fs::remove_all(path_, gone);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// Calls expected to be begun in a second, by group and outcome.
class SecondCounts {
 public:
  SecondCounts(const fs::path& bundle, const std::vector<ReplayGroup>& groups)
      : groups_(&groups), counts_(groups.size()), file_(bundle, "expected.csv") {
    file_.add("second;group;expected;calls\n");
  }
  void add(const ReplayCall& call) {
    const auto second = std::chrono::duration_cast<std::chrono::seconds>(call.planned.at - run_start).count();
    if (second != second_) write();
    second_ = second;
    ++counts_[call.group][static_cast<std::size_t>(call.fate.outcome)];
  }
  FileHash finish() {
    write();
    return file_.finish();
  }

 private:
  static constexpr std::size_t outcomes = static_cast<std::size_t>(Outcome::abandoned) + 1;
  void write() {
    for (std::size_t group = 0; group < counts_.size(); ++group) {
      for (std::size_t outcome = 0; outcome < outcomes; ++outcome) {
        std::uint32_t& calls = counts_[group][outcome];
        if (calls > 0) file_.add(fmt::format("{};{};{};{}\n", second_, (*groups_)[group].name, word(static_cast<Outcome>(outcome)), calls));
        calls = 0;
      }
    }
  }

  const std::vector<ReplayGroup>* groups_;
  std::vector<std::array<std::uint32_t, outcomes>> counts_;
  BundleFile file_;
  std::int64_t second_ = 0;
};

/// The call files of all groups and shards.
class CallFiles {
 public:
  CallFiles(const fs::path& bundle, const BundleSummary& summary) {
    for (std::size_t group = 0; group < summary.groups.size(); ++group) {
      auto& shards = files_.emplace_back();
      for (std::uint32_t shard = 0; shard < summary.surveys[group].shards; ++shard) {
        shards.emplace_back(bundle, fmt::format("{}/calls-{}.csv", group_folder(summary.groups[group]), shard + 1));
        shards.back().add(fmt::format("SEQUENTIAL\n#{}\n", call_row_columns));
      }
    }
  }
  void add(const ReplayCall& call, const CallRows& rows) {
    auto& shards = files_[call.group];
    BundleFile& file = shards[call.place % shards.size()];
    rows.append(call, file.buffer());
    file.flush_if_large();
  }
  void finish(std::vector<FileHash>& hashes) {
    for (auto& shards : files_) {
      for (BundleFile& file : shards) hashes.push_back(file.finish());
    }
  }

 private:
  std::vector<std::vector<BundleFile>> files_;
};

FileHash write_text(const fs::path& bundle, const std::string& name, std::string_view text) {
  BundleFile file(bundle, name);
  file.add(text);
  return file.finish();
}

/// false: stopped.
bool write_calls(const Scenario& scenario, ReplayPlan plan, const fs::path& bundle, const BundleWishes& wishes, const BundleSummary& summary,
                 std::vector<FileHash>& hashes) {
  const CallRows rows(scenario, summary.groups);
  CallFiles files(bundle, summary);
  SecondCounts seconds(bundle, summary.groups);
  ReplayCall call;
  for (std::uint64_t count = 0; plan.next(call); ++count) {
    if ((count & calls_between_looks) == 0) {
      if (wishes.stop != nullptr && *wishes.stop) return false;
      if (wishes.progress) wishes.progress(in_seconds(call.planned.at) / in_seconds(scenario.horizon.duration), count);
    }
    files.add(call, rows);
    seconds.add(call);
  }
  files.finish(hashes);
  hashes.push_back(seconds.finish());
  return true;
}

void write_scenarios(const fs::path& bundle, const BundleSummary& summary, std::vector<FileHash>& hashes) {
  for (const ReplayGroup& group : summary.groups) {
    hashes.push_back(write_text(bundle, group_folder(group) + "/caller.xml", caller_xml(group)));
    hashes.push_back(write_text(bundle, group_folder(group) + "/answerer.xml", answerer_xml(group)));
  }
}

/// A second of silence of each codec that SIPp can send; for G.729, of which there is no coder here, bytes that stand for it.
void write_media(const fs::path& bundle, std::vector<FileHash>& hashes) {
  constexpr std::size_t pcm_bytes = 8000;
  constexpr std::size_t g729_bytes = 1000;
  hashes.push_back(write_text(bundle, "media/pcma.raw", std::string(pcm_bytes, '\xD5')));
  hashes.push_back(write_text(bundle, "media/pcmu.raw", std::string(pcm_bytes, '\xFF')));
  hashes.push_back(write_text(bundle, "media/g729.raw", std::string(g729_bytes, '\0')));
}

/// The files that name the others, once these are known; SHA256SUMS last.
void write_descriptions(const Scenario& scenario, const fs::path& bundle, const BundleWishes& wishes, const BundleSummary& summary,
                        std::vector<FileHash>& hashes) {
  hashes.push_back(write_text(bundle, "scenario.yaml", scenario.text));
  hashes.push_back(write_text(bundle, "shards.txt", shards_text(summary, wishes.limits)));
  hashes.push_back(write_text(bundle, "run.sh", sipp_file("run.sh")));
  fs::permissions(bundle / "run.sh", fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec, fs::perm_options::add);
  hashes.push_back(write_text(bundle, "README.md", bundle_readme(scenario, wishes, summary)));
  std::ranges::sort(hashes, {}, &FileHash::name);
  hashes.push_back(write_text(bundle, "manifest.json", manifest_json(scenario, wishes, summary, hashes)));
  std::string sums;
  for (const FileHash& file : hashes) sums += fmt::format("{}  {}\n", file.sha256, file.name);
  write_text(bundle, "SHA256SUMS", sums);
}

/// Puts the new folder in the place of the old one, if there is one.
void put_in_place(const fs::path& fresh, const fs::path& folder) {
  const PartialFolder old(folder, "old");
  if (fs::exists(folder)) fs::rename(folder, old.path());
  fs::rename(fresh, folder);
}

/// A file in the bundle that its SHA256SUMS does not list; empty if there is none.
std::string other_file_in(const fs::path& bundle) {
  std::set<std::string, std::less<>> listed{"SHA256SUMS"};
  std::ifstream sums(bundle / "SHA256SUMS", std::ios::binary);
  constexpr std::size_t name_at = 66;  // 64 digits, two blanks
  for (std::string line; std::getline(sums, line);) {
    if (line.size() > name_at) listed.insert(line.substr(name_at));
  }
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(bundle)) {
    std::string name = entry.path().lexically_relative(bundle).string();
    if ((!entry.is_directory() || entry.is_symlink()) && !listed.contains(name)) return name;
  }
  return {};
}

}  // namespace

std::string why_no_bundle(const fs::path& folder) {
  std::error_code ignored;
  const fs::path parent = folder.has_parent_path() ? folder.parent_path() : ".";
  if (!fs::is_directory(parent, ignored)) return fmt::format("there is no folder {}", parent.string());
  if (access(parent.c_str(), W_OK | X_OK) != 0) return fmt::format("the folder {} cannot be written to", parent.string());
  if (!fs::exists(fs::symlink_status(folder, ignored))) return {};
  if (!fs::is_directory(fs::symlink_status(folder, ignored))) return "it is there, and is no folder";
  if (fs::is_empty(folder, ignored)) return {};
  std::ifstream manifest(folder / "manifest.json", std::ios::binary);
  std::string begin(manifest_opening().size(), '\0');
  manifest.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  if (begin != manifest_opening()) return "a folder of this name is there, and is no bundle";
  if (const std::string other = other_file_in(folder); !other.empty()) return fmt::format("it holds {}, which is no part of the bundle there", other);
  return {};
}

Result<BundleSummary> write_bundle(const Scenario& scenario, const fs::path& target, const BundleWishes& wishes) {
  const fs::path folder = target.has_filename() ? target : target.parent_path();
  if (const std::string why = why_no_bundle(folder); !why.empty())
    throw std::runtime_error(fmt::format("{}: cannot be written: {}", folder.string(), why));
  auto first = ReplayPlan::open(scenario, wishes.replication);
  if (!first) return first.problems();
  BundleSummary summary{.groups = first.value().groups(), .surveys = {}, .left_out = {}};
  for (const ReplayGroup& group : summary.groups) {
    // Nothing else in a scenario file grows with the scenario.
    if (const std::size_t bytes = caller_xml(group).size(); bytes > scenario_xml_bytes_max) {
      return Problem{scenario.path, fmt::format("cookie_bytes: {}", group.cookie_bytes),
                     fmt::format("{} fewer: SIPp reads no scenario file above {} bytes", bytes - scenario_xml_bytes_max, scenario_xml_bytes_max)};
    }
  }
  auto counted = survey(std::move(first).value(), wishes.limits, wishes.stop);
  summary.stopped = !counted;
  if (!counted) return summary;
  summary.surveys = std::move(*counted);
  if (std::ranges::all_of(summary.surveys, [](const GroupSurvey& each) { return each.calls == 0; })) {
    return Problem{scenario.path, "a timetable without a call", "at least one call within the horizon"};
  }
  summary.left_out = not_played(scenario, summary.groups);
  auto second = ReplayPlan::open(scenario, wishes.replication);
  if (!second) return second.problems();
  const PartialFolder partial(folder, "partial");
  std::vector<FileHash> hashes;
  summary.stopped = !write_calls(scenario, std::move(second).value(), partial.path(), wishes, summary, hashes);
  if (summary.stopped) return summary;
  write_scenarios(partial.path(), summary, hashes);
  if (std::ranges::any_of(summary.groups, &ReplayGroup::media)) write_media(partial.path(), hashes);
  write_descriptions(scenario, partial.path(), wishes, summary, hashes);
  put_in_place(partial.path(), folder);
  return summary;
}

}  // namespace trunklab
