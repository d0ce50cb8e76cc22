// Texts with blanks: {{name}} is filled in, {{#name}} ... {{/name}} stays only if a flag is set.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace trunklab {

struct TemplateValues {
  std::map<std::string, std::string, std::less<>> words{};  ///< put in as they are: whatever comes from a user
  std::map<std::string, std::string, std::less<>> texts;    ///< ours; may have blanks themselves
  std::set<std::string, std::less<>> flags;                 ///< those that are set
};

/// The text with every blank filled in. Lines that hold nothing but the begin or end of a flag's part are dropped. A blank without a value, or a
/// part that does not end, is our mistake and asserted.
std::string fill_in(std::string_view text, const TemplateValues& values);

}  // namespace trunklab
