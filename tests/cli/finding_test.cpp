// The sentences of the finding against the measures, for every scenario of the library: each figure in them, and nothing left out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <SQLiteCpp/SQLiteCpp.h>

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <regex>

#include "tests/cli/program.hpp"
#include "tests/scenarios/files.hpp"

namespace trunklab {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

/// What the finding is made from, as the JSON document has it.
class Told {
 public:
  explicit Told(Json document) : document_(std::move(document)) {}

  [[nodiscard]] double figure(const std::string& name, const std::string& entity) const {
    for (const Json& measure : document_.at("measures")) {
      if (measure.at("name") == name && measure.at("entity") == entity) return measure.at("mean");
    }
    return 0;
  }
  [[nodiscard]] std::string note(const std::string& name, const std::string& entity) const {
    for (const Json& measure : document_.at("measures")) {
      if (measure.at("name") == name && measure.at("entity") == entity) return measure.value("note", "");
    }
    return "";
  }
  [[nodiscard]] std::vector<std::string> finding() const { return document_.at("finding"); }
  [[nodiscard]] const Json& objectives() const { return document_.at("objectives"); }
  /// The sentence that begins like this; empty if there is none.
  [[nodiscard]] std::string sentence(const std::string& begin) const {
    for (const std::string& each : finding()) {
      if (each.starts_with(begin)) return each;
    }
    return "";
  }

 private:
  Json document_;
};

/// The number in front of these words; nullopt if they are not there.
std::optional<double> number_before(const std::string& text, const std::string& words) {
  std::smatch match;
  const std::regex pattern("([0-9]+(?:\\.[0-9])?) " + words);
  return std::regex_search(text, match, pattern) ? std::optional(std::stod(match[1])) : std::nullopt;
}

/// "72 s", "14 min 3 s", "4.1 s", "350 ms", "1 h 29 min" in seconds, and how coarse that is.
struct Spoken {
  double seconds = 0;
  double coarse = 0;
};
Spoken spoken(const std::string& text) {
  Spoken spoken;
  const std::regex pattern("([0-9]+(?:\\.[0-9]+)?) (ms|s|min|h|d)\\b");
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) {
    const std::string unit = (*at)[2];
    const double scale = unit == "ms" ? 0.001 : unit == "s" ? 1 : unit == "min" ? 60 : unit == "h" ? 3600 : 86'400;
    spoken.seconds += std::stod((*at)[1]) * scale;
    spoken.coarse = scale * ((*at)[1].str().find('.') == std::string::npos ? 1 : 0.1);
  }
  return spoken;
}

constexpr std::array<std::pair<const char*, const char*>, 5> troubles{{{"blocked", "blocked"},
                                                                       {"failed", "failed"},
                                                                       {"lost_in_setup", "lost in set-up"},
                                                                       {"dropped", "cut off while talking"},
                                                                       {"orphaned", "hung up in vain"}}};

void check_summary(const Told& told, bool faults) {
  const std::string first = told.finding().at(0);
  double wrong = 0;
  for (const auto& [measure, words] : troubles) wrong += told.figure(measure, "total");
  if (wrong == 0) {
    EXPECT_THAT(first, StartsWith(faults ? "No call came to harm: " : "Nothing happened: no fault was planned, and no call came to harm: "));
    EXPECT_EQ(number_before(first, "calls? offered"), told.figure("offered", "total"));
    return;
  }
  EXPECT_THAT(first, StartsWith("Of "));
  EXPECT_EQ(number_before(first, "calls? offered"), told.figure("offered", "total"));
  for (const auto& [measure, words] : troubles) {
    const double count = told.figure(measure, "total");
    const auto said = number_before(first, words);
    EXPECT_EQ(said.value_or(0), count) << words << " in: " << first;
    EXPECT_EQ(said.has_value(), count > 0) << words << " in: " << first;
  }
}

