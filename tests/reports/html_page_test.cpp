// The page: text stays text in every kind of block, nothing is loaded, series come back as they were.
#include "reports/document/html_page.hpp"

#include <gmock/gmock.h>
#include <zlib.h>

#include <cmath>
#include <set>

#include "reports/document/html_text.hpp"
#include "reports/document/packed_series.hpp"
#include "reports/document/page_files.hpp"

namespace trunklab {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// Every kind of block with this name wherever a name can stand.
Document of_name(const std::string& name) {
  Blocks blocks;
  blocks.push_back({Paragraph{.text = name, .tone = Tone::bad}});
  blocks.push_back({Bullets{.items = {{.text = name}}}});
  Row row{.cells = {{.text = name, .link = name}, {.text = name, .number = 1, .share = 0.5, .tone = Tone::good}},
          .detail = detail_of({{Paragraph{.text = name}}})};
  blocks.push_back({Table{.caption = name, .columns = {{name}, {name, Column::Align::right}}, .rows = {row}, .searchable = true}});
  blocks.push_back({Steps{.caption = name, .steps = {{.when = name, .what = name, .tone = Tone::note}}}});
  blocks.push_back({Flow{.caption = name, .nodes = {{.name = name}, {.name = name, .column = 1}}, .links = {{.from = 0, .to = 1, .calls = 3}}}});
  blocks.push_back({HeatMap{.caption = name, .unit = name, .rows = {name}, .columns = {name}, .values = {{1.0}}}});
  TimeChart chart{.caption = name, .step = std::chrono::seconds{1}, .length = std::chrono::seconds{2}};
  chart.panels = {{.title = name, .unit = name, .series = {{.name = name, .values = {1, 2}}}}};
  chart.lanes = {{.name = name, .stretches = {{.until = std::chrono::seconds{1}, .state = name}}}};
  chart.shaded = {{.until = std::chrono::seconds{1}, .text = name}};
  blocks.push_back({chart});
  blocks.push_back({Fold{.id = name, .title = name, .blocks = {{Verbatim{.caption = name, .text = name}}}}});
  return {.title = name, .subtitle = name, .sections = {{.id = name, .title = name, .blocks = std::move(blocks)}}};
}

/// The page without our own style and scripts.
std::string without_ours(std::string page) {
  for (const char* name : {"dygraph.min.js", "dygraph.min.css", "series.js", "charts.js", "gestures.js", "tables.js", "style.css"}) {
    const std::string_view text = page_file(name);
    const std::size_t at = page.find(text);
    if (at == std::string::npos) throw std::runtime_error(std::string(name) + " is not in the page");
    page.erase(at, text.size());
  }
  return page;
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t times = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++times;
  return times;
}

TEST(HtmlPage, ShowsNamesAsText) {
  const std::string plain = without_ours(html_page(of_name("plain")));
  for (const char* name :
       {"<script>alert(1)</script>", "\"onload=\"alert(1)", "'><img src=x onerror=alert(1)>", "</style></title></pre>", "<!-- x -->"}) {
    const std::string page = without_ours(html_page(of_name(name)));
    EXPECT_EQ(count(page, "<"), count(plain, "<")) << "no element more than with a plain name: " << name;
    EXPECT_EQ(count(page, "\" onload"), 0U) << name;
    EXPECT_THAT(page, Not(HasSubstr(name))) << "escaped everywhere";
  }
  EXPECT_THAT(without_ours(html_page(of_name("<b>&\"'"))), HasSubstr("<h1>&lt;b&gt;&amp;&quot;&#39;</h1>"));
}

TEST(HtmlPage, IsValidUtf8WithoutControls) {
  const std::string page = without_ours(html_page(of_name("a\x1b[1m\xFF\xE2\x80\xAE z")));
  for (const char* harm : {"\x1b", "\xFF", "\xE2\x80\xAE"}) EXPECT_THAT(page, Not(HasSubstr(harm)));
}

TEST(HtmlPage, LoadsNothingAndLetsOnlyItsOwnScriptsRun) {
  const std::string page = html_page(of_name("x"));
  EXPECT_THAT(page, StartsWith(std::string(html_opening)));
  const std::string rest = without_ours(page);
  for (const char* loading : {"src=", "href=\"http", "@import", "url(", "<link", "<iframe", "<img"}) EXPECT_THAT(rest, Not(HasSubstr(loading)));
  EXPECT_THAT(rest, HasSubstr("content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-"));
  EXPECT_EQ(count(rest, "'sha256-"), 5U) << "a hash for each script";
  EXPECT_EQ(count(rest, "unsafe-inline"), 1U) << "styles only";
}

TEST(HtmlPage, HasEachIdOnce) {
  Document document = of_name("x");
  document.sections.push_back({.id = "second", .title = "second", .blocks = of_name("y").sections[0].blocks});
  const std::string page = without_ours(html_page(document));
  std::set<std::string> ids;
  for (std::size_t at = page.find(" id=\""); at != std::string::npos; at = page.find(" id=\"", at + 1)) {
    const std::string id = page.substr(at + 5, page.find('"', at + 5) - at - 5);
    EXPECT_TRUE(ids.insert(id).second || id == "x") << id;  // the section and the fold of these documents have the same name
  }
  EXPECT_TRUE(ids.contains("chart-1-data") && ids.contains("chart-2-data"));
}

TEST(HtmlText, EncodesBase64AsTheRfcShows) {
  const auto encoded = [](std::string_view text) { return base64({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}); };
  // RFC 4648, section 10.
  EXPECT_EQ(encoded(""), "");
  EXPECT_EQ(encoded("f"), "Zg==");
  EXPECT_EQ(encoded("fo"), "Zm8=");
  EXPECT_EQ(encoded("foo"), "Zm9v");
  EXPECT_EQ(encoded("foobar"), "Zm9vYmFy");
}

TEST(HtmlText, JsonCannotEndItsElement) {
  EXPECT_EQ(script_json("{\"a\":\"</script><!--\"}\n"), "{\"a\":\"\\u003c/script>\\u003c!--\"}");
}

/// What the page's scripts do, written anew.
std::vector<std::vector<float>> unpacked(const std::vector<std::uint8_t>& bytes, const std::vector<Panel>& panels, std::size_t steps) {
  std::vector<std::uint8_t> tokens(1 << 24);
  uLongf size = tokens.size();
  if (uncompress(tokens.data(), &size, bytes.data(), bytes.size()) != Z_OK) throw std::runtime_error("no zlib stream");
  std::size_t at = 0;
  const auto token = [&] {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const std::uint8_t byte = tokens.at(at++);
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return value;
    }
  };
  std::vector<std::vector<float>> all;
  for (const Panel& panel : panels) {
    for (const Series& series : panel.series) {
      auto& values = all.emplace_back();
      std::int64_t before = 0;
      for (std::size_t step = 0; step < steps; ++step) {
        const std::uint64_t next = token();
        if (next == 0) {
          values.push_back(NAN);
          continue;
        }
        const std::uint64_t folded = next - 1;
        before += static_cast<std::int64_t>(folded >> 1) ^ -static_cast<std::int64_t>(folded & 1);
        values.push_back(static_cast<float>(static_cast<double>(before) / packing_scale(series)));
      }
    }
  }
  EXPECT_EQ(at, size) << "nothing is left over";
  return all;
}

