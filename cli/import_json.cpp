// An import as one JSON document.
#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/import_text.hpp"

namespace trunklab::cli {
namespace {

using Json = nlohmann::ordered_json;

Json number_or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json file_json(const std::string& file, const CallTallies& tallies) {
  const CallColumns& columns = tallies.shape.columns;
  Json names;
  const auto add = [&names](const char* key, const CallColumn& column) { names[key] = {{"name", column.name}, {"guessed", column.guessed}}; };
  each_column(columns, add);
  Json odd;
  for (std::size_t i = 0; i < oddities; ++i) {
    const OddityWords words = words_of(static_cast<Oddity>(i));
    odd[std::string(words.key)] = {{"rows", tallies.oddities[i].rows}, {"first_line", tallies.oddities[i].first_line}, {"dropped", words.dropped}};
  }
  return {{"name", file},
          {"rows", tallies.rows},
          {"calls", tallies.calls},
          {"first_day", date_text(tallies.days.front().date)},
          {"last_day", date_text(tallies.days.back().date)},
          {"columns", names},
          {"date_format", word_of(tallies.shape.form)},
          {"timezone", tallies.shape.zone ? Json(*tallies.shape.zone) : Json(nullptr)},
          {"odd_rows", odd}};
}

Json week_json(const WeekProfile& profile) {
  Json slots = Json::array();
  for (const WeekSlot& slot : profile.slots) slots.push_back({slot.calls_per_hour, slot.erlangs, slot.recorded_h});
  Json bursts = Json::array();
  for (const Burst& burst : profile.bursts) {
    bursts.push_back({{"date", date_text(burst.date)},
                      {"from_hour", static_cast<double>(burst.first_quarter) / 4},
                      {"to_hour", static_cast<double>(burst.last_quarter) / 4},
                      {"calls", burst.calls},
                      {"expected", burst.expected},
                      {"probability", burst.probability}});
  }
  return {{"slots_a_day", profile.slots_a_day},
          {"slot_columns", {"calls_per_hour", "erlangs", "recorded_h"}},
          {"slots", slots},
          {"day_factor_sd", std::sqrt(profile.day_excess)},
          {"hour_factor_sd", std::sqrt(profile.hour_excess)},
          {"day_dispersion", profile.day_dispersion},
          {"bursts", bursts}};
}

Json busy_json(const BusyHours& busy) {
  const auto one = [](const BusyHour& hour) -> Json {
    return {{"from_hour", static_cast<double>(hour.first_quarter) / 4}, {"calls", hour.calls}, {"erlangs", hour.erlangs}, {"days", hour.days}};
  };
  return {{"fdmh", one(busy.fixed)}, {"tcbh", one(busy.consistent)}, {"adph", one(busy.peaks)}};
}

Json holding_json(const HoldingFit& holding) {
  Json laws = Json::array();
  for (const FittedLaw& law : holding.laws) {
    Json parts = Json::array();
    for (const LognormalPart& part : law.mixture.parts) parts.push_back({{"weight", part.weight}, {"mu", part.mu}, {"sigma", part.sigma}});
    laws.push_back({{"law", name_of(law)},
                    {"mean_s", law.mean_s},
                    {"parts", parts},
                    {"bic", law.bic},
                    {"ks_distance", law.distance},
                    {"p", number_or_null(law.p)}});
  }
  return {{"values", holding.values},
          {"fitted_to", holding.sample},
          {"dithered", holding.dithered},
          {"mean_s", holding.mean_s},
          {"cv", holding.cv},
          {"median_s", holding.median_s},
          {"p90_s", holding.p90_s},
          {"p99_s", holding.p99_s},
          {"best", name_of(holding.laws[holding.best])},
          {"laws", laws}};
}

Json answers_json(const CallTallies& tallies) {
  static constexpr std::array<const char*, 4> meanings{"answered", "busy", "no_answer", "rejected"};
  Json words = Json::array();
  for (const auto& word : tallies.outcomes.words()) {
    words.push_back({{"word", word.text},
                     {"calls", word.calls},
                     {"taken_as", meanings[static_cast<std::size_t>(word.meaning.answer)]},
                     {"known", word.meaning.known}});
  }
  return {{"answered", tallies.answered}, {"words", words}, {"redial_probability", number_or_null(tallies.redial.probability())}};
}

}  // namespace

std::string import_json(const std::string& file, const CallTallies& tallies, const CallFit& fit) {
  Json json{{"command", "import"}, {"file", file_json(file, tallies)}, {"week", week_json(fit.profile)}};
  if (fit.busy) json["busy_hours"] = busy_json(*fit.busy);
  if (fit.trend) json["trend"] = {{"weeks", fit.trend->weeks}, {"slope", fit.trend->slope}, {"low", fit.trend->low}, {"high", fit.trend->high}};
  if (fit.holding) json["holding"] = holding_json(*fit.holding);
  if (!tallies.shape.columns.count) json["answers"] = answers_json(tallies);
  if (fit.gaps) {
    json["gaps"] = {{"gaps", fit.gaps->gaps},
                    {"ks_distance", fit.gaps->distance},
                    {"p", number_or_null(fit.gaps->p)},
                    {"cv", fit.gaps->variation},
                    {"share_of_hours", fit.gaps->share_of_hours}};
  }
  if (fit.held_out) {
    json["held_out"] = {{"from", date_text(fit.held_out->from_date)},
                        {"hours", fit.held_out->hours},
                        {"inside", fit.held_out->inside},
                        {"share", fit.held_out->share()}};
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace trunklab::cli
