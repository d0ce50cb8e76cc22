// Documents as Markdown and for the terminal, word for word, and with text that wants to be markup.
#include "reports/document/settings.hpp"

#include <gmock/gmock.h>

#include <cmath>

namespace trunklab {
namespace {

using testing::HasSubstr;
using testing::Not;

Document sample(const std::string& name) {
  Document document{.title = name, .subtitle = name, .sections = {}};
  Section section{.id = "one", .title = name, .blocks = {}};
  section.blocks.push_back({Paragraph{.text = name, .tone = Tone::bad}});
  section.blocks.push_back({Bullets{.items = {{.text = name, .tone = Tone::good}, {.text = "second"}}}});
  section.blocks.push_back(
      {Table{.caption = name,
             .columns = {{name}, {"calls", Column::Align::right}},
             .rows = {{.cells = {{.text = name}, {.text = "7"}}}, {.cells = {{.text = "b"}, {.text = "12", .tone = Tone::bad}}}}}});
  section.blocks.push_back({Steps{.caption = name, .steps = {{.when = "+4.0 s", .what = name}}}});
  section.blocks.push_back(
      {Flow{.caption = name, .nodes = {{.name = name}, {.name = "answered", .column = 1}}, .links = {{.from = 0, .to = 1, .calls = 3}}}});
  section.blocks.push_back(
      {HeatMap{.caption = name, .unit = "calls", .rows = {name}, .columns = {"00", "01", "02"}, .values = {{0.0, 7.0, std::nullopt}}}});
  section.blocks.push_back(
      {TimeChart{.caption = name, .panels = {{.title = name, .unit = "calls", .series = {{.name = name, .values = {0, 1, NAN, 4}}}}}}});
  section.blocks.push_back({Fold{.id = "f", .title = name, .blocks = {{Verbatim{.caption = "", .text = "a: b\n" + name + "\n"}}}}});
  document.sections.push_back(std::move(section));
  return document;
}

TEST(Markdown, IsWhatATrackerShows) {
  EXPECT_EQ(markdown(sample("euc1-loss")), R"(# euc1-loss

euc1-loss

## euc1-loss

❌ euc1-loss

- ✅ euc1-loss
- second

**euc1-loss**

| euc1-loss | calls |
| :--- | ---: |
| euc1-loss | 7 |
| b | ❌ 12 |

**euc1-loss**

- **\+4.0 s** euc1-loss

**euc1-loss**

| from | to | calls |
| :--- | :--- | ---: |
| euc1-loss | answered | 3 |

**euc1-loss \(calls\)**

|  | 00 | 01 | 02 |
| :--- | ---: | ---: | ---: |
| euc1-loss | 0 | 7 |  |

**euc1-loss**

```
euc1-loss
  ▁▃ █  euc1-loss, max 4 calls
```

### euc1-loss

```
a: b
euc1-loss
```
)");
}

TEST(PlainText, IsWhatATerminalShows) {
  EXPECT_EQ(plain_text(sample("euc1-loss")), R"(euc1-loss
=========

euc1-loss

euc1-loss
---------

!    euc1-loss

- ok   euc1-loss
- second

euc1-loss
euc1-loss  calls
euc1-loss      7
b             12

euc1-loss
+4.0 s  euc1-loss

euc1-loss
from       to        calls
euc1-loss  answered      3

euc1-loss (calls)
           00 .. 02
euc1-loss  ▁█

euc1-loss
euc1-loss
  ▁▃ █  euc1-loss, max 4 calls

euc1-loss

    a: b
    euc1-loss
)");
}

/// Outside of fences, that is where markup would work.
std::string outside_fences(const std::string& text) {
  std::string outside;
  bool inside = false;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    if (line.starts_with("```")) {
      inside = !inside;
    } else if (!inside) {
      outside += line + '\n';
    }
    at = end + 1;
  }
  return outside;
}

TEST(Markdown, ShowsMarkupOfUsersAsText) {
  const std::string text = outside_fences(markdown(sample("<script>alert(1)</script> | [x](http://evil.example) ![i](j) `c` *b* @all #12 </td>")));
  for (const char* markup : {"<script", "</td", "](", " | [", "`c`", "*b*", "@all", " #12", "http://"}) EXPECT_THAT(text, Not(HasSubstr(markup)));
  EXPECT_THAT(text, HasSubstr(R"(&lt;script\>alert\(1\)&lt;/script\> \| \[x\]\(http&#58;//evil.example\))"));
}

TEST(Markdown, AFenceIsLongerThanWhatItHolds) {
  const std::string text = markdown({.title = "t", .subtitle = "", .sections = {{"s", "s", {{Verbatim{.caption = "", .text = "```\n# heading"}}}}}});
  EXPECT_THAT(text, HasSubstr("\n````\n```\n# heading\n````\n"));
}

TEST(Settings, HostileNamesStayOneLineAndCommandNothing) {
  const std::string name = "a\n# b\x1b[31m\xE2\x80\xAE" + std::string(10'000, 'x');
  for (const std::string& text : {markdown(sample(name)), plain_text(sample(name))}) {
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    EXPECT_THAT(text, Not(HasSubstr("\xE2\x80\xAE")));
    EXPECT_THAT(outside_fences(text), Not(HasSubstr("\n# b")));
  }
  EXPECT_LT(markdown(sample(name)).size(), 150'000U);
}

TEST(Markdown, OfALongTableShowsTheFirstRowsAndHowManyMore) {
  Table table{.caption = "", .columns = {{"n"}}, .rows = {}};
  for (int row = 0; row < 60; ++row) table.rows.push_back({.cells = {{.text = std::to_string(row)}}});
  const std::string text = markdown({.title = "t", .subtitle = "", .sections = {{"s", "s", {{std::move(table)}}}}});
  EXPECT_THAT(text, HasSubstr("| 49 |\n\n10 more rows are left out."));
  EXPECT_THAT(text, Not(HasSubstr("| 50 |")));
}

TEST(Sparkline, ShowsTheLargestOfEachPart) {
  EXPECT_EQ(sparkline({0, 1, 2, 3, 4, 5, 6, 7}, 8), "▁▂▃▄▅▆▇█");
  EXPECT_EQ(sparkline({0, 7, 0, 0, 0, 0, 3.5F, 0}, 4), "█▁▁▅");
  EXPECT_EQ(sparkline({0, 0, 0}, 8), "▁▁▁") << "nothing is no reason to divide by it";
  EXPECT_EQ(sparkline({NAN, 2, NAN}, 3), " █ ");
  EXPECT_EQ(sparkline({}, 8), "");
  EXPECT_EQ(peak_text({.name = "a", .values = {NAN, 2.5F, 1}}, "calls/s"), "max 2.50 calls/s");
  EXPECT_EQ(peak_text({.name = "a", .values = {NAN}}, "s"), "-");
}

}  // namespace
}  // namespace trunklab
