// An outage as the engineer on duty lives it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/notice_words.hpp"
#include "reports/sections/parts.hpp"
#include "reports/text.hpp"

namespace trunklab {
namespace {

using Align = Column::Align;

/// Something that happened so long after the fault began.
struct Moment {
  double after_s = 0;
  std::string what;
  Tone tone = Tone::plain;
};

class Outage {
 public:
  explicit Outage(const OutageFigures& figures)
      : info_(figures.info), directory_(figures.directory), fault_(figures.fault), mean_(figures.mean), story_(figures.story), grey_(figures.grey) {}

  [[nodiscard]] Blocks blocks() const {
    Blocks blocks{{course()}};
    if (count_text(mean_.all.hit) != "0") {
      blocks.push_back({harm()});
      add_heard(blocks);
      blocks.push_back({cost()});
    }
    add_load(blocks);
    return blocks;
  }

 private:
  [[nodiscard]] double length_s() const { return in_seconds(std::min(fault_.until, run_start + info_.horizon) - fault_.from); }
  [[nodiscard]] bool repaired() const { return fault_.until < run_start + info_.horizon; }

  void add_phase(CallPhase phase, const MeanGroup& group, const char* who, const char* over, std::vector<Moment>& moments) const {
    if (count_text(group.hit) == "0" || story_ == nullptr) return;
    const double over_s = story_->over(phase);
    if (over_s > 0)
      moments.push_back({over_s, fmt::format("{}: {} hit ({}). {}", who, counted_calls(group.hit), harm_words(group), over), Tone::bad});
  }

  void add_detection(std::vector<Moment>& moments) const {
    if (story_ == nullptr) return;
    for (const std::uint16_t site : fault_.watchers) {
      const FaultNotice::Detection& detection = story_->notice.detection.at(site);
      const double after_s = detection.seen > 0 ? detection.sum_s / detection.seen : length_s();
      const std::string words = detection_words(story_->notice, directory_, site, grey_);
      moments.push_back({after_s, fmt::format("{}: {}.", directory_.sites[site], words), detection.seen > 0 ? Tone::note : Tone::bad});
    }
  }

  void add_new_calls(std::vector<Moment>& moments) const {
    const MeanGroup& fresh = mean_.fresh;
    if (count_text(fresh.hit) == "0") return;
    const std::string hit = fmt::format("{} hit ({})", counted_calls(fresh.hit), harm_words(fresh));
    if (mean_.not_before_repair) {
      moments.push_back(
          {length_s(), fmt::format("New calls: {}; they were not normal before {}.", hit, repaired() ? "the repair" : "the run ended"), Tone::bad});
    } else {
      moments.push_back(
          {mean_.failover_s,
           fmt::format(
               "New calls: {}; from here on they are normal. Until then some tried the target that did not answer before they tried the next one.",
               hit),
           Tone::bad});
    }
    if (mean_.return_s > 0 && repaired()) {
      moments.push_back({length_s() + mean_.return_s, "The last call that the return disturbed: all is normal again.", Tone::note});
    }
  }

  [[nodiscard]] Steps course() const {
    std::vector<Moment> moments{{0, fmt::format("{} begins.", fault_.text), Tone::bad}};
    add_detection(moments);
    add_phase(CallPhase::in_setup, mean_.in_setup, "Calls in set-up",
              "Their edge had accepted them, so they must not be tried elsewhere: they might ring twice. Here the last of them is through, or over.",
              moments);
    add_new_calls(moments);
    add_phase(
        CallPhase::talking, mean_.talking, "Talking calls",
        "What fails is their end: media go on, but a BYE meets nobody. Here the last of them has ended, and holds no channel or session any more.",
        moments);
    moments.push_back({length_s(), repaired() ? "Repaired." : "The run ends, unrepaired.", Tone::note});
    std::ranges::stable_sort(moments, {}, &Moment::after_s);
    Steps steps{.caption = "Its course", .steps = {}};
    for (const Moment& moment : moments) {
      const std::string clock = date_and_clock_text(info_, fault_.from + from_seconds(std::round(moment.after_s)));
      steps.steps.push_back({.when = fmt::format("{} (+{})", clock, duration_text(moment.after_s)), .what = moment.what, .tone = moment.tone});
    }
    return steps;
  }

  [[nodiscard]] Table harm() const {
    Table table{
        .caption = "Calls hit, by what they were doing when it began",
        .columns = {{"calls"}, {"hit", Align::right}, {"lost", Align::right}, {"set up late", Align::right}, {"hung up in vain", Align::right}},
        .rows = {}};
    const auto add = [&](const char* name, const MeanGroup& group) {
      const auto cell = [](double mean, Tone tone) {
        return Cell{.text = count_text(mean), .number = mean, .tone = count_text(mean) == "0" ? Tone::plain : tone};
      };
      table.rows.push_back({.cells = {{.text = name},
                                      cell(group.hit, Tone::plain),
                                      cell(group.lost, Tone::bad),
                                      cell(group.delayed, Tone::note),
                                      cell(group.orphaned, Tone::note)}});
    };
    add("new", mean_.fresh);
    add("in set-up", mean_.in_setup);
    add("talking", mean_.talking);
    add("all", mean_.all);
    return table;
  }

