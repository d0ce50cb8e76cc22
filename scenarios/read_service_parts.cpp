// Reads the parts of `service:` that say what it does with a call besides taking it: capacity, authentication, callback, draining.
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "scenarios/reader_parts.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

constexpr DurationLimits service_limits{.least = Span{1}, .mean_most = 60s, .value_most = 60s};
constexpr DurationLimits latency_limits{.least = Span{0}, .mean_most = 10min, .value_most = 10min};
constexpr std::uint64_t count_max = std::numeric_limits<std::uint32_t>::max();

std::optional<std::uint32_t> read_count(Reading& reading, const YamlNode& node, std::uint64_t least) {
  const std::optional<std::uint64_t> count = reading.whole(node, least, count_max);
  if (!count) return std::nullopt;
  return static_cast<std::uint32_t>(*count);
}

EdgeCapacity read_capacity(Reading& reading, const YamlNode& node) {
  const Fields fields(reading, node, "capacity", {"service_time", "workers", "queue"});
  EdgeCapacity capacity;
  if (const YamlNode* time = fields.need("service_time", "how long an edge works on one message, such as 2ms")) {
    set(capacity.service_time, read_distribution(reading, *time, service_limits));
  }
  if (const YamlNode* workers = fields.find("workers")) set(capacity.workers, read_count(reading, *workers, 1));
  if (const YamlNode* queue = fields.find("queue")) set(capacity.queue, read_count(reading, *queue, 0));
  return capacity;
}

AuthenticationSpec read_authentication(Reading& reading, const YamlNode& node) {
  const Fields fields(reading, node, "authentication", {"code", "challenge", "scope", "nonce_lifetime", "wrong_secret_code"});
  using Spec = AuthenticationSpec;
  Spec spec;
  if (const YamlNode* code = fields.find("code")) {
    const std::uint16_t values[]{401, 407};
    const std::string_view words[]{"401", "407"};
    if (code->quoted) {
      reading.mistake(code->place, described(*code), "401 or 407, without quotes");
    } else {
      set(spec.code, reading.choice(*code, words, values));
    }
  }
  if (const YamlNode* challenge = fields.find("challenge")) {
    set(spec.challenge, reading.choice(*challenge, {"every_call", "remembered"}, {Spec::Challenge::every_call, Spec::Challenge::remembered}));
  }
  if (const YamlNode* scope = fields.find("scope")) {
    set(spec.scope, reading.choice(*scope, {"edge", "region", "service"}, {Spec::Scope::edge, Spec::Scope::region, Spec::Scope::service}));
  }
  if (const YamlNode* life = fields.find("nonce_lifetime")) set(spec.nonce_lifetime, reading.span(*life, 1s, span_max));
  if (const YamlNode* code = fields.find("wrong_secret_code")) set(spec.wrong_secret_code, reading.code(*code, 400));
  if (spec.challenge == Spec::Challenge::every_call) {
    for (const std::string_view key : {"scope", "nonce_lifetime"}) {
      if (const YamlNode* value = fields.find(key)) {
        reading.mistake(value->place, std::string(key) + " without challenge: remembered", std::string(key) + " only where a nonce is remembered");
      }
    }
  }
  return spec;
}

CallbackSpec::Answers read_answers(Reading& reading, const YamlNode& node) {
  const Fields fields(reading, node, "answers", {"connect_pstn", "connect_sip", "hang_up", "none"});
  CallbackSpec::Answers answers{.connect_pstn = Probability{0}};
  const std::size_t before = reading.problems().size();
  const auto read = [&](std::string_view key, Probability& share) {
    if (const YamlNode* value = fields.find(key)) set(share, reading.share(*value));
  };
  read("connect_pstn", answers.connect_pstn);
  read("connect_sip", answers.connect_sip);
  read("hang_up", answers.hang_up);
  read("none", answers.none);
  if (reading.problems().size() == before) {
    check_shares(reading, node.place, answers.connect_pstn.value() + answers.connect_sip.value() + answers.hang_up.value() + answers.none.value());
  }
  return answers;
}

