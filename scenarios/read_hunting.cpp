// Reads the keys of `routing:` that make the hunting policy: timers, codes, hold-down, probe, order.
#include <algorithm>

#include <fmt/format.h>

#include "scenarios/quantity_text.hpp"
#include "scenarios/reader_parts.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

constexpr Span no_response_max = 10min;
constexpr Span no_progress_max = 1h;

void add_code(Reading& reading, const YamlNode& item, std::uint16_t least, std::vector<std::uint16_t>& codes) {
  const std::optional<std::uint16_t> code = reading.code(item, least);
  if (!code) return;
  if (std::ranges::find(codes, *code) != codes.end()) {
    reading.mistake(item.place, described(item) + " a second time", "every code once");
  } else {
    codes.push_back(*code);
  }
}

std::vector<std::uint16_t> read_codes(Reading& reading, const YamlNode& node) {
  std::vector<std::uint16_t> codes;
  for (const YamlNode& item : reading.list(node, "SIP codes such as [408, 503]")) add_code(reading, item, 300, codes);
  std::ranges::sort(codes);
  return codes;
}

bool says_never(const YamlNode& node) {
  return node.kind == YamlNode::Kind::scalar && node.text == "never";
}

bool begins_as_a_code(const YamlNode& node) {
  return node.kind == YamlNode::Kind::scalar && !node.text.empty() && node.text.front() >= '0' && node.text.front() <= '9';
}

/// The cause that a word names; nullptr, reported, if it names none.
bool* find_cause(Reading& reading, const YamlNode& node, HoldDown& hold) {
  bool* const flags[]{&hold.no_response, &hold.transport_error};
  constexpr std::string_view words[]{"no_response", "transport_error"};
  if (node.kind != YamlNode::Kind::scalar) {
    reading.mistake(node.place, described(node), "no_response, transport_error or a SIP code");
    return nullptr;
  }
  return reading.choice(node, words, flags).value_or(nullptr);
}

/// A list replaces the causes that there were.
void read_causes(Reading& reading, const YamlNode& node, HoldDown& hold) {
  hold.no_response = false;
  hold.transport_error = false;
  hold.codes.clear();
  for (const YamlNode& item : reading.list(node, "causes such as [no_response, transport_error, 503]")) {
    if (begins_as_a_code(item)) {
      add_code(reading, item, 300, hold.codes);
    } else if (bool* const cause = find_cause(reading, item, hold)) {
      if (*cause) reading.mistake(item.place, described(item) + " a second time", "every cause once");
      *cause = true;
    }
  }
  std::ranges::sort(hold.codes);
}

void read_trip(Reading& reading, const YamlNode& node, HoldDown& hold) {
  constexpr std::uint64_t attempts_max = 32;
  const Fields fields(reading, node, "trip", {"failures", "of"});
  const YamlNode* const failures = fields.need("failures", "how many failures start the hold-down, such as 2");
  const YamlNode* const of = fields.find("of");
  if (failures) set(hold.trip, reading.whole(*failures, 1, attempts_max));
  hold.of = hold.trip;
  if (!of) return;
  set(hold.of, reading.whole(*of, 1, attempts_max));
  if (hold.of < hold.trip) reading.mistake(of->place, fmt::format("{} failures of {} attempts", hold.trip, hold.of), "at least as many attempts");
}

HoldDown read_hold_down(Reading& reading, const YamlNode& node, HoldDown hold) {
  if (node.kind == YamlNode::Kind::scalar) {
    set(hold.span, reading.span(node, 1ms, span_max));
    return hold;
  }
  const Fields fields(reading, node, "a hold-down", {"for", "on", "retry_after", "trip", "half_open", "jitter", "return_over"});
  if (const YamlNode* span = fields.find("for")) set(hold.span, reading.span(*span, 1ms, span_max));
  const YamlNode* const on = fields.find("on");
  if (on) read_causes(reading, *on, hold);
  if (const YamlNode* after = fields.find("retry_after")) set(hold.retry_after, reading.flag(*after));
  if (const YamlNode* trip = fields.find("trip")) read_trip(reading, *trip, hold);
  if (const YamlNode* half = fields.find("half_open")) set(hold.half_open, reading.flag(*half));
  if (const YamlNode* jitter = fields.find("jitter")) set(hold.jitter, reading.share(*jitter));
  if (const YamlNode* over = fields.find("return_over")) set(hold.return_over, reading.span(*over, 0s, span_max));
  if (on && on->kind == YamlNode::Kind::list && on->items.empty() && !hold.retry_after) {
    reading.mistake(on->place, "a hold-down without a cause", "a cause, retry_after: true, or hold_down: never");
  }
  return hold;
}

}  // namespace

void read_hunting(Reading& reading, const Fields& fields, HuntingPolicy& hunting) {
  if (const YamlNode* timer = fields.find("no_response")) set(hunting.no_response, reading.span(*timer, 1ms, no_response_max));
  if (const YamlNode* timer = fields.find("no_progress")) set(hunting.no_progress, reading.span(*timer, 1ms, no_progress_max));
  if (const YamlNode* timer = fields.find("give_up_after")) set(hunting.give_up_after, reading.span(*timer, 1ms, span_max));
  if (const YamlNode* codes = fields.find("advance_on")) hunting.advance_codes = read_codes(reading, *codes);
  if (const YamlNode* order = fields.find("order")) set(hunting.order, read_order(reading, *order));
  if (const YamlNode* across = fields.find("across")) set(hunting.across, reading.flag(*across));
  if (const YamlNode* hold = fields.find("hold_down")) {
    if (says_never(*hold)) {
      hunting.hold_down.reset();
    } else {
      hunting.hold_down = read_hold_down(reading, *hold, hunting.hold_down.value_or(HoldDown{}));
    }
  }
  if (const YamlNode* probe = fields.find("probe")) {
    if (says_never(*probe)) {
      hunting.probe.reset();
    } else {
      hunting.probe = read_probe(reading, *probe, hunting.probe.value_or(ProbeSpec{}));
    }
  }
}

}  // namespace trunklab
