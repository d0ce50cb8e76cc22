// RTP: ports and media addresses, bandwidth, and how the talks sounded.
#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "models/media/voice_quality.hpp"
#include "models/record/words.hpp"
#include "reports/figures.hpp"
#include "reports/media_finding.hpp"
#include "reports/sections/cells.hpp"
#include "reports/sections/parts.hpp"
#include "reports/sections/sections.hpp"
#include "reports/sql_values.hpp"

namespace trunklab {
namespace {

using Align = Column::Align;

std::optional<double> figure_of(std::span<const Measure> measures, std::string_view name, std::string_view entity) {
  const Measure* found = find_measure(measures, name, entity);
  return found == nullptr ? std::nullopt : std::optional(found->mean);
}

/// The entities of one kind that have this measure, in the order of the measures.
std::vector<std::string> entities_with(std::span<const Measure> measures, std::string_view name, std::string_view kind) {
  std::vector<std::string> entities;
  for (const Measure& each : measures) {
    if (each.name == name && each.entity.starts_with(kind)) entities.push_back(each.entity);
  }
  return entities;
}

bool media_modelled(std::span<const Measure> measures) {
  return std::ranges::any_of(measures, [](const Measure& each) { return each.name == "mos_p50" || each.name == "port_requests"; });
}

Blocks sentences(const RunInfo& info, std::span<const Measure> measures) {
  Bullets bullets;
  for (const MediaFinding& finding : media_findings(info, measures)) {
    bullets.items.push_back({.text = finding.sentence, .tone = Tone::bad});
    for (const std::string& part : finding.parts) bullets.items.push_back({.text = part});
  }
  if (!bullets.items.empty()) return {{std::move(bullets)}};
  return {{Paragraph{.text = "Nothing stands out: every call got its RTP ports, hardly a port was used again while packets of its last call might "
                             "still come, and both sides of every talk heard each other.",
                     .tone = Tone::good}}};
}

/// Ratings R of the talks, by codecs, all replications together; empty if the record does not hold every call.
std::map<std::string, std::vector<float>> ratings_by_codecs(const RunRecord& record) {
  std::map<std::string, std::vector<float>> ratings;
  if (record.info().detail != CallDetail::all) return ratings;
  SQLite::Statement query(record.database(), "SELECT codecs, r_factor FROM calls WHERE r_factor IS NOT NULL AND codecs IS NOT NULL AND " +
                                                 offered_condition(record.info()));
  while (query.executeStep()) {
    const auto codecs = static_cast<std::size_t>(query.getColumn(0).getInt());
    ratings["codecs/" + record.directory().codecs.at(codecs)].push_back(static_cast<float>(query.getColumn(1).getDouble()));
  }
  return ratings;
}

/// The value that a share of them does not exceed. values: at least one; they are reordered.
double percentile(std::vector<float>& values, double share) {
  const auto rank = static_cast<std::ptrdiff_t>(std::ceil(share * static_cast<double>(values.size()))) - 1;
  const auto place = values.begin() + std::max<std::ptrdiff_t>(rank, 0);
  std::ranges::nth_element(values, place);
  return static_cast<double>(*place);
}

Table quality_table(const RunRecord& record, std::span<const Measure> measures) {
  Table table{.caption = "How talks sounded (G.107): MOS from 1 to 4.5, rating R from 0 to 100. 5 % of the talks are worse than the first figure",
              .columns = {{"talks"},
                          {"MOS, 5 %", Align::right},
                          {"MOS, median", Align::right},
                          {"R, 5 %", Align::right},
                          {"R, median", Align::right},
                          {"R, best 5 %", Align::right},
                          {"number", Align::right}},
              .rows = {}};
  auto ratings = ratings_by_codecs(record);
  std::vector<std::string> entities{"total"};
  for (const char* kind : {"site/", "codecs/"}) {
    for (std::string& entity : entities_with(measures, "mos_p50", kind)) entities.push_back(std::move(entity));
  }
  for (const std::string& entity : entities) {
    Row row{.cells = {{.text = entity == "total" ? "all" : entity},
                      figure_cell(figure_of(measures, "mos_p5", entity), 2),
                      figure_cell(figure_of(measures, "mos_p50", entity), 2)}};
    const auto found = ratings.find(entity);
    for (const double share : {0.05, 0.5, 0.95}) {
      row.cells.push_back(figure_cell(found == ratings.end() ? std::nullopt : std::optional(percentile(found->second, share)), 1));
    }
    const bool counted = found != ratings.end();
    row.cells.push_back(counted ? count_cell(static_cast<double>(found->second.size()) / record.info().replications) : Cell{.text = "-"});
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::string audio_words(Audio audio) {
  switch (audio) {
    case Audio::both: return "both sides";
    case Audio::to_far_only: return "one way: only the far side hears anything";
    case Audio::to_site_only: return "one way: only the site hears anything";
    case Audio::none: return "nobody";
    case Audio::lost: return "nobody any more: the media address failed during the talk";
    case Audio::not_modelled: break;
  }
  return "not modelled";
}

/// Talks by who hears whom. Without a row for every call, only what the measures count.
Table audio_table(const RunRecord& record, std::span<const Measure> measures) {
  Table table{.caption = "Who hears whom", .columns = {{"who hears the other"}, {"talks", Align::right}, {"share"}}, .rows = {}};
  std::vector<std::pair<std::string, double>> rows;
  const Figures total(measures, "total");
  if (record.info().detail == CallDetail::all) {
    SQLite::Statement query(record.database(), fmt::format("SELECT audio, count(*) FROM calls WHERE audio != {} AND {} GROUP BY audio ORDER BY audio",
                                                           static_cast<int>(Audio::not_modelled), offered_condition(record.info())));
    while (query.executeStep()) {
      rows.emplace_back(audio_words(enum_in<Audio>(query.getColumn(0))), query.getColumn(1).getDouble() / record.info().replications);
    }
  } else {
    rows = {
        {"both sides", total["answered"] - total["one_way"] - total["no_audio"]}, {"one side only", total["one_way"]}, {"nobody", total["no_audio"]}};
  }
  double all = 0;
  for (const auto& row : rows) all += row.second;
  for (const auto& [words, talks] : rows) {
    table.rows.push_back({.cells = {{.text = words}, count_cell(talks, words == "both sides" ? Tone::plain : Tone::bad), share_cell(talks, all)}});
  }
  return table;
}

/// Of sites and regions whose ports were asked for.
std::vector<std::string> port_owners(std::span<const Measure> measures) {
  std::vector<std::string> owners;
  for (const Measure& each : measures) {
    if (each.name == "port_requests" && each.mean > 0) owners.push_back(each.entity);
  }
  return owners;
}

struct RefusalColumn {
  const char* measure;
  const char* title;
};
constexpr auto refusals = std::to_array<RefusalColumn>({{"refused_exhausted", "all in use"},
                                                        {"refused_fragmented", "no free pair"},
                                                        {"refused_quarantined", "in quarantine"},
                                                        {"refused_leaked", "leaked"},
                                                        {"refused_foreign", "taken by others"}});

Table ports_table(std::span<const Measure> measures, const std::vector<std::string>& owners) {
  Table table{.caption = "RTP ports: the sites' own, and the service's by region. Too soon: packets of the last call might still come",
              .columns = {{"whose"},
                          {"requests", Align::right},
                          {"in use, most", Align::right},
                          {"leaked, most", Align::right},
                          {"used again too soon", Align::right},
                          {"used again after, 5 %", Align::right},
                          {"median", Align::right},
                          {"ports tried a request", Align::right}},
              .rows = {}};
  for (const std::string& owner : owners) {
    const Figures of(measures, owner);
    table.rows.push_back({.cells = {{.text = owner},
                                    count_cell(of["port_requests"]),
                                    count_cell(of["ports_max"]),
                                    count_cell(of["ports_leaked_max"], Tone::bad),
                                    count_cell(of["port_collisions"], Tone::bad),
                                    duration_cell(figure_of(measures, "port_reuse_p5", owner)),
                                    duration_cell(figure_of(measures, "port_reuse_p50", owner)),
                                    figure_cell(figure_of(measures, "port_probes_mean", owner), 2)}});
  }
  return table;
}

/// Nothing if no request was refused.
Blocks refused_blocks(std::span<const Measure> measures, const std::vector<std::string>& owners) {
  Table table{.caption = "Requests for a port that were refused, by what the ports were (sites: calls; regions: INVITEs)",
              .columns = {{"whose"}, {"refused", Align::right}},
              .rows = {}};
  for (const RefusalColumn& column : refusals) table.columns.push_back({column.title, Align::right});
  for (const std::string& owner : owners) {
    const Figures of(measures, owner);
    Row row{.cells = {{.text = owner}}};
    double sum = 0;
    for (const RefusalColumn& column : refusals) sum += of[column.measure];
    if (sum <= 0) continue;
    row.cells.push_back(count_cell(sum, Tone::bad));
    for (const RefusalColumn& column : refusals) row.cells.push_back(count_cell(of[column.measure]));
    table.rows.push_back(std::move(row));
  }
  if (table.rows.empty()) return {};
  return {{std::move(table)}};
}

Blocks address_blocks(std::span<const Measure> measures) {
  Table table{.caption = "The service's media addresses, by region",
              .columns = {{"region"},
                          {"addresses, most", Align::right},
                          {"ordered", Align::right},
                          {"taken away", Align::right},
                          {"packets/s of one address, most", Align::right},
                          {"cores for transcoding, most", Align::right}},
              .rows = {}};
  for (const std::string& region : entities_with(measures, "addresses_max", "region/")) {
    const Figures of(measures, region);
    table.rows.push_back({.cells = {{.text = region},
                                    count_cell(of["addresses_max"]),
                                    count_cell(of["scale_outs"]),
                                    count_cell(of["scale_ins"]),
                                    count_cell(of["address_pps_max"]),
                                    figure_cell(of["transcoding_max"], 1)}});
  }
  if (table.rows.empty()) return {};
  return {{std::move(table)}};
}

Blocks bandwidth_blocks(std::span<const Measure> measures) {
  Table table{.caption = "RTP of the sites, each way, with layer 2: the highest of the run",
              .columns = {{"site"}, {"Mbit/s", Align::right}, {"packets/s", Align::right}},
              .rows = {}};
  for (const std::string& site : entities_with(measures, "mbit_max", "site/")) {
    const Figures of(measures, site);
    table.rows.push_back({.cells = {{.text = site}, figure_cell(of["mbit_max"], 2), count_cell(of["pps_max"])}});
  }
  if (table.rows.empty()) return {};
  return {{std::move(table)}};
}

}  // namespace

Section media_section(const RunRecord& record) {
  Section section{.id = "media", .title = "Media: ports, bandwidth, quality", .blocks = {}};
  const std::vector<Measure> measures = known_measures(record);
  if (!media_modelled(measures)) return section;
  section.blocks = sentences(record.info(), measures);
  append(section.blocks, means_note(record.info()));
  section.blocks.push_back({quality_table(record, measures)});
  section.blocks.push_back({audio_table(record, measures)});
  const std::vector<std::string> owners = port_owners(measures);
  if (!owners.empty()) section.blocks.push_back({ports_table(measures, owners)});
  append(section.blocks, refused_blocks(measures, owners));
  append(section.blocks, address_blocks(measures));
  append(section.blocks, bandwidth_blocks(measures));
  return section;
}

}  // namespace trunklab
