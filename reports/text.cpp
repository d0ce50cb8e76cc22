// Formatting of figures, times and tables.
#include "reports/text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <ctime>

#include "models/clean_text.hpp"
#include "models/measures/summary.hpp"
#include "models/record/words.hpp"

namespace trunklab {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;

struct HoursMinutesSeconds {
  std::int64_t hours, minutes, seconds;
};
HoursMinutesSeconds split(std::int64_t seconds) {
  return {seconds / 3600, seconds / 60 % 60, seconds % 60};
}

std::int64_t whole_seconds(std::int64_t ns) {
  return ns >= 0 ? ns / second_ns : -((-ns + second_ns - 1) / second_ns);
}

/// Broken-down time, without a time zone data base.
std::tm fields_of(std::int64_t unix_s) {
  return fmt::gmtime(static_cast<std::time_t>(unix_s));
}

std::tm site_fields(const RunInfo& info, Instant at) {
  return fields_of(whole_seconds(info.horizon_start_unix_ns + (at - run_start).count()) + info.utc_offset_s);
}

std::string offset_text(int offset_s) {
  const auto [hours, minutes, seconds] = split(std::abs(offset_s));
  return fmt::format("{}{:02}:{:02}", offset_s < 0 ? '-' : '+', hours, minutes);
}

/// Decimals at which a spread of this size shows two digits.
int decimals_for(double spread) {
  if (!(spread > 0)) return 0;
  return std::clamp(1 - static_cast<int>(std::floor(std::log10(spread))), 0, 9);
}

std::string bold(const std::string& text, Colour colour) {
  return colour == Colour::on ? "\033[1m" + text + "\033[0m" : text;
}

void trim_right(std::string& line) {
  line.erase(line.find_last_not_of(' ') + 1);
}

}  // namespace

std::string figure_text(double value) {
  if (!std::isfinite(value)) return fmt::format("{}", value);
  if (value == std::floor(value) && std::abs(value) < 1e15) return fmt::format("{:.0f}", value);
  const int digits_before = static_cast<int>(std::floor(std::log10(std::abs(value)))) + 1;
  return fmt::format("{:.{}f}", value, std::clamp(3 - digits_before, 0, 9));
}

std::string duration_text(double seconds) {
  assert(seconds >= 0);
  if (seconds == 0) return "0 s";
  if (seconds < 0.9995) return fmt::format("{:.0f} ms", seconds * 1000);
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 120) return fmt::format("{} s", whole);
  const auto [hours, minutes, rest] = split(whole);
  if (hours == 0) return rest == 0 ? fmt::format("{} min", minutes) : fmt::format("{} min {} s", minutes, rest);
  if (hours < 48) return minutes == 0 ? fmt::format("{} h", hours) : fmt::format("{} h {} min", hours, minutes);
  return hours % 24 == 0 ? fmt::format("{} d", hours / 24) : fmt::format("{} d {} h", hours / 24, hours % 24);
}

std::string run_time_text(Instant at) {
  const auto [hours, minutes, seconds] = split((at - run_start).count() / second_ns);
  const std::string days = hours >= 24 ? fmt::format("{} d ", hours / 24) : "";
  return fmt::format("{}{:02}:{:02}:{:02}", days, hours % 24, minutes, seconds);
}

std::string clock_text(const RunInfo& info, Instant at) {
  return fmt::format("{:%H:%M:%S}", site_fields(info, at));
}

std::string date_and_clock_text(const RunInfo& info, Instant at) {
  return fmt::format("{:%Y-%m-%d %H:%M:%S} {}", site_fields(info, at), offset_text(info.utc_offset_s));
}

std::string utc_text(std::int64_t unix_ns) {
  const std::int64_t seconds = whole_seconds(unix_ns);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fields_of(seconds), (unix_ns - seconds * second_ns) / 1'000'000);
}

std::string measure_text(const Measure& measure) {
  const bool share = measure.unit == "probability";
  const double scale = share ? 100 : 1;
  const std::string unit = share ? "%" : measure.unit;
  const double mean = measure.mean * scale;
  if (!measure.low || !measure.high) return fmt::format("{} {}", figure_text(mean), unit);
  const double low = *measure.low * scale;
  const double high = *measure.high * scale;
  if (measure.note.starts_with("upper bound")) {
    return fmt::format("{} {} ({:.0f} %: at most {})", figure_text(mean), unit, confidence * 100, figure_text(high));
  }
  if (measure.note.starts_with("lower bound")) {
    const int decimals = decimals_for(100 - low);
    return fmt::format("{:.{}f} {} ({:.0f} %: at least {:.{}f})", mean, decimals, unit, confidence * 100, low, decimals);
  }
  const int least = measure.unit == "MOS" ? 2 : 0;
  const int decimals = std::max(least, decimals_for((high - low) / 2));
  return fmt::format("{:.{}f} {} [{:.{}f}, {:.{}f}]", mean, decimals, unit, low, decimals, high, decimals);
}

