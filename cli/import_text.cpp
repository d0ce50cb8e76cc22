// The summary of an import.
#include "cli/import_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "models/clean_text.hpp"

namespace trunklab::cli {
namespace {

std::string clock_text(std::size_t quarter) {
  return fmt::format("{:02}:{:02}", quarter / 4, quarter % 4 * 15);
}

std::string hour_text(std::size_t first_quarter) {
  return clock_text(first_quarter) + "-" + clock_text(first_quarter + 4);
}

/// 33,066
std::string grouped(double value) {
  std::string digits = fmt::format("{:.0f}", value);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string p_text(const std::optional<double>& p) {
  return p ? fmt::format("p {:.2g}", *p) : "p not given above 10,000 values";
}

/// A row of the summary: a word, then what there is to say.
void line(std::string& text, std::string_view word, const std::string& what) {
  text += fmt::format("{:<14}{}\n", word, what);
}

/// "+3.0 %"; never "-0.0 %".
std::string change_text(double share) {
  const double percent = std::round(1000 * share) / 10;
  return fmt::format("{:+.1f} %", percent == 0 ? 0 : percent);
}

std::string columns_text(const CallTallies& tallies) {
  const CallColumns& columns = tallies.shape.columns;
  std::string text;
  const auto add = [&text](std::string_view option, const CallColumn& column) {
    text += fmt::format("{}--{} {}{}{}", text.empty() ? "" : ", ", option, clean_line(column.name), column.guessed ? " (guessed)" : "",
                        column.unit_s == 1 ? "" : " in ms");
  };
  each_column(columns, add);
  return text;
}

std::string zone_text(const CallTallies& tallies) {
  const CallFileShape& shape = tallies.shape;
  std::string text = fmt::format("--date-format {}, ", word_of(shape.form));
  if (shape.zone) return text + *shape.zone;
  if (!shape.offset_written) return text + "no time zone: every day has 24 hours (--timezone Europe/Berlin knows summer time)";
  const int minutes = std::abs(shape.first_offset_s) / 60;
  text += fmt::format("UTC{}{:02}:{:02} as written", shape.first_offset_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
  return tallies.offsets_differ ? text + " in the first row; others have other offsets: give --timezone" : text;
}

void file_lines(std::string& text, const std::string& file, const CallTallies& tallies) {
  line(text, "file",
       fmt::format("{}: {} rows, {} calls, {} to {}", clean_line(file), grouped(static_cast<double>(tallies.rows)), grouped(tallies.calls),
                   date_text(tallies.days.front().date), date_text(tallies.days.back().date)));
  line(text, "columns", columns_text(tallies));
  line(text, "times", zone_text(tallies));
  if (tallies.shape.columns.count) line(text, "interval", fmt::format("{} s", tallies.every_s));
  std::string_view word = "odd rows";
  for (std::size_t i = 0; i < oddities; ++i) {
    const OddityCount& count = tallies.oddities[i];
    if (count.rows == 0) continue;
    const OddityWords words = words_of(static_cast<Oddity>(i));
    line(text, word,
         fmt::format("{} {}: {}, first in line {}", grouped(static_cast<double>(count.rows)), words.dropped ? "dropped" : "kept", words.text,
                     count.first_line));
    word = "";
  }
  if (word == "odd rows") line(text, word, "none");
}

void busy_lines(std::string& text, const CallTallies& tallies, const CallFit& fit) {
  if (!fit.busy) {
    line(text, "busy hour", "not told: no hour of a day was recorded as a whole");
    return;
  }
  const bool counts = tallies.shape.columns.count.has_value();
  text += fmt::format("\n{:<44}{:<13}{:>8}{}\n", "busy hour", "when", "calls", counts ? "" : "   Erlang");
  const auto row = [&](std::string_view name, const std::string& when, const BusyHour& hour) {
    text += fmt::format("{:<44}{:<13}{:>8.1f}", name, when, hour.calls);
    text += counts ? "\n" : fmt::format("{:>9.2f}\n", hour.erlangs);
  };
  row("fixed daily measurement hour (FDMH)", hour_text(fit.busy->fixed.first_quarter), fit.busy->fixed);
  row("time-consistent busy hour (TCBH)", hour_text(fit.busy->consistent.first_quarter), fit.busy->consistent);
  row("average of daily peak hours (ADPH)", "often " + clock_text(fit.busy->peaks.first_quarter), fit.busy->peaks);
  text += fmt::format("means over {} recorded days, by {}\n\n", fit.busy->peaks.days, counts ? "calls" : "calls in progress");
}

void week_lines(std::string& text, const CallFit& fit) {
  const WeekProfile& profile = fit.profile;
  const auto peak = static_cast<std::size_t>(&profile.busiest() - profile.slots.data());
  const std::size_t quarter = peak % profile.slots_a_day * (quarters_a_day / profile.slots_a_day);
  line(text, "week",
       fmt::format("{} slots; busiest {} {}: {:.1f} calls/h", profile.slots.size(), weekday_text(static_cast<int>(peak / profile.slots_a_day)),
                   clock_text(quarter), profile.busiest().calls_per_hour));
  if (const std::string gaps = unknown_slots(profile); !gaps.empty()) line(text, "beware", gaps);
  line(text, "spread",
       fmt::format("days differ by {:.0f} % beyond Poisson, hours by {:.0f} % besides; a day's variance is {:.1f} times its mean",
                   100 * std::sqrt(profile.day_excess), 100 * std::sqrt(profile.hour_excess), profile.day_dispersion));
  std::string_view word = "bursts";
  constexpr std::size_t shown = 10;
  for (std::size_t i = 0; i < std::min(shown, profile.bursts.size()); ++i) {
    const Burst& burst = profile.bursts[i];
    line(text, word,
         fmt::format("{} {} {}-{}: {:.0f} calls, other weeks {:.0f} (probability {}); left out of the week", weekday_text(weekday_of(burst.date)),
                     date_text(burst.date), clock_text(burst.first_quarter), clock_text(burst.last_quarter), burst.calls, burst.expected,
                     // Below this the tail is rounding.
                     burst.probability < 1e-12 ? "below 1e-12" : fmt::format("{:.0e}", burst.probability)));
    word = "";
  }
  if (profile.bursts.size() > shown) line(text, "", fmt::format("and {} more (--json has all)", profile.bursts.size() - shown));
  if (profile.bursts.empty()) line(text, word, "none");
  if (fit.trend) {
    line(text, "trend",
         fmt::format("daily peak hours {} a week ({} to {}, 95 %), {} weeks", change_text(fit.trend->slope), change_text(fit.trend->low),
                     change_text(fit.trend->high), fit.trend->weeks.size()));
  } else {
    line(text, "trend", "not told: fewer than three whole weeks");
  }
}

void holding_lines(std::string& text, const CallTallies& tallies, const CallFit& fit) {
  if (!fit.holding) {
    line(text, "holding",
         tallies.shape.columns.count ? "not in the file; the scenario assumes 180 s (ours)" : "too few different values to fit a law");
    return;
  }
  const HoldingFit& holding = *fit.holding;
  line(text, "holding",
       fmt::format("mean {:.1f} s, variation {:.2f}, median {:.0f} s, 90 % below {:.0f} s, 99 % below {:.0f} s", holding.mean_s, holding.cv,
                   holding.median_s, holding.p90_s, holding.p99_s));
  for (std::size_t i = 0; i < holding.laws.size(); ++i) {
    const FittedLaw& law = holding.laws[i];
    std::string more = fmt::format("{:<24} D {:.4f}", name_of(law), law.distance);
    if (law.p || i == holding.best) more += ", " + p_text(law.p);
    if (i == holding.best) more += "   <- best by BIC";
    line(text, "", more);
    if (i != holding.best || law.mixture.parts.size() < 2) continue;
    for (const LognormalPart& part : law.mixture.parts) {
      line(text, "", fmt::format("  {:.0f} % around {:.0f} s (ln X: {:.3f} +- {:.3f})", 100 * part.weight, std::exp(part.mu), part.mu, part.sigma));
    }
  }
}

void gap_lines(std::string& text, const CallFit& fit) {
  if (fit.gaps) {
    line(text, "gaps",
         fmt::format("rescaled by the profile: D {:.4f} from Poisson's, {}, variation {:.2f} (Poisson: 1), {} gaps{}", fit.gaps->distance,
                     p_text(fit.gaps->p), fit.gaps->variation, grouped(static_cast<double>(fit.gaps->gaps)),
                     fit.gaps->share_of_hours < 1 ? fmt::format(" of every {:.0f}th hour", 1 / fit.gaps->share_of_hours) : ""));
  }
  if (fit.held_out) {
    line(text, "held out",
         fmt::format("{} of {} hours of the last week ({:.0f} %) lie in the 5-95 % band foretold by the weeks before (sound: 90 %)",
                     fit.held_out->inside, fit.held_out->hours, 100 * fit.held_out->share()));
  } else {
    line(text, "held out", "nothing: fewer than three weeks");
  }
}

/// The most frequent words of the outcome column, each with what it was taken for.
std::string outcome_words_text(const CallTallies& tallies) {
  static constexpr std::array<std::string_view, 4> meanings{"answered", "busy", "no answer", "rejected"};
  constexpr std::size_t shown = 8;
  auto words = tallies.outcomes.words();
  std::ranges::stable_sort(words, std::greater<>(), &OutcomeCounts::Word::calls);
  std::string text;
  for (std::size_t i = 0; i < std::min(shown, words.size()) && words[i].calls > 0; ++i) {
    const OutcomeCounts::Word& word = words[i];
    const std::string_view meaning = meanings[static_cast<std::size_t>(word.meaning.answer)];
    const std::string said = shortened(clean_line(word.text), 30);
    text += fmt::format("{}{} {:.1f} %", i == 0 ? "" : ", ", said.empty() ? "(empty)" : said, 100 * static_cast<double>(word.calls) / tallies.calls);
    if (said != meaning) text += fmt::format(" ({}{})", word.meaning.known ? "" : "unknown word, taken as ", meaning);
  }
  return words.size() > shown ? text + fmt::format(" and {} more", words.size() - shown) : text;
}

void outcome_lines(std::string& text, const CallTallies& tallies) {
  std::string words = outcome_words_text(tallies);
  if (words.empty() && tallies.shape.columns.talk) {
    words = fmt::format("answered {:.1f} % (talk time above 0)", 100 * static_cast<double>(tallies.answered) / tallies.calls);
  }
  if (!words.empty()) line(text, "answers", words);
  if (const auto probability = tallies.redial.probability()) {
    const RedialSeen& redial = tallies.redial;
    line(text, "redial",
         fmt::format("{:.0f} % of failed calls are tried again within 10 min, beyond those who call again anyway; mean delay {:.0f} s",
                     100 * *probability, redial.delay_sum_s / std::max(1.0, static_cast<double>(redial.failed_then_again))));
  }
  if (tallies.prefixes.empty()) return;
  std::vector<std::pair<std::string, std::uint64_t>> prefixes(tallies.prefixes.begin(), tallies.prefixes.end());
  std::ranges::stable_sort(prefixes, std::greater<>(), &std::pair<std::string, std::uint64_t>::second);
  std::string most;
  for (std::size_t i = 0; i < std::min<std::size_t>(5, prefixes.size()); ++i) {
    most += fmt::format("{}{} {:.1f} %", i == 0 ? "" : ", ", prefixes[i].first, 100 * static_cast<double>(prefixes[i].second) / tallies.calls);
  }
  line(text, "numbers", fmt::format("{} {}; {}", prefixes.size(), prefixes.size() == 1 ? "prefix" : "prefixes", most));
}

}  // namespace

std::string import_text(const std::string& file, const CallTallies& tallies, const CallFit& fit) {
  std::string text;
  file_lines(text, file, tallies);
  busy_lines(text, tallies, fit);
  week_lines(text, fit);
  holding_lines(text, tallies, fit);
  outcome_lines(text, tallies);
  gap_lines(text, fit);
  return text;
}

}  // namespace trunklab::cli
