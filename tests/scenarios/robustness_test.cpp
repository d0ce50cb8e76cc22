// No input, however broken or hostile, throws, hangs or goes unanswered.
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <random>

#include "scenarios/lint.hpp"
#include "scenarios/media_plans.hpp"
#include "scenarios/reader.hpp"
#include "tests/scenarios/files.hpp"

namespace trunklab {
namespace {

std::string first_message(const Result<Scenario>& result) {
  return result ? "no problem" : result.problems().front().text();
}

std::string repeated(const std::string& part, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += part;
  return text;
}

// The generator's fixed seed makes every run the same.
TEST(Robustness, MutatedLibraryFilesNeverThrow) {
  const ScopedFolder folder(TRUNKLAB_SOURCE_DIR "/scenarios/library");
  std::vector<std::string> texts;
  for (const std::string& name : names_in("scenarios/library")) texts.push_back(text_of(name + ".yaml"));
  std::mt19937 generator(7);
  const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(generator()) % limit; };
  constexpr std::string_view spice = "{}[]:,-#&*!|>'\"%@`?\n\t 0123456789sminh./~<";
  std::size_t refused = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string text = texts[below(texts.size())];
    for (std::size_t changes = 1 + below(4); changes > 0; --changes) {
      const std::size_t at = below(text.size());
      switch (below(4)) {
        case 0: text[at] = static_cast<char>(below(256)); break;
        case 1: text[at] = spice[below(spice.size())]; break;
        case 2: text.erase(at, 1 + below(8)); break;
        default: text.insert(at, 1, spice[below(spice.size())]); break;
      }
      if (text.empty()) text = "x";
    }
    const Result<Scenario> result = parse_scenario(text, "mutated.yaml");
    if (result) continue;
    ++refused;
    ASSERT_FALSE(result.problems().empty());
    ASSERT_FALSE(result.problems().front().text().find("cannot be read (") != std::string::npos) << result.problems().front().text();
  }
  EXPECT_GT(refused, 200U);
}

/// A key and what may stand there.
struct Choice {
  std::string_view key;
  std::vector<std::string_view> values;
};

// As above, but key by key, and mostly with values that fit: whatever stands there, it is refused with a message, or advice and negotiation make
// something of it.
TEST(Robustness, MediaOfAnyValuesIsRefusedOrUsable) {
  const std::vector<std::string_view> ranges{"1024-1025", "1025-1027", "65533-65535", "10000-20000", "20000-10000", "16384-16391"};
  const std::vector<std::string_view> codecs{"[G.711a]", "[Opus, PCMU]", "[{ codec: G.729, ptime: 60ms }, G.711u]",
                                             "[{ codec: Opus, bit_rate: 6000 }]"};
  const std::vector<std::string_view> flags{"true", "false"};
  const std::vector<Choice> service{{"ports", ranges},
                                    {"rtcp", {"pair", "mux", "0%", "30%", "100%"}},
                                    {"legs", {"both", "split", "one"}},
                                    {"addresses", {"{}", "{ most: 1 }", "{ least: 2, most: 2, scale_in: 1% }"}},
                                    {"packets_max", {"1", "100000"}},
                                    {"codecs", codecs},
                                    {"far_codecs", codecs},
                                    {"transcoding", flags},
                                    {"latching", flags},
                                    {"traits", {"{}", "{ Opus: { ie: 0 } }", "{ G.729: { ie: 9, bpl: 9, cores: 9 } }"}}};
  const std::vector<Choice> site{
      {"rtp_ports", ranges},
      {"rtp_ports", {"{ range: 16384-16391, rtcp: 50% }", "{ range: 1024-65535, leak: 100% }"}},
      {"firewall", {"{ media: { ports: 10001-10002 } }", "{ media: { ports: 9999-10002, direction: in, stateful: false } }"}},
      {"nat", flags},
      {"symmetric_rtp", flags},
      {"activity", {"1%", "100%"}},
      {"channels", {"1", "4000000000"}}};
  const std::vector<Choice> demand{
      {"codecs", codecs},
      {"codecs",
       {"[{ share: 50%, offer: [Opus] }, { share: 50%, offer: [G.711a] }]", "[{ share: 0%, offer: [Opus] }]", "[{ share: 100%, offer: [Opus] }]"}}};
  std::mt19937 generator(7);
  const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(generator()) % limit; };
  const auto some = [&](const std::vector<Choice>& choices, std::size_t most) {
    std::string text;
    for (std::size_t i = below(most + 1); i > 0; --i) {
      const Choice& key = choices[below(choices.size())];
      const Choice& value = below(8) == 0 ? choices[below(choices.size())] : key;
      text += std::string(key.key) + ": " + std::string(value.values[below(value.values.size())]) + ", ";
    }
    return text;
  };
  std::size_t refused = 0;
  constexpr std::size_t texts = 4000;
  for (std::size_t i = 0; i < texts; ++i) {
    const std::string text = "service: { preset: sinch, media: { " + some(service, 3) + " } }\nhorizon: { duration: 1h }\nsites: { a: { " +
                             some(site, 2) + "routing: { regions: [euc1] } } }\ndemand: { d: { " + some(demand, 1) +
                             "arrivals: { process: poisson, rate: 1/s }, holding: 180s } }\n";
    const Result<Scenario> result = parse_scenario(text, "media.yaml");
    if (!result) {
      ++refused;
      ASSERT_EQ(first_message(result).find("cannot be read ("), std::string::npos) << first_message(result) << text;
      continue;
    }
    const Scenario& scenario = result.value();
    ASSERT_LT(scenario.service.media.ports.first, scenario.service.media.ports.last) << text;
    ASSERT_EQ(media_plans(scenario).at(0).size(), scenario.demands[0].codecs.size()) << text;
    for (const Advice& advice : lint(scenario)) {
      for (const char* nonsense : {" nan ", " inf ", "-0"}) ASSERT_EQ(advice.text().find(nonsense), std::string::npos) << advice.text() << text;
    }
  }
  EXPECT_GT(refused, texts / 4);
  EXPECT_GT(texts - refused, texts / 4);
}