std::string wrapped(std::string line, std::size_t indent, std::size_t width) {
  std::string text;
  while (line.size() > width) {
    const std::size_t space = line.rfind(' ', width);
    if (space == std::string::npos || line.find_first_not_of(' ') > space) break;  // one long word
    text += line.substr(0, space) + '\n';
    line.replace(0, space + 1, indent, ' ');
  }
  return text + line + '\n';
}

void TextTable::add(std::vector<std::string> cells) {
  assert(cells.size() == columns_.size());
  rows_.push_back(std::move(cells));
}

std::string TextTable::text(Colour colour, std::size_t width) const {
  std::vector<std::size_t> widths;
  for (const Column& column : columns_) widths.push_back(characters(column.title));
  for (const auto& row : rows_) {
    for (std::size_t place = 0; place < row.size(); ++place) widths[place] = std::max(widths[place], characters(row[place]));
  }
  std::size_t before_last = 0;
  for (std::size_t place = 0; place + 1 < widths.size(); ++place) before_last += widths[place] + 2;
  const std::size_t room = width > before_last + 20 ? width - before_last : 20;

  const auto line_of = [&](const std::vector<std::string>& cells) {
    std::string line;
    for (std::size_t place = 0; place + 1 < cells.size(); ++place) {
      const bool right = columns_[place].align == Align::right;
      line += right ? fmt::format("{:>{}}  ", cells[place], widths[place]) : fmt::format("{:<{}}  ", cells[place], widths[place]);
    }
    std::string last = cells.back();
    if (columns_.back().align == Align::right && widths.back() <= room) return line + fmt::format("{:>{}}", last, widths.back());
    while (characters(last) > room) {
      const std::size_t space = last.rfind(' ', room);
      const std::size_t cut = space == std::string::npos || space == 0 ? bytes_of(last, room) : space;
      line += last.substr(0, cut) + '\n' + std::string(before_last, ' ');
      last.erase(0, last.find_first_not_of(' ', cut));
    }
    line += last;
    trim_right(line);
    return line;
  };
  std::vector<std::string> titles;
  for (const Column& column : columns_) titles.push_back(column.title);
  std::string all = bold(line_of(titles), colour) + '\n';
  for (const auto& row : rows_) all += line_of(row) + '\n';
  return all;
}

std::string measures_text(std::span<const Measure> measures, Colour colour) {
  TextTable table({{"measure"}, {"entity"}, {"value"}, {"n", TextTable::Align::right}, {"note"}});
  for (const Measure& measure : measures) {
    table.add({measure.name, measure.entity, measure_text(measure), std::to_string(measure.n), measure.note});
  }
  return table.text(colour);
}

