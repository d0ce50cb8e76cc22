// Reading the callers' logs.
#include "traffic/load/caller_log.hpp"

#include <array>
#include <charconv>

namespace trunklab {

namespace {

constexpr std::size_t fields_max = 12;
using LogFields = std::array<std::string_view, fields_max>;

/// How many fields there are; fields_max + 1 if there are more.
std::size_t split(std::string_view line, LogFields& fields) {
  std::size_t count = 0;
  while (count < fields_max) {
    const std::size_t end = std::min(line.find(';'), line.size());
    fields[count++] = line.substr(0, end);
    if (end == line.size()) return count;
    line.remove_prefix(end + 1);
  }
  return fields_max + 1;
}

/// A number of the log, 0 where there is none.
double figure(std::string_view text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// Attempts are counted from 1 in the log.
std::uint8_t attempt_of(std::string_view text) {
  const double number = figure(text);
  return number >= 1 && number <= targets_max ? static_cast<std::uint8_t>(number - 1) : std::uint8_t{0};
}

std::uint8_t target_of(std::string_view text) {
  const double number = figure(text);
  return number >= 0 && number < targets_max ? static_cast<std::uint8_t>(number) : std::uint8_t{0};
}

std::uint16_t code_of(std::string_view text) {
  constexpr double code_max = 699;
  const double number = figure(text);
  return number >= 0 && number <= code_max ? static_cast<std::uint16_t>(number) : std::uint16_t{0};
}

/// "2010" is the second attempt, to target 01, in step 0.
GhostLine ghost_of(const LogFields& fields) {
  const std::string_view number = fields[2];
  constexpr std::size_t tail = 3;
  if (number.size() <= tail) return {.call = std::string(fields[1]), .at_ms = figure(fields[3])};
  return {.call = std::string(fields[1]),
          .attempt = attempt_of(number.substr(0, number.size() - tail)),
          .target = target_of(number.substr(number.size() - tail, 2)),
          .at_ms = figure(fields[3])};
}

/// "dialog;NAME;TOKEN;TARGET;CALL-ID|CONTACT|TO|ROUTE": header fields may have semicolons of their own.
std::optional<CallerLine> dialog_of(std::string_view line) {
  const std::size_t contact = line.find('|');
  const std::size_t to = contact == std::string_view::npos ? contact : line.find('|', contact + 1);
  const std::size_t route = to == std::string_view::npos ? to : line.find('|', to + 1);
  if (route == std::string_view::npos) return std::nullopt;
  LogFields fields{};
  if (split(line.substr(0, contact), fields) != 5) return std::nullopt;
  return DialogLine{.call = std::string(fields[1]),
                    .token = std::string(fields[2]),
                    .target = target_of(fields[3]),
                    .call_id = std::string(fields[4]),
                    .contact = std::string(line.substr(contact + 1, to - contact - 1)),
                    .to = std::string(line.substr(to + 1, route - to - 1)),
                    .route = std::string(line.substr(route + 1))};
}

}  // namespace

std::optional<CallerLine> parse_caller_line(std::string_view line) {
  if (line.starts_with("dialog;")) return dialog_of(line);
  LogFields fields{};
  const std::size_t count = split(line, fields);
  if (count < 2) return std::nullopt;
  const std::string call(fields[1]);
  if (fields[0] == "sent" && count == 7) {
    return SentLine{.call = call,
                    .attempt = attempt_of(fields[2]),
                    .target = target_of(fields[3]),
                    .at_ms = figure(fields[4]),
                    .token = std::string(fields[5]),
                    .call_id = std::string(fields[6])};
  }
  if (fields[0] == "attempt" && count == 10) {
    const bool decided = fields[4] == "answered" || fields[4] == "refused";
    return AttemptLine{.call = call,
                       .attempt = attempt_of(fields[2]),
                       .target = target_of(fields[3]),
                       .end = std::string(fields[4]),
                       .code = decided ? code_of(fields[5]) : std::uint16_t{0},
                       .sent_ms = figure(fields[6]),
                       .heard_ms = figure(fields[7]),
                       .rang_ms = figure(fields[8]),
                       .over_ms = figure(fields[9])};
  }
  if (fields[0] == "call" && count == 11) {
    return CallLine{.call = call,
                    .end = std::string(fields[2]),
                    .code = code_of(fields[3]),
                    .attempts = static_cast<std::uint8_t>(figure(fields[4])),
                    .due_ms = figure(fields[5]),
                    .sent_ms = figure(fields[6]),
                    .rang_ms = figure(fields[7]),
                    .answered_ms = figure(fields[8]),
                    .hung_up_ms = figure(fields[9]),
                    .closed_ms = figure(fields[10])};
  }
  if (fields[0] == "ghost" && count == 4) return ghost_of(fields);
  return std::nullopt;
}

CallerLine earlier(CallerLine line, double ms) {
  const auto move = [ms](auto&... instants) { ((instants -= instants > 0 ? ms : 0), ...); };
  if (auto* sent = std::get_if<SentLine>(&line)) move(sent->at_ms);
  if (auto* attempt = std::get_if<AttemptLine>(&line)) move(attempt->sent_ms, attempt->heard_ms, attempt->rang_ms, attempt->over_ms);
  if (auto* ghost = std::get_if<GhostLine>(&line)) move(ghost->at_ms);
  if (auto* call = std::get_if<CallLine>(&line)) {
    move(call->due_ms, call->sent_ms, call->rang_ms, call->answered_ms, call->hung_up_ms, call->closed_ms);
  }
  return line;
}

bool CallerLog::next(std::string& line) {
  if (!file_.is_open()) {
    file_.open(path_, std::ios::binary);
    if (!file_.is_open()) return false;
  }
  file_.clear();
  std::string more;
  if (!std::getline(file_, more)) return false;
  pending_ += more;
  if (file_.eof()) return false;  // the rest of this line is still to come
  line.swap(pending_);
  pending_.clear();
  return true;
}

}  // namespace trunklab
