// The YAML of a fit.
#include "traffic/cdr/scenario_text.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "models/clean_text.hpp"
#include "models/teletraffic/erlang_b.hpp"
#include "scenarios/quantity_text.hpp"
#include "scenarios/time_text.hpp"

namespace trunklab {
namespace {

constexpr double blocking = 0.01;          ///< ours
constexpr double distance_fine = 0.02;     ///< ours: no reader of a histogram sees less
constexpr double assumed_holding_s = 180;  ///< ours, for files without holding times
constexpr double assumed_cv = 1.2;         ///< ours
constexpr double cv_least = 0.001;         ///< of the scenario language
constexpr double cv_most = 100;

std::string quoted(std::string_view text) {
  std::string word = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') word += '\\';
    word += c;
  }
  return word + '"';
}

std::string offset_text(int offset_s) {
  if (offset_s == 0) return "Z";
  const int minutes = std::abs(offset_s) / 60;
  return fmt::format("{}{:02}:{:02}", offset_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

/// Midnight of that local day, with the offset that holds at noon: on a day on which clocks change the one of most of its hours.
int offset_of(const CallTallies& tallies, std::int64_t date) {
  return tallies.zone.offset_s(date * seconds_a_day + seconds_a_day / 2) / 60 * 60;
}

std::string p_text(const std::optional<double>& p) {
  return p ? fmt::format(", p {:.2g}", *p) : ", p not given above 10,000 values";
}

bool plain_law(const CallFit& fit) {
  return fit.holding && fit.holding->laws[fit.holding->best].kind != FittedLaw::Kind::mixture &&
         fit.holding->laws[fit.holding->best].distance < distance_fine;
}

void head(std::string& yaml, const CallTallies& tallies, const ScenarioWishes& wishes) {
  const std::string name = wishes.call_file.substr(wishes.call_file.rfind('/') + 1);
  yaml += fmt::format("{} from {}: {:.0f} calls, {} to {}.\n", scenario_opening, clean_line(name), tallies.calls,
                      date_text(tallies.days.front().date), date_text(tallies.days.back().date));
}

void examination(std::string& yaml, const std::optional<HoldOut>& held_out) {
  if (held_out) {
    yaml += fmt::format(
        "# Held out: {} of {} hours of the last week ({:.0f} %) lie in the 5-95 % band foretold by the weeks before; a sound fit has 90 %.\n",
        held_out->inside, held_out->hours, 100 * held_out->share());
  } else {
    yaml += "# Held out: nothing; a fit is examined from three weeks on.\n";
  }
}

void site(std::string& yaml, std::uint32_t channels, const std::string& traffic) {
  yaml += "sites:\n  site:\n";
  yaml += fmt::format("    channels: {}  # ours: Erlang B at 1 % for {}; put your own here\n", channels, traffic);
  yaml += "    routing: { target: fqdn, regions: [euc1] }  # ours: your region, and rtt: { euc1: ... }\n";
}

/// Traffic of the busiest hour of the profile or, if that is more, of the time-consistent busy hour.
double busy_erlangs(const CallTallies& tallies, const CallFit& fit) {
  if (tallies.shape.columns.count) return fit.profile.busiest().calls_per_hour * assumed_holding_s / 3600;
  const double of_week = std::ranges::max_element(fit.profile.slots, {}, &WeekSlot::erlangs)->erlangs;
  return fit.busy ? std::max(of_week, fit.busy->consistent.erlangs) : of_week;
}

std::string peak_text(const CallTallies& tallies, const CallFit& fit) {
  const double erlangs = busy_erlangs(tallies, fit);
  if (tallies.shape.columns.count) return fmt::format("{:.1f} Erlang, the busiest hour's calls with an assumed mean of 180 s", erlangs);
  return fmt::format("{:.2f} Erlang, the week's busiest hour", erlangs);
}

/// Shares that sum to 100 % as written.
std::string answer_line(const CallTallies& tallies) {
  double shares[4]{};
  double sum = 0;
  for (const auto& word : tallies.outcomes.words()) {
    shares[static_cast<std::size_t>(word.meaning.answer)] += static_cast<double>(word.calls);
    sum += static_cast<double>(word.calls);
  }
  if (sum == 0) {
    sum = tallies.calls;
    shares[0] = static_cast<double>(tallies.answered);
    shares[2] = sum - shares[0];
  }
  int left = 10'000;
  int parts[4]{};
  for (int i = 1; i < 4; ++i) left -= parts[i] = static_cast<int>(std::lround(shares[i] / sum * 10'000));
  return fmt::format("    answer: {{ answered: {:.2f}%, busy: {:.2f}%, no_answer: {:.2f}%, rejected: {:.2f}% }}\n", left / 100.0, parts[1] / 100.0,
                     parts[2] / 100.0, parts[3] / 100.0);
}

void holding(std::string& yaml, const CallTallies& tallies, const CallFit& fit, const ScenarioWishes& wishes) {
  if (!fit.holding) {
    if (tallies.shape.columns.count || tallies.holding.count() == 0 || tallies.holding.mean() <= 0) {
      yaml += fmt::format("    holding: {{ distribution: lognormal, mean: {:.0f}s, cv: {} }}  # ours: the file does not tell\n", assumed_holding_s,
                          assumed_cv);
      return;
    }
    const double mean_s = tallies.holding.mean();
    const double cv = std::sqrt(tallies.holding.variance()) / mean_s;
    if (cv < cv_least) {
      yaml += fmt::format("    holding: {{ distribution: fixed, value: {:.3f}s }}  # every call of the file\n", mean_s);
    } else {
      yaml += fmt::format("    # {} calls: too few to fit a law to; theirs are the mean and the spread.\n", tallies.holding.count());
      yaml += fmt::format("    holding: {{ distribution: lognormal, mean: {:.3f}s, cv: {:.4f} }}\n", mean_s, std::clamp(cv, cv_least, cv_most));
    }
    return;
  }
  const FittedLaw& best = fit.holding->laws[fit.holding->best];
  yaml += fmt::format("    # Best of four laws by BIC: {}, Kolmogorov-Smirnov D {:.4f}{}.\n", name_of(best), best.distance, p_text(best.p));
  if (!plain_law(fit)) {
    yaml += fmt::format("    # The language has no mixtures and D of the better single law is {:.3f}, so the recorded quantiles are played.\n",
                        std::min(fit.holding->laws[0].distance, fit.holding->laws[1].distance));
    yaml += fmt::format("    holding: {{ distribution: empirical, file: {}, column: import_holding_s }}\n", quoted(wishes.quantiles_file));
  } else if (best.kind == FittedLaw::Kind::exponential) {
    yaml += fmt::format("    holding: {{ distribution: exponential, mean: {:.3f}s }}\n", fit.holding->mean_s);
  } else {
    yaml += fmt::format("    holding: {{ distribution: lognormal, mean: {:.3f}s, cv: {:.4f} }}\n", fit.holding->mean_s,
                        std::clamp(best.cv, cv_least, cv_most));
  }
}

void answers(std::string& yaml, const CallTallies& tallies) {
  const CallColumns& columns = tallies.shape.columns;
  if (columns.count) return;
  if (!columns.holding) {
    yaml += answer_line(tallies);
    return;
  }
  if (!columns.outcome && !columns.talk) return;
  yaml += fmt::format(
      "    # {:.1f} % of the calls were answered. Each holds a channel for its recorded time, answered or not: all are played as answered.\n",
      100 * static_cast<double>(tallies.answered) / tallies.calls);
}

void rate_table(std::string& yaml, const WeekProfile& profile) {
  yaml += "    arrivals:\n      process: varying\n      between: step\n      table:  # from Monday 00:00\n";
  std::string before;
  for (std::size_t slot = 0; slot < profile.slots.size(); ++slot) {
    std::string rate = fmt::format("{:.2f}/h", profile.slots[slot].calls_per_hour);
    if (rate == before) continue;
    const Span from = std::chrono::minutes{static_cast<std::int64_t>(slot) * (1440 / static_cast<std::int64_t>(profile.slots_a_day))};
    yaml += fmt::format("        - {{ from: {}, rate: {} }}\n", span_text(from), rate);
    before = std::move(rate);
  }
}

void comments_on_arrivals(std::string& yaml, const CallFit& fit) {
  const WeekProfile& profile = fit.profile;
  yaml += fmt::format(
      "    # A typical week. Not in it: days differ by a common factor with standard deviation {:.0f} %, hours by {:.0f} % besides (the language\n",
      100 * std::sqrt(profile.day_excess), 100 * std::sqrt(profile.hour_excess));
  yaml += "    # has no random factor: scale the rates to try a busy day)";
  if (!profile.bursts.empty())
    yaml += fmt::format(", and {} burst{} that no other week has", profile.bursts.size(), profile.bursts.size() == 1 ? "" : "s");
  yaml += ".\n";
  if (const std::string gaps = unknown_slots(profile); !gaps.empty()) yaml += "    # Beware: " + gaps + ".\n";
  if (fit.gaps) {
    yaml += fmt::format("    # Gaps rescaled by the profile: D {:.4f} from Poisson's exponential law{}.\n", fit.gaps->distance, p_text(fit.gaps->p));
  }
}

std::string quantiles_text(const HoldingFit& fit) {
  std::string csv(quantiles_opening);
  for (const double seconds : fit.group_means) csv += fmt::format("{:.3f}\n", seconds);
  return csv;
}

}  // namespace

std::uint32_t channels_of(const CallTallies& tallies, const CallFit& fit) {
  return std::max<std::uint32_t>(1, channels_for(Erlangs{busy_erlangs(tallies, fit)}, Probability{blocking}));
}

ScenarioFiles fitted_scenario(const CallTallies& tallies, const CallFit& fit, const ScenarioWishes& wishes) {
  ScenarioFiles files;
  std::string& yaml = files.yaml;
  head(yaml, tallies, wishes);
  examination(yaml, fit.held_out);
  // The first Monday after the last recorded day: the week that the profile would foretell.
  const std::int64_t last = tallies.days.back().date;
  const std::int64_t monday = last + 7 - weekday_of(last);
  yaml += fmt::format("horizon: {{ start: {}T00:00:00{}, duration: 7d }}\n", date_text(monday), offset_text(offset_of(tallies, monday)));
  yaml += "series_every: 1min\n";
  site(yaml, channels_of(tallies, fit), peak_text(tallies, fit));
  yaml += "demand:\n  callers:\n";
  comments_on_arrivals(yaml, fit);
  rate_table(yaml, fit.profile);
  holding(yaml, tallies, fit, wishes);
  answers(yaml, tallies);
  if (const auto probability = tallies.redial.probability(); probability && *probability > 0) {
    yaml +=
        fmt::format("    # Callers who fail try again with probability {:.0f} %; those calls are among the arrivals already.\n", 100 * *probability);
  }
  if (fit.holding && !plain_law(fit)) files.quantiles = quantiles_text(*fit.holding);
  return files;
}

Result<ScenarioFiles> trace_scenario(const CallTallies& tallies, const CallFit& fit, const ScenarioWishes& wishes) {
  const CallFileShape& shape = tallies.shape;
  const CallColumn* const seconds = shape.columns.holding ? &*shape.columns.holding : shape.columns.talk ? &*shape.columns.talk : nullptr;
  if (!seconds) return Problem{"--trace", "counts", "a call file with the seconds of each call; leave out --trace"};
  if (!shape.plays) {
    return Problem{"--trace", fmt::format("times of the form {}, seconds in '{}'", word_of(shape.form), clean_line(seconds->name)),
                   "what a trace may have: times such as 1999-02-01T00:11:28, plain seconds, none of them empty; leave out --trace"};
  }
  for (const Oddity each : {Oddity::negative, Oddity::absurd}) {
    const OddityCount& count = tallies.oddities[static_cast<std::size_t>(each)];
    if (count.rows == 0) continue;
    return Problem{"--trace", fmt::format("{} rows with {}, the first in line {}", count.rows, words_of(each).text, count.first_line),
                   "a file without them: a trace plays every row"};
  }
  ScenarioFiles files;
  std::string& yaml = files.yaml;
  head(yaml, tallies, wishes);
  std::uint64_t dropped = 0;
  for (std::size_t i = 0; i < oddities; ++i) dropped += words_of(static_cast<Oddity>(i)).dropped ? tallies.oddities[i].rows : 0;
  if (dropped > 0)
    yaml += fmt::format("# {} rows that import leaves out (duplicates and the like) are played all the same if they lie in the window.\n", dropped);
  const std::int64_t first = tallies.days.front().date;
  const std::int64_t past = tallies.days.back().date + 1;
  const std::string offset = offset_text(offset_of(tallies, first));
  const std::string in_file = shape.offset_written ? offset : "";
  yaml += fmt::format("horizon: {{ start: {}T00:00:00{}, duration: {}d }}\n", date_text(first), offset, past - first);
  yaml += "series_every: 5min\n";
  site(yaml, channels_of(tallies, fit), peak_text(tallies, fit));
  yaml += "demand:\n  callers:\n    # The file itself, row by row; each call is played as answered and holds a channel for its recorded time.\n";
  yaml += fmt::format("    arrivals:\n      process: trace\n      file: {}\n      arrival_column: {}\n      holding_column: {}\n",
                      quoted(wishes.call_file), quoted(shape.columns.arrival.name), quoted(seconds->name));
  yaml += fmt::format("      from: {}T00:00:00{}\n      to: {}T00:00:00{}\n", date_text(first), in_file, date_text(past), in_file);
  return files;
}

}  // namespace trunklab
