// Numbers that may be called, and those that never are.
#include "traffic/load/permission/number_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <regex>

#include "tests/scenarios/files.hpp"
#include "traffic/load/permission/dialled_number.hpp"

namespace trunklab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// "" if it may be called.
std::string objection_to(std::string_view written) {
  const auto number = e164_of(written, "here");
  return number ? why_never_called(number.value()) : number.problems().front().text();
}

TEST(DialledNumber, IsReadAsPeopleWriteIt) {
  for (const char* written : {"+46701234567", "+46 70-123 45 67", "+46 (70) 123.45.67", "tel:+46701234567", "sip:+46701234567@example.com;user=phone",
                              "sips:+46-70-1234567@example.com"}) {
    const auto number = e164_of(written, "here");
    ASSERT_TRUE(number) << written;
    EXPECT_EQ(number.value(), "+46701234567") << written;
  }
}

TEST(DialledNumber, ThatMeansSomethingElseElsewhereIsRefused) {
  using namespace std::string_view_literals;
  for (const std::string_view written : {""sv,
                                         "112"sv,
                                         "911"sv,
                                         "0046701234567"sv,
                                         "01146701234567"sv,
                                         "46701234567"sv,
                                         "070-1234567"sv,
                                         "++46701234567"sv,
                                         "+46+701234567"sv,
                                         "+0046701234567"sv,
                                         "+46701234567p1"sv,
                                         "+46701234567,112"sv,
                                         "+46701234567;ext=112"sv,
                                         "tel:+46701234567;phone-context=+46"sv,
                                         "tel:112;phone-context=+46"sv,
                                         "sip:112@example.com"sv,
                                         "sip:%2B46701234567@example.com"sv,
                                         "%2B46701234567"sv,
                                         "+4670CALLME1"sv,
                                         "+46701234567*"sv,
                                         "#31#+46701234567"sv,
                                         "\xEF\xBC\x8B"
                                         "46701234567"sv,
                                         "+\xD9\xA4\xD9\xA6"
                                         "701234567"sv,
                                         "+4670\x00"
                                         "1234567"sv,
                                         "+46701234567\n"sv,
                                         "+1234567"sv,
                                         "+1234567890123456"sv,
                                         "urn:service:sos"sv,
                                         "urn:service:sos.fire"sv,
                                         "sip:sos@example.com"sv,
                                         "tel:+46701234567#"sv}) {
    EXPECT_FALSE(e164_of(written, "here")) << written;
  }
}

TEST(DialledNumber, OfAnEmergencyOrACostlyServiceIsNeverCalled) {
  for (const char* written :
       {"+46112",          "+46 0112",        "+4600112",          "+44999",          "+44 (0) 999",     "+49 110 000",     "+1911",
        "+1 911 555 0100", "+1 212 911 1234", "+1 411 555 1212",   "+1 212 555 1212", "+1 900 123 4567", "+1 212 976 1234", "+1 876 123 4567",
        "+1 809 123 4567", "+1 242 123 4567", "+1 800 123 4567",   "+44 9091234567",  "+44 8701234567",  "+44 7012345678",  "+44 118 500 00",
        "+49 900 1234567", "+49 180 5123456", "+49 137 1234567",   "+46 900 1234567", "+46 939 1234567", "+33 899 123456",  "+33 820 123456",
        "+34 806 123456",  "+34 905 123456",  "+39 899 123456",    "+41 900 123456",  "+43 900 123456",  "+31 900 1234567", "+358 600 12345",
        "+47 820 12345",   "+45 90 12 34 56", "+61 1900 123 456",  "+808 12345678",   "+979 123456789",  "+870 123456789",  "+881 612345678",
        "+882 16123456",   "+883 510012345",  "+878 101234567890", "+888 12345678",   "+800 12345678",   "+999 1234567890", "+210 1234567",
        "+46 7712 3456",   "+46112112"}) {
    EXPECT_NE(objection_to(written), "") << written;
  }
}

TEST(DialledNumber, OfASubscriberMayBeCalled) {
  for (const char* written :
       {"+46 8 123 456 78", "+46 70 123 45 67", "+44 20 7946 0018",  "+44 7700 900123",   "+44 7624 123456",  "+49 30 123456",
        "+49 911 1234567",  "+49 170 1234567",  "+33 3 20 12 34 56", "+33 6 12 34 56 78", "+1 212 736 5000",  "+1 604 736 5000",
        "+31 20 123 4567",  "+32 11 20 00 00",  "+353 1 512 3456",   "+39 06 1234 5678",  "+39 347 123 4567", "+34 91 123 45 67",
        "+61 2 9123 4567",  "+81 90 1234 5678", "+65 8012 3456",     "+55 11 91234 5678", "+91 98765 43210",  "+7 495 123 45 67",
        "+86 10 1234 5678", "+383 44 123 456",  "+358 40 1234567",   "+41 44 123 45 67"}) {
    EXPECT_EQ(objection_to(written), "") << written;
  }
}

