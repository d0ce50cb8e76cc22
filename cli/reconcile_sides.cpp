// Reading both sides.
#include "cli/reconcile_sides.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "models/clean_text.hpp"
#include "models/record/words.hpp"
#include "scenarios/csv.hpp"
#include "scenarios/quantity_text.hpp"
#include "traffic/cdr/outcome_words.hpp"

namespace trunklab::cli {
namespace {

// The likelier name first, bare.
constexpr auto call_id_names = std::to_array<std::string_view>({"callid", "sipcallid", "sipcallidentifier"});
constexpr auto called_names = std::to_array<std::string_view>({"called", "callednumber", "dst", "destination", "destinationnumber", "callee", "to",
                                                               "bnumber", "calledpartynumber", "finalcalledpartynumber", "dialednumber"});

std::optional<std::string> guessed(const std::vector<std::string>& heading, std::span<const std::string_view> names) {
  for (const std::string_view name : names) {
    const auto found = std::ranges::find(heading, name, bare);
    if (found != heading.end()) return *found;
  }
  return std::nullopt;
}

/// The column of one option; nullopt inside: there is none.
Result<std::optional<KeyColumn>> key_column(const CsvReader& csv, const std::string& option, const std::optional<std::string>& wish,
                                            std::span<const std::string_view> names) {
  const bool is_call_id = option == "call-id";
  if (!wish) {
    const auto found = guessed(csv.heading(), names);
    return found ? std::optional(KeyColumn{.name = *found, .is_call_id = is_call_id, .guessed = true}) : std::nullopt;
  }
  if (wish->empty()) return std::optional<KeyColumn>{};
  if (csv.column(*wish)) return std::optional(KeyColumn{.name = *wish, .is_call_id = is_call_id});
  std::string all;
  for (const std::string& each : csv.heading()) all += (all.empty() ? "" : ", ") + shortened(clean_line(each), 60);
  return Problem{"--" + option, "'" + shortened(clean_line(*wish), 60) + "'", "a column of the file: " + shortened(all, 600)};
}

/// Of "SIP/2.0 486 Busy Here" or "486 Busy Here": "486". Other texts as they are.
std::string_view code_in(std::string_view text) {
  constexpr std::string_view version = "SIP/2.0 ";
  if (text.starts_with(version)) text.remove_prefix(version.size());
  const std::size_t end = text.find_first_not_of("0123456789");
  const bool starts_with_code = end != std::string_view::npos && end > 0 && text[end] == ' ';
  return starts_with_code ? text.substr(0, end) : text;
}

ReleaseCode release_of(std::string_view text) {
  ReleaseCode release;
  if (text.empty()) return release;
  text = code_in(text);
  constexpr std::uint64_t sip_first = 100;
  constexpr std::uint64_t sip_last = 699;
  constexpr std::uint64_t q850_last = 127;
  if (const auto code = parse_whole(text)) {
    if (*code >= sip_first && *code <= sip_last && *code > q850_last) release.sip = static_cast<std::uint16_t>(*code);
    if (*code >= 1 && *code <= q850_last) release.q850 = static_cast<std::uint8_t>(*code);
  }
  const OutcomeMeaning meaning = meaning_of(text);
  if (meaning.known) release.meaning = meaning.answer;
  return release;
}

/// By its talk time or code; where neither is told, by what the file calls it.
bool is_answered(const CallRow& row, const CallColumns& columns, const ReleaseCode& release) {
  if (release.sip != 0) return release.sip >= 200 && release.sip < 300;
  if (columns.talk) return row.talk_s > 0 || (release.q850 == 0 && release.meaning == PstnAnswer::answered);
  return columns.outcome ? release.meaning == PstnAnswer::answered : row.holding_s > 0;
}

BilledCall call_of(const CallRow& row, const CallColumns& columns, const std::optional<KeyColumn>& key) {
  BilledCall call;
  if (key) (key->is_call_id ? call.id : call.number) = row.number;
  call.start_ns = row.at_ns;
  call.line = row.line;
  call.release = release_of(row.outcome);
  call.answered = is_answered(row, columns, call.release);
  if (call.answered) call.talk_s = std::max(0.0, columns.talk ? row.talk_s : row.holding_s);
  return call;
}

/// Attempts first, then the calls that they belong to.
class OurCalls final : public RunSink {
 public:
  OurCalls(const RunRecord& record, std::uint32_t replication, const CalledNumbers& numbers)
      : record_(record), wanted_(replication), numbers_(numbers) {}

  void begin_replication(std::uint32_t replication) override { current_ = replication; }

  void attempts(std::span<const Attempt> rows) override {
    if (current_ != wanted_) return;
    for (const Attempt& attempt : rows) {
      if (attempt.call.window == initial_window) continue;
      BilledCall& call = add(attempt.call, attempt.number, attempt.sent);
      call.heard = attempt.trying != never || attempt.ringing != never || attempt.code != 0;
      call.answered = attempt.end == AttemptEnd::answered;
      call.open = attempt.end == AttemptEnd::none;
      call.release = released(attempt.code);
      answered_[attempt.call] = call.answered ? all.size() - 1 : none;
    }
  }

