// Measures against the objectives.
#include "reports/objectives.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>

#include "models/record/words.hpp"
#include "reports/text.hpp"

namespace trunklab {
namespace {

class Judge {
 public:
  explicit Judge(std::span<const Measure> measures) : measures_(measures) {}

  void share(const std::string& name, const std::string& title, const std::optional<Probability>& limit, bool at_most) {
    figure(name, title, limit ? std::optional(limit->value()) : std::nullopt, at_most, "there were no calls",
           [](double value) { return fmt::format("{:.3g} %", value * 100); });
  }

  /// A measure in its own unit. Why there may be none: `nothing`.
  void figure(const std::string& name, const std::string& title, const std::optional<double>& limit, bool at_most, const char* nothing,
              const std::function<std::string(double)>& text) {
    if (!limit) return;
    const Measure* measure = find_measure(measures_, name);
    if (measure == nullptr) return add(Verdict::Kind::not_judged, name, "total", fmt::format("{}, since {}", title, nothing));
    const bool good = at_most ? measure->mean <= *limit : measure->mean >= *limit;
    add(kind(good), name, "total", fmt::format("{} {}, at {} {}", title, text(measure->mean), at_most ? "most" : "least", text(*limit)));
  }

  void failover(const Directory& directory, std::uint16_t fault, Span most, Instant horizon_end) {
    const std::string title = "failover of " + directory.faults[fault].text;
    const std::string entity = entity_name(directory, EntityKind::fault, fault);
    const Measure* measure = find_measure(measures_, "failover_s", entity);
    if (measure == nullptr) {
      return add(Verdict::Kind::not_judged, "failover_s", entity, title + ", which was not compared with its undisturbed twin");
    }
    // Calls were still disturbed when the run ended: nobody knows for how much longer.
    const bool endless_outage = !measure->note.empty() && directory.faults[fault].until >= horizon_end;
    const bool good = !endless_outage && measure->mean <= in_seconds(most);
    add(kind(good), "failover_s", entity,
        fmt::format("{} {}{}, at most {}", title, endless_outage ? "more than " : "", duration_text(measure->mean), duration_text(in_seconds(most))));
  }

  [[nodiscard]] std::vector<Verdict> verdicts() { return std::move(verdicts_); }

 private:
  [[nodiscard]] static Verdict::Kind kind(bool good) { return good ? Verdict::Kind::met : Verdict::Kind::missed; }
  void add(Verdict::Kind kind, std::string name, std::string entity, std::string text) {
    verdicts_.push_back({.kind = kind, .name = std::move(name), .entity = std::move(entity), .text = std::move(text)});
  }
  std::span<const Measure> measures_;
  std::vector<Verdict> verdicts_;
};

}  // namespace

std::string_view word(Verdict::Kind kind) {
  constexpr std::array<std::string_view, 3> words{"met", "missed", "not judged"};
  return words.at(static_cast<std::size_t>(kind));
}

std::vector<Verdict> judge(const Objectives& objectives, const Directory& directory, std::span<const Measure> measures, Instant horizon_end) {
  Judge judge(measures);
  judge.share("blocking", "blocking", objectives.blocking, true);
  judge.share("asr", "answer-seizure ratio", objectives.answer_seizure_ratio, false);
  judge.figure("pdd_p95", "set-up delay of 95 % of the calls",
               objectives.setup_delay ? std::optional(in_seconds(*objectives.setup_delay)) : std::nullopt, true, "no call was set up", duration_text);
  judge.figure("mos_p5", "MOS of 95 % of the talks", objectives.quality, false, "no talk was rated: give the demand codecs",
               [](double value) { return fmt::format("{:.2f}", value); });
  if (objectives.failover) {
    for (std::uint16_t fault = 0; fault < directory.faults.size(); ++fault) judge.failover(directory, fault, *objectives.failover, horizon_end);
  }
  return judge.verdicts();
}

bool all_met(std::span<const Verdict> verdicts) {
  return std::ranges::all_of(verdicts, [](const Verdict& verdict) { return verdict.kind == Verdict::Kind::met; });
}

std::string verdicts_text(std::span<const Verdict> verdicts) {
  std::string text;
  for (const Verdict& verdict : verdicts) {
    const bool judged = verdict.kind != Verdict::Kind::not_judged;
    text += fmt::format("{:<18}{}\n", fmt::format("{}{}:", judged ? "objective " : "", word(verdict.kind)), verdict.text);
  }
  return text;
}

}  // namespace trunklab
