// How full channels and caps were, and when.
#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>

#include "models/measures/fault_watch.hpp"
#include "reports/sections/cells.hpp"
#include "reports/sections/sections.hpp"
#include "reports/sections/use_of.hpp"
#include "reports/sql_values.hpp"
#include "reports/text.hpp"

namespace trunklab {
namespace {

using Align = Column::Align;

/// Above this share of a limit there is little left for a bad day (ours).
constexpr double ample = 0.8;
/// A shorter run says nothing about hours.
constexpr Span hours_from = std::chrono::hours{3};

/// Sites or edges whose figures are added up and held against a limit.
struct Resource {
  std::string name;
  std::optional<double> limit;
  std::vector<bool> sites;  ///< which of them belong to it; empty = none
  std::vector<bool> edges;
  [[nodiscard]] bool has_site(std::size_t site) const { return site < sites.size() && sites[site]; }
  [[nodiscard]] bool has_edge(std::size_t edge) const { return edge < edges.size() && edges[edge]; }
};

std::vector<bool> only(std::size_t size, std::size_t place) {
  std::vector<bool> chosen(size, false);
  chosen[place] = true;
  return chosen;
}

/// The things that limits are about, for one kind of limit.
class Resources {
 public:
  enum class Kind : std::uint8_t { calls, invites };
  Resources(const Directory& directory, Kind kind) : directory_(directory), kind_(kind) {}

  [[nodiscard]] std::vector<Resource> all() {
    if (kind_ == Kind::calls) add_channels();
    add_edges();
    for (const Directory::Cap& cap : directory_.caps) {
      if (limit_of(cap)) add_cap(cap);
    }
    return std::move(list_);
  }

 private:
  [[nodiscard]] std::optional<double> limit_of(const Directory::Cap& cap) const {
    if (kind_ == Kind::invites) return cap.cps;
    return cap.sessions ? std::optional<double>(*cap.sessions) : std::nullopt;
  }

  void add_channels() {
    for (std::size_t site = 0; site < directory_.sites.size(); ++site) {
      std::optional<double> channels;
      if (site < directory_.site_settings.size() && directory_.site_settings[site].channels) channels = *directory_.site_settings[site].channels;
      add("channels of " + directory_.sites[site], channels, only(directory_.sites.size(), site), {});
    }
  }

  void add_edges() {
    std::optional<double> limit;
    for (const Directory::Cap& cap : directory_.caps) {
      const auto own = cap.scope == CapScope::edge ? limit_of(cap) : std::nullopt;
      if (own) limit = limit ? std::min(*limit, *own) : *own;
    }
    for (std::size_t edge = 0; edge < directory_.edges.size(); ++edge) {
      add("edge " + directory_.edges[edge].name, limit, {}, only(directory_.edges.size(), edge));
    }
  }

  void add_cap(const Directory::Cap& cap) {
    const std::size_t edges = directory_.edges.size();
    switch (cap.scope) {
      case CapScope::edge: return;  // stands beside the edges
      case CapScope::account: return add("account: " + cap.text, limit_of(cap), {}, std::vector<bool>(edges, true));
      case CapScope::region:
        for (std::size_t region = 0; region < directory_.regions.size(); ++region) {
          std::vector<bool> own(edges);
          for (std::size_t edge = 0; edge < edges; ++edge) own[edge] = directory_.edges[edge].region == region;
          add(fmt::format("region {}: {}", directory_.regions[region], cap.text), limit_of(cap), {}, std::move(own));
        }
        return;
      case CapScope::source_address:
        for (std::size_t site = 0; site < directory_.sites.size(); ++site) {
          add(fmt::format("site {}: {}", directory_.sites[site], cap.text), limit_of(cap), only(directory_.sites.size(), site), {});
        }
        return;
    }
  }

  void add(std::string name, std::optional<double> limit, std::vector<bool> sites, std::vector<bool> edges) {
    list_.push_back({.name = std::move(name), .limit = limit, .sites = std::move(sites), .edges = std::move(edges)});
  }

  const Directory& directory_;
  Kind kind_;
  std::vector<Resource> list_;
};

/// Mean calls at the same time by hour and weekday, on the site's clock.
class Hours {
 public:
  explicit Hours(const RunInfo& info) : clock_(std::chrono::nanoseconds{info.horizon_start_unix_ns} + std::chrono::seconds{info.utc_offset_s}) {}

