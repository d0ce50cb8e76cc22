// Reads a service's `names:`, and a probe, which is also their health check.
#include <algorithm>

#include <fmt/format.h>

#include "scenarios/quantity_text.hpp"
#include "scenarios/reader_parts.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

/// A probe must be over before the next one is sent.
void check_probe(Reading& reading, const YamlNode& node, const Fields& fields, const ProbeSpec& probe) {
  const Span shortest = std::min(probe.every, probe.every_down.value_or(probe.every));
  if (probe.timeout <= shortest) return;
  const YamlNode* const timeout = fields.find("timeout");
  reading.mistake(timeout ? timeout->place : node.place,
                  fmt::format("a timeout of {} with a probe every {}", span_text(probe.timeout), span_text(shortest)),
                  "a timeout of at most the interval");
}

}  // namespace

ProbeSpec read_probe(Reading& reading, const YamlNode& node, ProbeSpec defaults) {
  const Fields fields(reading, node, "a probe", {"every", "timeout", "fail_after", "recover_after", "every_down", "method", "alive"});
  const std::size_t before = reading.problems().size();
  ProbeSpec probe = defaults;
  if (const YamlNode* every = fields.find("every")) set(probe.every, reading.span(*every, 1ms, day));
  if (const YamlNode* timeout = fields.find("timeout")) set(probe.timeout, reading.span(*timeout, 1ms, day));
  if (const YamlNode* count = fields.find("fail_after")) set(probe.fail_after, reading.whole(*count, 1, 1000));
  if (const YamlNode* count = fields.find("recover_after")) set(probe.recover_after, reading.whole(*count, 1, 1000));
  if (const YamlNode* every = fields.find("every_down")) set(probe.every_down, reading.span(*every, 1ms, day));
  if (const YamlNode* method = fields.find("method")) {
    set(probe.method, reading.choice(*method, {"options", "tcp_connect"}, {ProbeSpec::Method::options, ProbeSpec::Method::tcp_connect}));
  }
  if (const YamlNode* alive = fields.find("alive")) {
    set(probe.alive, reading.choice(*alive, {"any", "ok", "not_5xx"}, {ProbeSpec::Alive::any, ProbeSpec::Alive::ok, ProbeSpec::Alive::not_5xx}));
    if (probe.method == ProbeSpec::Method::tcp_connect) {
      reading.mistake(alive->place, "alive beside method: tcp_connect", "alive only where answers are looked at (method: options)");
    }
  }
  if (reading.problems().size() == before) check_probe(reading, node, fields, probe);
  return probe;
}

std::optional<TargetOrder> read_order(Reading& reading, const YamlNode& node) {
  return reading.choice(node, {"fixed", "rotate", "random"}, {TargetOrder::fixed, TargetOrder::rotate, TargetOrder::random});
}

NameSpec read_names(Reading& reading, const YamlNode& node, NameSpec defaults) {
  const Fields fields(reading, node, "names", {"ttl", "negative_ttl", "answer", "order", "all_sick", "check"});
  NameSpec names = defaults;
  if (const YamlNode* ttl = fields.find("ttl")) set(names.ttl, reading.span(*ttl, 1s, 7 * day));
  if (const YamlNode* ttl = fields.find("negative_ttl")) set(names.negative_ttl, reading.span(*ttl, 0s, 7 * day));
  if (const YamlNode* answer = fields.find("answer")) {
    set(names.answer, reading.choice(*answer, {"one", "all"}, {NameSpec::Answer::one, NameSpec::Answer::all}));
  }
  if (const YamlNode* order = fields.find("order")) set(names.order, read_order(reading, *order));
  if (const YamlNode* sick = fields.find("all_sick")) {
    set(names.all_sick, reading.choice(*sick, {"answer_all", "answer_none"}, {NameSpec::AllSick::answer_all, NameSpec::AllSick::answer_none}));
  }
  if (const YamlNode* check = fields.find("check")) names.check = read_probe(reading, *check, names.check);
  return names;
}

}  // namespace trunklab
