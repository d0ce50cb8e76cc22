// What the reader makes of the parts that can fail, hold calls up or hunt in another way: service, sites, routing, demand.
#include <gtest/gtest.h>

#include "scenarios/reader.hpp"
#include "tests/scenarios/files.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

Scenario read(const std::string& service, const std::string& site, const std::string& demand) {
  const Result<Scenario> scenario = parse_scenario("service: " + service + "\nhorizon: { duration: 1h }\nsites:\n  a: " + site +
                                                       "\ndemand:\n  d: { arrivals: { process: poisson, rate: 1/s }, holding: 180s" +
                                                       (demand.empty() ? "" : ", ") + demand + " }\n",
                                                   "x.yaml");
  if (!scenario) throw std::runtime_error(text_of(scenario.problems()));
  return scenario.value();
}

constexpr const char* plain_site = "{ routing: { regions: [euc1] } }";
Service service(const std::string& keys) {
  return read("{ preset: sinch, " + keys + " }", plain_site, "").service;
}
Site site(const std::string& keys) {
  return read("sinch", "{ " + keys + ", routing: { regions: [euc1] } }", "").sites.at(0);
}
Routing routing(const std::string& keys) {
  return read("sinch", "{ transport: tcp, routing: { regions: [euc1, use1], " + keys + " } }", "").sites.at(0).routing;
}
DemandSpec demand(const std::string& keys) {
  return read("sinch", plain_site, keys).demands.at(0);
}

TEST(ServiceParts, AreLeftOutUnlessTheScenarioHasThem) {
  const Service plain = read("sinch", plain_site, "").service;
  EXPECT_EQ(plain.capacity, std::nullopt);
  EXPECT_EQ(plain.authentication, std::nullopt);
  EXPECT_EQ(plain.callback, std::nullopt);
  EXPECT_EQ(plain.drain, DrainSpec{});
  EXPECT_EQ(plain.origination, OriginationSpec{});
  EXPECT_EQ(plain.role, EdgeRole::proxy);
  EXPECT_EQ(plain.number_format_code, 484);
  EXPECT_FALSE(plain.merged_482);
  EXPECT_EQ(service("authentication: {}").authentication, AuthenticationSpec{});
  EXPECT_EQ(service("callback: {}").callback, CallbackSpec{});
}

TEST(ServiceParts, AreReadKeyByKey) {
  EXPECT_EQ(service("capacity: { service_time: { distribution: exponential, mean: 2ms }, workers: 4, queue: 0 }").capacity,
            (EdgeCapacity{.service_time = Exponential{2ms}, .workers = 4, .queue = 0}));
  EXPECT_EQ(
      service("authentication: { code: 401, challenge: remembered, scope: service, nonce_lifetime: 1min, wrong_secret_code: 401 }").authentication,
      (AuthenticationSpec{.code = 401,
                          .challenge = AuthenticationSpec::Challenge::remembered,
                          .scope = AuthenticationSpec::Scope::service,
                          .nonce_lifetime = 1min,
                          .wrong_secret_code = 401}));
  EXPECT_EQ(service("callback: { latency: 200ms, timeout: 3s, errors: 1%, fallback_latency: 1s, policy: connect_pstn, hang_up_code: 486, workers: 9, "
                    "answers: { connect_pstn: 50%, connect_sip: 30%, hang_up: 15%, none: 5% } }")
                .callback,
            (CallbackSpec{.latency = Fixed{200ms},
                          .timeout = 3s,
                          .errors = Probability{0.01},
                          .fallback_latency = Fixed{1s},
                          .answers = {Probability{0.5}, Probability{0.3}, Probability{0.15}, Probability{0.05}},
                          .policy = CallbackSpec::Policy::connect_pstn,
                          .hang_up_code = 486,
                          .workers = 9}));
  EXPECT_EQ(service("drain: { code: 500, retry_after: 60s, options_code: 200 }").drain,
            (DrainSpec{.code = 500, .retry_after = 60s, .options_code = 200}));
  EXPECT_EQ(service("origination: { no_response: 4s, invite_bytes: 900, cookie_bytes: 500 }").origination,
            (OriginationSpec{.no_response = 4s, .invite_bytes = 900, .cookie_bytes = 500}));
  const Service rest = service("role: b2bua, number_format_code: 404, merged_482: true");
  EXPECT_EQ(rest.role, EdgeRole::b2bua);
  EXPECT_EQ(rest.number_format_code, 404);
  EXPECT_TRUE(rest.merged_482);
}

