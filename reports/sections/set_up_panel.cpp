// Percentiles of the set-up delay in the course of time.
#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "reports/sections/time_chart.hpp"

namespace trunklab {
namespace {

constexpr Span bin_least = std::chrono::seconds{10};
/// A 99th percentile of fewer calls says nothing; bins are as long as they must be to have so many on average.
constexpr double calls_wanted = 30;

}  // namespace

Panel set_up_panel(const RunRecord& record, Span step, std::size_t steps) {
  Panel panel{.title = "Set-up delay: dialling to first ringing, or answer", .unit = "s", .series = {}};
  if (record.info().detail != CallDetail::all) return panel;
  const std::string from = fmt::format(
      "FROM calls WHERE replication = 0 AND window != {} AND offered BETWEEN 0 AND (SELECT horizon_ns FROM run) AND coalesce(progressed, answered) "
      ">= offered",
      initial_window);
  SQLite::Statement count(record.database(), "SELECT count(*) " + from);
  count.executeStep();
  const double calls = count.getColumn(0).getDouble();
  if (calls == 0) return panel;
  const double wanted_s = std::max(in_seconds(bin_least), in_seconds(record.info().horizon) * calls_wanted / calls);
  const auto steps_a_bin = static_cast<std::size_t>(std::max(1.0, std::ceil(wanted_s / in_seconds(step))));
  std::vector<std::vector<float>> bins((steps + steps_a_bin - 1) / steps_a_bin);
  SQLite::Statement query(record.database(), "SELECT offered, coalesce(progressed, answered) - offered " + from);
  while (query.executeStep()) {
    const auto place = static_cast<std::size_t>(Span{query.getColumn(0).getInt64()} / step) / steps_a_bin;
    bins[std::min(place, bins.size() - 1)].push_back(static_cast<float>(query.getColumn(1).getDouble() / 1e9));
  }
  struct Percentile {
    const char* name;
    double share;
  };
  for (const auto& [name, share] : std::to_array<Percentile>({{"median", 0.5}, {"95th percentile", 0.95}, {"99th percentile", 0.99}})) {
    Series series{.name = name, .values = std::vector<float>(steps, NAN)};
    for (std::size_t bin = 0; bin < bins.size(); ++bin) {
      auto& delays = bins[bin];
      if (delays.empty()) continue;
      const auto rank = static_cast<std::ptrdiff_t>(std::ceil(share * static_cast<double>(delays.size()))) - 1;
      std::ranges::nth_element(delays, delays.begin() + rank);
      const std::size_t first = bin * steps_a_bin;
      std::fill(series.values.begin() + static_cast<std::ptrdiff_t>(first),
                series.values.begin() + static_cast<std::ptrdiff_t>(std::min(first + steps_a_bin, steps)), delays[static_cast<std::size_t>(rank)]);
    }
    panel.series.push_back(std::move(series));
  }
  return panel;
}

}  // namespace trunklab
