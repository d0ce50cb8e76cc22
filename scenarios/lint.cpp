// Gives advice: the order in which the rules look at a scenario, and what the rules share.
#include "scenarios/lint.hpp"

#include <algorithm>
#include <cassert>

#include <fmt/format.h>

#include "scenarios/lint_parts.hpp"

namespace trunklab {

void Advisor::add(std::string_view id, std::string where, std::string what, std::string why, std::string fix) {
  const auto rules = lint_rules();
  const auto rule = std::ranges::find(rules, id, &LintRule::id);
  assert(rule != rules.end());
  advice_.push_back(
      {.id = rule->id, .where = std::move(where), .what = std::move(what), .why = std::move(why), .fix = std::move(fix), .origin = rule->origin});
}

bool Advisor::calls_out(std::size_t site) const {
  return std::ranges::any_of(scenario_.demands,
                             [&](const DemandSpec& demand) { return demand.site == site && demand.direction == Direction::termination; });
}

std::string quote(std::string_view passage, std::string_view section) {
  return fmt::format("\"{}\" (section \"{}\")", passage, section);
}

std::vector<Advice> lint(const Scenario& scenario) {
  Advisor advisor(scenario);
  advise_on_start(advisor);
  advise_on_service(advisor);
  advise_on_media(advisor);
  for (std::size_t i = 0; i < scenario.sites.size(); ++i) {
    if (advisor.calls_out(i)) {
      advise_on_targets(advisor, i);
      advise_on_hunting(advisor, i);
    }
    advise_on_firewall(advisor, i);
    advise_on_transport(advisor, i);
    advise_on_channels(advisor, i);
    advise_on_site_media(advisor, i);
  }
  for (const DemandSpec& demand : scenario.demands) advise_on_demand(advisor, demand);
  advise_on_codecs(advisor);
  const Directory directory = directory_of(scenario);
  for (std::size_t i = 0; i < scenario.service.caps.size(); ++i) advise_on_cap(advisor, scenario.service.caps[i], directory.caps[i].text);
  return advisor.take();
}

std::vector<Advice> heard(const Scenario& scenario, std::vector<Advice> advice) {
  std::erase_if(advice, [&](const Advice& each) { return std::ranges::find(scenario.silenced, each.id) != scenario.silenced.end(); });
  return advice;
}

}  // namespace trunklab
