// CSV files as RFC 4180 has them, and what is said about others.
#include "scenarios/csv.hpp"

#include <gtest/gtest.h>

#include "tests/scenarios/files.hpp"

namespace trunklab {
namespace {

using Rows = std::vector<std::vector<std::string>>;

/// All records of a text, the heading first; then the problem's text if there is one.
Rows rows_of(const std::string& text) {
  const TemporaryFolder folder;
  write_file(folder.path() / "x.csv", text);
  const ScopedFolder inside(folder.path());
  Result<CsvReader> csv = CsvReader::open("x.csv");
  if (!csv) return {{csv.problems().front().text()}};
  Rows rows{csv.value().heading()};
  std::vector<std::string_view> fields;
  while (csv.value().next(fields)) rows.emplace_back(fields.begin(), fields.end());
  if (csv.value().problem()) rows.push_back({csv.value().problem()->text()});
  return rows;
}

TEST(Csv, ReadsQuotesCrLfAndALastLineWithoutEnd) {
  EXPECT_EQ(rows_of("a,b\n1,2\n"), (Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(rows_of("a,b\r\n1,2\r\n3,4"), (Rows{{"a", "b"}, {"1", "2"}, {"3", "4"}}));
  EXPECT_EQ(rows_of("a,b\n\"x,y\",\"say \"\"hi\"\"\"\n"), (Rows{{"a", "b"}, {"x,y", "say \"hi\""}}));
  EXPECT_EQ(rows_of("a,b\n\"two\nlines\",2\n3,4\n"), (Rows{{"a", "b"}, {"two\nlines", "2"}, {"3", "4"}}));
  EXPECT_EQ(rows_of("a,b\n,\n\"\",\n"), (Rows{{"a", "b"}, {"", ""}, {"", ""}}));
  EXPECT_EQ(rows_of("\xEF\xBB\xBF"
                    "a\n1\n\n2\n\n"),
            (Rows{{"a"}, {"1"}, {"2"}}));
}

TEST(Csv, SaysWhereAFileIsWrong) {
  EXPECT_EQ(rows_of(""), (Rows{{"x.csv:1:1: found an empty file, expected a heading line that names the columns"}}));
  EXPECT_EQ(rows_of("a,\n"), (Rows{{"x.csv:1:3: found a column without a name, expected a heading line that names the columns"}}));
  EXPECT_EQ(rows_of("a,b,a\n"), (Rows{{"x.csv:1:5: found column 'a' a second time, expected a heading line that names the columns"}}));
  EXPECT_EQ(rows_of("a,b\n1,2\n1\n"), (Rows{{"a", "b"}, {"1", "2"}, {"x.csv:3:1: found 1 fields, expected 2 as in the heading"}}));
  EXPECT_EQ(rows_of("a,b\n\"1\"2,3\n"), (Rows{{"a", "b"}, {"x.csv:2:4: found text after a closing quote, expected a comma or the end of the line"}}));
  EXPECT_EQ(rows_of("a,b\n\"1,3\n"),
            (Rows{{"a", "b"}, {"x.csv:2:1: found a quote that is not closed, expected a closing quote before the end of the file"}}));
  EXPECT_EQ(rows_of("a\n" + std::string(70'000, 'x') + "\n"),
            (Rows{{"a"}, {"x.csv:2:1: found a record of more than 65536 bytes, expected shorter lines, and every quote closed"}}));
  EXPECT_EQ(rows_of(std::string("a\0b\n", 4)), (Rows{{"x.csv:1:1: found a NUL byte, expected a heading line that names the columns"}}));
}

TEST(Csv, CannotOpenWhatIsNoFile) {
  EXPECT_EQ(CsvReader::open("/nowhere/x.csv").problems().front().text(), "/nowhere/x.csv: found no such file, expected a file that can be read");
  EXPECT_EQ(CsvReader::open("/").problems().front().text(), "/: found a directory, expected a file that can be read");
}

TEST(Csv, StreamsAFileThatIsLargerThanItsBuffer) {
  const TemporaryFolder folder;
  std::string text = "number,text\n";
  for (int i = 0; i < 100'000; ++i) text += std::to_string(i) + (i % 7 == 0 ? ",\"a,\nb\"\n" : ",plain\n");
  write_file(folder.path() / "x.csv", text);
  Result<CsvReader> csv = CsvReader::open(folder.path() / "x.csv");
  ASSERT_TRUE(csv);
  std::vector<std::string_view> fields;
  int rows = 0;
  while (csv.value().next(fields)) {
    ASSERT_EQ(fields[0], std::to_string(rows));
    ASSERT_EQ(fields[1], rows % 7 == 0 ? "a,\nb" : "plain");
    ++rows;
  }
  EXPECT_FALSE(csv.value().problem());
  EXPECT_EQ(rows, 100'000);
}

TEST(Csv, KnowsLinesAndColumns) {
  const TemporaryFolder folder;
  write_file(folder.path() / "x.csv", "a,b\n\"1\n1\",2\n30,4\n");
  Result<CsvReader> csv = CsvReader::open(folder.path() / "x.csv");
  ASSERT_TRUE(csv);
  EXPECT_EQ(csv.value().column("b"), 1U);
  EXPECT_EQ(csv.value().column("c"), std::nullopt);
  std::vector<std::string_view> fields;
  ASSERT_TRUE(csv.value().next(fields));
  EXPECT_EQ(csv.value().line(), 2U);
  ASSERT_TRUE(csv.value().next(fields));
  EXPECT_EQ(csv.value().line(), 4U);
  EXPECT_EQ(csv.value().where(1), (folder.path() / "x.csv").string() + ":4:4");
}

}  // namespace
}  // namespace trunklab
