// What SIPp's callers log, line by line, while they run. The format stands in docs/generate.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "models/hunting.hpp"
#include "models/units.hpp"

namespace trunklab {

/// The first INVITE of an attempt has left. Instants of all lines: milliseconds since 1970, 0 = did not happen.
struct SentLine {
  std::string call;          ///< "retail.12.34"
  std::uint8_t attempt = 0;  ///< from 0
  std::uint8_t target = 0;   ///< place in the group's list
  double at_ms = 0;
  std::string token;    ///< attempt and target as the CSeq number has them: "201" is the second attempt, to target 01
  std::string call_id;  ///< header Call-ID
};

/// A 200 was acknowledged; the call is up.
struct DialogLine {
  std::string call;
  std::string token;
  std::uint8_t target = 0;
  std::string call_id;
  std::string contact;  ///< remote target (RFC 3261 section 12.1.2)
  std::string to;       ///< header field with its name and the callee's tag
  std::string route;    ///< header field with its name; empty: none
};

/// An attempt is decided.
struct AttemptLine {
  std::string call;
  std::uint8_t attempt = 0;
  std::uint8_t target = 0;
  std::string end;         ///< answered, refused, abandoned, rang_out, no_response, no_progress
  std::uint16_t code = 0;  ///< final code of a refusal; 200; else 0
  double sent_ms = 0;
  double heard_ms = 0;  ///< first 1xx
  double rang_ms = 0;   ///< first 18x
  double over_ms = 0;
};

/// A call is over.
struct CallLine {
  std::string call;
  std::string end;         ///< as of an attempt, or orphaned: nobody answered the BYE
  std::uint16_t code = 0;  ///< last final code
  std::uint8_t attempts = 0;
  double due_ms = 0;
  double sent_ms = 0;  ///< first INVITE
  double rang_ms = 0;
  double answered_ms = 0;
  double hung_up_ms = 0;  ///< hung up, or given up
  double closed_ms = 0;   ///< nothing was left to do
};

/// A 200 of an attempt that had been given up was ended with BYE.
struct GhostLine {
  std::string call;
  std::uint8_t attempt = 0;
  std::uint8_t target = 0;
  double at_ms = 0;
};

using CallerLine = std::variant<SentLine, DialogLine, AttemptLine, CallLine, GhostLine>;

/// All instants so many milliseconds earlier: another clock's line by ours. What did not happen stays so.
CallerLine earlier(CallerLine line, double ms);

/// nullopt: none of these lines (SIPp writes others too), or cut short.
std::optional<CallerLine> parse_caller_line(std::string_view line);

/// Follows a log that is being written: whole lines only, each once.
class CallerLog {
 public:
  explicit CallerLog(std::filesystem::path path) : path_(std::move(path)) {}
  /// The next line that is whole by now; false: none yet. The file need not be there yet.
  bool next(std::string& line);

 private:
  std::filesystem::path path_;
  std::ifstream file_;
  std::string pending_;
};

}  // namespace trunklab
