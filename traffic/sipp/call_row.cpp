// Writing rows.
#include "traffic/sipp/call_row.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>

#include "models/record/words.hpp"

namespace trunklab {

namespace {

/// Milliseconds with three decimals; "without limit" is 285 years.
void append_ms(Span span, std::string& text) {
  constexpr std::int64_t longest_us = 9'000'000'000'000'000;
  const std::int64_t us = std::min(longest_us, std::chrono::duration_cast<std::chrono::microseconds>(span).count());
  fmt::format_to(std::back_inserter(text), "{}.{:03};", us / 1000, us % 1000);
}

/// After so many different beginnings the orders of a hunt come again.
std::uint32_t beginnings(const ReplayGroup& group) {
  std::uint32_t common = 1;
  for (const TargetGroup& set : group.target_sets) common = std::lcm(common, std::uint32_t{set.count});
  return common;
}

std::uint16_t payload_type(Codec codec) {
  switch (codec) {
    case Codec::pcmu: return 0;
    case Codec::pcma: return 8;
    case Codec::g729: return 18;
    case Codec::opus: return 96;
  }
  return 0;
}

}  // namespace

OfferText offer_text(const CodecOffer* offer) {
  if (offer == nullptr) return {.payloads = "8 0", .ptime_ms = "20", .attribute = "a=sendrecv"};
  OfferText text{.payloads = {}, .ptime_ms = {}, .attribute = "a=sendrecv"};
  for (const CodecFormat& format : offer->formats) {
    text.payloads += fmt::format("{}{}", text.payloads.empty() ? "" : " ", payload_type(format.codec));
    if (format.codec == Codec::opus) text.attribute = "a=rtpmap:96 opus/48000/2";
  }
  text.ptime_ms = fmt::format("{}", std::chrono::duration_cast<std::chrono::milliseconds>(offer->formats.front().ptime).count());
  return text;
}

CallRows::CallRows(const Scenario& scenario, const std::vector<ReplayGroup>& groups) : scenario_(&scenario), groups_(&groups) {
  for (const ReplayGroup& group : groups) {
    auto& orders = orders_.emplace_back();
    for (std::uint32_t first = 0; first < beginnings(group); ++first) {
      std::string text;
      unsigned attempt = 0;
      for (const std::uint8_t target : hunting_order(group, first)) {
        fmt::format_to(std::back_inserter(text), "{}{}{:02}", text.empty() ? "" : ",", ++attempt, target);
      }
      orders.push_back(std::move(text));
    }
  }
}

const std::string& CallRows::targets(const ReplayCall& call) const {
  const auto& orders = orders_[call.group];
  return orders[call.first_target % orders.size()];
}

void CallRows::append(const ReplayCall& call, std::string& text) const {
  const PlannedCall& planned = call.planned;
  const ReplayGroup& group = (*groups_)[call.group];
  const auto out = std::back_inserter(text);
  append_ms(planned.at - run_start, text);
  // "999", two digits of the destination, eight of the call's place; without '+' it is not E.164.
  const bool e164 = planned.e164 || group.direction == Direction::origination;
  fmt::format_to(out, "{}.{}.{};", scenario_->demands[planned.id.demand].name, planned.id.window, planned.id.number);
  fmt::format_to(out, "{}999{:02}{:08};", e164 ? "+" : "", planned.destination % 100, call.place % 100'000'000);
  // An own number, or one that is neither a DID nor verified.
  fmt::format_to(out, "+9999{}{:04};", planned.known_caller_id ? 0 : 9, group.site % 10'000);
  text += targets(call);
  text += ';';
  append_ms(planned.patience, text);
  append_ms(call.part.delay, text);
  append_ms(call.part.ring, text);
  fmt::format_to(out, "{};", call.part.code);
  append_ms(planned.talk, text);
  const OfferText offer = offer_text(call.offer);
  fmt::format_to(out, "{};{};{};{};{}\n", planned.caller_hangs_up ? "caller" : "callee", offer.payloads, offer.ptime_ms, offer.attribute,
                 word(call.fate.outcome));
}

}  // namespace trunklab