void check_fault(const Told& told, std::size_t number, const std::string& text, bool repaired) {
  const std::string entity = "fault/" + std::to_string(number);
  const std::string sentence = told.sentence(text + ": ");
  ASSERT_NE(sentence, "") << text;
  const double hit = told.figure("calls_hit", entity);
  if (hit == 0) {
    EXPECT_THAT(sentence, HasSubstr("no call was hit; new calls noticed nothing."));
    return;
  }
  EXPECT_EQ(number_before(sentence, "calls? hit"), hit) << sentence;
  EXPECT_EQ(number_before(sentence, "lost;"), told.figure("calls_lost", entity)) << sentence;
  const double gained = told.figure("calls_gained", entity);
  EXPECT_EQ(number_before(sentence, "other calls? got through").value_or(0), gained) << sentence;
  const std::string recovery = sentence.substr(sentence.find(';'));
  if (told.figure("calls_hit_new", entity) == 0) {
    EXPECT_THAT(recovery, HasSubstr("noticed nothing"));
  } else if (told.note("failover_s", entity).find("not before repair") != std::string::npos) {
    EXPECT_THAT(recovery, HasSubstr(repaired ? "not normal before the repair" : "not normal before the run ended"));
  } else if (told.figure("failover_s", entity) == 0) {
    EXPECT_THAT(recovery, HasSubstr("nothing worse than blocking"));
  } else {
    EXPECT_THAT(recovery, HasSubstr("normal after "));
    const Spoken after = spoken(recovery.substr(0, recovery.find(". But")));
    EXPECT_NEAR(after.seconds, told.figure("failover_s", entity), after.coarse) << sentence;
  }
}

void check_objectives(const Told& told) {
  for (const Json& objective : told.objectives()) {
    const std::string missed = "Objective missed: " + objective.at("text").get<std::string>() + ".";
    EXPECT_EQ(told.sentence(missed) == missed, objective.at("verdict") == "missed") << missed;
  }
}

void check_media(const Told& told) {
  for (const std::string& sentence : told.finding()) {
    const auto refused = number_before(sentence.substr(0, sentence.find(", the first")), "(?:calls?|INVITEs?)$");
    if (sentence.find(": no RTP port for ") == std::string::npos) continue;
    const std::string entity = sentence.substr(0, sentence.find(": no RTP port"));
    double sum = 0;
    for (const char* why : {"exhausted", "fragmented", "quarantined", "leaked", "foreign"}) sum += told.figure(std::string("refused_") + why, entity);
    EXPECT_EQ(refused, sum) << sentence;
  }
}

class Finding : public ::testing::TestWithParam<std::string> {};

TEST_P(Finding, SaysWhatTheMeasuresSay) {
  const TemporaryFolder folder;
  const std::string record = (folder.path() / "run.sqlite").string();
  const std::string scenario = std::string(TRUNKLAB_SOURCE_DIR) + "/scenarios/library/" + GetParam() + ".yaml";
  const Ended simulated = run_trunklab({"simulate", scenario, "-o", record, "--json"});
  ASSERT_TRUE(simulated.code == 0 || simulated.code == 3) << simulated.err;
  const Ended reported = run_trunklab({"report", record, "--format", "json"});
  ASSERT_EQ(reported.code, 0) << reported.err;
  const Told told(Json::parse(reported.out));
  EXPECT_EQ(told.finding(), Told(Json::parse(simulated.out)).finding()) << "the run itself says the same as its record";

  const SQLite::Database database(record);
  SQLite::Statement random(database, "SELECT count(*) FROM random_faults");
  random.executeStep();
  SQLite::Statement faults(database, "SELECT id, text, repaired IS NOT NULL FROM faults ORDER BY id");
  std::size_t count = 0;
  while (faults.executeStep()) {
    check_fault(told, count, faults.getColumn(1).getString(), faults.getColumn(2).getInt() == 1);
    ++count;
  }
  check_summary(told, count > 0 || random.getColumn(0).getInt() > 0);
  check_objectives(told);
  check_media(told);
}

std::vector<std::string> library() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(TRUNKLAB_SOURCE_DIR) + "/scenarios/library")) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Library, Finding, ::testing::ValuesIn(library()), [](const auto& name) {
  std::string words = name.param;
  std::ranges::replace(words, '-', '_');
  return words;
});

TEST(FindingOfNothing, SaysThatNothingHappened) {
  const TemporaryFolder folder;
  write_file(folder.path() / "quiet.yaml",
             "horizon: { duration: 10min }\nsites:\n  a: { routing: { regions: [euc1] } }\n"
             "demand:\n  d: { arrivals: { process: poisson, rate: 1/s }, holding: 60s }\n");
  const Ended ended = run_trunklab({"simulate", (folder.path() / "quiet.yaml").string(), "--json"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  const Told told(Json::parse(ended.out));
  ASSERT_EQ(told.finding().size(), 1U);
  EXPECT_THAT(told.finding()[0], StartsWith("Nothing happened: no fault was planned, and no call came to harm: of "));
}

}  // namespace
}  // namespace trunklab
