// The pieces, as text. SIPp's actions are explained in docs/generate.md.
#include "traffic/sipp/scenario_parts.hpp"

#include <fmt/format.h>

namespace trunklab::sipp_parts {

std::string_view now() {
  return R"xml(<gettimeofday assign_to="now,us"/>
<multiply assign_to="now" value="1000"/>
<divide assign_to="us" value="1000"/>
<add assign_to="now" variable="us"/>)xml";
}

std::string least(std::string_view variable) {
  return fmt::format(R"xml(<test assign_to="sooner" variable="{0}" compare="less_than" variable2="at"/>
<todouble assign_to="number" variable="sooner"/>
<assign assign_to="span" variable="{0}"/>
<subtract assign_to="span" variable="at"/>
<multiply assign_to="span" variable="number"/>
<add assign_to="at" variable="span"/>)xml",
                     variable);
}

std::string provisional(std::uint16_t code) {
  // The first 18x is noted with its time: SIPp has no "if" within actions, so the difference is multiplied by 0 or 1.
  constexpr std::string_view rings = R"xml(
<assign assign_to="span" variable="ringing"/>
<add assign_to="ringing" variable="number"/>
<test assign_to="first" variable="span" compare="equal" value="0"/>
<todouble assign_to="span" variable="first"/>
<multiply assign_to="span" variable="number"/>
{{now}}
<subtract assign_to="now" variable="rang_at"/>
<multiply assign_to="now" variable="span"/>
<add assign_to="rang_at" variable="now"/>)xml";
  constexpr std::uint16_t trying = 100;
  return fmt::format(R"xml(<recv response="{}" optional="global" advance_state="false">
<action>
<assignstr assign_to="p_got" value=""/>
<ereg regexp="([0-9]+)([0-9][0-9])([0-9]) INVITE" search_in="hdr" header="CSeq:" assign_to="p_got,p_n,p_target,p_step"/>
<strcmp assign_to="p_differs" variable="p_got" variable2="want"/>
<test assign_to="p_same" variable="p_differs" compare="equal" value="0"/>
<todouble assign_to="number" variable="p_same"/>
<test assign_to="first" variable="heard" compare="equal" value="0"/>
<todouble assign_to="span" variable="first"/>
<multiply assign_to="span" variable="number"/>
{{{{now}}}}
<multiply assign_to="now" variable="span"/>
<add assign_to="heard_at" variable="now"/>
<add assign_to="heard" variable="number"/>{}
<test assign_to="p_other" variable="p_differs" compare="not_equal" value="0"/>
<todouble assign_to="span" variable="p_other"/>
<multiply assign_to="span" variable="orphans"/>
<add assign_to="stray" variable="span"/>
<assignstr assign_to="s_num" value="[$p_n][$p_target][$p_step]"/>
<assignstr assign_to="s_target" value="[$p_target]"/>
</action>
</recv>)xml",
                     code, code == trying ? "" : rings);
}

std::string_view sent() {
  return R"xml({{now}}
<assign assign_to="span" variable="now"/>
<subtract assign_to="span" variable="sent"/>
<multiply assign_to="span" variable="fresh"/>
<add assign_to="sent" variable="span"/>
<assign assign_to="span" variable="now"/>
<subtract assign_to="span" variable="try_at"/>
<multiply assign_to="span" variable="untried"/>
<add assign_to="try_at" variable="span"/>
<assign assign_to="untried" value="0"/>
<assign assign_to="fresh" value="0"/>
<test assign_to="first" variable="begun" compare="equal" value="0"/>
<todouble assign_to="number" variable="first"/>
<multiply assign_to="number" variable="now"/>
<add assign_to="first_at" variable="number"/>
<assign assign_to="begun" value="1"/>
<assign assign_to="resend_at" variable="now"/>
<add assign_to="resend_at" variable="gap"/>
<multiply assign_to="gap" value="2"/>)xml";
}

