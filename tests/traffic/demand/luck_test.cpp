// The luck of a run is what it was promised to be for ever: generator, numbers of the purposes, names' hashes.
#include "traffic/demand/luck.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "models/statistics/intervals.hpp"
#include "tests/tolerances.hpp"

namespace trunklab {
namespace {

struct KnownAnswer {
  std::array<std::uint64_t, 4> counter;
  std::array<std::uint64_t, 2> key;
  std::array<std::uint64_t, 4> words;
};

// Source: Random123, tests/kat_vectors, philox4x64 with 10 rounds.
TEST(Philox, GivesTheKnownAnswersOfRandom123) {
  constexpr std::uint64_t ones = ~std::uint64_t{0};
  constexpr KnownAnswer answers[]{
      {{0, 0, 0, 0}, {0, 0}, {0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b, 0x7e68b68aec7ba23b}},
      {{ones, ones, ones, ones}, {ones, ones}, {0x87b092c3013fe90b, 0x438c3c67be8d0224, 0x9cc7d7c69cd777b6, 0xa09caebf594f0ba0}},
      {{0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89},
       {0x452821e638d01377, 0xbe5466cf34e90c6c},
       {0xa528f45403e61d95, 0x38c72dbd566e9788, 0xa5a1610e72fd18b5, 0x57bd43b5e52b7fe6}},
  };
  for (const auto& [counter, key, words] : answers) {
    const auto drawn = r123::Philox4x64()({{counter[0], counter[1], counter[2], counter[3]}}, {{key[0], key[1]}});
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(drawn[i], words[i]) << i;
  }
}

TEST(Luck, CounterAndKeyAreLaidOutAsDocumented) {
  const Luck luck(7, "demand/retail", 3);
  const auto drawn = luck.block(Purpose::life, 11, 1, 2);
  const auto expected = r123::Philox4x64()({{11, 3, (std::uint64_t{2} << 32U) | 1U, 2}}, {{7, name_hash("demand/retail")}});
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(drawn[i], expected[i]) << i;
  EXPECT_EQ(luck.uniform(Purpose::life, 11, 2), unit_interval(luck.block(Purpose::life, 11, 0, 2)[0]));
}

TEST(Luck, PurposesKeepTheirNumbers) {
  struct Row {
    Purpose purpose;
    std::uint32_t number;
  };
  for (const auto& [purpose, number] :
       {Row{Purpose::arrival, 1}, Row{Purpose::life, 2}, Row{Purpose::route, 3}, Row{Purpose::redial, 4}, Row{Purpose::attempt, 5},
        Row{Purpose::phase, 6}, Row{Purpose::port, 7}, Row{Purpose::jitter, 8}, Row{Purpose::thinning, 9}, Row{Purpose::initial, 10}}) {
    EXPECT_EQ(static_cast<std::uint32_t>(purpose), number);
  }
}

// Source: the test vectors of FNV-1a, 64 bits, by its authors; the last one is ours, pinned.
static_assert(name_hash("") == 0xcbf29ce484222325);
static_assert(name_hash("a") == 0xaf63dc4c8601ec8c);
static_assert(name_hash("foobar") == 0x85944171f73967e8);

TEST(UnitInterval, IsNeverZeroOrOne) {
  struct Row {
    std::uint64_t word;
    double u;
  };
  for (const auto& [word, u] : {Row{0, 0x1p-53}, Row{0xfff, 0x1p-53}, Row{0x1000, 0x3p-53}, Row{~std::uint64_t{0}, 1 - 0x1p-53},
                                Row{std::uint64_t{1} << 63U, 0.5 + 0x1p-53}}) {
    EXPECT_EQ(unit_interval(word), u) << word;
    EXPECT_GT(unit_interval(word), 0);
    EXPECT_LT(unit_interval(word), 1);
  }
}

TEST(Luck, ChangesWithEveryPartOfItsAddress) {
  const auto word = [](std::uint64_t seed, const char* owner, std::uint32_t replication, Purpose purpose, std::uint64_t index, std::uint32_t block,
                       std::uint32_t attempt) { return Luck(seed, owner, replication).block(purpose, index, block, attempt)[0]; };
  const std::set<std::uint64_t> words{
      word(1, "a", 0, Purpose::life, 0, 0, 0), word(2, "a", 0, Purpose::life, 0, 0, 0), word(1, "b", 0, Purpose::life, 0, 0, 0),
      word(1, "a", 1, Purpose::life, 0, 0, 0), word(1, "a", 0, Purpose::port, 0, 0, 0), word(1, "a", 0, Purpose::life, 1, 0, 0),
      word(1, "a", 0, Purpose::life, 0, 1, 0), word(1, "a", 0, Purpose::life, 0, 0, 1),
  };
  EXPECT_EQ(words.size(), 8U);
}

TEST(Luck, IsUniformOverIndicesOwnersAndReplications) {
  constexpr int draws = 100'000;
  std::vector<double> by_index;
  std::vector<double> by_owner;
  std::vector<double> by_replication;
  for (int i = 0; i < draws; ++i) {
    by_index.push_back(Luck(1, "demand/retail", 0).uniform(Purpose::phase, static_cast<std::uint64_t>(i)));
    by_owner.push_back(Luck(1, "demand/" + std::to_string(i), 0).uniform(Purpose::phase, 0));
    by_replication.push_back(Luck(1, "demand/retail", static_cast<std::uint32_t>(i)).uniform(Purpose::phase, 0));
  }
  for (auto* values : {&by_index, &by_owner, &by_replication}) {
    std::ranges::sort(*values);
    EXPECT_LE(kolmogorov_smirnov(*values) * std::sqrt(draws), tolerance::ks_limit);
  }
}

}  // namespace
}  // namespace trunklab
