// Reads `faults:` (when each of them happens; the kinds have a file of their own), `objectives:` and `prices:`.
#include <algorithm>

#include <fmt/format.h>

#include "scenarios/fault_parts.hpp"
#include "scenarios/quantity_text.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

constexpr Span run_max = 36'525 * day;
constexpr std::string_view time_keys[]{"kind", "at", "for", "repeat", "random"};

void read_at(Reading& reading, const YamlNode& node, const Horizon& horizon, FaultSpec& fault) {
  const std::optional<Span> at = reading.span(node, 0s, run_max);
  if (!at) return;
  fault.at = run_start + *at;
  if (horizon.duration > Span{0} && *at >= horizon.duration) {
    reading.mistake(node.place, described(node), "an instant inside the horizon of " + span_text(horizon.duration));
  }
}

void read_repeat(Reading& reading, const YamlNode& node, const Horizon& horizon, FaultSpec& fault) {
  constexpr std::uint64_t times_max = 100'000;
  const std::size_t before = reading.problems().size();
  const Fields fields(reading, node, "repeat", {"times", "every"});
  const YamlNode* const times = fields.need("times", "how often it happens in all, such as 5");
  const YamlNode* const every = fields.need("every", "the time from one begin to the next, such as 10min");
  if (times) set(fault.times, reading.whole(*times, 2, times_max));
  if (every) set(fault.every, reading.span(*every, 2ms, run_max));
  if (!every || reading.problems().size() != before) return;
  if (!fault.duration) return reading.mistake(node.place, "repeat without for", "how long each time lasts (for)");
  if (fault.every <= *fault.duration) {
    return reading.mistake(every->place, fmt::format("{} every {}", span_text(*fault.duration), span_text(fault.every)), "every above for");
  }
  const Span left = horizon.duration - (fault.at - run_start);  // below 0 where at has been reported already
  if (left > Span{0} && fault.every > (left - Span{1}) / (fault.times - 1)) {
    reading.mistake(node.place, fmt::format("{} times every {}", fault.times, span_text(fault.every)),
                    "a last time inside the horizon of " + span_text(horizon.duration));
  }
}

void read_random(Reading& reading, const Fields& fault_fields, const YamlNode& node, FaultSpec& fault) {
  for (const std::string_view key : {"at", "for", "repeat"}) {
    const YamlNode* const other = fault_fields.find(key);
    if (other) reading.mistake(other->place, fmt::format("{} beside random", key), "either at or random");
  }
  constexpr double shape_least = 0.1;
  constexpr double shape_most = 20;
  const Fields fields(reading, node, "random", {"mtbf", "mttr", "shape"});
  FaultSpec::Random random;
  if (const YamlNode* mean = fields.need("mtbf", "the mean time from a repair to the next fault, such as 60d")) {
    set(random.up.mean, reading.span(*mean, 1s, run_max));
  }
  if (const YamlNode* mean = fields.need("mttr", "the mean time to the repair, such as 20min"))
    set(random.down.mean, reading.span(*mean, 1s, run_max));
  if (const YamlNode* shape = fields.find("shape")) set(random.up.shape, reading.number(*shape, shape_least, shape_most));
  fault.random.emplace(random);
}

/// When it happens.
void read_time(FaultDraft& draft) {
  Reading& reading = draft.reading;
  if (const YamlNode* random = draft.fields.find("random")) return read_random(reading, draft.fields, *random, draft.fault);
  if (const YamlNode* at = draft.fields.need("at", "the instant of the fault, such as 2h")) {
    read_at(reading, *at, draft.scenario.horizon, draft.fault);
  }
  if (const YamlNode* duration = draft.fields.find("for")) {
    const std::optional<Span> span = reading.span(*duration, 1ms, run_max);
    if (!span) return;
    draft.fault.duration.emplace(*span);
  }
  if (const YamlNode* repeat = draft.fields.find("repeat")) read_repeat(reading, *repeat, draft.scenario.horizon, draft.fault);
}

/// The keys that a fault of this kind may have; of any kind if that is not known.
std::vector<std::string_view> keys_of(const FaultWord* kind) {
  std::vector<std::string_view> keys(std::begin(time_keys), std::end(time_keys));
  for (const FaultWord& word : fault_words()) {
    if (kind && word.word != kind->word) continue;
    for (const std::string_view key : word.keys) {
      if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
    }
  }
  return keys;
}

