// Filling in the two scenario templates.
#include "traffic/sipp/scenario_xml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "traffic/sipp/scenario_parts.hpp"
#include "traffic/sipp/sipp_files.hpp"
#include "traffic/sipp/template_text.hpp"

namespace trunklab {

namespace {

/// Milliseconds that no run lasts: 285 years.
constexpr std::int64_t never_ms = 9'000'000'000'000;

std::string in_ms(Span span) {
  const auto whole = std::chrono::duration_cast<std::chrono::milliseconds>(span).count();
  return fmt::format("{}", std::min(whole, never_ms));
}

/// "^(408|503)$"; a policy that never advances matches nothing.
std::string one_of(const std::vector<std::uint16_t>& codes) {
  return codes.empty() ? "^none$" : fmt::format("^({})$", fmt::join(codes, "|"));
}

/// What both roles share.
TemplateValues common(const ReplayGroup& group) {
  TemplateValues values;
  values.words["title"] = group.name;
  values.texts["now"] = sipp_parts::now();
  // Instants are since 1970, so "never" lies well beyond them.
  values.texts["never"] = fmt::format("{}", 2 * never_ms);
  values.texts["transport"] = group.transport == Transport::udp ? "udp" : "tcp";
  if (group.transport == Transport::udp) values.flags.insert("udp");
  if (group.media) values.flags.insert("media");
  if (group.challenge_code != 0) values.flags.insert("digest");
  return values;
}

std::string receive(std::uint16_t code, std::string_view next) {
  return fmt::format("<recv response=\"{}\" optional=\"global\" next=\"{}\"/>\n", code, next);
}

struct Refusal {
  std::uint16_t code;
  std::string_view reason;
};
/// The first one is what is said after a CANCEL.
std::vector<Refusal> refusals_of(const ReplayGroup& group) {
  std::vector<Refusal> refusals{{487, "Request Terminated"}, {486, "Busy Here"}, {480, "Temporarily Unavailable"}, {603, "Decline"}};
  if (std::ranges::find(refusals, group.number_format_code, &Refusal::code) == refusals.end()) {
    refusals.push_back({group.number_format_code, "Number Not Accepted"});
  }
  return refusals;
}

/// Which refusal it shall be, then their texts.
std::string refusal_texts(const std::vector<Refusal>& refusals) {
  std::string text;
  for (const Refusal& each : refusals) {
    if (each.code == refusals.front().code) continue;
    text += fmt::format(
        "<nop next=\"refusal_{0}\" test=\"is_{0}\">\n<action>\n<assign assign_to=\"is_{0}\" value=\"0\"/>\n"
        "<ereg regexp=\"^{0}$\" search_in=\"var\" variable=\"w_code\" assign_to=\"is_{0}\"/>\n</action>\n</nop>\n",
        each.code);
  }
  for (const Refusal& each : refusals) {
    const std::string label = each.code == refusals.front().code ? std::string{} : fmt::format("<label id=\"refusal_{}\"/>\n", each.code);
    text += fmt::format(
        "{}<send next=\"sent\"><![CDATA[\nSIP/2.0 {} {}\n[$via]\n[$from]\n[$to];tag=[pid]u[call_number]\n[last_Call-ID:]\nCSeq: [$cseq]\n"
        "Content-Length: 0\n\n]]></send>\n",
        label, each.code, each.reason);
  }
  return text;
}

/// 401 can be checked by SIPp itself. With 407 it only sees whether there are credentials: its check reads no Proxy-Authorization.
std::string credentials_check(const ReplayGroup& group) {
  if (group.challenge_code == 401) {
    return fmt::format(R"(<verifyauth assign_to="known_user" username="{}" password="{}"/>)", loopback_user, loopback_password);
  }
  return "<assign assign_to=\"known_user\" value=\"0\"/>\n"
         "<ereg regexp=\"response=\" search_in=\"hdr\" header=\"Proxy-Authorization:\" assign_to=\"known_user\"/>";
}

}  // namespace

std::string caller_xml(const ReplayGroup& group) {
  TemplateValues values = common(group);
  constexpr std::array<std::uint16_t, 6> provisionals{100, 180, 181, 182, 183, 199};
  for (const std::uint16_t code : provisionals) values.texts["provisional"] += sipp_parts::provisional(code) + '\n';
  for (const std::uint16_t code : sipp_parts::finals) values.texts["finals"] += receive(code, "final");
  values.texts["sent"] = sipp_parts::sent();
  values.texts["attempt_line"] = "attempt;[field1];[$tried];[$target];[$end];[$code];[$try_at];[$heard_at];[$rang_at];[$now]";
  values.texts["parse_final"] = sipp_parts::parse_final();
  values.texts["at_limit"] = sipp_parts::least("limit");
  values.texts["at_patience"] = sipp_parts::least("patience_at");
  values.words["home"] = group.home;
  values.texts["no_response"] = in_ms(group.no_response);
  values.texts["no_progress"] = in_ms(group.no_progress);
  values.texts["timer_c"] = in_ms(sip::timer_c);
  values.texts["give_up_after"] = in_ms(group.give_up_after);
  values.texts["linger"] = in_ms(sip::timer_b);
  values.texts["targets"] = fmt::format("{}", group.targets.size());
  values.texts["advance"] = one_of(group.advance_codes);
  const bool inward = group.direction == Direction::origination;
  values.flags.insert(inward ? "inward" : "routes");
  values.words["cookies"] = inward && group.cookie_bytes > 0 ? fmt::format("X-My-Header: {}\n", std::string(group.cookie_bytes, 'x')) : std::string{};
  values.texts["credentials"] = "";
  TemplateValues plain = values;
  values.texts["invite"] = fill_in(sipp_parts::invite(), plain);
  plain.texts["credentials"] = "[authentication username=\"[$user]\" password=\"[$secret]\"]\n";
  values.texts["invite_authed"] = fill_in(sipp_parts::invite(), plain);
  return fill_in(sipp_file("caller.xml"), values);
}

std::string answerer_xml(const ReplayGroup& group) {
  TemplateValues values = common(group);
  values.texts["read_invite"] = sipp_parts::read_invite();
  values.texts["keep_invite"] = sipp_parts::keep_invite();
  values.texts["refusals"] = refusal_texts(refusals_of(group));
  values.texts["verify"] = credentials_check(group);
  values.texts["linger"] = in_ms(sip::timer_b);
  values.texts["resend_first"] = sipp_parts::least("resend_at");
  constexpr std::array<std::uint16_t, 6> answers_to_bye{200, 404, 408, 481, 500, 503};
  for (const std::uint16_t code : answers_to_bye) values.texts["bye_responses"] += receive(code, "bye_done");
  values.texts["challenge_code"] = fmt::format("{}", group.challenge_code);
  values.texts["challenge_header"] = group.challenge_code == 401 ? "WWW-Authenticate" : "Proxy-Authenticate";
  values.texts["challenge_reason"] = group.challenge_code == 401 ? "Unauthorized" : "Proxy Authentication Required";
  values.texts["realm"] = "trunklab";
  return fill_in(sipp_file("answerer.xml"), values);
}

}  // namespace trunklab