TEST(PackedSeries, ComeBackAsTheyWere) {
  const std::vector<Panel> panels{
      {.title = "a", .unit = "calls", .series = {{"whole", {0, 7, 7, -3, 1e6F, NAN, NAN, 5}}, {"short", {1}}}},
      {.title = "b", .unit = "s", .series = {{"fractions", {0.125F, NAN, 2.5F, -1.75F, 1000.0625F, 0, 0, 0.001F}}, {"unknown", {NAN, NAN}}}}};
  const auto found = unpacked(packed(panels, 8), panels, 8);
  ASSERT_EQ(found.size(), 4U);
  const std::vector<const Series*> series{&panels[0].series[0], &panels[0].series[1], &panels[1].series[0], &panels[1].series[1]};
  for (std::size_t each = 0; each < series.size(); ++each) {
    ASSERT_EQ(found[each].size(), 8U);
    for (std::size_t step = 0; step < 8; ++step) {
      const float value = step < series[each]->values.size() ? series[each]->values[step] : NAN;
      if (std::isnan(value)) {
        EXPECT_TRUE(std::isnan(found[each][step])) << series[each]->name << step;
      } else {
        EXPECT_NEAR(found[each][step], value, packing_scale(*series[each]) == 1 ? 0 : 0.0006) << series[each]->name << step;
      }
    }
  }
}

}  // namespace
}  // namespace trunklab
