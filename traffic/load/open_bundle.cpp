// Reading bundles.
#include "traffic/load/open_bundle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "scenarios/reader.hpp"
#include "traffic/sipp/call_row.hpp"
#include "traffic/sipp/manifest.hpp"
#include "traffic/sipp/scenario_xml.hpp"
#include "traffic/sipp/sha256.hpp"

namespace trunklab {

namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// "scenario.yaml" -> its checksum, as SHA256SUMS has it.
std::map<std::string, std::string> sums_of(const fs::path& folder) {
  std::map<std::string, std::string> sums;
  std::ifstream stream(folder / "SHA256SUMS", std::ios::binary);
  constexpr std::size_t digits = 64;
  for (std::string line; std::getline(stream, line);) {
    if (line.size() > digits + 2) sums.emplace(line.substr(digits + 2), line.substr(0, digits));
  }
  return sums;
}

/// A file that is not as it was generated; empty if all are.
std::string changed_file(const fs::path& folder, const std::map<std::string, std::string>& sums) {
  for (const auto& [name, sum] : sums) {
    Sha256 hash;
    hash.add(text_of(folder / name));
    if (hash.finish() != sum) return name;
  }
  return {};
}

constexpr std::size_t columns = 15;
constexpr std::size_t due_column = 0;
constexpr std::size_t talk_column = 9;
constexpr std::size_t hangs_up_column = 10;
using RowFields = std::array<std::string_view, columns>;

bool split(std::string_view line, RowFields& fields) {
  for (std::size_t i = 0; i < columns; ++i) {
    const std::size_t end = std::min(line.find(';'), line.size());
    fields[i] = line.substr(0, end);
    if ((end == line.size()) != (i + 1 == columns)) return false;
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return true;
}

std::optional<double> number_of(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  constexpr double most = 1e13;  // three hundred years, in milliseconds; no NaN either
  if (error != std::errc{} || end != text.data() + text.size() || !(value >= 0 && value <= most)) return std::nullopt;
  return value;
}

/// SIPp expands what stands in brackets, in rows too.
bool is_plain(std::string_view line) {
  constexpr std::string_view others = " ;:=/+.,-_";
  return std::ranges::all_of(line, [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || others.find(c) != std::string_view::npos;
  });
}

/// Only numbers of the country code that nobody has may be in a bundle, whoever wrote it.
bool is_made_up(std::string_view number) {
  const std::string_view digits = number.starts_with('+') ? number.substr(1) : number;
  return digits.starts_with("999") && std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
}

/// nullopt: no row of ours.
std::optional<BundleRow> row_of(std::string_view line, const LoadShape& shape) {
  RowFields fields;
  if (!is_plain(line) || !split(line, fields) || !is_made_up(fields[2]) || !is_made_up(fields[3])) return std::nullopt;
  const auto due = number_of(fields[0]);
  const auto patience = number_of(fields[5]);
  const auto delay = number_of(fields[6]);
  const auto ring = number_of(fields[7]);
  const auto talk = number_of(fields[9]);
  if (!due || !patience || !delay || !ring || !talk) return std::nullopt;
  const double shifted = *due - in_seconds(shape.from) * 1e3;
  return BundleRow{.call = std::string(fields[1]),
                   .due_ms = shifted,
                   .patience_ms = *patience,
                   .talk_ms = *talk,
                   .over_ms = shifted + *delay + *ring + *talk,
                   .expected = std::string(fields[14]),
                   .caller_hangs_up = fields[10] == "caller",
                   .line = fmt::format("{:.3f}{}", shifted, line.substr(fields[0].size()))};
}

bool is_wanted(const BundleRow& row, const LoadShape& shape) {
  const double until_ms = shape.until == endless ? 0 : in_seconds(shape.until - shape.from) * 1e3;
  const double ramp_ms = in_seconds(shape.ramp) * 1e3;
  const double grown = row.due_ms < ramp_ms ? row.due_ms / ramp_ms : 1;
  return row.due_ms >= 0 && (shape.until == endless || row.due_ms < until_ms) && share_of(row.call) < shape.scale.value() * grown;
}

/// Reads one call file; the problem if there is one.
std::optional<Problem> read_rows(const fs::path& path, const LoadShape& shape, BundleShard& shard) {
  std::ifstream stream(path, std::ios::binary);
  std::string line;
  for (std::size_t number = 1; std::getline(stream, line); ++number) {
    if (number <= 2) continue;
    auto row = row_of(line, shape);
    if (!row) return Problem{fmt::format("{}:{}", path.string(), number), fmt::format("'{}'", line), "a row as generate writes it"};
    if (is_wanted(*row, shape)) shard.rows.push_back(std::move(*row));
  }
  return std::nullopt;
}

/// A little faster than the calls need, so that a hiccup does not make them late (ours).
double creation_rate(const std::vector<BundleRow>& rows, Span lead) {
  constexpr double spare = 1.02;
  constexpr double least = 0.001;
  double rate = least;
  for (std::size_t i = 0; i < rows.size(); ++i) rate = std::max(rate, static_cast<double>(i + 1) / (rows[i].due_ms / 1e3 + in_seconds(lead)));
  return rate * spare;
}

}  // namespace

double share_of(std::string_view call) {
  // FNV-1a, then a finaliser (SplitMix64's), so that neighbouring names are far apart.
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char letter : call) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001B3ULL;
  hash = (hash ^ (hash >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  hash = (hash ^ (hash >> 27U)) * 0x94D049BB133111EBULL;
  hash ^= hash >> 31U;
  return static_cast<double>(hash >> 11U) * 0x1p-53;
}

void keep_part(OpenBundle& bundle, std::size_t part, std::size_t parts) {
  bundle.calls = 0;
  for (BundleShard& shard : bundle.shards) {
    std::vector<BundleRow> rows;
    for (std::size_t i = part; i < shard.rows.size(); i += parts) rows.push_back(std::move(shard.rows[i]));
    shard.rows = std::move(rows);
    shard.rate = creation_rate(shard.rows, bundle.lead);
    bundle.calls += shard.rows.size();
  }
  std::erase_if(bundle.shards, [](const BundleShard& shard) { return shard.rows.empty(); });
}

BundleRow replanned(const BundleRow& row, double due_ms, double talk_ms) {
  BundleRow other = row;
  RowFields fields;
  split(row.line, fields);
  const std::string due = fmt::format("{:.3f}", due_ms);
  const std::string talk = fmt::format("{:.0f}", talk_ms);
  fields[due_column] = due;
  fields[talk_column] = talk;
  fields[hangs_up_column] = "caller";
  other.line.clear();
  for (const std::string_view field : fields) other.line += (other.line.empty() ? "" : ";") + std::string(field);
  other.over_ms += due_ms - row.due_ms + talk_ms - row.talk_ms;
  other.talk_ms = talk_ms;
  other.due_ms = due_ms;
  other.caller_hangs_up = true;
  return other;
}

BundleRow canary_row(const BundleShard& shard) {
  const auto answered = std::ranges::find(shard.rows, "answered", &BundleRow::expected);
  constexpr double talk_ms = 2000;
  return replanned(answered == shard.rows.end() ? shard.rows.front() : *answered, 0, talk_ms);
}

OpenBundle at_even_rate(const OpenBundle& bundle, double calls_per_second, Span duration) {
  constexpr double talk_ms = 500;
  OpenBundle even = bundle;
  even.calls = 0;
  even.lead = std::chrono::seconds{2};
  for (BundleShard& shard : even.shards) {
    const double rate = calls_per_second * static_cast<double>(shard.rows.size()) / static_cast<double>(bundle.calls);
    const auto wanted = static_cast<std::size_t>(std::ceil(rate * in_seconds(duration)));
    shard.rows.resize(std::min(shard.rows.size(), wanted));
    for (std::size_t i = 0; i < shard.rows.size(); ++i) shard.rows[i] = replanned(shard.rows[i], static_cast<double>(i) / rate * 1e3, talk_ms);
    shard.rate = creation_rate(shard.rows, even.lead);
    even.calls += shard.rows.size();
  }
  return even;
}

Result<OpenBundle> open_bundle(const fs::path& folder, const LoadShape& shape) {
  const std::string manifest_text = text_of(folder / "manifest.json");
  if (!manifest_text.starts_with(manifest_opening())) {
    return Problem{folder.string(), "a folder without a bundle's manifest.json", "a bundle, as trunklab generate writes it"};
  }
  const auto sums = sums_of(folder);
  for (const std::string required : {"manifest.json", "scenario.yaml", "shards.txt"}) {
    if (!sums.contains(required)) return Problem{(folder / "SHA256SUMS").string(), "no line for " + required, "a checksum of every file"};
  }
  if (const std::string name = changed_file(folder, sums); !name.empty()) {
    return Problem{(folder / name).string(), "a file that was changed after it was generated", "the checksum in SHA256SUMS"};
  }
  const auto manifest = nlohmann::json::parse(manifest_text, nullptr, false);
  if (manifest.is_discarded() || manifest.value("version", 0) != bundle_version) {
    return Problem{(folder / "manifest.json").string(), "another version", fmt::format("version {}", bundle_version)};
  }
  auto scenario = read_scenario((folder / "scenario.yaml").string());
  if (!scenario) return scenario.problems();
  OpenBundle bundle{.folder = fs::canonical(folder), .scenario = std::move(scenario).value(), .groups = {}, .shards = {}};
  bundle.scenario.name = manifest["scenario"].value("name", bundle.scenario.name);
  bundle.scenario.seed = manifest["scenario"].value("seed", bundle.scenario.seed);
  bundle.replication = manifest["scenario"].value("replication", 0U);
  bundle.lead = std::chrono::seconds{manifest["sipp"].value("lead_s", 5.0) >= 1 ? std::llround(manifest["sipp"].value("lead_s", 5.0)) : 1};
  bundle.groups = replay_groups(bundle.scenario);
  for (const ReplayGroup& group : bundle.groups) {
    const std::string place = group_folder(group);
    const auto differs = [&](const char* name, const std::string& text) {
      return sums.contains(place + name) && text_of(folder / (place + name)) != text;
    };
    for (const auto& [name, text] : {std::pair("/caller.xml", caller_xml(group)), std::pair("/answerer.xml", answerer_xml(group))}) {
      if (differs(name, text)) return Problem{(folder / (place + name)).string(), "another text than generate writes", "a bundle of this trunklab's"};
    }
  }
  for (std::uint16_t group = 0; group < bundle.groups.size(); ++group) {
    for (std::uint32_t number = 1;; ++number) {
      const std::string name = fmt::format("{}/calls-{}.csv", group_folder(bundle.groups[group]), number);
      if (!sums.contains(name)) break;
      BundleShard shard{.group = group, .number = number, .rows = {}};
      if (auto problem = read_rows(folder / name, shape, shard)) return *problem;
      shard.rate = creation_rate(shard.rows, bundle.lead);
      bundle.calls += shard.rows.size();
      if (!shard.rows.empty()) bundle.shards.push_back(std::move(shard));
    }
  }
  if (bundle.calls == 0) return Problem{folder.string(), "no call in that time, of that share", "at least one"};
  return bundle;
}

}  // namespace trunklab
