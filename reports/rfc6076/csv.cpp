// What RFC 6076 makes of each call, as CSV.
#include <fmt/format.h>

#include <stdexcept>

#include "models/record/words.hpp"
#include "reports/rfc6076/measures.hpp"
#include "reports/rfc6076/rows.hpp"

namespace trunklab {
namespace {

using namespace rfc6076;

/// "retail.12.34", as the record's views name a call.
std::string call_name(const Directory& directory, const CallId& id) {
  const std::string call_id = call_id_text(directory, id, 0);
  return call_id.substr(0, call_id.rfind(".0@"));
}

std::string seconds(const std::optional<Span>& span) {
  return span ? fmt::format("{}", in_seconds(*span)) : "";
}

/// Streams the lines of the calls table.
class Lines final : public RunSink {
 public:
  Lines(const RunRecord& record, std::ostream& out) : record_(record), out_(out) {
    const Directory& directory = record.directory();
    for (const std::string& name : directory.sites) check(name);
    for (const Directory::Edge& edge : directory.edges) check(edge.name);
    for (const Directory::Demand& demand : directory.demands) check(demand.name);
  }
  void begin_replication(std::uint32_t replication) override { replication_ = replication; }
  void calls(std::span<const CallRecord> rows) override {
    for (const CallRecord& call : rows) {
      if (!call.initial() && call.offered >= record_.info().measure_from) write(call);
    }
  }
  void attempts(std::span<const Attempt> /*rows*/) override {}
  void events(std::span<const RunEvent> /*rows*/) override {}
  void samples(std::span<const Sample> /*rows*/) override {}

 private:
  /// No scenario has a name that a CSV would have to quote, or that a spreadsheet would take for a formula.
  void check(const std::string& name) const {
    if (name.find_first_of(",\"\r\n\t") == std::string::npos && !name.empty() &&
        std::string_view("=+-@").find(name.front()) == std::string_view::npos)
      return;
    throw std::runtime_error(record_.file().string() + ": cannot read the run record: it is damaged: a name that no scenario may have");
  }

  void write(const CallRecord& call) {
    const Directory& directory = record_.directory();
    const auto request = session_request(call);
    const SessionRequest known = request.value_or(SessionRequest{});
    const bool established = known.end == RequestEnd::established;
    out_ << fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{}\r\n", replication_, call_name(directory, call.id), directory.sites.at(call.site),
                        call.edge == no_edge ? "" : directory.edges.at(call.edge).name,
                        utc_text(record_.info().horizon_start_unix_ns + (call.offered - run_start).count()), call.attempts,
                        request ? word(known.end) : "not_sent", known.code == 0 ? "" : std::to_string(known.code),
                        !known.srd    ? ""
                        : established ? "successful"
                                      : "failed",
                        seconds(known.srd), word(known.session),
                        !known.sdt                               ? ""
                        : known.session == SessionEnd::completed ? "successful"
                                                                 : "failed",
                        seconds(known.sdt), seconds(known.bye_delay));
  }

  const RunRecord& record_;
  std::ostream& out_;
  std::uint32_t replication_ = 0;
};

}  // namespace

void rfc6076_csv(const RunRecord& record, std::ostream& out) {
  Lines lines(record, out);
  out << rfc6076_csv_heading;
  record.calls(lines);
}

}  // namespace trunklab