  void add(Span from, Span until, double calls) {
    constexpr Span hour = std::chrono::hours{1};
    while (from < until) {
      const Span local = clock_ + from;
      const Span next = std::min(until, (local / hour + 1) * hour - clock_);
      const std::int64_t hours = local / hour;
      // 1970-01-01 was a Thursday; weeks begin on Monday.
      Part& part = parts_[static_cast<std::size_t>((hours / 24 + 3) % 7)][static_cast<std::size_t>(hours % 24)];
      part.call_seconds += calls * in_seconds(next - from);
      part.seconds += in_seconds(next - from);
      from = next;
    }
  }

  [[nodiscard]] HeatMap map() const {
    constexpr std::array days{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
    HeatMap map{.caption = "Calls at the same time, mean of each hour of the week, on the site's clock",
                .unit = "calls",
                .rows = {},
                .columns = {},
                .values = {}};
    for (int hour = 0; hour < 24; ++hour) map.columns.push_back(fmt::format("{:02}", hour));
    for (std::size_t day = 0; day < days.size(); ++day) {
      std::vector<std::optional<double>> row;
      for (const Part& part : parts_[day]) row.push_back(part.seconds > 0 ? std::optional(part.call_seconds / part.seconds) : std::nullopt);
      if (std::ranges::none_of(row, [](const auto& value) { return value.has_value(); })) continue;
      map.rows.emplace_back(days[day]);
      map.values.push_back(std::move(row));
    }
    return map;
  }

 private:
  struct Part {
    double call_seconds = 0;
    double seconds = 0;
  };
  Span clock_;
  std::array<std::array<Part, 24>, 7> parts_{};
};

/// A sum that changes now and then, and what it was meanwhile.
class Level {
 public:
  template <class Tell>
  void change(Span at, double delta, const Tell& tell) {
    close(at, tell);
    value_ += delta;
  }
  template <class Tell>
  void close(Span at, const Tell& tell) {
    if (at > since_) tell(since_, at, value_);
    since_ = std::max(since_, at);
  }