const FaultWord* read_kind(Reading& reading, const YamlNode& node) {
  std::vector<std::string_view> words;
  for (const FaultWord& word : fault_words()) words.push_back(word.word);
  const std::optional<std::size_t> index = reading.choice(node, words);
  return index ? &fault_words()[*index] : nullptr;
}

void keep(FaultDraft& draft, Scenario& scenario) {
  FaultSpec& fault = draft.fault;
  if (fault.times > 1) fault.name += fmt::format(", {} times", fault.times);
  if (!fault.random) return scenario.faults.push_back(std::move(fault));
  if (!draft.each_edge) return scenario.random_faults.push_back(std::move(fault));
  const std::string what = fault.name.substr(std::string_view("every edge").size());
  for (std::size_t i = 0; i < scenario.service.edges.size(); ++i) {
    FaultSpec one = fault;
    one.edges = {static_cast<EdgeIndex>(i)};
    one.name = scenario.service.edges[i].name + what;
    scenario.random_faults.push_back(std::move(one));
  }
}

void read_fault(Reading& reading, const YamlNode& node, Scenario& scenario) {
  const std::size_t before = reading.problems().size();
  const YamlNode* const word = find_key(node, "kind");
  const FaultWord* const kind = word ? read_kind(reading, *word) : nullptr;
  const Fields fields(reading, node, "a fault", keys_of(kind));
  FaultDraft draft{.reading = reading, .fields = fields, .scenario = scenario};
  if (node.kind != YamlNode::Kind::mapping) return;
  read_time(draft);
  if (!word) reading.mistake(node.place, "no 'kind'", "the kind of the fault, such as crash");
  if (kind) kind->read(draft);
  if (reading.problems().size() == before) keep(draft, scenario);
}

}  // namespace

void read_faults(Reading& reading, const YamlNode& node, Scenario& scenario) {
  for (const YamlNode& item : reading.list(node, "faults such as { at: 2h, for: 15min, edge: euc1/1, kind: crash }")) {
    read_fault(reading, item, scenario);
  }
}

Objectives read_objectives(Reading& reading, const YamlNode& node) {
  constexpr double mos_least = 1;
  constexpr double mos_most = 4.5;
  const Fields fields(reading, node, "objectives", {"blocking", "failover", "answer_seizure_ratio", "setup_delay", "quality"});
  Objectives objectives;
  if (const YamlNode* blocking = fields.find("blocking")) set(objectives.blocking, reading.share(*blocking));
  if (const YamlNode* failover = fields.find("failover")) set(objectives.failover, reading.span(*failover, 0s, span_max));
  if (const YamlNode* ratio = fields.find("answer_seizure_ratio")) set(objectives.answer_seizure_ratio, reading.share(*ratio));
  if (const YamlNode* delay = fields.find("setup_delay")) set(objectives.setup_delay, reading.span(*delay, 0s, span_max));
  if (const YamlNode* quality = fields.find("quality")) set(objectives.quality, reading.number(*quality, mos_least, mos_most));
  return objectives;
}

Prices read_prices(Reading& reading, const YamlNode& node) {
  constexpr double price_most = 1e9;
  constexpr std::size_t currency_most = 8;
  const Fields fields(reading, node, "prices", {"currency", "minute", "lost_call", "channel", "session", "cps", "mbit"});
  Prices prices;
  if (const YamlNode* currency = fields.need("currency", "the currency of the prices, such as EUR")) {
    const auto text = reading.text(*currency, "a currency such as EUR");
    if (text && text->size() > currency_most) reading.mistake(currency->place, described(*currency), "a currency of at most 8 letters, such as EUR");
    if (text) prices.currency = *text;
  }
  const auto take = [&](const char* key, std::optional<double>& price) {
    if (const YamlNode* value = fields.find(key)) set(price, reading.number(*value, 0, price_most));
  };
  take("minute", prices.minute);
  take("lost_call", prices.lost_call);
  take("channel", prices.channel);
  take("session", prices.session);
  take("cps", prices.cps);
  take("mbit", prices.mbit);
  return prices;
}

}  // namespace trunklab
