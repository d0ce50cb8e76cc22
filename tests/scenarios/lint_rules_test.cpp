// Every rule of advice: a scenario that it speaks on, and the same one put right, on which it is silent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/lint.hpp"
#include "scenarios/reader.hpp"
#include "tests/scenarios/files.hpp"

namespace trunklab {
namespace {

/// The parts of a scenario that a rule looks at.
struct Parts {
  std::string service = "{ preset: sinch, authentication: {} }";
  std::string site = "";  ///< keys besides routing
  std::string routing = "{ regions: [euc1, use1] }";
  std::string demand = "";  ///< keys besides arrivals and holding
  std::string top = "";     ///< whole lines
};

std::string scenario_text(const Parts& parts) {
  return "service: " + parts.service + "\nhorizon: { duration: 2h }\nsites:\n  a: { " + parts.site + (parts.site.empty() ? "" : ", ") +
         "routing: " + parts.routing + " }\ndemand:\n  d: { arrivals: { process: poisson, rate: 1/s }, holding: 180s" +
         (parts.demand.empty() ? "" : ", ") + parts.demand + " }\n" + parts.top;
}

struct Row {
  const char* id;
  const char* variant;
  Parts wrong;
  Parts right;
  std::string said = "";  ///< a part of what, why or fix
};

const std::string to_site = "direction: origination, region: euc1";
const std::string drained = "faults: [{ at: 1h, for: 10min, edge: euc1/1, kind: drain }]\n";

Parts service(const std::string& keys) {
  return {.service = "{ preset: sinch, authentication: {}, " + keys + " }"};
}
Parts routing(const std::string& keys) {
  return {.routing = "{ regions: [euc1, use1], " + keys + " }"};
}
Parts hold_down(const std::string& keys) {
  return routing("hold_down: { " + keys + " }");
}
Parts lab(const std::string& host, const std::string& address) {
  return service("regions: { lab: { host_name: " + host + ", edges: [" + address + "] } }");
}

const std::vector<Row>& rows() {
  static const std::vector<Row> table{
      {"single-address", "", {.routing = "{ target: single-address, edge: euc1/1 }"}, {}, "SIP-terminated calls"},
      {"addresses-instead-of-name", "", {.routing = "{ target: addresses, regions: [euc1, use1] }"}, {}, "fqdn"},
      {"address-left-out",
       "",
       {.service = "{ preset: sinch, regions: { euc1: { host_name: euc1.sip.sinch.com, edges: [18.184.175.4] } } }",
        .routing = "{ target: addresses, regions: [euc1, use1] }"},
       {.routing = "{ target: addresses, regions: [euc1, use1] }"},
       "add 18.196.245.254 to the edges of euc1"},
      {"allow-list-incomplete",
       "",
       {.site = "firewall: { allow: [euc1/1] }", .demand = to_site},
       {.site = "firewall: { allow: all }", .demand = to_site},
       "IP whitelisting\"): every call from euc1/2 to this site is lost"},
      {"allow-list-incomplete",
       "NobodyCalls",
       {.site = "firewall: { allow: [euc1/1, euc1/2, 34.194.41.43, use1/2] }"},
       {},
       "does not let in sae1/1, sae1/2, apse1/1, apse1/2 and 2 more"},
      {"allow-list-stranger", "", {.site = "firewall: { allow: [192.0.2.1] }"}, {.site = "firewall: { allow: [euc1/1] }"}, "192.0.2.1"},
      {"example-address",
       "InTheAllowList",
       {.site = "firewall: { allow: [18.194.168.245] }"},
       {.site = "firewall: { allow: [192.0.2.1] }"},
       "SIP origination example"},
      {"example-address", "AsAnEdge", lab("lab.example.com", "18.194.168.245"), lab("lab.example.com", "192.0.2.1"), "Contact"},
      {"host-name-variant", "", lab("sip-euc1.sinch.com", "192.0.2.1"), lab("lab.example.com", "192.0.2.1"), "host_name: euc1.sip.sinch.com"},
      {"host-name-variant", "Listed", lab("trunk.sinch.com", "192.0.2.1"), {}, "one of the listed names"},
      {"no-authentication", "", {.service = "sinch"}, {}, "at least one authentication scheme"},
      {"no-authentication", "NobodyCallsOut", {.service = "sinch"}, {.service = "sinch", .demand = to_site}, "SIP-terminated"},
      {"number-not-e164", "", {.demand = "not_e164: 1%"}, {.demand = "not_e164: 0%"}, "refused with 484"},
      {"unknown-caller-id", "", {.demand = "unknown_caller_id: 5%"}, {.demand = "unknown_caller_id: 0%"}, "private"},
      {"one-region", "", {.routing = "{ regions: [use1] }"}, {}, "regions: [use1, euc1]"},
      {"name-resolved-once", "Forever", routing("cache: forever"), routing("cache: ttl"), "for ever"},
      {"name-resolved-once", "AtTheStart", routing("preset: opensips"), routing("preset: opensips, cache: ttl"), "at the start"},
      {"neither-probe-nor-hold-down", "", routing("preset: kamailio"), routing("preset: kamailio, hold_down: 60s"), "hold_down: 60s"},
      {"long-no-response", "", routing("no_response: 11s"), routing("no_response: 10s"), "callers hear nothing"},
      {"no-response-beyond-patience",
       "",
       {.routing = "{ regions: [euc1, use1], no_response: 9s }", .demand = "patience: { distribution: exponential, mean: 12s }"},
       {.routing = "{ regions: [euc1, use1], no_response: 8s }", .demand = "patience: { distribution: exponential, mean: 12s }"},
       "half of the callers of d hang up within 8s317ms"},
      {"frequent-probe", "", routing("probe: { every: 9s }"), routing("probe: { every: 10s }"), "every 9s"},
      {"frequent-probe", "WhileDown", routing("probe: { every_down: 5s }"), routing("probe: { every_down: 10s }"), "every 5s"},
      {"blind-connect", "Probe", routing("probe: { method: tcp_connect }"), routing("probe: { method: options }"), "the probe only connects"},
      {"blind-connect", "Names", service("names: { check: { method: tcp_connect } }"), service("names: { check: { method: options } }"),
       "has stopped"},
      {"drain-not-seen",
       "Addresses",
       {.routing = "{ target: addresses, regions: [euc1, use1] }", .top = drained},
       {.routing = "{ target: addresses, regions: [euc1, use1], probe: { alive: ok } }", .top = drained},
       "OPTIONS with 503"},
      {"drain-not-seen",
       "Name",
       {.service = "{ preset: sinch, drain: { options_code: 200 } }", .top = drained},
       {.service = "{ preset: sinch, drain: { options_code: 200, retry_after: 60s } }", .top = drained},
       "OPTIONS with 200"},
      {"drain-not-seen",
       "NameWhoseCheckTakesAnyAnswer",
       {.service = "{ preset: sinch, names: { check: { alive: any } } }", .top = drained},
       {.service = "{ preset: sinch, names: { check: { alive: not_5xx } } }", .top = drained},
       "refused first"},
      {"hold-down-for-a-destination", "", hold_down("on: [no_response, 404, 486, 603]"), hold_down("on: [no_response]"), "404, 486, 603"},
      {"hold-down-for-a-destination", "WhateverTheTrip", hold_down("on: [480], trip: { failures: 3, of: 5 }"),
       hold_down("on: [500], trip: { failures: 3, of: 5 }"), "bad destination"},
      {"hold-down-at-once", "", hold_down("on: [500, 503]"), hold_down("on: [500, 503], trip: { failures: 2, of: 5 }"), "after one 500, 503"},
      {"tcp-without-keepalive", "", {.site = "transport: tcp"}, {.site = "transport: tcp, tcp: { keepalive: 60s }"}, "keepalive: 60s"},
      {"invite-in-fragments",
       "",
       {.service = "{ preset: sinch, origination: { cookie_bytes: 201 } }", .site = "drop_fragments: true", .demand = to_site},
       {.service = "{ preset: sinch, origination: { cookie_bytes: 200 } }", .site = "drop_fragments: true", .demand = to_site},
       "an INVITE of 1301 bytes"},
      {"too-few-channels", "", {.site = "channels: 179"}, {.site = "channels: 180"}, "channels: 201 (Erlang B, 1% blocked)"},
      {"no-warmup",
       "Capacity",
       service("capacity: { service_time: 1ms }"),
       {.service = "{ preset: sinch, capacity: { service_time: 1ms } }", .top = "warmup: 10min\n"},
       "warmup: 30min"},
      {"no-warmup", "ContactCentre", {.site = "contact_centre: { agents: 5 }"}, {}, "contact_centre without warmup"},
      {"no-warmup", "Redial", {.demand = "redial: { probability: 50% }"}, {}, "redial without warmup"},
      {"no-warmup", "Queue", service("caps: [{ scope: account, cps: 9/s, mode: queue }]"), service("caps: [{ scope: account, cps: 9/s }]"), "queue"},
      {"cap-code-6xx", "", service("caps: [{ scope: account, cps: 9/s, code: 603 }]"), service("caps: [{ scope: account, cps: 9/s, code: 503 }]"),
       "refuses with 603"},
      {"cap-not-advanced", "", service("caps: [{ scope: edge, cps: 9/s, code: 480 }]"), service("caps: [{ scope: edge, cps: 9/s, code: 503 }]"),
       "add 480 to advance_on of site a"},
      {"cap-not-advanced", "DropsAreNotRefusals", service("caps: [{ scope: edge, cps: 9/s, code: 480 }]"),
       service("caps: [{ scope: edge, cps: 9/s, code: 480, mode: drop }]"), "480"},
      {"cap-tried-everywhere", "", service("caps: [{ scope: account, cps: 9/s }]"), service("caps: [{ scope: edge, cps: 9/s }]"), "leave 503 out"},
      {"media-not-modelled",
       "Service",
       service("media: { srtp: true }"),
       {.service = "{ preset: sinch, media: { srtp: true } }", .demand = "codecs: [G.711a]"},
       "codecs: [G.711a] in a demand"},
      {"media-not-modelled", "WhatTheDefaultsSayAnyway", {.site = "nat: true"}, service("media: { ports: 10000-20000 }"), "site a"},
      {"media-ports-closed-out",
       "OneWay",
       {.site = "firewall: { media: { direction: out, ports: 10000-15000 } }"},
       {.site = "firewall: { media: { direction: out, ports: 10000-20000 } }"},
       "\"IP whitelisting\"): about 50 % of the calls have one-way audio: the far side hears nothing (seed) firewall: { media: { ports: 10000-20000 "
       "} }"},
      {"media-ports-closed-out",
       "BehindNat",
       {.site = "nat: true, firewall: { media: { direction: out, ports: 15000-20000 } }"},
       {.site = "nat: true, firewall: { media: { direction: in, ports: 15000-20000 } }"},
       "about 50 % of the calls have no audio at all, for behind NAT Sinch must hear first"},
      {"media-ports-closed-out",
       "BothWays",
       {.site = "firewall: { media: { ports: 12000-12999 } }"},
       {},
       "about 90 % of the calls have no audio at all"},
      {"media-ports-closed-in",
       "NotStateful",
       {.site = "firewall: { media: { direction: in, stateful: false, ports: 10000-15000 } }"},
       {.site = "firewall: { media: { direction: in, ports: 10000-15000 } }"},
       "about 50 % of the calls have one-way audio: the site hears nothing, for the filter is not stateful"},
      {"media-ports-closed-in",
       "NotSymmetric",
       {.site = "symmetric_rtp: false, firewall: { media: { direction: in, ports: 10000-15000 } }"},
       {.site = "symmetric_rtp: false, firewall: { media: { direction: in, ports: 9000-21000 } }"},
       "without symmetric RTP"},
      {"nat-without-latching",
       "Service",
       {.service = "{ preset: sinch, media: { latching: false } }", .site = "nat: true"},
       {.service = "{ preset: sinch, media: { latching: false } }"},
       "private address"},
      {"nat-without-latching", "Site", {.site = "nat: true, symmetric_rtp: false"}, {.site = "nat: true"}, "symmetric_rtp: true"},
      {"site-ports-too-few",
       "Pairs",
       {.site = "channels: 600, rtp_ports: { range: 16384-17582, allocator: rtpengine }"},
       {.site = "channels: 600, rtp_ports: { range: 16384-17583, allocator: rtpengine }"},
       "rtp_ports 16384-17582 are 599 pairs of ports for 600 channels: a call that finds no port is blocked, though a channel is free (ours) "
       "rtp_ports: "
       "16384-17583 (1200 ports)"},
      {"site-ports-too-few",
       "Singles",
       {.site = "channels: 600, rtp_ports: { range: 16384-16982, rtcp: mux, allocator: rtpengine }"},
       {.site = "channels: 600, rtp_ports: { range: 16384-16983, rtcp: mux, allocator: rtpengine }"},
       "are ports for 599 legs for 600 channels"},
      {"site-ports-too-few",
       "Slots",
       {.site = "channels: 600, rtp_ports: { range: 16384-17581, rtcp: mux }"},
       {.site = "channels: 600, rtp_ports: { range: 16384-17583, rtcp: mux }"},
       "are ports for 599 legs for 600 channels"},
      {"site-ports-too-few",
       "AtRest",
       {.site = "channels: 600, rtp_ports: { range: 16384-17983, quarantine: 180s }"},
       {.site = "channels: 600, rtp_ports: { range: 16384-18783, quarantine: 180s }"},
       "for 600 channels"},
      {"site-ports-too-few",
       "WithoutChannels",
       {.site = "rtp_ports: 16384-16783"},
       {.site = "rtp_ports: 16384-16785"},
       "about 180 erlangs at the peak: a call"},
      {"site-ports-too-few", "BeyondTheLastPort", {.site = "channels: 600, rtp_ports: 64536-65535"}, {}, "a range that begins lower"},
      {"odd-port-range", "Service", service("media: { ports: 10001-20000 }"), service("media: { ports: 10001-20000, rtcp: mux }"),
       "10001 and 20000 never belong to a pair (ours) ports: 10000-20000"},
      {"odd-port-range",
       "Site",
       {.site = "rtp_ports: 16385-32767"},
       {.site = "rtp_ports: 16384-32767"},
       "16385 never belongs to a pair (ours) rtp_ports: 16384-32767"},
      // One call a second for 180 s: 180 erlangs, 360 legs. 201 channels by Erlang B for 1 %: 402 legs.
      {"media-addresses-too-few",
       "Pairs",
       {.service = "{ preset: sinch, media: { ports: 10000-10199, addresses: { most: 3 } } }", .demand = "codecs: [G.711a]"},
       {.service = "{ preset: sinch, media: { ports: 10000-10199, addresses: { most: 4 } } }", .demand = "codecs: [G.711a]"},
       "about 180 erlangs at the peak with 2 legs each, and 300 pairs of ports on at most 3 media addresses: a good part"},
      {"media-addresses-too-few",
       "OneLeg",
       {.service = "{ preset: sinch, media: { legs: one, rtcp: mux, ports: 10000-10169, addresses: { most: 1 } } }", .demand = "codecs: [G.711a]"},
       {.service = "{ preset: sinch, media: { legs: one, rtcp: mux, ports: 10000-10199, addresses: { most: 1 } } }", .demand = "codecs: [G.711a]"},
       "most: 2 (Erlang B, 1% refused)"},
      // 5000 legs, 50 packets a second each.
      {"packets-before-ports",
       "",
       {.service = "{ preset: sinch, media: { packets_max: 100000 } }", .demand = "codecs: [G.711a]"},
       {.service = "{ preset: sinch, media: { packets_max: 250000 } }", .demand = "codecs: [G.711a]"},
       "takes in 250000 packets a second, and packets_max is 100000: above 40 % of its ports in use packets are lost, and speech suffers before any "
       "call "
       "is refused (ours) scale_out below 40%, or packets_max: 250000"},
      {"packets-before-ports",
       "Silence",
       {.service = "{ preset: sinch, media: { packets_max: 100000 } }", .demand = "codecs: [{ codec: G.711a, ptime: 40ms }]"},
       {.service = "{ preset: sinch, media: { packets_max: 100000 } }",
        .site = "activity: 60%",
        .demand = "codecs: [{ codec: G.711a, ptime: 40ms }]"},
       "takes in 125000"},
      {"no-common-codec",
       "Transcoding",
       {.service = "{ preset: sinch, media: { transcoding: false } }",
        .demand = "codecs: [{ share: 70%, offer: [G.711a] }, { share: 30%, offer: [G.729] }]"},
       {.demand = "codecs: [{ share: 70%, offer: [G.711a] }, { share: 30%, offer: [G.729] }]"},
       "30 % of the calls offer G.729 only: the far side takes G.711a, G.711u, and the service does not transcode: all of them are refused with 488 "
       "(ours) "
       "transcoding: true, or add G.711a to the codecs"},
      {"no-common-codec",
       "NotTaken",
       {.service = "{ preset: sinch, media: { codecs: [G.711u] } }", .demand = "codecs: [G.711a, Opus], " + to_site},
       {.service = "{ preset: sinch, media: { codecs: [G.711u] } }", .demand = "codecs: [G.711u], " + to_site},
       "accept G.711a, Opus only: the service takes G.711u, the far side G.711a, G.711u: all of them are refused with 488 (ours) add G.711u"},
      {"provisional-traits",
       "Costs",
       {.demand = "codecs: [G.729]"},
       {.service = "{ preset: sinch, media: { traits: { G.729: { cores: 0.02 }, G.711u: { cores: 0.002 } } } }", .demand = "codecs: [G.729]"},
       "traits: { G.711u: { cores: ... }, G.729: { cores: ... } }"},
      {"provisional-traits",
       "Opus",
       {.service = "{ preset: sinch, media: { far_codecs: [Opus] } }", .demand = "codecs: [Opus]"},
       {.service = "{ preset: sinch, media: { far_codecs: [Opus], traits: { Opus: { ie: 1, bpl: 30 } } } }", .demand = "codecs: [Opus]"},
       "rest on the shipped ie and bpl of Opus: these are provisional"},
      {"provisional-traits",
       "Both",
       {.demand = "codecs: [Opus]"},
       {.demand = "codecs: [G.711a]"},
       "rest on the shipped ie and bpl of Opus, and on the shipped costs of transcoding"},
      {"cap-below-peak", "", service("caps: [{ scope: account, cps: 30/min }]"), service("caps: [{ scope: account, cps: 90/min }]"), "cps: 1/s"},
  };
  return table;
}

std::vector<Advice> advice_on(const Parts& parts) {
  const Result<Scenario> scenario = parse_scenario(scenario_text(parts), "lint.yaml");
  if (!scenario) throw std::runtime_error(text_of(scenario.problems()) + scenario_text(parts));
  return lint(scenario.value());
}

class LintRuleTest : public testing::TestWithParam<Row> {};

TEST_P(LintRuleTest, SpeaksWhereItIsDueAndOnlyThere) {
  const Row& row = GetParam();
  std::string said;
  for (const Advice& advice : advice_on(row.wrong)) {
    if (advice.id == row.id) said += advice.text() + " " + advice.fix + '\n';
  }
  EXPECT_THAT(said, testing::HasSubstr(row.said)) << scenario_text(row.wrong);
  for (const Advice& advice : advice_on(row.right)) EXPECT_NE(advice.id, row.id) << advice.text();
}

INSTANTIATE_TEST_SUITE_P(Table, LintRuleTest, testing::ValuesIn(rows()), [](const auto& test) {
  std::string name = test.param.id + std::string("_") + test.param.variant;
  std::ranges::replace(name, '-', '_');
  return name;
});

TEST(LintRules, EachIsTestedAndTheManualListsIt) {
  const std::string manual = text_of(std::filesystem::path(TRUNKLAB_SOURCE_DIR "/docs/lints.md"));
  for (const LintRule& rule : lint_rules()) {
    EXPECT_TRUE(std::ranges::any_of(rows(), [&](const Row& row) { return row.id == rule.id; })) << rule.id;
    EXPECT_THAT(manual, testing::HasSubstr("| `" + std::string(rule.id) + "` |"));
  }
}

TEST(LintRules, SayWhatToWriteAndQuoteTheSeedWhereItIsTheirOrigin) {
  const std::string seed_section = "(section \"";
  for (const Row& row : rows()) {
    for (const Advice& advice : advice_on(row.wrong)) {
      EXPECT_FALSE(advice.fix.empty()) << advice.text();
      EXPECT_EQ(advice.fix.find('\n'), std::string::npos) << advice.fix;
      EXPECT_EQ(advice.why.find(seed_section) != std::string::npos, advice.origin == Advice::Origin::seed) << advice.text();
    }
  }
}

TEST(LintRules, SilencedOnesAreNotHeard) {
  Parts parts{.routing = "{ regions: [euc1], no_response: 11s }", .top = "lint: { silence: [one-region] }\n"};
  const Result<Scenario> scenario = parse_scenario(scenario_text(parts), "lint.yaml");
  ASSERT_TRUE(scenario) << text_of(scenario.problems());
  EXPECT_EQ(scenario.value().silenced, std::vector<std::string>{"one-region"});
  const std::vector<Advice> all = lint(scenario.value());
  ASSERT_EQ(all.size(), 2U);
  const std::vector<Advice> left = heard(scenario.value(), all);
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].id, "long-no-response");
}

}  // namespace
}  // namespace trunklab