CallbackSpec read_callback(Reading& reading, const YamlNode& node) {
  const Fields fields(reading, node, "a callback",
                      {"latency", "timeout", "errors", "fallback_latency", "answers", "policy", "hang_up_code", "workers"});
  CallbackSpec callback;
  if (const YamlNode* latency = fields.find("latency")) set(callback.latency, read_distribution(reading, *latency, latency_limits));
  if (const YamlNode* timeout = fields.find("timeout")) set(callback.timeout, reading.span(*timeout, 1ms, 10min));
  if (const YamlNode* errors = fields.find("errors")) set(callback.errors, reading.share(*errors));
  if (const YamlNode* latency = fields.find("fallback_latency")) {
    set(callback.fallback_latency, read_distribution(reading, *latency, latency_limits));
  }
  if (const YamlNode* answers = fields.find("answers")) callback.answers = read_answers(reading, *answers);
  if (const YamlNode* policy = fields.find("policy")) {
    set(callback.policy, reading.choice(*policy, {"hang_up", "connect_pstn"}, {CallbackSpec::Policy::hang_up, CallbackSpec::Policy::connect_pstn}));
  }
  if (const YamlNode* code = fields.find("hang_up_code")) set(callback.hang_up_code, reading.code(*code, 400));
  if (const YamlNode* workers = fields.find("workers")) set(callback.workers, read_count(reading, *workers, 1));
  return callback;
}

DrainSpec read_drain(Reading& reading, const YamlNode& node, DrainSpec drain) {
  const Fields fields(reading, node, "drain", {"code", "retry_after", "options_code"});
  if (const YamlNode* code = fields.find("code")) set(drain.code, reading.code(*code, 400));
  if (const YamlNode* after = fields.find("retry_after")) set(drain.retry_after, reading.span(*after, 0s, day));
  if (const YamlNode* code = fields.find("options_code")) set(drain.options_code, reading.code(*code, 200));
  return drain;
}

OriginationSpec read_origination(Reading& reading, const YamlNode& node, OriginationSpec origination) {
  const Fields fields(reading, node, "origination", {"no_response", "invite_bytes", "cookie_bytes"});
  constexpr std::uint64_t datagram_max = 65'000;  // of an INVITE: a UDP datagram with its headers has 65,535 bytes at most
  if (const YamlNode* timer = fields.find("no_response")) set(origination.no_response, reading.span(*timer, 1ms, 10min));
  if (const YamlNode* bytes = fields.find("invite_bytes")) set(origination.invite_bytes, reading.whole(*bytes, 100, datagram_max));
  if (const YamlNode* bytes = fields.find("cookie_bytes")) set(origination.cookie_bytes, reading.whole(*bytes, 0, datagram_max));
  return origination;
}

}  // namespace

void check_shares(Reading& reading, Place place, double sum) {
  constexpr double share_tolerance = 1e-9;
  if (std::abs(sum - 1) > share_tolerance) reading.mistake(place, fmt::format("shares that sum to {:g}%", sum * 100), "shares that sum to 100%");
}

void read_service_parts(Reading& reading, const Fields& fields, Service& service) {
  if (const YamlNode* role = fields.find("role")) set(service.role, reading.choice(*role, {"proxy", "b2bua"}, {EdgeRole::proxy, EdgeRole::b2bua}));
  if (const YamlNode* capacity = fields.find("capacity")) service.capacity = read_capacity(reading, *capacity);
  if (const YamlNode* digest = fields.find("authentication")) service.authentication = read_authentication(reading, *digest);
  if (const YamlNode* callback = fields.find("callback")) service.callback = read_callback(reading, *callback);
  if (const YamlNode* drain = fields.find("drain")) service.drain = read_drain(reading, *drain, service.drain);
  if (const YamlNode* origination = fields.find("origination")) service.origination = read_origination(reading, *origination, service.origination);
  if (const YamlNode* media = fields.find("media")) read_media(reading, *media, service.media);
  if (const YamlNode* code = fields.find("number_format_code")) set(service.number_format_code, reading.code(*code, 400));
  if (const YamlNode* merged = fields.find("merged_482")) set(service.merged_482, reading.flag(*merged));
}

}  // namespace trunklab
