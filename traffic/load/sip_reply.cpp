// Reading responses.
#include "traffic/load/sip_reply.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace trunklab {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_word(std::string_view one, std::string_view two) {
  return std::ranges::equal(one, two, {}, lower, lower);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

/// "<sip:a@b>;x=y" -> "sip:a@b"
std::string uri_of(std::string_view value) {
  const std::size_t begin = value.find('<');
  if (begin == std::string_view::npos) return std::string(value.substr(0, value.find(';')));
  return std::string(value.substr(begin + 1, value.find('>', begin) - begin - 1));
}

/// Appends the values of a header field that commas separate, outside of <>.
void add_values(std::string_view field, std::vector<std::string>& values) {
  bool inside = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= field.size(); ++i) {
    if (i < field.size() && field[i] == '<') inside = true;
    if (i < field.size() && field[i] == '>') inside = false;
    if (i < field.size() && (field[i] != ',' || inside)) continue;
    values.emplace_back(trimmed(field.substr(begin, i - begin)));
    begin = i + 1;
  }
}

}  // namespace

std::optional<SipReply> parse_sip_reply(std::string_view message) {
  constexpr std::string_view version = "SIP/2.0 ";
  if (!message.starts_with(version)) return std::nullopt;
  message.remove_prefix(version.size());
  SipReply reply;
  std::from_chars(message.data(), message.data() + message.size(), reply.code);
  std::vector<std::string> routes;
  for (std::size_t line = message.find('\n'); line != std::string_view::npos; line = message.find('\n')) {
    message.remove_prefix(line + 1);
    const std::string_view field = trimmed(message.substr(0, message.find('\n')));
    if (field.empty()) break;
    const std::size_t colon = field.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view name = trimmed(field.substr(0, colon));
    const std::string_view value = trimmed(field.substr(colon + 1));
    const auto is = [&](std::string_view full, std::string_view brief) {
      return same_word(name, full) || (!brief.empty() && same_word(name, brief));
    };
    if (is("Call-ID", "i")) reply.call_id = value;
    if (is("To", "t")) reply.to = value;
    if (is("Contact", "m") && reply.contact.empty()) reply.contact = uri_of(value);
    if (is("Record-Route", "")) add_values(value, routes);
    if (is("CSeq", "")) {
      const std::size_t space = value.find(' ');
      reply.number = value.substr(0, space);
      if (space != std::string_view::npos) reply.method = trimmed(value.substr(space));
    }
  }
  if (reply.call_id.empty() || reply.number.empty()) return std::nullopt;
  for (auto route = routes.rbegin(); route != routes.rend(); ++route) reply.route += (reply.route.empty() ? "Route: " : ", ") + *route;
  return reply;
}

}  // namespace trunklab