TEST(ServiceParts, ZonesNameTheirEdgesAndTheOthersStayAlone) {
  const Service zoned = service("zones: { west: [euc1/1, lab/1] }, regions: { lab: { host_name: lab.example.com, edges: [192.0.2.1] } }");
  EXPECT_EQ(zoned.edges.front().zone, "west");
  EXPECT_EQ(zoned.edges.back().zone, "west");
  EXPECT_EQ(zoned.edges[1].zone, "euc1/2");
}

TEST(ServiceParts, NamesAndTheirCheck) {
  const NameSpec names =
      service("names: { negative_ttl: 0s, order: rotate, all_sick: answer_none, check: { every_down: 5s, method: tcp_connect } }").names;
  EXPECT_EQ(names.negative_ttl, 0s);
  EXPECT_EQ(names.order, TargetOrder::rotate);
  EXPECT_EQ(names.all_sick, NameSpec::AllSick::answer_none);
  EXPECT_EQ(names.check.every, 10s);
  EXPECT_EQ(names.check.every_down, 5s);
  EXPECT_EQ(names.check.method, ProbeSpec::Method::tcp_connect);
  EXPECT_EQ(service("names: { check: { alive: not_5xx } }").names.check.alive, ProbeSpec::Alive::not_5xx);
}

TEST(ServiceParts, CapsMayQueueOrDrop) {
  const CapSpec queue = service("caps: [{ scope: account, cps: 5/s, mode: queue, longest_wait: 2s, counts: every_invite }]").caps.at(0);
  EXPECT_EQ(queue.mode, CapSpec::Mode::queue);
  EXPECT_EQ(queue.longest_wait, 2s);
  EXPECT_EQ(queue.counts, CapSpec::Counts::every_invite);
  EXPECT_EQ(service("caps: [{ scope: account, sessions: 5, mode: drop }]").caps.at(0).mode, CapSpec::Mode::drop);
}

TEST(SiteParts, AreReadKeyByKey) {
  EXPECT_EQ(site("transport: tcp").tcp, TcpSpec{});
  EXPECT_EQ(site("transport: tcp, tcp: { user_timeout: 30s, keepalive: 1min }").tcp, (TcpSpec{.user_timeout = 30s, .keepalive = 1min}));
  const Site rest = site("icmp_seen: true, session_expires: 90s, drop_fragments: true, contact_centre: { agents: 7 }");
  EXPECT_TRUE(rest.icmp_seen);
  EXPECT_EQ(rest.session_expires, 90s);
  EXPECT_TRUE(rest.drop_fragments);
  EXPECT_EQ(rest.contact_centre, ContactCentre{.agents = 7});
  EXPECT_EQ(site("channels: 1").contact_centre, std::nullopt);
}

TEST(SiteParts, TheFirewallKnowsEdgesByNameAndByAddress) {
  EXPECT_EQ(site("channels: 1").allows, std::vector<bool>(10, true));
  EXPECT_EQ(site("firewall: { allow: all }").allows, std::vector<bool>(10, true));
  EXPECT_EQ(site("firewall: { allow: [] }").allows, std::vector<bool>(10, false));
  const Site some = site("firewall: { allow: [euc1/1, 34.197.97.9, 192.0.2.1] }");
  std::vector<bool> expected(10, false);
  expected[0] = expected[3] = true;
  EXPECT_EQ(some.allows, expected);
  EXPECT_EQ(some.allows_strangers, std::vector<std::string>{"192.0.2.1"});
}