  static Table counts_table(std::string caption, const char* what, const std::vector<NoticeCount>& counts) {
    Table table{.caption = std::move(caption), .columns = {{"number", Align::right}, {what}}, .rows = {}};
    for (const NoticeCount& each : counts)
      table.rows.push_back({.cells = {{.text = count_text(each.calls), .number = each.calls}, {.text = each.words}}});
    return table;
  }

  void add_heard(Blocks& blocks) const {
    if (story_ == nullptr) return;
    const FaultNotice& notice = story_->notice;
    const auto heard = callers_heard(notice);
    const auto silences = silences_met(notice, directory_);
    const char* of = story_->notice.replications > 1 ? ", means over replications" : "";
    if (!heard.empty()) blocks.push_back({counts_table(fmt::format("What the callers of the calls hit heard{}", of), "they", heard)});
    if (!silences.empty()) blocks.push_back({counts_table(fmt::format("How many attempts without an answer they met{}", of), "they", silences)});
    const auto logged = logged_ends(notice);
    if (!logged.empty())
      blocks.push_back({counts_table(
          fmt::format("What the sites' SBCs log for the attempts of these calls, from 5 minutes before the fault on{}", of), "logged", logged)});
  }

  [[nodiscard]] Table cost() const {
    Table table{.caption = "What it cost, all calls together", .columns = {{"what"}, {"how much", Align::right}}, .rows = {}};
    const auto add = [&](std::string what, std::string amount, double number) {
      table.rows.push_back({.cells = {{.text = std::move(what)}, {.text = std::move(amount), .number = number}}});
    };
    add("calls to call back (lost)", count_text(mean_.all.lost), mean_.all.lost);
    if (count_text(mean_.all.delayed) != "0") {
      add("waited longer for the answer, each late call", duration_text(mean_.extra_delay_s / mean_.all.delayed), mean_.extra_delay_s);
    }
    if (story_ != nullptr && story_->silence_s >= 1) {
      const double mean_s = story_->silence_s / story_->notice.replications;
      add("dead air while dialling", duration_text(mean_s), mean_s);
    }
    if (story_ != nullptr && story_->silent_talks > 0) {
      const double talks = mean_of(story_->silent_talks, story_->notice);
      add("talks in which a side heard nothing", count_text(talks), talks);
    }
    add("talk time lost", duration_text(mean_.lost_talk_s), mean_.lost_talk_s);
    add("channels of the sites held after the hang-up", duration_text(mean_.stuck_site_s), mean_.stuck_site_s);
    add("sessions of the service held after the hang-up, and billed", duration_text(mean_.stuck_carrier_s), mean_.stuck_carrier_s);
    add_money(table);
    return table;
  }

  void add_money(Table& table) const {
    const Prices& prices = info_.prices;
    const auto add = [&](const char* what, double amount) {
      table.rows.push_back({.cells = {{.text = what}, {.text = fmt::format("{:.2f} {}", amount, prices.currency), .number = amount}}});
    };
    const double calls = mean_.all.lost * prices.lost_call.value_or(0);
    const double minutes = mean_.lost_talk_s / 60 * prices.minute.value_or(0);
    const double billed = mean_.stuck_carrier_s / 60 * prices.minute.value_or(0);
    if (prices.lost_call) add("lost calls, at the scenario's price", calls);
    if (prices.minute) add("talk time lost, at the scenario's price", minutes);
    if (prices.minute) add("minutes billed after the hang-up, at the scenario's price", billed);
  }

  void add_load(Blocks& blocks) const {
    if (story_ == nullptr) return;
    const EdgeLimits limits = edge_limits(directory_);
    Table table{
        .caption = fmt::format("Highest load of the edges while it lasted, and in the {} after the repair", duration_text(in_seconds(after_repair))),
        .columns = {{"edge"}, {"calls", Align::right}, {"INVITEs/s", Align::right}, {"calls after", Align::right}, {"INVITEs/s after", Align::right}},
        .rows = {}};
    const auto cell = [](std::uint32_t value, const std::optional<double>& limit) {
      Cell load{.text = limit ? fmt::format("{} of {:g}", value, *limit) : std::to_string(value), .number = value};
      if (limit && *limit > 0) load.share = std::min(1.0, value / *limit);
      return load;
    };
    for (std::size_t edge = 0; edge < story_->notice.peaks.size(); ++edge) {
      const FaultNotice::Peak& peak = story_->notice.peaks[edge];
      if (peak == FaultNotice::Peak{}) continue;
      table.rows.push_back({.cells = {{.text = directory_.edges[edge].name},
                                      cell(peak.concurrent_during, limits.sessions),
                                      cell(peak.cps_during, limits.cps),
                                      cell(peak.concurrent_after, limits.sessions),
                                      cell(peak.cps_after, limits.cps)}});
    }
    if (!table.rows.empty()) blocks.push_back({std::move(table)});
  }

  const RunInfo& info_;
  const Directory& directory_;
  const Directory::Fault& fault_;
  const MeanImpact& mean_;
  const FaultStory* story_;
  bool grey_;
};

}  // namespace

Blocks outage_blocks(const OutageFigures& figures) {
  return Outage(figures).blocks();
}

}  // namespace trunklab
