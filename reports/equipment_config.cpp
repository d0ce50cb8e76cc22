// The dialects. Keywords: Asterisk's pjsip.conf.sample, the READMEs of Kamailio's and OpenSIPS' dispatcher and tm modules, Cisco's IOS voice
// command reference, FreeSWITCH's vanilla gateway and profile samples.
#include "reports/equipment_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <string_view>

namespace trunklab {
namespace {

std::int64_t milliseconds(Span span) {
  return std::chrono::ceil<std::chrono::milliseconds>(span).count();
}

std::int64_t whole_seconds(Span span) {
  return std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(span).count());
}

/// "4s", "500ms"
std::string span_word(Span span) {
  const std::int64_t ms = milliseconds(span);
  return ms % 1000 == 0 ? fmt::format("{}s", ms / 1000) : fmt::format("{}ms", ms);
}

std::string target(const EquipmentSettings& settings, std::size_t place) {
  return fmt::format("{}:5060", settings.targets[place]);
}

bool by_name(const EquipmentSettings& settings) {
  return settings.target == TargetKind::fqdn;
}

/// A paragraph of comment lines.
std::string comment(const char* sign, const std::string& text) {
  const std::size_t width = 99 - std::string_view(sign).size();
  std::string out;
  std::string rest = text;
  while (!rest.empty()) {
    std::size_t cut = rest.size() <= width ? rest.size() : rest.rfind(' ', width);
    if (cut == std::string::npos) cut = rest.size();
    out += fmt::format("{} {}\n", sign, rest.substr(0, cut));
    rest.erase(0, std::min(cut + 1, rest.size()));
  }
  return out;
}

std::string codes_of(const HuntingPolicy& hunting) {
  return hunting.advance_codes.empty() ? "no code" : fmt::format("{}", fmt::join(hunting.advance_codes, ", "));
}

/// What no equipment here can be told of a hold-down; empty if there is nothing.
std::string hold_down_words(const HuntingPolicy& hunting) {
  if (!hunting.hold_down) return {};
  const HoldDown& hold = *hunting.hold_down;
  std::string text = fmt::format("hold-down of {} after ", span_word(hold.span));
  text += hold.of > 1 ? fmt::format("{} failures among the last {} attempts", hold.trip, hold.of) : std::string{"a failed attempt"};
  if (hold.half_open) text += ", then one call tries first";
  if (hold.return_over > Span::zero()) text += fmt::format(", then a return over {}", span_word(hold.return_over));
  return text;
}

/// Probe as comment where it is off.
constexpr const char* no_probe = "no probing";

std::string asterisk(const EquipmentSettings& settings) {
  const HuntingPolicy& hunting = settings.hunting;
  std::string text = comment(";", "pjsip.conf: one trunk a target; the dialplan below tries them in order");
  text += fmt::format("[system]\ntype=system\ntimer_t1=500\ntimer_b={}\n", milliseconds(hunting.no_response));
  text += comment(";", "timer_b holds for every transaction of this Asterisk, and needs a restart");
  for (std::size_t place = 0; place < settings.targets.size(); ++place) {
    text += fmt::format("\n[sinch-{}]\ntype=aor\ncontact=sip:{}{}\n", place + 1, target(settings, place), settings.tcp ? "\\;transport=tcp" : "");
    if (hunting.probe) {
      text += fmt::format("qualify_frequency={}\nqualify_timeout={:.1f}\n", whole_seconds(hunting.probe->every), in_seconds(hunting.probe->timeout));
    } else {
      text += fmt::format("qualify_frequency=0  ; {}\n", no_probe);
    }
    text += fmt::format("[sinch-{0}]\ntype=endpoint\naors=sinch-{0}\n", place + 1);
  }
  if (hunting.probe && hunting.probe->fail_after > 1) {
    text += comment(";", fmt::format("down after {} misses cannot be said: one missed OPTIONS is enough for Asterisk", hunting.probe->fail_after));
  }
  text += "\n; extensions.conf\n";
  for (std::size_t place = 0; place < settings.targets.size(); ++place) {
    text += fmt::format("same => n,Dial(PJSIP/${{EXTEN}}@sinch-{})\n", place + 1);
    if (place + 1 < settings.targets.size()) {
      text += "same => n,ExecIf($[\"${DIALSTATUS}\"!=\"CHANUNAVAIL\" & \"${DIALSTATUS}\"!=\"CONGESTION\"]?Hangup())\n";
    }
  }
  text += comment(";", fmt::format("meant are the codes {}: look at ${{HANGUPCAUSE}} where DIALSTATUS is too coarse", codes_of(hunting)));
  if (hunting.hold_down) text += comment(";", "not expressible: " + hold_down_words(hunting));
  return text;
}

/// Kamailio's codes of a reply that counts as alive. A local 408 (nothing came) must not: class=4 would accept it.
std::string kamailio_alive(const ProbeSpec& probe) {
  return probe.alive == ProbeSpec::Alive::ok ? "class=2" : "class=2;class=3;code=403;code=404;code=405;code=483";
}

std::string condition_on(const HuntingPolicy& hunting) {
  std::vector<std::string> codes;
  for (const std::uint16_t code : hunting.advance_codes) codes.push_back(std::to_string(code));
  return codes.empty() ? std::string{} : fmt::format(" || t_check_status(\"{}\")", fmt::join(codes, "|"));
}

std::string kamailio(const EquipmentSettings& settings) {
  const HuntingPolicy& hunting = settings.hunting;
  std::string text = "# /etc/kamailio/dispatcher.list: set, target, flags, priority (check: kamcmd dispatcher.list)\n";
  for (std::size_t place = 0; place < settings.targets.size(); ++place) {
    text += fmt::format("1 sip:{}{} 0 {}\n", target(settings, place), settings.tcp ? ";transport=tcp" : "", settings.targets.size() - place);
  }
  text += "\n# kamailio.cfg\nmodparam(\"dispatcher\", \"list_file\", \"/etc/kamailio/dispatcher.list\")\nmodparam(\"dispatcher\", \"flags\", 2)\n";
  if (hunting.probe) {
    text += fmt::format("modparam(\"dispatcher\", \"ds_ping_interval\", {})\nmodparam(\"dispatcher\", \"ds_probing_mode\", 1)\n",
                        whole_seconds(hunting.probe->every));
    text += fmt::format("modparam(\"dispatcher\", \"ds_probing_threshold\", {})\nmodparam(\"dispatcher\", \"ds_inactive_threshold\", {})\n",
                        hunting.probe->fail_after, hunting.probe->recover_after);
    text += fmt::format("modparam(\"dispatcher\", \"ds_ping_reply_codes\", \"{}\")\n", kamailio_alive(*hunting.probe));
    text += comment("#", "not class=4: the local 408 of an OPTIONS without an answer would count as a reply");
  } else {
    text += fmt::format("modparam(\"dispatcher\", \"ds_ping_interval\", 0)  # {}\n", no_probe);
  }
  text += fmt::format("modparam(\"tm\", \"fr_timer\", {})\nmodparam(\"tm\", \"fr_inv_timer\", {})\n", milliseconds(hunting.no_response),
                      milliseconds(hunting.no_progress));
  text += comment("#", "fr_timer also ends OPTIONS; fr_inv_timer must leave room for the ringing");
  text += fmt::format(
      "\nroute[TRUNK] {{\n  if (!ds_select_dst(\"1\", \"{}\")) {{ sl_send_reply(\"503\", \"No trunk\"); exit; }}\n  t_on_failure(\"TRUNK\");\n"
      "  t_relay();\n}}\n"
      "failure_route[TRUNK] {{\n  if (t_is_canceled()) exit;\n  if (t_branch_timeout(){}) {{\n",
      hunting.order == TargetOrder::fixed ? "8" : "4", condition_on(hunting));
  if (hunting.hold_down) {
    text += "    ds_mark_dst(\"ip\");\n";
    text += comment("    #", fmt::format("stays out until a probe succeeds; meant is a {}", hold_down_words(hunting)));
  }
  text += "    if (ds_next_dst()) { t_on_failure(\"TRUNK\"); t_relay(); exit; }\n  }\n}\n";
  return text;
}

std::string opensips(const EquipmentSettings& settings) {
  const HuntingPolicy& hunting = settings.hunting;
  std::string text = "-- table dispatcher; check their order with the MI command ds_list\n";
  for (std::size_t place = 0; place < settings.targets.size(); ++place) {
    text += fmt::format("INSERT INTO dispatcher (setid, destination, priority) VALUES (1, 'sip:{}{}', {});\n", target(settings, place),
                        settings.tcp ? ";transport=tcp" : "", place);
  }
  text += "\n# opensips.cfg\n";
  if (hunting.probe) {
    text += fmt::format("modparam(\"dispatcher\", \"ds_ping_method\", \"OPTIONS\")\nmodparam(\"dispatcher\", \"ds_ping_interval\", {})\n",
                        whole_seconds(hunting.probe->every));
    text += fmt::format(
        "modparam(\"dispatcher\", \"ds_probing_mode\", 1)\nmodparam(\"dispatcher\", \"ds_probing_threshhold\", {})  # newer versions: "
        "ds_probing_threshold\n",
        hunting.probe->fail_after);
  } else {
    text += fmt::format("modparam(\"dispatcher\", \"ds_ping_interval\", 0)  # {}\n", no_probe);
  }
  text += fmt::format("modparam(\"tm\", \"fr_timeout\", {})\nmodparam(\"tm\", \"fr_inv_timeout\", {})\n", whole_seconds(hunting.no_response),
                      whole_seconds(hunting.no_progress));
  text += comment("#", "ds_select_dst() first; in the failure route, after t_check_status(\"408\") without a reply or one of the codes " +
                           codes_of(hunting) + ", ds_next_dst() and t_relay()");
  if (by_name(settings)) text += comment("#", "host names here are resolved when OpenSIPS starts (force_dns), not again");
  if (hunting.hold_down)
    text += comment("#", "ds_mark_dst(\"p\") leaves a target out until a probe succeeds; meant is a " + hold_down_words(hunting));
  return text;
}

/// INVITEs are sent at 0, 0.5, 1.5, 3.5 ... s: so many retries fit, the last one's wait included. 1..10.
int cube_retries(Span no_response) {
  const int doublings = static_cast<int>(std::floor(std::log2(in_seconds(no_response) / 0.5 + 1))) - 1;
  return std::clamp(doublings, 1, 10);
}

std::string cube(const EquipmentSettings& settings) {
  const HuntingPolicy& hunting = settings.hunting;
  const int retries = cube_retries(hunting.no_response);
  std::string text = fmt::format("sip-ua\n timers trying 500\n retry invite {}\n", retries);
  text += comment("!", fmt::format("that is {:.1f} s until the next dial-peer is tried; meant is {}", 0.5 * (std::pow(2, retries + 1) - 1),
                                   span_word(hunting.no_response)));
  if (hunting.probe) {
    const std::int64_t up = std::clamp<std::int64_t>(whole_seconds(hunting.probe->every), 5, 1200);
    const std::int64_t down = std::clamp<std::int64_t>(whole_seconds(hunting.probe->every_down.value_or(hunting.probe->every)), 5, 1200);
    text += fmt::format("voice class sip-options-keepalive 1\n transport {}\n up-interval {}\n down-interval {}\n retry {}\n",
                        settings.tcp ? "tcp" : "udp", up, down, std::clamp<std::uint32_t>(hunting.probe->fail_after, 1, 10));
    text += comment("!", "down on 503, 505 or no answer; any other answer counts as alive");
  } else {
    text += comment("!", no_probe);
  }
  for (std::size_t place = 0; place < settings.targets.size(); ++place) {
    text += fmt::format("dial-peer voice {} voip\n preference {}\n destination-pattern .T\n session protocol sipv2\n session target {}:{}\n",
                        101 + place, place, by_name(settings) ? "dns" : "ipv4", target(settings, place));
    if (settings.tcp) text += " session transport tcp\n";
    if (hunting.probe) text += " voice-class sip options-keepalive profile 1\n";
  }
  text += comment("!", fmt::format("which codes go on to the next dial-peer is IOS's own list; meant are {}", codes_of(hunting)));
  if (hunting.hold_down) text += comment("!", "not expressible: " + hold_down_words(hunting));
  return text;
}

std::string freeswitch(const EquipmentSettings& settings) {
  const HuntingPolicy& hunting = settings.hunting;
  std::string text = "<!-- sip_profiles/external/sinch.xml -->\n<include>\n";
  std::vector<std::string> legs;
  for (std::size_t place = 0; place < settings.targets.size(); ++place) {
    text += fmt::format("  <gateway name=\"sinch-{}\">\n    <param name=\"proxy\" value=\"{}\"/>\n    <param name=\"register\" value=\"false\"/>\n",
                        place + 1, target(settings, place));
    if (settings.tcp)
      text += "    <param name=\"register-transport\" value=\"tcp\"/>\n    <param name=\"contact-params\" value=\"transport=tcp\"/>\n";
    if (hunting.probe) {
      text += fmt::format(
          "    <param name=\"ping\" value=\"{}\"/>\n    <param name=\"ping-max\" value=\"{}\"/>\n    <param name=\"ping-min\" value=\"1\"/>\n",
          std::max<std::int64_t>(5, whole_seconds(hunting.probe->every)), hunting.probe->fail_after);
    }
    text += "  </gateway>\n";
    legs.push_back(fmt::format("sofia/gateway/sinch-{}/$1", place + 1));
  }
  text += "</include>\n";
  if (!hunting.probe) text += fmt::format("<!-- {} -->\n", no_probe);
  text += fmt::format("<!-- the profile: Timer B, for every transaction -->\n<param name=\"timer-T1X64\" value=\"{}\"/>\n",
                      milliseconds(hunting.no_response));
  text +=
      "<!-- the dialplan -->\n<action application=\"set\" data=\"hangup_after_bridge=true\"/>\n<action application=\"set\" "
      "data=\"continue_on_fail=true\"/>\n";
  text += fmt::format("<action application=\"bridge\" data=\"{}\"/>\n", fmt::join(legs, "|"));
  text += fmt::format("<!-- the bar goes on after every failure, busy included; meant are the codes\n     {} -->\n", codes_of(hunting));
  if (hunting.hold_down) text += fmt::format("<!-- not expressible: {} -->\n", hold_down_words(hunting));
  return text;
}

std::string hold_down_key(const HoldDown& hold) {
  std::string more;
  if (hold.of > 1) more += fmt::format(", trip: {{ failures: {}, of: {} }}", hold.trip, hold.of);
  if (hold.half_open) more += ", half_open: true";
  if (hold.return_over > Span::zero()) more += fmt::format(", return_over: {}", span_word(hold.return_over));
  return more.empty() ? fmt::format("  hold_down: {}\n", span_word(hold.span))
                      : fmt::format("  hold_down: {{ for: {}{} }}\n", span_word(hold.span), more);
}

std::string target_word(TargetKind target) {
  switch (target) {
    case TargetKind::fqdn: return "fqdn";
    case TargetKind::addresses: return "addresses";
    case TargetKind::single_address: return "single-address";
  }
  return {};
}

/// trunklab's own keys, for equipment that it has no dialect for.
std::string yaml(const EquipmentSettings& settings) {
  const HuntingPolicy& hunting = settings.hunting;
  std::string text =
      fmt::format("routing:  # of {}, in the keys of a trunklab scenario\n  target: {}\n", settings.site, target_word(settings.target));
  if (!settings.regions.empty()) text += fmt::format("  regions: [{}]\n", fmt::join(settings.regions, ", "));
  text += comment("  #", fmt::format("that is, in this order: {}", fmt::join(settings.targets, ", ")));
  text += fmt::format("  no_response: {}\n  no_progress: {}\n", span_word(hunting.no_response), span_word(hunting.no_progress));
  text += fmt::format("  advance_on: [{}]\n", fmt::join(hunting.advance_codes, ", "));
  if (hunting.probe) {
    const ProbeSpec& probe = *hunting.probe;
    text += fmt::format("  probe: {{ every: {}, timeout: {}, fail_after: {}, recover_after: {} }}\n", span_word(probe.every),
                        span_word(probe.timeout), probe.fail_after, probe.recover_after);
  } else {
    text += "  probe: never\n";
  }
  return text + (hunting.hold_down ? hold_down_key(*hunting.hold_down) : "  hold_down: never\n");
}

}  // namespace

std::string equipment_config(const EquipmentSettings& settings) {
  std::string name = settings.equipment;
  std::ranges::transform(name, name.begin(), [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  const auto is = [&](const char* word) { return name.find(word) != std::string::npos; };
  if (is("asterisk") || is("pjsip")) return asterisk(settings);
  if (is("kamailio")) return kamailio(settings);
  if (is("opensips")) return opensips(settings);
  if (is("cube") || is("cisco")) return cube(settings);
  if (is("freeswitch")) return freeswitch(settings);
  return yaml(settings);
}

}  // namespace trunklab