namespace {

struct Shown {
  std::string_view name;
  bool always = true;  ///< else only where it is not 0
};
constexpr auto first_measures = std::to_array<Shown>({{"offered"},
                                                      {"redials", false},
                                                      {"answered"},
                                                      {"busy"},
                                                      {"no_answer"},
                                                      {"rejected"},
                                                      {"blocked"},
                                                      {"failed"},
                                                      {"blocked_site_ports", false},
                                                      {"blocked_media_ports", false},
                                                      {"ports_exhausted", false},
                                                      {"ports_fragmented", false},
                                                      {"ports_quarantined", false},
                                                      {"ports_leaked", false},
                                                      {"ports_foreign", false},
                                                      {"failed_no_response", false},
                                                      {"failed_no_progress", false},
                                                      {"failed_refused", false},
                                                      {"failed_transport_error", false},
                                                      {"failed_name_not_resolved", false},
                                                      {"failed_unauthorized", false},
                                                      {"failed_number_format", false},
                                                      {"failed_callback", false},
                                                      {"failed_destination", false},
                                                      {"failed_firewall", false},
                                                      {"failed_fragments", false},
                                                      {"failed_no_edge_left", false},
                                                      {"failed_site_down", false},
                                                      {"failed_codec", false},
                                                      {"lost_in_setup"},
                                                      {"abandoned"},
                                                      {"in_progress"},
                                                      {"dropped"},
                                                      {"orphaned"},
                                                      {"stuck_s_site", false},
                                                      {"stuck_s_carrier", false},
                                                      {"ghosts", false},
                                                      {"ghost_s", false},
                                                      {"double_rings", false},
                                                      {"attempts_transport_error", false},
                                                      {"one_way", false},
                                                      {"no_audio", false},
                                                      {"private_caller_id", false},
                                                      {"queued", false},
                                                      {"left_queue", false},
                                                      {"queued_mean", false},
                                                      {"blocking"},
                                                      {"asr"},
                                                      {"ner"},
                                                      {"pdd_p50"},
                                                      {"pdd_p95"},
                                                      {"mos_p5"},
                                                      {"mos_p50"},
                                                      {"concurrent_mean"},
                                                      {"concurrent_max"},
                                                      {"cps_max"}});
constexpr auto site_measures = std::to_array<Shown>({{"blocking"},
                                                     {"queued_mean", false},
                                                     {"ports_max", false},
                                                     {"ports_leaked_max", false},
                                                     {"port_collisions", false},
                                                     {"mbit_max"},
                                                     {"pps_max"},
                                                     {"mos_p5"}});
constexpr auto region_measures = std::to_array<Shown>({{"ports_max", false},
                                                       {"ports_leaked_max", false},
                                                       {"port_collisions", false},
                                                       {"addresses_max"},
                                                       {"scale_outs", false},
                                                       {"scale_ins", false},
                                                       {"address_pps_max", false},
                                                       {"transcoding_max", false}});
constexpr auto codecs_measures = std::to_array<Shown>({{"mos_p5"}, {"mos_p50"}});
constexpr auto fault_measures = std::to_array<Shown>({{"calls_hit"},
                                                      {"calls_lost"},
                                                      {"calls_gained"},
                                                      {"calls_delayed"},
                                                      {"failover_s"},
                                                      {"return_s"},
                                                      {"lost_minutes", false},
                                                      {"stuck_s_site", false},
                                                      {"stuck_s_carrier", false}});

std::span<const Shown> chosen_of(std::string_view entity) {
  if (entity == "total") return first_measures;
  if (entity.starts_with("site/")) return site_measures;
  if (entity.starts_with("region/")) return region_measures;
  if (entity.starts_with("codecs/")) return codecs_measures;
  return entity.starts_with("fault/") ? std::span<const Shown>(fault_measures) : std::span<const Shown>{};
}

std::string titled(const std::string& entity, std::span<const Directory::Fault> faults) {
  for (std::size_t fault = 0; fault < faults.size(); ++fault) {
    if (entity == entity_name({}, EntityKind::fault, static_cast<std::uint16_t>(fault))) return fmt::format("{} ({})", entity, faults[fault].text);
  }
  return entity;
}

/// The value, and the note unless the value already says it.
std::string noted_value(const Measure& measure) {
  const bool said = measure.note.starts_with("upper bound") || measure.note.starts_with("lower bound");
  return measure_text(measure) + (said || measure.note.empty() ? "" : ", " + measure.note);
}

/// Entities in the order in which they come first. Those of a kind that has but one say nothing that the total does not.
std::vector<std::string> entities_of(std::span<const Measure> measures) {
  std::vector<std::string> entities;
  for (const Measure& measure : measures) {
    if (std::ranges::find(entities, measure.entity) == entities.end()) entities.push_back(measure.entity);
  }
  return entities;
}

/// Is this the only entity of its kind, and a figure that the total has as well?
bool repeats_total(const Measure& measure, std::span<const std::string> entities, std::span<const Measure> measures) {
  const std::string kind = measure.entity.substr(0, measure.entity.find('/') + 1);
  if (kind != "site/" && kind != "codecs/") return false;
  if (std::ranges::count_if(entities, [&kind](const std::string& entity) { return entity.starts_with(kind); }) > 1) return false;
  return std::ranges::any_of(measures, [&measure](const Measure& each) { return each.entity == "total" && each.name == measure.name; });
}

}  // namespace

std::string summary_text(const RunInfo& info, std::span<const Measure> measures, Colour colour, std::span<const Directory::Fault> faults) {
  std::string heading = wrapped(fmt::format("{}: {} from {}, seed {}, {} replication{}", info.scenario_name, duration_text(in_seconds(info.horizon)),
                                            date_and_clock_text(info, run_start), info.seed, info.replications, info.replications == 1 ? "" : "s"),
                                2);
  heading.pop_back();
  TextTable table({{"entity"}, {"measure"}, {"value"}});
  const std::vector<std::string> entities = entities_of(measures);
  for (const std::string& entity : entities) {
    for (const Shown& shown : chosen_of(entity)) {
      const Measure* found = find_measure(measures, shown.name, entity);
      if (found == nullptr || repeats_total(*found, entities, measures)) continue;
      if (shown.always || found->mean > 0) table.add({titled(entity, faults), found->name, noted_value(*found)});
    }
  }
  return bold(heading, colour) + "\n\n" + table.text(colour, text_width);
}

}  // namespace trunklab
