// The JSON Schema, which editors use, and the reader agree on what a scenario looks like.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "models/hunting.hpp"
#include "scenarios/embedded.hpp"
#include "scenarios/reader.hpp"
#include "scenarios/yaml_tree.hpp"
#include "tests/scenarios/complete_scenario.hpp"
#include "tests/scenarios/files.hpp"

namespace trunklab {
namespace {

using nlohmann::json;

/// Plain scalars become what YAML 1.2's core schema makes of them, as editors see them.
json json_of(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::nothing: return nullptr;
    case YamlNode::Kind::list: {
      json list = json::array();
      for (const YamlNode& item : node.items) list.push_back(json_of(item));
      return list;
    }
    case YamlNode::Kind::mapping: {
      json object = json::object();
      for (std::size_t i = 0; i < node.keys.size(); ++i) object[node.keys[i].text] = json_of(node.items[i]);
      return object;
    }
    case YamlNode::Kind::scalar: break;
  }
  if (node.quoted) return node.text;
  const json value = json::parse(node.text, nullptr, false);
  return value.is_discarded() ? json(node.text) : value;
}

/// Whether the schema accepts a document that can be parsed.
bool schema_accepts(const YamlNode& root) {
  static const json document = json::parse(schema_text());
  static const std::unique_ptr<valijson::Schema> schema = [] {
    auto made = std::make_unique<valijson::Schema>();
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(document), *made);
    return made;
  }();
  const json value = json_of(root);
  valijson::Validator validator;
  return validator.validate(*schema, valijson::adapters::NlohmannJsonAdapter(value), nullptr);
}

bool schema_accepts(const std::string& text) {
  const Result<YamlNode> root = parse_yaml(text, "x.yaml");
  return root && schema_accepts(root.value());
}

class LibrarySchema : public testing::TestWithParam<std::string> {};
TEST_P(LibrarySchema, AcceptsTheFile) {
  EXPECT_TRUE(schema_accepts(text_of(std::filesystem::path(TRUNKLAB_SOURCE_DIR "/scenarios/library/" + GetParam() + ".yaml"))));
}
INSTANTIATE_TEST_SUITE_P(All, LibrarySchema, testing::ValuesIn(names_in("scenarios/library")), name_of);

/// Broken files that only the reader can refuse, and why a schema cannot.
const std::map<std::string, const char*> beyond_a_schema{
    {"answer-sum", "a sum"},
    {"destination-sum", "a sum"},
    {"fault-needs", "names of other parts"},
    {"media-fault-needs", "names of other parts"},
    {"media-comparisons", "comparisons and sums"},
    {"counts-outside", "another file's contents"},
    {"demand-site", "names of other parts"},
    {"edges-too-many", "a sum"},
    {"routing-targets", "a sum"},
    {"series-too-fine", "a quotient"},
    {"series-too-coarse", "a comparison"},
    {"probe-timeout", "a comparison"},
    {"durations-too-long", "a comparison"},
    {"dates", "a calendar"},
    {"csv-delimiter", "another file's contents"},
    {"duplicate-key", "JSON has no duplicate keys"},
    {"duplicate-site", "JSON has no duplicate keys"},
};

class BrokenSchema : public testing::TestWithParam<std::string> {};
TEST_P(BrokenSchema, RefusesTheFileUnlessOnlyTheReaderCan) {
  const std::string text = text_of(std::filesystem::path(TRUNKLAB_SOURCE_DIR "/scenarios/broken/" + GetParam() + ".yaml"));
  if (text.find('\0') != std::string::npos) return;
  const Result<YamlNode> root = parse_yaml(text, "x.yaml");
  if (!root) return;  // no document that a schema could be held against
  EXPECT_EQ(schema_accepts(root.value()), beyond_a_schema.contains(GetParam()));
}
INSTANTIATE_TEST_SUITE_P(All, BrokenSchema, testing::ValuesIn(names_in("scenarios/broken")), name_of);

const std::map<std::string, std::vector<std::string>> wrong_values{
    {"span", {"180", "180 s", "fast", "-5s", "1e3s", "30min1h", "[5s]", "{ value: x }", "''", ""}},
    {"rate", {"3", "3/day", "3 /s", "-3/s", "often", "0/s", "[3/s]", ""}},
    {"rate or 0", {"3", "3/day", "3 /s", "-3/s", "often", "[3/s]", ""}},
    {"share", {"0.5", "50", "50 %", "101%", "-1%", "half", "[1%]", ""}},
    {"ratio", {"0.5", "50", "50 %", "101%", "-1%", "half", "[1%]", ""}},
    {"chance", {"0.5", "50", "50 %", "101%", "0%", "-1%", "half", "[1%]", ""}},
    {"flag", {"yes", "True", "1", "'true'", "[true]", ""}},
    {"digits", {"+4670", "0470", "abc", "4 670", "[4670]", "''", ""}},
    {"factor", {"1.5", "150", "-1%", "half", "[1%]", ""}},
    {"whole", {"1.5", "-1", "many", "5s", "'5'", "[1]", ""}},
    {"number", {"-1", "high", "5%", "'5'", "[1]", ""}},
    {"word", {"Zebra", "[sinch]", "{ a: b }", "7", ""}},
    {"text", {"''", "[a]", "{ a: b }", ""}},
    {"ports", {"10000", "10000-", "1000-2000", "10000-70000", "10000 - 20000", "010000-20000", "many", "[10000-20000]", "''", ""}},
    {"rtcp", {"pairs", "0.3", "130%", "[mux]", "true", "''", ""}},
    {"time", {"yesterday", "8:00", "2026-03-02", "2026-03-02T08:00", "[a]", ""}},
    {"list", {"7", "euc1", "{ a: b }", "[-1]", "['']", "[[]]", ""}},
};