 private:
  double value_ = 0;
  Span since_{};
};

/// Use of channels and sessions, from the samples; and of the hours of the week.
std::vector<Use> use_by_calls(const RunRecord& record, const std::vector<Resource>& resources, const std::vector<Period>& periods, Hours& hours) {
  std::vector<Use> uses(resources.size(), Use(periods));
  std::vector<Level> levels(resources.size());
  Level all_sites;
  std::map<std::pair<EntityKind, std::size_t>, double> now;
  const auto keep = [&uses](std::size_t place) { return [&use = uses[place]](Span from, Span until, double value) { use.add(from, until, value); }; };
  const auto keep_hours = [&hours](Span from, Span until, double value) { hours.add(from, until, value); };
  SQLite::Statement query(record.database(),
                          fmt::format("SELECT at, kind, entity, value FROM series WHERE replication = 0 AND at BETWEEN 0 AND (SELECT horizon_ns FROM "
                                      "run) AND metric = {} AND kind IN ({}, {}) ORDER "
                                      "BY at, rowid",
                                      static_cast<int>(Metric::concurrent), static_cast<int>(EntityKind::site), static_cast<int>(EntityKind::edge)));
  while (query.executeStep()) {
    const Span at{query.getColumn(0).getInt64()};
    const auto kind = enum_in<EntityKind>(query.getColumn(1));
    const auto entity = static_cast<std::size_t>(query.getColumn(2).getInt());
    double& last = now[{kind, entity}];
    const double delta = query.getColumn(3).getDouble() - last;
    last += delta;
    for (std::size_t place = 0; place < resources.size(); ++place) {
      const bool own = kind == EntityKind::site ? resources[place].has_site(entity) : resources[place].has_edge(entity);
      if (own) levels[place].change(at, delta, keep(place));
    }
    if (kind == EntityKind::site) all_sites.change(at, delta, keep_hours);
  }
  for (std::size_t place = 0; place < resources.size(); ++place) levels[place].close(record.info().horizon, keep(place));
  all_sites.close(record.info().horizon, keep_hours);
  return uses;
}

/// INVITEs of each second.
std::vector<Use> use_by_invites(const RunRecord& record, const std::vector<Resource>& resources, const std::vector<Period>& periods) {
  constexpr Span second = std::chrono::seconds{1};
  std::vector<Use> uses(resources.size(), Use(periods));
  std::vector<double> counts(resources.size(), 0);
  std::int64_t current = 0;
  const auto flush = [&] {
    for (std::size_t place = 0; place < resources.size(); ++place) {
      uses[place].add(current * second, (current + 1) * second, counts[place]);
      counts[place] = 0;
    }
  };
  SQLite::Statement query(record.database(),
                          "SELECT sent / 1000000000 AS second, demand, edge, count(*) FROM attempts WHERE replication = 0 AND sent BETWEEN 0 AND "
                          "(SELECT horizon_ns FROM run) AND edge IS "
                          "NOT NULL GROUP BY second, demand, edge ORDER BY second");
  while (query.executeStep()) {
    if (query.getColumn(0).getInt64() != current) flush();
    current = query.getColumn(0).getInt64();
    const std::size_t site = record.directory().demands.at(static_cast<std::size_t>(query.getColumn(1).getInt())).site;
    const auto edge = static_cast<std::size_t>(query.getColumn(2).getInt());
    for (std::size_t place = 0; place < resources.size(); ++place) {
      if (resources[place].has_site(site) || resources[place].has_edge(edge)) counts[place] += query.getColumn(3).getDouble();
    }
  }
  flush();
  return uses;
}

/// What was never used is left out.
Table use_table(std::string caption, const std::vector<Resource>& resources, const std::vector<Use>& uses, const std::vector<Period>& periods) {
  Table table{.caption = std::move(caption),
              .columns = {{"what"},
                          {"limit", Align::right},
                          {"when"},
                          {"mean", Align::right},
                          {"95 % of the time at most", Align::right},
                          {"most", Align::right},
                          {"most, of the limit"}},
              .rows = {}};
  for (std::size_t place = 0; place < resources.size(); ++place) {
    const Resource& resource = resources[place];
    if (uses[place].most() == 0) continue;
    for (std::size_t period = 0; period < periods.size(); ++period) {
      if (length_of(periods[period]) == Span{}) continue;
      const double most = uses[place].most(period);
      const bool full = resource.limit && most > ample * *resource.limit;
      Cell share = resource.limit ? share_cell(most, *resource.limit) : Cell{.text = "-"};
      share.tone = full ? Tone::bad : Tone::plain;
      table.rows.push_back(
          {.cells = {{.text = resource.name},
                     resource.limit ? Cell{.text = fmt::format("{:g}", *resource.limit), .number = resource.limit} : Cell{.text = "none"},
                     {.text = periods[period].name},
                     figure_cell(uses[place].mean(period), 1),
                     count_cell(uses[place].percentile(period, 0.95)),
                     count_cell(most),
                     std::move(share)}});
    }
  }
  return table;
}

}  // namespace

Section capacity_section(const RunRecord& record) {
  Section section{.id = "capacity", .title = "Use of channels and caps", .blocks = {}};
  const RunInfo& info = record.info();
  if (!record.complete()) {
    section.blocks.push_back({Paragraph{.text = "Not worked out: the run was stopped before its end.", .tone = Tone::note}});
    return section;
  }
  const std::vector<Period> periods = periods_of(record);
  Hours hours(info);
  const auto levels = Resources(record.directory(), Resources::Kind::calls).all();
  Table calls = use_table(fmt::format("Calls at the same time, looked at every {}", duration_text(in_seconds(info.series_step))), levels,
                          use_by_calls(record, levels, periods, hours), periods);
  const auto rates = Resources(record.directory(), Resources::Kind::invites).all();
  Table invites = use_table("INVITEs in a second: targets tried, without retransmissions and repeats after 401", rates,
                            use_by_invites(record, rates, periods), periods);
  if (calls.rows.empty() && invites.rows.empty()) return section;
  section.blocks.push_back(
      {Paragraph{.text = fmt::format(
                     "{}Normal is the time without faults and the {} after each. More than {:.0f} % of a limit is marked: that leaves little for a "
                     "bad day (our own judgement).",
                     info.replications > 1 ? "Replication 1 alone. " : "", duration_text(in_seconds(after_repair)), ample * 100)}});
  if (!calls.rows.empty()) section.blocks.push_back({std::move(calls)});
  if (info.detail == CallDetail::all) {
    if (!invites.rows.empty()) section.blocks.push_back({std::move(invites)});
  } else {
    section.blocks.push_back({Paragraph{.text = "INVITEs in a second are not known: the record does not hold every call.", .tone = Tone::note}});
  }
  if (info.horizon >= hours_from) section.blocks.push_back({hours.map()});
  return section;
}

}  // namespace trunklab
