// Reading the options of call files.
#include "cli/call_file_options.hpp"

#include "models/clean_text.hpp"

namespace trunklab::cli {

void misuse(const std::string& option, const std::string& found, const std::string& expected) {
  throw Misuse("--" + option + ": found '" + shortened(clean_line(found), 60) + "', expected " + expected);
}

std::optional<std::string> column_option(const Options& options, const std::string& name) {
  auto column = options.text_if(name);
  if (column && column->empty()) misuse(name, "", "the name of a column, or none");
  if (column && *column == "none") column->clear();
  return column;
}

CallFileWishes call_file_wishes(const Options& options, const std::string& positional) {
  CallFileWishes wishes;
  wishes.path = options.required(positional, "call file");
  wishes.columns.arrival = column_option(options, "arrival");
  wishes.columns.holding = column_option(options, "holding");
  wishes.columns.talk = column_option(options, "talk");
  wishes.columns.outcome = column_option(options, "outcome");
  wishes.zone = options.text_if("timezone");
  if (const auto word = options.text_if("date-format")) {
    wishes.form = date_form(*word);
    if (!wishes.form) misuse("date-format", *word, "iso, dmy, mdy, unix or unix-ms");
  }
  return wishes;
}

}  // namespace trunklab::cli
