// trunklab ports.
#include "cli/ports_answer.hpp"

#include <fmt/format.h>

#include <iostream>

#include "cli/options.hpp"
#include "scenarios/quantity_text.hpp"

namespace trunklab::cli {

namespace po = boost::program_options;

namespace {

constexpr std::uint64_t addresses_max = 1000;
constexpr double offered_max = 1e7;

/// The seed knows the range; all other defaults are ours.
struct Default {
  const char* name;
  const char* value_name;
  const char* value;
  const char* help;
};
constexpr std::array defaults{
    Default{"addresses", "N", "1", "with this range each"},
    Default{"legs", "WORD", "both", "of a call: both on one address, split over two, or one only"},
    Default{"rtcp", "WORD", "pair", "pair: on the port after RTP's; mux: on RTP's own"},
    Default{"allocator", "WORD", "rtpengine", "or freeswitch, asterisk, rtpproxy, lowest-first"},
    Default{"quarantine", "TIME", "0s", "a port rests for so long after a call"},
    Default{"holding", "TIME", "180s", "mean time for which a call holds its ports"},
    Default{"blocking", "SHARE", "1%", "calls that may be refused"},
    Default{"occupancy", "SHARES", "50%,80%,90%,95%", "of ports in use, at which to count what is looked at"},
};
constexpr const char* default_range = "10000-20000";
constexpr const char* default_threshold = "80%";

[[noreturn]] void misuse(const std::string& option, const std::string& found, const std::string& expected) {
  throw Misuse("--" + option + ": found '" + found + "', expected " + expected);
}

std::string text_of(const Options& options, std::string_view name) {
  return options.text_if(std::string(name)).value_or(std::ranges::find(defaults, name, &Default::name)->value);
}

template <class Value, std::size_t count>
Value word_option(const Options& options, const std::string& name, const std::array<Word<Value>, count>& words) {
  const std::string text = text_of(options, name);
  const auto* found = std::ranges::find(words, std::string_view(text), &Word<Value>::word);
  if (found != words.end()) return found->value;
  std::string known;
  for (std::size_t each = 0; each < count; ++each)
    known += std::string(each == 0 ? "" : each + 1 == count ? " or " : ", ") + std::string(words[each].word);
  misuse(name, text, known);
}

Span span_option(const std::string& name, const std::string& text, Span least, const std::string& expected) {
  const auto value = parse_span(text);
  if (value && *value >= least && *value <= std::chrono::hours{24}) return *value;
  misuse(name, text, expected);
}

std::optional<double> share_of(const std::string& text) {
  return text.ends_with('%') ? parse_percentage(text) : parse_number(text);
}

double rate_option(const Options& options, const std::string& name, double most) {
  const auto value = parse_rate(options.text(name));
  if (value && value->value() > 0 && value->value() <= most) return value->value();
  misuse(name, options.text(name), fmt::format("calls above 0 and up to {:.6g}/s, such as 27/s or 500/h", most));
}

void read_range(const std::string& text, PortPlan& plan) {
  const std::size_t dash = std::min(text.find('-'), text.size());
  const auto first = parse_whole(std::string_view(text).substr(0, dash));
  const auto last = parse_whole(std::string_view(text).substr(std::min(dash + 1, text.size())));
  if (!first || !last || *first < 1 || *last > port_last || *first >= *last) {
    misuse("range", text, "two ports from 1 to 65535, the lower one first, such as 10000-20000");
  }
  plan.first = static_cast<std::uint16_t>(*first);
  plan.last = static_cast<std::uint16_t>(*last);
  if (calls_of_plan(plan) == 0) misuse("range", text, "ports for at least one call");
}

std::vector<double> read_occupancies(const std::string& text) {
  std::vector<double> occupancies;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const auto share = share_of(text.substr(begin, end - begin));
    if (!share || *share < 0 || *share >= 1) misuse("occupancy", text, "shares from 0% to below 100%, such as 50%,80%");
    occupancies.push_back(*share);
    begin = end + 1;
  }
  return occupancies;
}

std::optional<CallsPerSecond> read_traffic(const Options& options, Span holding) {
  if (options.has("load") && options.has("cps")) throw Misuse("found --load and --cps, expected one of them: the other follows from --holding");
  if (options.has("cps")) return CallsPerSecond{rate_option(options, "cps", offered_max / in_seconds(holding))};
  if (!options.has("load")) return std::nullopt;
  const auto load = parse_number(options.text("load"));
  if (!load || *load <= 0 || *load > offered_max) misuse("load", options.text("load"), "Erlangs above 0 and up to 10000000, such as 2400");
  return CallsPerSecond{*load / in_seconds(holding)};
}

std::optional<ScaleOutRace> read_race(const Options& options, const PortsQuestion& question) {
  if (!options.has("burst")) {
    for (const char* name : {"start-up", "threshold", "in-progress"}) {
      if (options.has(name)) throw Misuse(fmt::format("found --{} without --burst, expected both: they are about the arrival of a burst", name));
    }
    return std::nullopt;
  }
  ScaleOutRace race{.calls = calls_of_plan(question.plan), .holding = question.holding};
  race.rate = CallsPerSecond{rate_option(options, "burst", 1e6)};
  if (!options.has("start-up")) throw Misuse("found --burst without --start-up, expected both, such as --start-up 60s");
  race.start_up = span_option("start-up", options.text("start-up"), Span{0}, "a duration up to 24h, such as 60s");
  const std::string threshold = options.text_if("threshold").value_or(default_threshold);
  const auto share = share_of(threshold);
  if (!share || *share < 0 || *share > 1) misuse("threshold", threshold, "a share from 0% to 100%, such as 80%");
  race.threshold = Probability{*share};
  if (options.has("in-progress")) {
    race.calls_at_start = static_cast<double>(options.whole("in-progress", 0, race.calls));
  } else if (question.rate) {
    race.calls_at_start = std::min<double>((*question.rate * question.holding).value(), race.calls);
  }
  return race;
}

std::uint32_t addresses_option(const std::string& text) {
  const auto value = parse_whole(text);
  if (value && *value >= 1 && *value <= addresses_max) return static_cast<std::uint32_t>(*value);
  misuse("addresses", text, fmt::format("a whole number from 1 to {}", addresses_max));
}

Probability blocking_option(const std::string& text) {
  const auto share = share_of(text);
  if (share && *share > 0 && *share < 1) return Probability{*share};
  misuse("blocking", text, "a share above 0 and below 100 %, such as 1% or 0.01");
}

PortsQuestion read_question(const Options& options) {
  PortsQuestion question;
  PortPlan& plan = question.plan;
  plan.allocator = word_option(options, "allocator", allocator_words);
  plan.legs = word_option(options, "legs", legs_words);
  plan.need = word_option(options, "rtcp", rtcp_words);
  plan.addresses = addresses_option(text_of(options, "addresses"));
  read_range(options.text_if("range").value_or(default_range), plan);
  question.holding = span_option("holding", text_of(options, "holding"), std::chrono::milliseconds{1}, "a duration from 1ms to 24h, such as 180s");
  question.quarantine = span_option("quarantine", text_of(options, "quarantine"), Span{0}, "a duration up to 24h, such as 5s");
  question.blocking = blocking_option(text_of(options, "blocking"));
  question.rate = read_traffic(options, question.holding);
  if (options.has("calls")) {
    if (question.rate)
      throw Misuse("found --calls beside --load or --cps, expected one of them: calls at the same time, or the traffic that they come from");
    question.calls = static_cast<std::uint32_t>(options.whole("calls", 1, 10'000'000));
  }
  const double held = question.rate ? (*question.rate * (question.holding + question.quarantine)).value() : 0;
  if (held > offered_max)
    misuse("quarantine", text_of(options, "quarantine"), fmt::format("no more than 10000000 calls held or at rest, not {:.3g}", held));
  question.occupancies = read_occupancies(text_of(options, "occupancy"));
  question.race = read_race(options, question);
  const auto rely_on = [&](const std::string& name, const char* value) {
    if (!options.has(name)) question.defaults.push_back("--" + name + " " + value);
  };
  for (const Default& each : defaults) {
    if (std::string_view(each.name) != "occupancy") rely_on(each.name, each.value);
  }
  if (question.race) rely_on("threshold", default_threshold);
  return question;
}

void add_options(Options& options) {
  const auto add = [&options](const char* name, const char* value_name, const std::string& help) {
    options.add()(name, po::value<std::string>()->value_name(value_name), help.c_str());
  };
  add("range", "FIRST-LAST", fmt::format("ports of an address (default {}: Sinch's)", default_range));
  for (const Default& each : defaults) add(each.name, each.value_name, fmt::format("{} (default {}: ours)", each.help, each.value));
  add("load", "ERLANGS", "traffic offered; left out: what fits");
  add("cps", "RATE", "the same in calls, such as 27/s");
  add("calls", "N", "instead of traffic: calls at the same time, such as a site's channels");
  add("burst", "RATE", "calls that come from now on: is another address ready in time?");
  add("start-up", "TIME", "from the order of an address until it takes calls");
  add("threshold", "SHARE", fmt::format("an address is ordered above this share in use (default {}: ours)", default_threshold));
  add("in-progress", "CALLS", "when the burst begins (default: those of the load, else none)");
  options.add()("json", po::bool_switch(), "one JSON document on stdout");
}

}  // namespace

int ports(const std::vector<std::string>& arguments) {
  Options options("ports [options]",
                  "RTP ports on paper: how many calls a range holds, what traffic that is, how long an allocator searches, and whether another\n"
                  "address comes in time. Give the range and get the traffic, or give the traffic and get the range.",
                  "  trunklab ports                                        10000-20000: 5000 pairs, 2500 calls\n"
                  "  trunklab ports --rtcp mux --legs one --holding 3min   a port for each call\n"
                  "  trunklab ports --cps 40/s --blocking 0.1%             addresses and ports needed\n"
                  "  trunklab ports --calls 400 --legs one --range 16384-32767   ports for a site of 400 channels\n"
                  "  trunklab ports --allocator asterisk --occupancy 80%   the walk to a free port\n"
                  "  trunklab ports --load 1000 --burst 50/s --start-up 60s --threshold 80%\n");
  add_options(options);
  if (!options.parse(arguments)) return done;
  const PortsQuestion question = read_question(options);
  const PortsAnswer answer = solve(question);
  std::cout << (options.flag("json") ? ports_json(question, answer) : ports_text(question, answer));
  return done;
}

}  // namespace trunklab::cli
