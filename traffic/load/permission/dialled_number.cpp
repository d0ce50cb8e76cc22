// Reading and refusing numbers.
#include "traffic/load/permission/dialled_number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "scenarios/reading.hpp"

namespace trunklab {

namespace {

constexpr std::size_t digits_max = 15;
constexpr std::size_t digits_min = 8;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_separator(char c) {
  return c == ' ' || c == '-' || c == '.' || c == '(' || c == ')';
}

/// Of prefixes that both fit, the longer one counts.
struct NumberRange {
  std::string_view prefix;  ///< digits after the '+'
  std::string_view why;     ///< empty: allowed, although a shorter prefix is not
};

constexpr std::string_view premium = "a premium-rate number";
constexpr std::string_view shared = "a number at shared or raised cost";
constexpr std::string_view island = "a place in the American plan that is charged as abroad";
constexpr std::string_view satellite = "a satellite network";
constexpr std::string_view network = "an international network";
constexpr std::string_view nobody = "a country code that nobody has";
constexpr std::string_view service = "a number of a service, not of a subscriber";
constexpr std::string_view freephone = "a number that somebody else pays for";

/// Special country codes: ITU-T E.164, list of assigned country codes (2016) and its notes.
constexpr auto special_codes = std::to_array<NumberRange>({
    {"800", freephone}, {"808", shared},  {"870", satellite}, {"878", "a personal number without a place"},
    {"881", satellite}, {"882", network}, {"883", network},   {"888", "telecommunications for disaster relief"},
    {"979", premium},   {"991", network}, {"210", nobody},    {"214", nobody},
    {"215", nobody},    {"217", nobody},  {"219", nobody},    {"259", nobody},
    {"28", nobody},     {"292", nobody},  {"293", nobody},    {"294", nobody},
    {"295", nobody},    {"296", nobody},  {"384", nobody},    {"388", nobody},
    {"422", nobody},    {"424", nobody},  {"425", nobody},    {"426", nobody},
    {"427", nobody},    {"428", nobody},  {"429", nobody},    {"671", nobody},
    {"684", nobody},    {"693", nobody},  {"694", nobody},    {"695", nobody},
    {"696", nobody},    {"697", nobody},  {"698", nobody},    {"699", nobody},
    {"801", nobody},    {"802", nobody},  {"803", nobody},    {"804", nobody},
    {"805", nobody},    {"806", nobody},  {"807", nobody},    {"809", nobody},
    {"83", nobody},     {"851", nobody},  {"854", nobody},    {"857", nobody},
    {"858", nobody},    {"859", nobody},  {"871", nobody},    {"872", nobody},
    {"873", nobody},    {"874", nobody},  {"875", nobody},    {"876", nobody},
    {"877", nobody},    {"879", nobody},  {"884", nobody},    {"885", nobody},
    {"887", nobody},    {"889", nobody},  {"89", nobody},     {"969", nobody},
    {"978", nobody},    {"990", nobody},  {"997", nobody},    {"999", nobody},
});

/// National plans.
constexpr auto national_ranges = std::to_array<NumberRange>({
    // North America: service codes, premium rate, mass calling; islands.
    {"1900", premium},
    {"1976", premium},
    {"1500", service},
    {"1600", service},
    {"1700", service},
    {"1710", service},
    {"1800", freephone},
    {"1833", freephone},
    {"1844", freephone},
    {"1855", freephone},
    {"1866", freephone},
    {"1877", freephone},
    {"1888", freephone},
    {"1242", island},
    {"1246", island},
    {"1264", island},
    {"1268", island},
    {"1284", island},
    {"1345", island},
    {"1441", island},
    {"1473", island},
    {"1649", island},
    {"1658", island},
    {"1664", island},
    {"1721", island},
    {"1758", island},
    {"1767", island},
    {"1784", island},
    {"1809", island},
    {"1829", island},
    {"1849", island},
    {"1868", island},
    {"1869", island},
    {"1876", island},
    // Europe.
    {"30901", premium},
    {"30909", premium},
    {"3090", premium},
    {"3166", service},
    {"31800", freephone},
    {"31900", premium},
    {"31906", premium},
    {"31909", premium},
    {"32800", freephone},
    {"3290", premium},
    {"338", shared},
    {"33800", freephone},
    {"33805", freephone},
    {"34800", freephone},
    {"34803", premium},
    {"34806", premium},
    {"34807", premium},
    {"34901", shared},
    {"34902", shared},
    {"34905", premium},
    {"34907", premium},
    {"351760", premium},
    {"351761", premium},
    {"351762", premium},
    {"351607", premium},
    {"351707", shared},
    {"351708", shared},
    {"353818", shared},
    {"358600", premium},
    {"358700", premium},
    {"358800", freephone},
    {"39144", premium},
    {"39166", premium},
    {"39178", shared},
    {"39199", premium},
    {"3984", shared},
    {"3989", premium},
    {"39800", freephone},
    {"41800", freephone},
    {"4184", shared},
    {"41900", premium},
    {"41901", premium},
    {"41906", premium},
    {"43800", freephone},
    {"43810", shared},
    {"43820", shared},
    {"4390", premium},
    {"4393", premium},
    {"4470", shared},
    {"4476", "a pager"},
    {"447624", ""},
    {"44800", freephone},
    {"44808", freephone},
    {"4484", shared},
    {"4487", shared},
    {"449", premium},
    {"44118", service},
    {"4580", freephone},
    {"4590", premium},
    {"4620", freephone},
    {"4677", shared},
    {"46900", premium},
    {"46939", premium},
    {"46944", premium},
    {"4699", premium},
    {"47800", freephone},
    {"47810", shared},
    {"47815", shared},
    {"4782", premium},
    {"4870", premium},
    {"48800", freephone},
    {"48801", shared},
    {"49137", premium},
    {"49138", premium},
    {"49180", shared},
    {"49188", network},
    {"49190", premium},
    {"49191", service},
    {"49192", service},
    {"49193", service},
    {"49800", freephone},
    {"49900", premium},
    {"4911", service},
    {"49700", service},
    // Elsewhere.
    {"6113", service},
    {"611800", freephone},
    {"6119", premium},
    {"64900", premium},
    {"651900", premium},
    {"81570", shared},
    {"81120", freephone},
    {"81990", premium},
    {"55300", shared},
    {"55500", shared},
    {"55900", premium},
    {"52900", premium},
    {"2786", shared},
    {"91186", premium},
});

constexpr auto two_digit_codes = std::to_array<std::string_view>(
    {"20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49", "51", "52", "53", "54",
     "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98"});

/// Numbers that people call when they are in need, somewhere in the world.
constexpr auto emergency_codes =
    std::to_array<std::string_view>({"000", "100", "101", "102", "103", "104", "105", "106", "107", "108", "110", "111", "112", "113", "114", "115",
                                     "116", "117", "118", "119", "120", "122", "123", "124", "125", "127", "128", "129", "133", "140", "141", "144",
                                     "150", "155", "158", "166", "180", "190", "191", "192", "193", "194", "195", "196", "197", "198", "199", "911",
                                     "912", "913", "919", "933", "988", "991", "992", "993", "994", "995", "996", "997", "998", "999"});

std::size_t code_length(std::string_view digits) {
  if (digits.starts_with('1') || digits.starts_with('7')) return 1;
  return std::ranges::find(two_digit_codes, digits.substr(0, 2)) != two_digit_codes.end() ? 2 : 3;
}

const NumberRange* longest(std::span<const NumberRange> ranges, std::string_view digits) {
  const NumberRange* best = nullptr;
  for (const NumberRange& each : ranges) {
    if (digits.starts_with(each.prefix) && (best == nullptr || each.prefix.size() > best->prefix.size())) best = &each;
  }
  return best;
}

/// After the country code: too short for a subscriber, with or without a trunk 0. With a 0 in front a longer one too, as in "+46 0112".
std::string short_number(std::string_view national) {
  constexpr std::size_t short_most = 6;
  while (national.starts_with("00") || (national.starts_with('0') && national.size() > 1 && national.substr(0, 3) != "000"))
    national.remove_prefix(1);
  if (std::ranges::find(emergency_codes, national) != emergency_codes.end()) return fmt::format("an emergency number ({})", national);
  return national.size() <= short_most ? fmt::format("a short number ({})", national) : "";
}

/// +1 NPA NXX XXXX: neither NPA nor NXX may be N11, 555 is nobody's.
std::string american(std::string_view national) {
  constexpr std::size_t length = 10;
  if (national.size() != length) return "a number of the American plan that has not ten digits";
  const std::string_view area = national.substr(0, 3);
  const std::string_view office = national.substr(3, 3);
  const auto is_service = [](std::string_view three) { return three.substr(1) == "11"; };
  if (is_service(area) || is_service(office)) return fmt::format("a service code ({})", is_service(area) ? area : office);
  if (area < "200" || office < "200") return "no number of the American plan";
  if (office == "555") return "a number of directories and films (555)";
  if (office == "976") return std::string(premium);
  return "";
}

}  // namespace

Result<std::string> e164_of(std::string_view written, std::string_view where) {
  const Problem problem{std::string(where), in_quotes(written), "a full number in international form, '+' and 8 to 15 digits: +46701234567"};
  std::string_view text = written;
  for (const std::string_view scheme : {"tel:", "sip:", "sips:"}) {
    if (!text.starts_with(scheme)) continue;
    text.remove_prefix(scheme.size());
    if (scheme == "tel:") break;
    const std::size_t at = text.find('@');
    if (at == std::string_view::npos) return problem;
    text = text.substr(0, at);
    break;
  }
  while (text.starts_with(' ')) text.remove_prefix(1);
  if (!text.starts_with('+')) return problem;
  std::string number = "+";
  for (const char c : text.substr(1)) {
    if (is_digit(c))
      number += c;
    else if (!is_separator(c))
      return problem;
  }
  const std::size_t digits = number.size() - 1;
  if (digits < digits_min || digits > digits_max || number[1] == '0') return problem;
  return number;
}

std::string why_never_called(std::string_view e164) {
  const std::string_view digits = e164.substr(std::min<std::size_t>(1, e164.size()));
  const bool sound = e164.starts_with('+') && digits.size() >= digits_min && digits.size() <= digits_max && std::ranges::all_of(digits, is_digit);
  if (!sound || digits.front() == '0') return "no number in international form";
  const auto said = [&](const NumberRange& range) { return fmt::format("{} (+{})", range.why, range.prefix); };
  if (const NumberRange* special = longest(special_codes, digits)) return said(*special);
  const std::string_view national = digits.substr(code_length(digits));
  if (std::string why = short_number(national); !why.empty()) return why;
  if (digits.front() == '1') {
    if (std::string why = american(national); !why.empty()) return why;
  }
  const NumberRange* range = longest(national_ranges, digits);
  return range != nullptr && !range->why.empty() ? said(*range) : "";
}

}  // namespace trunklab
