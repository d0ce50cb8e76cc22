// The frame of a page.
#include "reports/document/html_page.hpp"

#include <fmt/format.h>

#include <array>
#include <cassert>
#include <cstdint>
#include <vector>

#include "reports/document/html_text.hpp"
#include "reports/document/html_writer.hpp"
#include "reports/document/page_files.hpp"

namespace trunklab {
namespace {

constexpr std::array<std::string_view, 5> scripts{"dygraph.min.js", "series.js", "charts.js", "gestures.js", "tables.js"};

std::string_view file(const std::string& name) {
  const std::string_view text = page_file(name);
  assert(!text.empty());
  return text;
}

std::vector<std::uint8_t> bytes_of_hex(std::string_view digits) {
  const auto value = [](char digit) { return static_cast<unsigned>(digit <= '9' ? digit - '0' : digit - 'a' + 10); };
  std::vector<std::uint8_t> bytes;
  for (std::size_t at = 0; at + 1 < digits.size(); at += 2)
    bytes.push_back(static_cast<std::uint8_t>(value(digits[at]) << 4 | value(digits[at + 1])));
  return bytes;
}

/// Nothing is loaded from anywhere, and no script runs but these.
std::string security_policy() {
  std::string policy = "default-src 'none'; style-src 'unsafe-inline'; script-src";
  for (const std::string_view script : scripts) {
    policy += fmt::format(" 'sha256-{}'", base64(bytes_of_hex(file(std::string(script) + ".sha256"))));
  }
  return policy + "; base-uri 'none'; form-action 'none'";
}

std::string head(const Document& document) {
  return fmt::format(
      "<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<meta name=\"generator\" content=\"trunklab\">\n<title>{}</title>\n<style>{}</style>\n<style>{}</style>\n</head>\n",
      security_policy(), html(document.title), file("dygraph.min.css"), file("style.css"));
}

std::string navigation(const Document& document) {
  std::string items;
  for (const Section& section : document.sections) {
    items += fmt::format("<li><a href=\"#{}\">{}</a></li>", html_id(section.id), html(section.title));
  }
  return fmt::format("<nav aria-label=\"Sections\"><ul>{}</ul></nav>\n", items);
}

}  // namespace

std::string html_page(const Document& document) {
  HtmlWriter writer;
  for (const Section& section : document.sections) writer.add(section);
  std::string page(html_opening);
  page += "\n<html lang=\"en\">\n" + head(document);
  page += fmt::format("<body>\n<a class=\"skip\" href=\"#content\">Skip to the content</a>\n<header>\n<h1>{}</h1>\n<p>{}</p>\n</header>\n",
                      html(document.title), html(document.subtitle));
  page += navigation(document) + "<main id=\"content\">\n" + writer.take() + "</main>\n";
  for (const std::string_view script : scripts) page += fmt::format("<script>{}</script>\n", file(std::string(script)));
  return page + "</body>\n</html>\n";
}

}  // namespace trunklab
