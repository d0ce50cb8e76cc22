// Dates as call files write them, and which form a column has.
#include <gtest/gtest.h>

#include "scenarios/time_text.hpp"
#include "traffic/cdr/call_time.hpp"

namespace trunklab {
namespace {

struct TimeRow {
  DateForm form;
  const char* text;
  const char* iso;  ///< the same instant as ISO 8601 with offset; nullptr: not to be read
};
class CallTimes : public ::testing::TestWithParam<TimeRow> {};

TEST_P(CallTimes, AreRead) {
  const auto time = parse_call_time(GetParam().text, GetParam().form);
  ASSERT_EQ(time.has_value(), GetParam().iso != nullptr) << GetParam().text;
  if (time) {
    EXPECT_EQ(time->unix_ns, parse_iso8601_ns(GetParam().iso).value()) << GetParam().text;
  }
}

INSTANTIATE_TEST_SUITE_P(Iso, CallTimes,
                         ::testing::Values(TimeRow{DateForm::iso, "1999-02-01T00:11:28", "1999-02-01T00:11:28Z"},
                                           TimeRow{DateForm::iso, "1999-02-01 00:11:28", "1999-02-01T00:11:28Z"},
                                           TimeRow{DateForm::iso, "1999-02-01T00:11:28.25Z", "1999-02-01T00:11:28.25Z"},
                                           TimeRow{DateForm::iso, "1999-02-01 00:11:28.123456 +02:00", "1999-02-01T00:11:28.123456+02:00"},
                                           TimeRow{DateForm::iso, "1999-02-01T00:11:28,5-0330", "1999-02-01T00:11:28.5-03:30"},
                                           TimeRow{DateForm::iso, "1999-02-01T00:11:28+02", "1999-02-01T00:11:28+02:00"},
                                           TimeRow{DateForm::iso, "2024-02-29 00:11", "2024-02-29T00:11:00Z"},
                                           TimeRow{DateForm::iso, "1999-02-29T00:11:28", nullptr},
                                           TimeRow{DateForm::iso, "1999-02-01T24:00:00", nullptr}, TimeRow{DateForm::iso, "1999-02-01", nullptr},
                                           TimeRow{DateForm::iso, "1969-12-31T23:59:59", nullptr},
                                           TimeRow{DateForm::iso, "1999-02-01T00:11:28+25:00", nullptr},
                                           TimeRow{DateForm::iso, "1999-02-01T00:11:28 x", nullptr}, TimeRow{DateForm::iso, "", nullptr}));

INSTANTIATE_TEST_SUITE_P(Slashes, CallTimes,
                         ::testing::Values(TimeRow{DateForm::day_first, "31/03/2024 09:15:07", "2024-03-31T09:15:07Z"},
                                           TimeRow{DateForm::day_first, "1.2.1999 9:05", "1999-02-01T09:05:00Z"},
                                           TimeRow{DateForm::day_first, "31-03-2024 09:15:07.5", "2024-03-31T09:15:07.5Z"},
                                           TimeRow{DateForm::day_first, "03/31/2024 09:15:07", nullptr},
                                           TimeRow{DateForm::month_first, "03/31/2024 09:15:07", "2024-03-31T09:15:07Z"},
                                           TimeRow{DateForm::month_first, "3/31/2024 9:15:07 PM", "2024-03-31T21:15:07Z"},
                                           TimeRow{DateForm::month_first, "3/31/2024, 12:15 am", "2024-03-31T00:15:00Z"},
                                           TimeRow{DateForm::month_first, "3/31/2024 13:15 pm", nullptr},
                                           TimeRow{DateForm::day_first, "31/04/2024 09:15:07", nullptr}));

INSTANTIATE_TEST_SUITE_P(Unix, CallTimes,
                         ::testing::Values(TimeRow{DateForm::unix_s, "917827888", "1999-02-01T00:11:28Z"},
                                           TimeRow{DateForm::unix_s, "917827888.75", "1999-02-01T00:11:28.75Z"},
                                           TimeRow{DateForm::unix_ms, "917827888250", "1999-02-01T00:11:28.25Z"},
                                           TimeRow{DateForm::unix_s, "-1", nullptr}, TimeRow{DateForm::unix_s, "917827888 ", nullptr},
                                           TimeRow{DateForm::unix_s, "99999999999", nullptr}));

TEST(DateForms, AreToldByTheFirstTextThatFitsOne) {
  const auto form_of = [](std::initializer_list<const char*> texts) {
    DateForms forms;
    for (const char* text : texts) forms.see(text);
    return forms.only();
  };
  EXPECT_EQ(form_of({"1999-02-01T00:11:28"}), DateForm::iso);
  EXPECT_EQ(form_of({"01/02/2024 00:00:00", "13/02/2024 00:00:00"}), DateForm::day_first);
  EXPECT_EQ(form_of({"01/02/2024 00:00:00", "02/13/2024 00:00:00"}), DateForm::month_first);
  EXPECT_EQ(form_of({"01/02/2024 00:00:00"}), std::nullopt);
  EXPECT_EQ(form_of({"917827888"}), DateForm::unix_s);
  EXPECT_EQ(form_of({"917827888000"}), DateForm::unix_ms);
  EXPECT_EQ(form_of({"rubbish", "917827888"}), DateForm::unix_s);
  DateForms both;
  both.see("01/02/2024 00:00:00");
  EXPECT_TRUE(both.day_or_month());
}

TEST(DateForms, HaveWords) {
  for (const char* word : {"iso", "dmy", "mdy", "unix", "unix-ms"}) {
    ASSERT_TRUE(date_form(word)) << word;
    EXPECT_EQ(word_of(*date_form(word)), word);
  }
  EXPECT_FALSE(date_form("ymd"));
}

}  // namespace
}  // namespace trunklab