TEST(RoutingParts, AreReadKeyByKey) {
  const Routing own = routing(
      "cache: start, ttl_min: 5s, ttl_max: 1h, choice: connection, resolver: city, resolver_timeout: 2s, order: random, "
      "across: true, give_up_after: 20s, cseq_on_failover: same, probe: { alive: ok, every_down: 10s }");
  EXPECT_EQ(own.cache, DnsCache::start);
  EXPECT_EQ(own.ttl_min, 5s);
  EXPECT_EQ(own.ttl_max, 1h);
  EXPECT_EQ(own.choice, DnsChoice::connection);
  EXPECT_EQ(own.resolver, "city");
  EXPECT_EQ(own.resolver_timeout, 2s);
  EXPECT_EQ(own.hunting.order, TargetOrder::random);
  EXPECT_TRUE(own.hunting.across);
  EXPECT_EQ(own.hunting.give_up_after, 20s);
  EXPECT_FALSE(own.cseq_on_failover);
  EXPECT_EQ(own.hunting.probe, (ProbeSpec{.every_down = 10s, .alive = ProbeSpec::Alive::ok}));
}

TEST(RoutingParts, AHoldDownIsASpanOrKeyByKey) {
  EXPECT_EQ(routing("hold_down: 2min").hunting.hold_down, HoldDown{.span = 2min});
  EXPECT_EQ(routing("hold_down: {}").hunting.hold_down, HoldDown{});
  const HoldDown own{.span = 90s,
                     .no_response = true,
                     .transport_error = false,
                     .codes = {408, 503},
                     .retry_after = false,
                     .trip = 2,
                     .of = 5,
                     .half_open = true,
                     .jitter = Probability{0.2},
                     .return_over = 2min};
  EXPECT_EQ(routing("hold_down: { for: 90s, on: [503, no_response, 408], retry_after: false, trip: { failures: 2, of: 5 }, half_open: true, "
                    "jitter: 20%, return_over: 2min }")
                .hunting.hold_down,
            own);
  EXPECT_EQ(routing("hold_down: { trip: { failures: 4 } }").hunting.hold_down, (HoldDown{.trip = 4, .of = 4})) << "four in a row";
}

TEST(DemandParts, AreReadKeyByKey) {
  const DemandSpec inward = demand("direction: origination, region: apse1, edges: random");
  EXPECT_EQ(inward.direction, Direction::origination);
  EXPECT_EQ(inward.region, 3);
  EXPECT_EQ(inward.edges, TargetOrder::random);
  const DemandSpec outward = demand("not_e164: 1%, unknown_caller_id: 2%, redial: { probability: 60%, delay: 10s, most: 7 }");
  EXPECT_EQ(outward.not_e164, Probability{0.01});
  EXPECT_EQ(outward.unknown_caller_id, Probability{0.02});
  EXPECT_EQ(outward.redial, (RedialSpec{.probability = Probability{0.6}, .delay = Fixed{10s}, .most = 7}));
  EXPECT_EQ(demand("redial: { probability: 60% }").redial, (RedialSpec{.probability = Probability{0.6}}));
}

TEST(DemandParts, DestinationsDifferWhereTheySay) {
  const std::vector<DestinationSpec> list =
      demand(
          "destinations: [{ prefix: 4670, share: 30%, answer: { busy: 100% }, post_dial_delay: 3s, ring_time: 9s }, { prefix: \"44\", share: 70% }]")
          .destinations;
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0], (DestinationSpec{.prefix = "4670",
                                      .share = Probability{0.3},
                                      .answer = AnswerMix{.answered = Probability{0}, .busy = Probability{1}},
                                      .post_dial_delay = Fixed{3s},
                                      .ring_time = Fixed{9s}}));
  EXPECT_EQ(list[1], (DestinationSpec{.prefix = "44", .share = Probability{0.7}, .answer = {}, .post_dial_delay = {}, .ring_time = {}}));
}

}  // namespace
}  // namespace trunklab