TEST(DialledNumber, IsDecidedForAnyBytes) {
  std::mt19937 random(1);
  const std::string alphabet("+0123456789+++telsip:@;-. ()%\xEF\x00\n", 32);
  std::uniform_int_distribution<std::size_t> letter(0, alphabet.size() - 1);
  std::uniform_int_distribution<std::size_t> length(0, 24);
  const std::regex form("\\+[1-9][0-9]{7,14}");
  int read = 0;
  for (std::size_t i = 0; i < 100'000; ++i) {
    std::string text(length(random), '+');
    for (std::size_t at = i % 2; at < text.size(); ++at) text[at] = alphabet[letter(random) % (i % 2 == 1 ? 11 : alphabet.size())];
    const auto number = e164_of(text, "here");
    if (!number) continue;
    ++read;
    ASSERT_TRUE(std::regex_match(number.value(), form)) << text;
    static_cast<void>(why_never_called(text));
  }
  EXPECT_GT(read, 1000);
}

class OwnNumbersFile : public ::testing::Test {
 protected:
  Result<OwnNumbers> read(const std::string& text) {
    write_file(folder_.path() / "own.txt", text);
    return read_own_numbers(folder_.path() / "own.txt");
  }
  TemporaryFolder folder_;
};

TEST_F(OwnNumbersFile, HasFullNumbersUnderTwoHeadings) {
  const auto own = read("\xEF\xBB\xBF# ours\r\n[called]\r\n+46 8 123 456 78 # the desk\r\n\r\n+4930123456\r\n[callers]\r\n+46812345679\r\n");
  ASSERT_TRUE(own) << own.problems().front().text();
  EXPECT_THAT(own.value().called, ElementsAre("+46812345678", "+4930123456"));
  EXPECT_THAT(own.value().callers, ElementsAre("+46812345679"));
}

TEST_F(OwnNumbersFile, IsRefusedWithEveryLineThatIsWrong) {
  const auto own = read("+46812345678\n[called]\n112\n+4670123*\n+1 911 555 0100\n+46812345678\n+46-8-12345678\n[callers]\n+46812345679\n");
  ASSERT_FALSE(own);
  std::string all;
  for (const Problem& problem : own.problems()) all += problem.text() + '\n';
  EXPECT_EQ(own.problems().size(), 5U) << all;
  for (const char* line : {"own.txt:1:1", "own.txt:3:1", "own.txt:4:1", "own.txt:5:1", "own.txt:7:1"}) EXPECT_THAT(all, HasSubstr(line));
}

TEST_F(OwnNumbersFile, NeedsBothLists) {
  EXPECT_FALSE(read(""));
  EXPECT_FALSE(read("[called]\n+46812345678\n"));
  EXPECT_FALSE(read("[callers]\n+46812345678\n"));
  EXPECT_FALSE(read_own_numbers(folder_.path()));
  EXPECT_FALSE(read_own_numbers(folder_.path() / "none.txt"));
}

TEST(NumberGate, GivesEachCallTheSameNumberAlways) {
  const NumberGate gate({.called = {"+46812345678", "+4930123456"}, .callers = {"+46812345679"}});
  int first = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::string call = "retail.0." + std::to_string(i);
    EXPECT_EQ(gate.called_for(call), gate.called_for(call));
    EXPECT_EQ(gate.objection(gate.called_for(call), gate.caller_for(call)), "");
    if (gate.called_for(call) == "+46812345678") ++first;
  }
  EXPECT_GT(first, 400);
  EXPECT_LT(first, 600);
}

TEST(NumberGate, ObjectsToWhatIsNotOwnedOrNeverCalled) {
  const NumberGate gate({.called = {"+46812345678", "+46112"}, .callers = {"+46812345679"}});
  EXPECT_THAT(gate.objection("+46812345677", "+46812345679"), HasSubstr("not among"));
  EXPECT_THAT(gate.objection("+46812345678", "+46812345678"), HasSubstr("not among"));
  EXPECT_THAT(gate.objection("+46112", "+46812345679"), ::testing::Not(IsEmpty()));
}

}  // namespace
}  // namespace trunklab
