// Holds the tree to the house rules, and first each rule to snippets that break it.
#include "tests/house/house_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace trunklab::house {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

// ---- The rules can fail.

using Rule = Findings (*)(const SourceFile&);

struct Row {
  std::string name;
  Rule rule;
  SourceFile file;
  Findings expected;
};

class HouseRule : public testing::TestWithParam<Row> {};

TEST_P(HouseRule, FindsWhatBreaksItAndNothingElse) {
  EXPECT_EQ(GetParam().rule(GetParam().file), GetParam().expected);
}

std::string name_of(const testing::TestParamInfo<Row>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(
    Directions, HouseRule,
    testing::Values(
        Row{"ModelsKnowNobody",
            include_directions,
            {"models/a.cpp", "#include \"scenarios/reader.hpp\"\n"},
            {"models/a.cpp:1: models must not know scenarios/reader.hpp"}},
        Row{"ReportsDoNotKnowSim",
            include_directions,
            {"reports/a.cpp", "\n#include \"sim/study.hpp\"\n"},
            {"reports/a.cpp:2: reports must not know sim/study.hpp"}},
        Row{"DemandDoesNotKnowSim",
            include_directions,
            {"traffic/demand/a.hpp", "#include \"sim/run.hpp\""},
            {"traffic/demand/a.hpp:1: traffic/demand must not know sim/run.hpp"}},
        Row{"NobodyKnowsCli",
            include_directions,
            {"sim/a.cpp", "#include \"cli/options.hpp\"\n"},
            {"sim/a.cpp:1: sim must not know cli/options.hpp"}},
        Row{"NobodyKnowsTests",
            include_directions,
            {"cli/a.cpp", "#include \"tests/files.hpp\"\n"},
            {"cli/a.cpp:1: cli must not know tests/files.hpp"}},
        Row{"SpacesDoNotHideAnInclude",
            include_directions,
            {"models/a.cpp", "  #  include   \"sim/run.hpp\""},
            {"models/a.cpp:1: models must not know sim/run.hpp"}},
        Row{"IncludesGoFromTheRoot",
            include_directions,
            {"sim/a.cpp", "#include \"world.hpp\"\n"},
            {"sim/a.cpp:1: 'world.hpp' is not written from the root"}},
        Row{"NewFoldersNeedALayer", include_directions, {"misc/a.cpp", ""}, {"misc/a.cpp:1: belongs to no layer"}},
        Row{"AllowedOnesPass",
            include_directions,
            {"sim/platform/a.cpp", "#include \"models/a.hpp\"\n#include \"sim/b.hpp\"\n#include \"traffic/demand/c.hpp\"\n"},
            {}},
        Row{"CliSeesEverything", include_directions, {"cli/a.cpp", "#include \"sim/a.hpp\"\n#include \"reports/b.hpp\"\n#include <vector>\n"}, {}}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Doors, HouseRule,
    testing::Values(
        Row{"SimGridOnlyInThePlatform",
            library_doors,
            {"sim/a.cpp", "#include <simgrid/s4u.hpp>\n"},
            {"sim/a.cpp:1: <simgrid/s4u.hpp> has another door"}},
        Row{"SimGridInThePlatformPasses", library_doors, {"sim/platform/a.cpp", "#include <simgrid/s4u.hpp>\n#include <xbt/log.h>\n"}, {}},
        Row{"SqliteOnlyInReports",
            library_doors,
            {"cli/a.cpp", "#include <SQLiteCpp/Database.h>\n#include <sqlite3.h>\n"},
            {"cli/a.cpp:1: <SQLiteCpp/Database.h> has another door", "cli/a.cpp:2: <sqlite3.h> has another door"}},
        Row{"OptionsOnlyInCli",
            library_doors,
            {"sim/a.cpp", "#include <boost/program_options.hpp>\n"},
            {"sim/a.cpp:1: <boost/program_options.hpp> has another door"}},
        Row{"StandardRandomOnlyInTests",
            library_doors,
            {"traffic/demand/a.cpp", "#include <random>\n"},
            {"traffic/demand/a.cpp:1: <random> has another door"}},
        Row{"ModelsDoNotRead", library_doors, {"models/a.cpp", "#include <fstream>\n"}, {"models/a.cpp:1: models must not use <fstream>"}},
        Row{"ModelsDoNotFormat",
            library_doors,
            {"models/a.cpp", "#include <fmt/format.h>\n"},
            {"models/a.cpp:1: models must not use <fmt/format.h>"}},
        Row{"ModelsMayCount",
            library_doors,
            {"models/a.cpp", "#include <Eigen/Core>\n#include <unsupported/Eigen/SpecialFunctions>\n#include <vector>\n"},
            {}}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Code, HouseRule,
    testing::Values(
        Row{"RandomDevice",
            luck_and_clocks,
            {"tests/a.cpp", "std::mt19937 e{std::random_device{}()};\n"},
            {"tests/a.cpp:1: luck that no seed decides 'random_device'"}},
        Row{"Rand", luck_and_clocks, {"sim/a.cpp", "int x = std::rand();\n"}, {"sim/a.cpp:1: luck that no seed decides 'rand('"}},
        Row{"WordsThatOnlyEndInRand", luck_and_clocks, {"sim/a.cpp", "brand(1); operand (2); random_walk(3);\n"}, {}},
        Row{"Clock",
            luck_and_clocks,
            {"sim/a.cpp", "\nauto t = std::chrono::steady_clock::now();\n"},
            {"sim/a.cpp:2: a clock of the machine 'steady_clock'"}},
        Row{"ClockInReports", luck_and_clocks, {"reports/a.hpp", "system_clock c;"}, {"reports/a.hpp:1: a clock of the machine 'system_clock'"}},
        Row{"ClockAtItsDoor", luck_and_clocks, {"cli/a.cpp", "auto t = std::chrono::steady_clock::now();\n"}, {}},
        Row{"WordsInCommentsAndTexts",
            luck_and_clocks,
            {"sim/a.cpp", "// no rand() here\nauto a = \"rand(\";  /* steady_clock */\nauto b = R\"x(rand()\" )x\";\n"},
            {}},
        Row{"CodeAfterADigitSeparator",
            luck_and_clocks,
            {"sim/a.cpp", "int n = 1'000; int r = rand(); char c = '\"';\n"},
            {"sim/a.cpp:1: luck that no seed decides 'rand('"}},
        Row{"WholeStd", whole_std, {"cli/a.cpp", "using  namespace std ;\n"}, {"cli/a.cpp:1: the whole of std 'using  namespace std ;'"}},
        Row{"PartOfStd", whole_std, {"cli/a.cpp", "using namespace std::chrono_literals;\n"}, {}}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Files, HouseRule,
    testing::Values(
        Row{"NoSentence", opening, {"sim/a.cpp", "#include <vector>\n"}, {"sim/a.cpp:1: does not open with a sentence that says what it is"}},
        Row{"NoFullStop", opening, {"sim/a.cpp", "// Things\n"}, {"sim/a.cpp:1: does not open with a sentence that says what it is"}},
        Row{"EmptyFile", opening, {"sim/a.cpp", ""}, {"sim/a.cpp:1: does not open with a sentence that says what it is"}},
        Row{"NoPragma", opening, {"sim/a.hpp", "// A thing.\n\n#ifndef A\n"}, {"sim/a.hpp:2: no '#pragma once' below the first sentence"}},
        Row{"SentenceOverTwoLines", opening, {"sim/a.hpp", "// A thing\n// of ours.\n#pragma once\n"}, {}},
        Row{"TooLong", length, {"sim/a.cpp", std::string(lines_max + 1, '\n')}, {"sim/a.cpp:401: 401 lines, at most 400"}},
        Row{"JustShortEnough", length, {"sim/a.cpp", std::string(lines_max, '\n')}, {}},
        Row{"MachinePath",
            machine_paths,
            {"README.md",
             "see /ho"
             "me/anna/trunks\n"},
            {"README.md:1: a path of one machine ' /ho"
             "me/anna'"}},
        Row{"PathsOfEveryMachine", machine_paths, {"dev", "#!/usr/bin/env bash\nbuild/root/x ../work/x https://example.org/home/x\n"}, {}}),
    name_of);

TEST(CodeOf, KeepsLinesAndLengths) {
  const std::string text = "int a; // one\n/* two\n */ \"three\\\"\" 'x'\nint b = 1'0;\n";
  EXPECT_EQ(code_of(text), "int a;       \n      \n                 \nint b = 1'0;\n");
}

// ---- The tree keeps them.

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Not made by git, by the build or by somebody's editor.
bool is_ours(const fs::path& top) {
  const std::string name = top.filename().string();
  return name != "build" && (!name.starts_with('.') || name == ".ci" || fs::is_regular_file(top));
}

/// Every text file below the root.
std::vector<SourceFile> tree() {
  const fs::path root = TRUNKLAB_SOURCE_DIR;
  std::vector<SourceFile> files;
  const auto take = [&](const fs::path& path) {
    SourceFile file{fs::relative(path, root).generic_string(), read(path)};
    if (file.text.find('\0') == std::string::npos) files.push_back(std::move(file));
  };
  for (const auto& top : fs::directory_iterator(root)) {
    if (!is_ours(top.path())) continue;
    if (top.is_regular_file()) take(top.path());
    if (!top.is_directory()) continue;
    for (const auto& entry : fs::recursive_directory_iterator(top.path())) {
      if (entry.is_regular_file()) take(entry.path());
    }
  }
  return files;
}

bool is_source(const SourceFile& file) {
  return file.path.ends_with(".cpp") || file.path.ends_with(".hpp");
}

class HouseRules : public testing::Test {
 protected:
  static void SetUpTestSuite() { files_ = tree(); }

  static Findings all(Rule rule, bool sources_only = true) {
    Findings findings;
    for (const SourceFile& file : files_) {
      if (sources_only && !is_source(file)) continue;
      const Findings found = rule(file);
      findings.insert(findings.end(), found.begin(), found.end());
    }
    return findings;
  }

  static inline std::vector<SourceFile> files_;
};

TEST_F(HouseRules, TheWalkSeesEveryLayer) {
  std::vector<std::string_view> missing{"models", "scenarios", "traffic/demand", "sim", "reports", "cli", "tests"};
  for (const SourceFile& file : files_) {
    if (is_source(file)) std::erase(missing, layer_of(file.path));
  }
  EXPECT_THAT(missing, IsEmpty());
}

TEST_F(HouseRules, LayersKnowOnlyWhatTheyMay) {
  EXPECT_THAT(all(include_directions), IsEmpty());
}

TEST_F(HouseRules, LibrariesStayBehindTheirDoors) {
  EXPECT_THAT(all(library_doors), IsEmpty());
}

TEST_F(HouseRules, LuckComesFromTheSeedAndTimeFromTheRun) {
  EXPECT_THAT(all(luck_and_clocks), IsEmpty());
}

TEST_F(HouseRules, NobodyUsesTheWholeOfStd) {
  EXPECT_THAT(all(whole_std), IsEmpty());
}

TEST_F(HouseRules, FilesOpenWithASentence) {
  EXPECT_THAT(all(opening), IsEmpty());
}

TEST_F(HouseRules, FilesAreShort) {
  EXPECT_THAT(all(length), IsEmpty());
}

TEST(OneTypeAName, TellsTypesOfOneNameApartByTheirNamespace) {
  const SourceFile one{"a/one.hpp", "namespace trunklab {\nstruct Column {\n};\n}  // namespace trunklab\n"};
  const SourceFile same{"b/two.hpp", "namespace trunklab {\nnamespace plane {\nstruct Column {};\n}  // namespace plane\nclass Column : Base {\n"};
  EXPECT_THAT(one_type_a_name({one, same}), ElementsAre("b/two.hpp:5: trunklab::Column, as in a/one.hpp:2"));
  const SourceFile declared{"c/three.hpp", "namespace trunklab {\nstruct Column;\n"};
  EXPECT_THAT(one_type_a_name({one, declared}), IsEmpty());
}

TEST_F(HouseRules, TypesOfHeadersHaveNamesOfTheirOwn) {
  std::vector<SourceFile> headers = files_;
  std::erase_if(headers, [](const SourceFile& file) { return !file.path.ends_with(".hpp"); });
  EXPECT_THAT(one_type_a_name(headers), IsEmpty());
}

TEST_F(HouseRules, NoPathOfOneMachine) {
  EXPECT_THAT(all(machine_paths, false), IsEmpty());
}

}  // namespace
}  // namespace trunklab::house
