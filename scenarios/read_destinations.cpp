// Reads what a demand may have besides its arrivals: where its calls go, who dials again, whose calls they are.
#include <algorithm>

#include <fmt/format.h>

#include "scenarios/reader_parts.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

/// A call keeps its destination in eight bits.
constexpr std::size_t destinations_max = 250;

/// The digits of an E.164 number or of its beginning: at most 15, no leading zero (ITU-T E.164 6).
bool is_prefix(const YamlNode& node) {
  constexpr std::size_t digits_max = 15;
  const std::string& text = node.text;
  return node.kind == YamlNode::Kind::scalar && !text.empty() && text.size() <= digits_max && text.front() != '0' &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

DestinationSpec read_destination(Reading& reading, const YamlNode& node) {
  const Fields fields(reading, node, "a destination", {"prefix", "share", "answer", "post_dial_delay", "ring_time"});
  DestinationSpec destination;
  if (const YamlNode* prefix = fields.need("prefix", "the digits that its numbers begin with, such as 4670")) {
    set(destination.prefix, read_prefix(reading, *prefix));
  }
  if (const YamlNode* share = fields.need("share", "the share of the demand's calls that go there, such as 30%")) {
    set(destination.share, reading.share(*share));
  }
  if (const YamlNode* answer = fields.find("answer")) destination.answer = read_answer(reading, *answer);
  if (const YamlNode* delay = fields.find("post_dial_delay")) set(destination.post_dial_delay, read_distribution(reading, *delay, delay_limits));
  if (const YamlNode* ring = fields.find("ring_time")) set(destination.ring_time, read_distribution(reading, *ring, delay_limits));
  return destination;
}

std::vector<DestinationSpec> read_destinations(Reading& reading, const YamlNode& node) {
  std::vector<DestinationSpec> destinations;
  const std::size_t before = reading.problems().size();
  double sum = 0;
  for (const YamlNode& item : reading.list(node, "destinations such as { prefix: 4670, share: 30% }")) {
    DestinationSpec destination = read_destination(reading, item);
    if (!destination.prefix.empty() && std::ranges::find(destinations, destination.prefix, &DestinationSpec::prefix) != destinations.end()) {
      reading.mistake(item.place, "prefix " + destination.prefix + " a second time", "every prefix once");
    }
    sum += destination.share.value();
    destinations.push_back(std::move(destination));
  }
  if (node.kind == YamlNode::Kind::list && (destinations.empty() || destinations.size() > destinations_max)) {
    reading.mistake(node.place, fmt::format("{} destinations", destinations.size()), fmt::format("1 to {} destinations", destinations_max));
  } else if (reading.problems().size() == before) {
    check_shares(reading, node.place, sum);
  }
  return destinations;
}

RedialSpec read_redial(Reading& reading, const YamlNode& node) {
  const Fields fields(reading, node, "redial", {"probability", "delay", "most"});
  RedialSpec redial;
  if (const YamlNode* share = fields.need("probability", "the share of failed calls that are dialled again, such as 60%")) {
    set(redial.probability, reading.share(*share));
  }
  if (const YamlNode* delay = fields.find("delay")) set(redial.delay, read_distribution(reading, *delay, delay_limits));
  if (const YamlNode* most = fields.find("most")) set(redial.most, reading.whole(*most, 1, 7));
  return redial;
}

/// Reports keys that mean nothing for calls of this direction.
void refuse_keys(Reading& reading, const Fields& fields, std::initializer_list<std::string_view> keys, std::string_view direction) {
  for (const std::string_view key : keys) {
    const YamlNode* const value = fields.find(key);
    if (value)
      reading.mistake(value->place, fmt::format("{} without direction: {}", key, direction), fmt::format("{} only beside that direction", key));
  }
}

}  // namespace

std::optional<std::string> read_prefix(Reading& reading, const YamlNode& node) {
  if (is_prefix(node)) return node.text;
  reading.mistake(node.place, described(node), "1 to 15 digits with the country code and without '+', such as 4670");
  return std::nullopt;
}

void read_direction(Reading& reading, const Fields& fields, const Service& service, DemandSpec& demand) {
  if (const YamlNode* direction = fields.find("direction")) {
    const std::optional<Direction> known =
        reading.choice(*direction, {"termination", "origination"}, {Direction::termination, Direction::origination});
    if (!known) return;
    demand.direction = *known;
  }
  if (demand.direction == Direction::termination) return refuse_keys(reading, fields, {"region", "edges"}, "origination");
  refuse_keys(reading, fields, {"not_e164", "unknown_caller_id"}, "termination");
  if (const YamlNode* region = fields.need("region", "the region whose edges call the site, such as euc1")) {
    set(demand.region, find_named(reading, *region, service.regions));
  }
  if (const YamlNode* edges = fields.find("edges")) set(demand.edges, read_order(reading, *edges));
}

void read_numbers(Reading& reading, const Fields& fields, DemandSpec& demand) {
  if (const YamlNode* destinations = fields.find("destinations")) demand.destinations = read_destinations(reading, *destinations);
  if (const YamlNode* share = fields.find("not_e164")) set(demand.not_e164, reading.share(*share));
  if (const YamlNode* share = fields.find("unknown_caller_id")) set(demand.unknown_caller_id, reading.share(*share));
  if (const YamlNode* redial = fields.find("redial")) demand.redial = read_redial(reading, *redial);
}

}  // namespace trunklab