  void calls(std::span<const CallRecord> rows) override {
    if (current_ != wanted_) return;
    for (const CallRecord& record : rows) {
      if (record.initial() || record.attempts == 0) continue;
      const auto attempt = answered_.find(record.id);
      if (attempt == answered_.end()) {
        BilledCall& call = add(record.id, 0, record.offered);
        call.heard = record.progressed != never || record.answered != never || record.code != 0;
        call.answered = record.outcome == Outcome::answered;
        call.open = record.outcome == Outcome::in_progress;
        call.release = released(record.code);
        set_talk(call, record);
      } else if (attempt->second != none) {
        set_talk(all[attempt->second], record);
      }
    }
  }

  void events(std::span<const RunEvent> /*rows*/) override {}
  void samples(std::span<const Sample> /*rows*/) override {}

  std::vector<BilledCall> all;

 private:
  static constexpr std::size_t none = std::size_t(-1);  ///< no attempt was answered

  static ReleaseCode released(std::uint16_t code) {
    ReleaseCode release = code == 0 ? ReleaseCode{} : release_of(std::to_string(code));
    release.q850 = q850_cause(code);
    return release;
  }

  static void set_talk(BilledCall& call, const CallRecord& record) {
    if (!call.answered) return;
    call.open = record.ending == Ending::in_progress || record.ended == never;
    // The far side's hang-up may overtake its answer.
    if (!call.open) call.talk_s = in_seconds(std::max(Span{}, record.ended - record.answered));
  }

  BilledCall& add(const CallId& id, std::uint8_t attempt, Instant start) {
    BilledCall& call = all.emplace_back();
    call.id = call_id_text(record_.directory(), id, attempt);
    if (const auto number = numbers_.find(call.id); number != numbers_.end()) call.number = number->second;
    call.start_ns = record_.info().horizon_start_unix_ns + (start - run_start).count();
    return call;
  }

  const RunRecord& record_;
  std::uint32_t wanted_;
  const CalledNumbers& numbers_;
  std::uint32_t current_ = 0;
  std::map<CallId, std::size_t> answered_;  ///< place in `all` of the attempt that was answered, or none
};

}  // namespace

Result<TheirCalls> read_their_calls(CallFileWishes wishes, const KeyWishes& key, const std::atomic<bool>& stop) {
  TheirCalls theirs;
  const Result<CsvReader> csv = CsvReader::open(wishes.path);
  if (!csv) return csv.problems();
  const auto call_id = key_column(csv.value(), "call-id", key.call_id, call_id_names);
  if (!call_id) return call_id.problems();
  const auto called = key_column(csv.value(), "called", key.called, called_names);
  if (!called) return called.problems();
  theirs.key = call_id.value() ? call_id.value() : called.value();
  wishes.columns.number = theirs.key ? theirs.key->name : "";
  Result<CallFile> opened = CallFile::open(wishes);
  if (!opened) return opened.problems();
  CallFile& file = opened.value();
  theirs.shape = file.shape();
  const CallColumns& columns = theirs.shape.columns;
  if (!columns.talk && columns.holding && columns.holding->guessed) {
    return Problem{wishes.path + ":1", "no column that is surely the time talked, only '" + clean_line(columns.holding->name) + "'",
                   "--talk COLUMN if it is that, --holding COLUMN if it is the whole call and to be compared all the same"};
  }
  CallRow row;
  while (!stop && file.next(row)) {
    theirs.calls.push_back(call_of(row, columns, theirs.key));
    const BilledCall& call = theirs.calls.back();
    theirs.unread += !call.answered && !row.outcome.empty() && call.release == ReleaseCode{};
  }
  if (!file.problems().empty()) return file.problems();
  return theirs;
}

Result<CalledNumbers> read_called_numbers(const std::string& path) {
  Result<CsvReader> opened = CsvReader::open(path);
  if (!opened) return opened.problems();
  CsvReader& csv = opened.value();
  const auto call_id = csv.column("call_id");
  const auto number = csv.column("number");
  if (!call_id || !number) return Problem{path + ":1:1", "no such columns", "the columns call_id and number"};
  CalledNumbers numbers;
  std::vector<std::string_view> fields;
  while (csv.next(fields)) {
    if (!numbers.emplace(fields[*call_id], fields[*number]).second) {
      return Problem{csv.where(*call_id), "'" + shortened(clean_line(fields[*call_id]), 60) + "' a second time", "each Call-ID once"};
    }
  }
  if (csv.problem()) return *csv.problem();
  return numbers;
}

std::vector<BilledCall> our_calls(const RunRecord& record, std::uint32_t replication, const CalledNumbers& numbers) {
  OurCalls ours(record, replication, numbers);
  ours.begin_replication(0);
  record.attempts(ours);
  ours.begin_replication(0);
  record.calls(ours);
  return std::move(ours.all);
}

}  // namespace trunklab::cli
