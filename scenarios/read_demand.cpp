// Reads `demand:`: who calls.
#include <fmt/format.h>

#include "scenarios/media_parts.hpp"
#include "scenarios/media_plans.hpp"

namespace trunklab {
namespace {

// A call's instants are kept in 48 bits of nanoseconds (78 h): what it does one after the other must fit.
constexpr DurationLimits holding_limits{.least = Span{1}, .mean_most = std::chrono::hours{12}, .value_most = longest_duration};
constexpr DurationLimits patience_limits{.least = Span{1}, .mean_most = span_max, .value_most = span_max};

void read_site_of(Reading& reading, const Fields& fields, const std::vector<Site>& sites, DemandSpec& demand) {
  const YamlNode* const site = sites.size() > 1 ? fields.need("site", "the site that the calls come from") : fields.find("site");
  if (site) set(demand.site, find_named(reading, *site, sites));
}

void read_holding(Reading& reading, const Fields& fields, bool trace, DemandSpec& demand) {
  if (!trace) {
    const YamlNode* const holding = fields.need("holding", "a talk time such as 180s or { distribution: exponential, mean: 180s }");
    if (holding) set(demand.holding, read_distribution(reading, *holding, holding_limits));
  } else if (const YamlNode* holding = fields.find("holding")) {
    reading.mistake(holding->place, "holding beside a trace", "the talk times of the trace (holding_column) only");
  }
}

constexpr std::string_view demand_keys[]{"site",     "direction",         "region",    "edges",    "arrivals",        "holding",
                                         "answer",   "post_dial_delay",   "ring_time", "patience", "caller_hangs_up", "destinations",
                                         "not_e164", "unknown_caller_id", "redial",    "codecs"};

DemandSpec read_demand(Reading& reading, const std::string& name, const YamlNode& node, const Scenario& scenario) {
  const Fields fields(reading, node, "a demand", demand_keys);
  DemandSpec demand;
  demand.name = name;
  read_site_of(reading, fields, scenario.sites, demand);
  read_direction(reading, fields, scenario.service, demand);
  const YamlNode* const arrivals = fields.need("arrivals", "arrivals such as { process: poisson, rate: 3/s }");
  if (arrivals) set(demand.arrivals, read_arrivals(reading, *arrivals, scenario.horizon));
  const YamlNode* const process = arrivals ? find_key(*arrivals, "process") : nullptr;
  read_holding(reading, fields, process && process->text == "trace", demand);
  if (const YamlNode* answer = fields.find("answer")) demand.answer = read_answer(reading, *answer);
  if (const YamlNode* delay = fields.find("post_dial_delay")) set(demand.post_dial_delay, read_distribution(reading, *delay, delay_limits));
  if (const YamlNode* ring = fields.find("ring_time")) set(demand.ring_time, read_distribution(reading, *ring, delay_limits));
  if (const YamlNode* patience = fields.find("patience")) set(demand.patience, read_distribution(reading, *patience, patience_limits));
  if (const YamlNode* share = fields.find("caller_hangs_up")) set(demand.caller_hangs_up, reading.share(*share));
  read_numbers(reading, fields, demand);
  if (const YamlNode* codecs = fields.find("codecs")) demand.codecs = read_offers(reading, *codecs);
  return demand;
}

}  // namespace

AnswerMix read_answer(Reading& reading, const YamlNode& node) {
  const Fields fields(reading, node, "answer", {"answered", "busy", "no_answer", "rejected"});
  AnswerMix mix{.answered = Probability{0}};
  const std::size_t before = reading.problems().size();
  const auto read = [&](std::string_view key, Probability& share) {
    if (const YamlNode* value = fields.find(key)) set(share, reading.share(*value));
  };
  read("answered", mix.answered);
  read("busy", mix.busy);
  read("no_answer", mix.no_answer);
  read("rejected", mix.rejected);
  const double sum = mix.answered.value() + mix.busy.value() + mix.no_answer.value() + mix.rejected.value();
  if (node.kind == YamlNode::Kind::mapping && reading.problems().size() == before) check_shares(reading, node.place, sum);
  return mix;
}

std::vector<DemandSpec> read_demands(Reading& reading, const YamlNode& node, const Scenario& scenario) {
  std::vector<DemandSpec> demands;
  for (const std::size_t i : named_entries(reading, node, "demands")) {
    demands.push_back(read_demand(reading, node.keys[i].text, node.items[i], scenario));
  }
  const std::size_t pairs = codec_names(demands, scenario.service.media).size();
  if (pairs > codec_names_max) {
    reading.mistake(node.place, fmt::format("codecs that come to {} different pairs", pairs), fmt::format("at most {}", codec_names_max));
  }
  return demands;
}

}  // namespace trunklab