std::string_view parse_final() {
  return R"xml(<assignstr assign_to="message" value="[last_message]"/>
<ereg regexp="SIP/2.0 ([0-9]+)" search_in="var" variable="message" assign_to="text,g_code"/>
<assignstr assign_to="line" value="[last_CSeq:]"/>
<ereg regexp="([0-9]+)([0-9][0-9])([0-9]) [A-Z]+" search_in="var" variable="line" assign_to="got,g_n,g_target,g_step"/>
<assignstr assign_to="g_token" value="[$g_n][$g_target]"/>
<assignstr assign_to="g_num" value="[$g_n][$g_target][$g_step]"/>
<assignstr assign_to="g_domain" value="[field2 file=&quot;targets.csv&quot; line=&quot;[$g_target]&quot;]"/>
<assign assign_to="other" value="0"/>
<ereg regexp="(BYE|CANCEL)$" search_in="var" variable="got" assign_to="other"/>
<strcmp assign_to="differs" variable="got" variable2="want"/>
{{#udp}}
<setdest host="[field0 file=&quot;targets.csv&quot; line=&quot;[$g_target]&quot;]" port="[field1 file=&quot;targets.csv&quot; line=&quot;[$g_target]&quot;]" protocol="udp"/>
{{/udp}})xml";
}

std::string_view invite() {
  return R"xml(INVITE sip:[field2]@[$domain] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=z9hG4bK[pid]-[call_number]-[$cseq]
From: <sip:[field3]@{{home}}>;tag=[pid]t[call_number]
To: <sip:[field2]@{{home}}>
Call-ID: [call_id]
CSeq: [$cseq] INVITE
Contact: <sip:[field3]@[local_ip]:[own_port];transport=[transport]>
{{credentials}}Max-Forwards: 70
{{#inward}}
Record-Route: <sip:[local_ip]:[local_port];ftag=[pid]t[call_number];lr=on>
{{/inward}}
{{cookies}}X-Trunklab-Call: [field1]
X-Trunklab-Due: [field0]
X-Trunklab-Play: delay=[field6];ring=[field7];code=[field8];talk=[field9];by=[field10];payload=[field11];ptime=[field12];attr=[field13]
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- [pid] [call_number] IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [media_port] RTP/AVP [field11]
a=ptime:[field12]
[field13])xml";
}

std::string_view read_invite() {
  return R"xml(<ereg regexp="[0-9]+ INVITE" search_in="hdr" header="CSeq:" assign_to="cseq"/>
<ereg regexp="delay=([0-9.]+);ring=([0-9.]+);code=([0-9]+);talk=([0-9.]+);by=([a-z]+);payload=([0-9]+)[0-9 ]*;ptime=([0-9]+);attr=([[:print:]]*)" search_in="hdr" header="X-Trunklab-Play:" check_it="true" assign_to="text,w_delay,w_ring,w_code,w_talk,w_by,w_payload,w_ptime,w_attr"/>
{{#digest}}
{{verify}}
{{/digest}})xml";
}

std::string_view keep_invite() {
  return R"xml(<assignstr assign_to="via" value="[last_Via:]"/>
<assignstr assign_to="from" value="[last_From:]"/>
<assignstr assign_to="to" value="[last_To:]"/>
<assignstr assign_to="record" value="[last_Record-Route:]"/>
<ereg regexp="From:[[:space:]]*([[:print:]]*)" search_in="var" variable="from" assign_to="text,from_bare"/>
<ereg regexp="To:[[:space:]]*([[:print:]]*)" search_in="var" variable="to" assign_to="text,to_bare"/>
<assignstr assign_to="route" value=""/>
<ereg regexp="Record-(Route:[[:print:]]*)" search_in="var" variable="record" assign_to="text,route"/>
<assignstr assign_to="line" value="[last_Contact:]"/>
<ereg regexp="&lt;([^&gt;]*)&gt;" search_in="var" variable="line" assign_to="text,contact"/>)xml";
}

}  // namespace trunklab::sipp_parts