struct Line {
  std::size_t number;
  std::string indent, key, value, kind;
  bool required = false;
  bool free_key = false;
};

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::string text_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

std::vector<Line> marked_lines() {
  std::vector<Line> marked;
  const std::vector<std::string> lines = lines_of(complete_scenario());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t comment = lines[i].find(" # ");
    if (comment == std::string::npos) continue;
    const std::size_t start = lines[i].find_first_not_of(" -");
    const std::size_t colon = lines[i].find(": ");
    Line line{i, lines[i].substr(0, start), lines[i].substr(start, colon - start), lines[i].substr(colon + 2, comment - colon - 2),
              lines[i].substr(comment + 3)};
    line.required = line.kind.ends_with('!');
    line.free_key = line.kind.ends_with('~');
    if (line.required || line.free_key) line.kind.pop_back();
    marked.push_back(line);
  }
  return marked;
}

class Agreement : public testing::Test {
 protected:
  void SetUp() override { write_file(folder_.path() / "counts.csv", "DateTime,Calls\n2026-03-02T08:00:00Z,5\n"); }
  bool reader_accepts(const std::string& text) { return static_cast<bool>(parse_scenario(text, folder_.path() / "x.yaml")); }
  /// The complete scenario with one line replaced.
  static std::string with(const Line& line, const std::string& replacement) {
    std::vector<std::string> lines = lines_of(complete_scenario());
    lines[line.number] = replacement;
    return text_of(lines);
  }

 private:
  TemporaryFolder folder_;
};

TEST_F(Agreement, BothAcceptTheCompleteScenario) {
  EXPECT_TRUE(reader_accepts(complete_scenario()));
  EXPECT_TRUE(schema_accepts(complete_scenario()));
}

TEST_F(Agreement, BothRefuseValuesOfTheWrongKind) {
  for (const Line& line : marked_lines()) {
    for (const std::string& wrong : wrong_values.at(line.kind)) {
      const std::string text = with(line, line.indent + line.key + ": " + wrong);
      EXPECT_FALSE(reader_accepts(text)) << "reader, line " << line.number + 1 << ": " << line.key << ": " << wrong;
      EXPECT_FALSE(schema_accepts(text)) << "schema, line " << line.number + 1 << ": " << line.key << ": " << wrong;
    }
  }
}

TEST_F(Agreement, BothRefuseUnknownKeys) {
  for (const Line& line : marked_lines()) {
    if (line.free_key) continue;
    const std::string text = with(line, line.indent + line.key + "x: " + line.value);
    EXPECT_FALSE(reader_accepts(text)) << "reader, line " << line.number + 1 << ": " << line.key << 'x';
    EXPECT_FALSE(schema_accepts(text)) << "schema, line " << line.number + 1 << ": " << line.key << 'x';
  }
}

TEST_F(Agreement, BothKnowWhichKeysMayBeLeftOut) {
  for (const Line& line : marked_lines()) {
    if (line.kind == "share" && line.required) continue;  // without one the sum is wrong, which no schema sees
    if (line.key == "site" || line.key == "sites" || line.key == "preset" || line.free_key)
      continue;  // other parts need it here, which no schema sees
    const std::size_t dash = line.indent.find('-');
    const std::string text = with(line, dash == std::string::npos ? "" : line.indent.substr(0, dash + 1));
    EXPECT_EQ(reader_accepts(text), !line.required) << "reader, line " << line.number + 1 << ": " << line.key;
    EXPECT_EQ(schema_accepts(text), !line.required) << "schema, line " << line.number + 1 << ": " << line.key;
  }
}

TEST_F(Agreement, BothKnowTheWordNeverAndTheOtherShapes) {
  struct Row {
    const char* key;
    const char* value;
    bool accepted;
  };
  const Row rows[]{{"hold_down", "never", true},
                   {"hold_down", "forever", false},
                   {"cache", "forever", true},
                   {"cache", "never", false},
                   {"target", "addresses", false},
                   {"scope", "edge", true},
                   {"answer", "all", true},
                   {"transport", "tcp", true},
                   {"patience", "never", false},
                   {"advance_on", "[]", true},
                   {"advance_on", "[503, 503]", false},
                   {"seed", "9223372036854775807", true},
                   {"seed", "9223372036854775808", false},
                   {"code", "399", false},
                   {"code", "700", false},
                   {"burst", "0.5", false}};
  const std::vector<Line> lines = marked_lines();
  for (const Row& row : rows) {
    const auto line = std::ranges::find(lines, row.key, &Line::key);
    ASSERT_NE(line, lines.end()) << row.key;
    const std::string text = with(*line, line->indent + line->key + ": " + row.value);
    EXPECT_EQ(reader_accepts(text), row.accepted) << "reader: " << row.key << ": " << row.value;
    EXPECT_EQ(schema_accepts(text), row.accepted) << "schema: " << row.key << ": " << row.value;
  }
}

TEST_F(Agreement, BothKnowHowManyAddressesARegionMayHave) {
  const std::vector<Line> lines = marked_lines();
  const auto line = std::ranges::find(lines, "edges", &Line::key);
  std::string addresses;
  for (std::size_t i = 1; i <= targets_max + 1; ++i) {
    addresses += (i > 1 ? ", 192.0.2." : "192.0.2.") + std::to_string(i);
    const std::string text = with(*line, line->indent + "edges: [" + addresses + "]");
    EXPECT_EQ(reader_accepts(text), i <= targets_max) << i;
    EXPECT_EQ(schema_accepts(text), i <= targets_max) << i;
  }
}

}  // namespace
}  // namespace trunklab
