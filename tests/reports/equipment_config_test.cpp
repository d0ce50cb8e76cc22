// Settings in the words of each equipment: the figures that matter are there, in the unit that the keyword has.
#include "reports/equipment_config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace trunklab {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

EquipmentSettings settings(const std::string& equipment) {
  EquipmentSettings two{.site = "oslo",
                        .equipment = equipment,
                        .tcp = false,
                        .target = TargetKind::addresses,
                        .regions = {"euc1"},
                        .targets = {"18.184.175.4", "18.196.245.254"},
                        .hunting = {}};
  two.hunting.probe = ProbeSpec{.every = 10s, .timeout = 3s, .fail_after = 2, .recover_after = 1};
  return two;
}

TEST(EquipmentConfig, ForKamailio) {
  EXPECT_EQ(equipment_config(settings("kamailio")),
            R"(# /etc/kamailio/dispatcher.list: set, target, flags, priority (check: kamcmd dispatcher.list)
1 sip:18.184.175.4:5060 0 2
1 sip:18.196.245.254:5060 0 1

# kamailio.cfg
modparam("dispatcher", "list_file", "/etc/kamailio/dispatcher.list")
modparam("dispatcher", "flags", 2)
modparam("dispatcher", "ds_ping_interval", 10)
modparam("dispatcher", "ds_probing_mode", 1)
modparam("dispatcher", "ds_probing_threshold", 2)
modparam("dispatcher", "ds_inactive_threshold", 1)
modparam("dispatcher", "ds_ping_reply_codes", "class=2;class=3;code=403;code=404;code=405;code=483")
# not class=4: the local 408 of an OPTIONS without an answer would count as a reply
modparam("tm", "fr_timer", 4000)
modparam("tm", "fr_inv_timer", 120000)
# fr_timer also ends OPTIONS; fr_inv_timer must leave room for the ringing

route[TRUNK] {
  if (!ds_select_dst("1", "8")) { sl_send_reply("503", "No trunk"); exit; }
  t_on_failure("TRUNK");
  t_relay();
}
failure_route[TRUNK] {
  if (t_is_canceled()) exit;
  if (t_branch_timeout() || t_check_status("408|500|502|503|504")) {
    ds_mark_dst("ip");
    # stays out until a probe succeeds; meant is a hold-down of 60s after a failed attempt
    if (ds_next_dst()) { t_on_failure("TRUNK"); t_relay(); exit; }
  }
}
)");
}

TEST(EquipmentConfig, ForEquipmentWithoutADialectIsAPieceOfAScenario) {
  EXPECT_EQ(equipment_config(settings("")), R"(routing:  # of oslo, in the keys of a trunklab scenario
  target: addresses
  regions: [euc1]
  # that is, in this order: 18.184.175.4, 18.196.245.254
  no_response: 4s
  no_progress: 120s
  advance_on: [408, 500, 502, 503, 504]
  probe: { every: 10s, timeout: 3s, fail_after: 2, recover_after: 1 }
  hold_down: 60s
)");
  EquipmentSettings other = settings("ribbon-sbc");
  other.hunting.hold_down = HoldDown{.span = 90s, .trip = 2, .of = 10, .half_open = true, .return_over = 30s};
  other.hunting.probe.reset();
  other.hunting.no_response = 1500ms;
  EXPECT_THAT(equipment_config(other), AllOf(HasSubstr("hold_down: { for: 90s, trip: { failures: 2, of: 10 }, half_open: true, return_over: 30s }\n"),
                                             HasSubstr("probe: never\n"), HasSubstr("no_response: 1500ms\n")));
}

struct Row {
  const char* equipment;
  std::vector<std::string> expected;
};
class Dialect : public testing::TestWithParam<Row> {};

TEST_P(Dialect, SaysTargetsTimersAndProbe) {
  const std::string text = equipment_config(settings(GetParam().equipment));
  for (const std::string& part : GetParam().expected) EXPECT_THAT(text, HasSubstr(part));
  EXPECT_LT(text.find("18.184.175.4"), text.find("18.196.245.254")) << "in hunting order";
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
}

INSTANTIATE_TEST_SUITE_P(
    All, Dialect,
    testing::Values(
        Row{"asterisk",
            {"timer_b=4000\n", "contact=sip:18.184.175.4:5060\n", "qualify_frequency=10\n", "qualify_timeout=3.0\n", "aors=sinch-2\n",
             "Dial(PJSIP/${EXTEN}@sinch-2)", "down after 2 misses cannot be said", "not expressible: hold-down of 60s"}},
        Row{"my-Kamailio-5.8", {"\"fr_timer\", 4000)", "\"fr_inv_timer\", 120000)", "t_check_status(\"408|500|502|503|504\")", "ds_next_dst()"}},
        Row{"opensips", {"'sip:18.184.175.4:5060', 0)", "\"ds_ping_interval\", 10)", "\"ds_probing_threshhold\", 2)", "\"fr_timeout\", 4)"}},
        Row{"cisco-cube",
            {" retry invite 2\n", "! that is 3.5 s", "up-interval 10\n", "down-interval 10\n", " retry 2\n",
             "session target ipv4:18.184.175.4:5060\n", " preference 1\n", "voice-class sip options-keepalive profile 1\n"}},
        Row{"freeswitch",
            {"<param name=\"ping\" value=\"10\"/>", "<param name=\"ping-max\" value=\"2\"/>", "\"timer-T1X64\" value=\"4000\"",
             "data=\"sofia/gateway/sinch-1/$1|sofia/gateway/sinch-2/$1\""}}));

class WithoutProbes : public testing::TestWithParam<const char*> {};

TEST_P(WithoutProbes, AsksForNone) {
  EquipmentSettings silent = settings(GetParam());
  silent.hunting.probe.reset();
  silent.hunting.hold_down.reset();
  EXPECT_THAT(equipment_config(silent), AllOf(HasSubstr("no probing"), Not(HasSubstr("hold-down"))));
}
INSTANTIATE_TEST_SUITE_P(All, WithoutProbes, testing::Values("asterisk", "kamailio", "opensips", "cube", "freeswitch"));

TEST(EquipmentConfig, KeepsWithinWhatTheKeywordsAllow) {
  EquipmentSettings fast = settings("cube");
  fast.hunting.probe->every = 1s;
  fast.hunting.probe->fail_after = 20;
  EXPECT_THAT(equipment_config(fast), AllOf(HasSubstr("up-interval 5\n"), HasSubstr(" retry 10\n")));
  fast.hunting.no_response = 32s;
  EXPECT_THAT(equipment_config(fast), HasSubstr("retry invite 5\n")) << "0.5 s doubled six times are 31.5 s";
  fast.equipment = "freeswitch";
  EXPECT_THAT(equipment_config(fast), HasSubstr("\"ping\" value=\"5\""));
}

TEST(EquipmentConfig, OfNamesAndTcp) {
  EquipmentSettings name = settings("cube");
  name.target = TargetKind::fqdn;
  name.targets = {"euc1.sip.sinch.com"};
  name.tcp = true;
  EXPECT_THAT(equipment_config(name), AllOf(HasSubstr("session target dns:euc1.sip.sinch.com:5060\n"), HasSubstr("session transport tcp\n")));
  name.equipment = "kamailio";
  EXPECT_THAT(equipment_config(name), HasSubstr("1 sip:euc1.sip.sinch.com:5060;transport=tcp 0 1\n"));
}

}  // namespace
}  // namespace trunklab
