// What it takes to end a call whose SIPp is gone.
#include "traffic/load/hang_up.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "traffic/load/open_calls.hpp"
#include "traffic/load/sip_reply.hpp"

namespace trunklab {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SipReplyOf, HasWhatEndingACallNeeds) {
  const auto reply = parse_sip_reply(
      "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK1\r\nRecord-Route: <sip:a;lr>, <sip:b,c;lr>\r\nrecord-route: <sip:d;lr>\r\n"
      "t: <sip:+999@x>;tag=7\r\nCALL-ID: 1-2@127.0.0.1\r\ncseq:  2011   INVITE \r\nm: \"a, b\" <sip:far@127.0.0.1:5070;ob>;expires=1\r\n\r\nTo: not "
      "a header\r\n");
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->code, 200);
  EXPECT_EQ(reply->call_id, "1-2@127.0.0.1");
  EXPECT_EQ(reply->to, "<sip:+999@x>;tag=7");
  EXPECT_EQ(reply->number, "2011");
  EXPECT_EQ(reply->method, "INVITE");
  EXPECT_EQ(reply->contact, "sip:far@127.0.0.1:5070;ob");
  EXPECT_EQ(reply->route, "Route: <sip:d;lr>, <sip:b,c;lr>, <sip:a;lr>");
}

TEST(SipReplyOf, IsNothingForAnythingElse) {
  for (const char* text :
       {"", "SIP/2.0", "SIP/2.0 200 OK", "BYE sip:a SIP/2.0\r\nCall-ID: 1\r\nCSeq: 1 BYE\r\n\r\n", "SIP/2.0 200 OK\r\nCall-ID: 1\r\n\r\n"}) {
    EXPECT_FALSE(parse_sip_reply(text)) << text;
  }
}

class OpenCallsOf : public ::testing::Test {
 protected:
  OpenCallsOf() {
    bundle_.groups.push_back({.name = "a",
                              .targets = {{"euc1/1", "euc1.example"}, {"euc1/2", "euc1.example"}},
                              .target_sets = {},
                              .home = "euc1.example",
                              .advance_codes = {}});
    bundle_.shards.push_back({.rows = {{.call = "d.0.1", .expected = {}, .line = "0;d.0.1;+9991;+9992;100,201;rest"}}});
    destination_.addresses = {{"euc1/1", {.ip = "127.0.0.11", .port = 5070}}, {"euc1/2", {.ip = "127.0.0.12", .port = 5071}}};
  }
  void log(OpenCalls& open, const std::string& line) const {
    const auto parsed = parse_caller_line(line);
    ASSERT_TRUE(parsed) << line;
    open.take(0, 6000, *parsed);
  }
  OpenBundle bundle_;
  Destination destination_;
};

TEST_F(OpenCallsOf, AreCancelledUntilTheyAreDecidedAndHungUpAfterwards) {
  OpenCalls open(bundle_, destination_);
  EXPECT_THAT(open.list(), IsEmpty());
  log(open, "sent;d.0.1;1;0;1000;100;3-77@127.0.0.1");
  ASSERT_EQ(open.list().size(), 1U);
  const OpenCall invite = open.list().front();
  EXPECT_FALSE(invite.answered);
  EXPECT_EQ(invite.request_uri, "sip:+9991@euc1.example");
  EXPECT_EQ(invite.from, "<sip:+9992@euc1.example>;tag=77t3");
  EXPECT_EQ(invite.peer.port, 5070);
  EXPECT_EQ(invite.port, 6000);
  log(open, "attempt;d.0.1;1;0;no_response;0;1000;0;0;5000");
  EXPECT_THAT(open.list(), IsEmpty());
  EXPECT_EQ(open.late_until_ms(), 33'000) << "64*T1 after the INVITE";
  log(open, "sent;d.0.1;2;1;5001;201;3-77@127.0.0.1");
  log(open, "attempt;d.0.1;2;1;answered;200;5001;5002;5003;5004");
  log(open, "dialog;d.0.1;201;1;3-77@127.0.0.1|sip:far@10.0.0.1:5090;transport=udp|To: <sip:+9991@euc1.example>;tag=9|Route: <sip:edge;lr>");
  ASSERT_EQ(open.list().size(), 1U);
  const OpenCall dialog = open.list().front();
  EXPECT_TRUE(dialog.answered);
  EXPECT_EQ(dialog.request_uri, "sip:far@10.0.0.1:5090;transport=udp");
  EXPECT_EQ(dialog.to, "<sip:+9991@euc1.example>;tag=9");
  EXPECT_EQ(dialog.route, "Route: <sip:edge;lr>");
  EXPECT_EQ(dialog.token, "201");
  EXPECT_EQ(dialog.peer.port, 5071);
  log(open, "call;d.0.1;answered;200;2;0;1000;5003;5004;9000;9001");
  EXPECT_THAT(open.list(), IsEmpty());
}

TEST(HangUp, SaysWhichCallsNobodyConfirmed) {
  // Port 9 of an address of this machine, where nobody is.
  const OpenCall call{.call = "d.0.1",
                      .answered = true,
                      .request_uri = "sip:a@127.0.0.99",
                      .route = {},
                      .from = "<sip:a>;tag=1",
                      .to = "<sip:b>;tag=2",
                      .call_id = "1-2@127.0.0.1",
                      .token = "100",
                      .peer = {.ip = "127.0.0.99", .port = 9}};
  OpenCall over_tcp = call;
  over_tcp.call = "d.0.2";
  over_tcp.transport = Transport::tcp;
  const HungUp result = hang_up({call, over_tcp}, "127.0.0.1", std::chrono::milliseconds{700});
  EXPECT_EQ(result.ended, 0U);
  EXPECT_THAT(result.left, ElementsAre("d.0.1", "d.0.2"));
}

}  // namespace
}  // namespace trunklab
