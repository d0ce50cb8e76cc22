// Text of users made harmless.
#include "models/clean_text.hpp"

#include <gtest/gtest.h>

#include <array>

namespace trunklab {
namespace {

struct Harm {
  std::string_view text;
  std::string_view line;
  const char* why;
};
constexpr auto harms = std::to_array<Harm>({{"stockholm", "stockholm", "plain"},
                                            {"Malmö 北京 📞", "Malmö 北京 📞", "letters of all kinds stay"},
                                            {"a\tb\nc\r", "a b c ", "one line"},
                                            {"\x1b[2Jgone", "\xEF\xBF\xBD[2Jgone", "no commands to the terminal"},
                                            {"\xC2\x9B"
                                             "2J",
                                             "\xEF\xBF\xBD"
                                             "2J",
                                             "nor in eight bits"},
                                            {"abc\xE2\x80\xAE"
                                             "fed",
                                             "abc\xEF\xBF\xBD"
                                             "fed",
                                             "right-to-left override"},
                                            {"\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD", "overlong"},
                                            {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", "surrogate"},
                                            {"\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", "beyond Unicode"},
                                            {"cut \xE2\x82", "cut \xEF\xBF\xBD\xEF\xBF\xBD", "cut short"},
                                            {"", "", "nothing"}});

TEST(CleanText, IsOneLineOfValidUtf8WithoutCommands) {
  for (const Harm& harm : harms) EXPECT_EQ(clean_line(harm.text), harm.line) << harm.why;
}

TEST(CleanText, KeepsLinesWhereTheyAreWanted) {
  EXPECT_EQ(clean_lines("a\n\tb\r\n\x07"), "a\n\tb\n\xEF\xBF\xBD");
}

TEST(CleanText, CountsAndCutsCharactersNotBytes) {
  EXPECT_EQ(characters("Malmö"), 5U);
  EXPECT_EQ(bytes_of("Malmö!", 5), 6U);
  EXPECT_EQ(bytes_of("ab", 5), 2U);
  EXPECT_EQ(shortened("Malmö", 5), "Malmö");
  EXPECT_EQ(shortened("Malmö!", 5), "Malm…");
  EXPECT_EQ(shortened("öööö", 3), "öö…");
}

}  // namespace
}  // namespace trunklab