TEST(Robustness, HostileTextsAreAnsweredAtOnce) {
  constexpr std::size_t near_limit = scenario_bytes_max - 64;
  const auto started = std::chrono::steady_clock::now();
  const std::string texts[]{
      repeated("[", near_limit),
      repeated("{a: ", near_limit / 4),
      repeated("- ", near_limit / 2),
      repeated("? ", near_limit / 2),
      repeated("a:\n", near_limit / 3),
      repeated("&a ", near_limit / 3),
      repeated("'", near_limit),
      repeated("a", near_limit),
      "a: \"" + repeated("\\n", near_limit / 2),
      repeated("%TAG ! tag:x\n", near_limit / 13),
      repeated("---\n", near_limit / 4),
      "sites: {" + repeated("a: {},", near_limit / 6) + "}",
      "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n",
  };
  for (const std::string& text : texts) EXPECT_FALSE(parse_scenario(text, "hostile.yaml")) << text.substr(0, 20);
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds{60});
}

TEST(Robustness, MistakesAreCappedAndTheCapSaysSo) {
  std::string text = "horizon: { duration: 1h }\n";
  for (int i = 0; i < 3000; ++i) text += "key" + std::to_string(i) + ": 1\n";
  const Result<Scenario> result = parse_scenario(text, "many.yaml");
  ASSERT_FALSE(result);
  ASSERT_EQ(result.problems().size(), 1001U);
  EXPECT_EQ(result.problems().back().text(), "many.yaml: found more than 1000 mistakes, expected fewer");
}

TEST(Robustness, WhatIsNoFileIsSaidToBeSo) {
  EXPECT_EQ(first_message(read_scenario("nowhere/x.yaml")), "nowhere/x.yaml: found no such file, expected a file that can be read");
  EXPECT_EQ(first_message(read_scenario("/")), "/: found a directory, expected a file that can be read");
  EXPECT_EQ(first_message(read_scenario("/dev/zero")), "/dev/zero: found something that is not a regular file, expected a file that can be read");
  EXPECT_EQ(first_message(read_scenario("")), ": found no such file, expected a file that can be read");
  EXPECT_FALSE(read_scenario(std::string(5000, 'x')));
}

TEST(Robustness, AHugeFileIsRefusedUnread) {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "huge.yaml";
  write_file(file, "");
  std::filesystem::resize_file(file, 100'000'000);
  EXPECT_EQ(first_message(read_scenario(file)), file.string() + ": found a file of 100000000 bytes, expected at most 1048576 bytes");
}

TEST(Robustness, AFileThatMayNotBeReadIsSaidToBeSo) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "secret.yaml";
  write_file(file, "seed: 1\n");
  std::filesystem::permissions(file, std::filesystem::perms::none);
  EXPECT_EQ(first_message(read_scenario(file)),
            file.string() + ": found a file that may not be read (permission denied), expected a file that can be read");
}

}  // namespace
}  // namespace trunklab
