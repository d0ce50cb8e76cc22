// The measures of RFC 6076 (Basic Telephony SIP End-to-End Performance Metrics) from a run's calls and attempts: which of them count, and as what.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/record/record.hpp"
#include "models/statistics/histogram.hpp"
#include "models/statistics/intervals.hpp"

namespace trunklab {

/// How a session request (a call, or one INVITE target of it) ended, in the classes that RFC 6076 counts.
enum class RequestEnd : std::uint8_t {
  undecided,     ///< the run ended first: in no measure
  established,   ///< 200
  redirected,    ///< 3xx: out of the denominators of SER and SEER
  user_decided,  ///< 480, 486, 600, 603: effective (section 4.7)
  ineffective,   ///< 408, 500, 503, 504 (section 4.8)
  challenged,    ///< ended with 401, 402 or 407, no better INVITE following: no failure response (section 4.3.2)
  refused,       ///< any other code
  unheard,       ///< no final response and no time-out either: given up by the caller, or accepted by an edge that then died
  last = unheard,
};

/// What became of an established session.
enum class SessionEnd : std::uint8_t {
  none,       ///< it was not established
  talking,    ///< still there when the run ended
  completed,  ///< ended by a BYE that got through (section 4.9)
  cut_off,    ///< dropped: by a session timer, a media time-out or a site that was lost
  orphaned,   ///< ended by a BYE that never got an answer
};

/// What RFC 6076 makes of one session request.
struct SessionRequest {
  RequestEnd end = RequestEnd::undecided;
  /// The final response. A time-out of the site counts as 408, a transport error as 503 (RFC 3261 section 8.1.3.1); 0 = none.
  std::uint16_t code = 0;
  /// Section 4.3: INVITE to the first 18x or, without one, to the final response; of the successful series if established, else of the failed one.
  std::optional<Span> srd{};
  SessionEnd session = SessionEnd::none;
  /// Section 4.5: 200 to the hang-up or cut-off; of the successful series if completed, else of the failed one.
  std::optional<Span> sdt{};
  /// A BYE that had to be sent again: from its first transmission until one got through. All that a record knows of section 4.4.
  std::optional<Span> bye_delay{};
};

/// Of a call: one session request, whatever number of targets it took. Its INVITE is taken to leave when the caller dials. nullopt: no INVITE was
/// sent for it.
std::optional<SessionRequest> session_request(const CallRecord& call);
/// Of an attempt: each INVITE target is a session request. `first_sent`: of the challenged INVITE that it repeats, else its own. Knows of no session.
SessionRequest session_request(const Attempt& attempt, Instant first_sent);

/// Hits of so many cases.
struct Share {
  std::int64_t hits = 0;
  std::int64_t of = 0;
  bool operator==(const Share&) const = default;
};

/// Sums over session requests.
struct SessionCounts {
  std::array<std::int64_t, static_cast<std::size_t>(RequestEnd::last) + 1> ends{};
  std::int64_t not_sent = 0;  ///< calls that no INVITE was sent for: no session requests
  std::int64_t repeated = 0;  ///< INVITEs that repeat a challenged one: no session requests of their own
  std::int64_t talking = 0;
  std::int64_t completed = 0;
  std::int64_t cut_off = 0;
  std::int64_t orphaned = 0;

  [[nodiscard]] std::int64_t operator[](RequestEnd end) const { return ends[static_cast<std::size_t>(end)]; }
  /// Those that are decided.
  [[nodiscard]] std::int64_t requests() const;
  SessionCounts& operator+=(const SessionCounts& other);
  bool operator==(const SessionCounts&) const = default;
};

/// Session establishment ratio, section 4.6: established / (requests - redirected).
Share ser(const SessionCounts& counts);
/// Session establishment effectiveness ratio, section 4.7: (established + user_decided) / (requests - redirected).
Share seer(const SessionCounts& counts);
/// Ineffective session attempts, section 4.8: ineffective / requests.
Share isa(const SessionCounts& counts);
/// Session completion ratio, section 4.9: completed / requests. Those still talking when the run ended are left out (ours).
Share scr(const SessionCounts& counts);

/// Durations of one series.
class Delays {
 public:
  void add(Span value);
  [[nodiscard]] std::uint64_t count() const { return moments_.count(); }
  [[nodiscard]] double mean_s() const { return moments_.mean(); }
  /// Error of the histogram: at most 0.8 %. At least one value; 0 < share <= 1.
  [[nodiscard]] double percentile_s(double share) const;
  [[nodiscard]] double max_s() const { return in_seconds(max_); }

 private:
  Moments moments_;
  DurationHistogram histogram_;
  Span max_{};
};

/// All session requests of one entity and scope.
struct SessionSeries {
  std::vector<SessionCounts> parts;  ///< a replication, or a batch of a single one
  Delays srd_successful;
  Delays srd_failed;
  Delays sdt_successful;
  Delays sdt_failed;
  Delays bye_repeated;
  [[nodiscard]] SessionCounts sum() const;
};

/// A share with its 95 % interval.
struct ShareEstimate {
  enum class Basis : std::uint8_t {
    parts,       ///< jackknife over the replications, or the batches of a single one
    independent  ///< Wilson: too few parts, or fewer than 30 hits or misses; as if one request told nothing of the next
  };
  Share share;
  Interval interval;
  Basis basis = Basis::independent;
};

/// nullopt: the denominator is 0, and the measure undefined.
std::optional<ShareEstimate> estimate(const SessionSeries& series, Share (*measure)(const SessionCounts&));

/// Counts the session requests of a run, per call (the customer's view) and per attempt (the carrier's).
///
/// Calls of the stationary start and of the warm-up are left out. An INVITE is counted once, however often it was sent again. An attempt that ended
/// with 401, 402 or 407, and whose call then tries the same edge, is one session request with that next one.
class Rfc6076 final : public RunSink {
 public:
  struct Window {
    Instant from = run_start;  ///< end of the warm-up
    Instant until = run_start;
    Span batch_length = endless;  ///< as given to Tally
    std::uint32_t replications = 1;
  };
  struct Entity {
    std::string name;  ///< "total", "site/oslo"
    SessionSeries calls;
    SessionSeries attempts;
  };

  /// `by`: site, region, edge or demand; nullopt = the whole run only. A call belongs to the last edge tried.
  Rfc6076(const Directory& directory, std::optional<EntityKind> by, const Window& window);

  /// The attempts of all replications come first, then finish_attempts(), then the calls of all.
  void begin_replication(std::uint32_t replication) override;
  void attempts(std::span<const Attempt> rows) override;
  void finish_attempts();
  void calls(std::span<const CallRecord> rows) override;
  void events(std::span<const RunEvent> /*rows*/) override {}
  void samples(std::span<const Sample> /*rows*/) override {}

  /// The whole run first.
  [[nodiscard]] const std::vector<Entity>& entities() const { return entities_; }
  /// What the intervals of Basis::parts are over: replications (true) or batches.
  [[nodiscard]] bool over_replications() const { return window_.replications > 1; }
  /// Demands that have calls with an INVITE and no attempts: calls from the service.
  [[nodiscard]] std::vector<std::uint16_t> demands_without_attempts() const;

 private:
  [[nodiscard]] std::size_t part_of(Instant at) const;
  template <class Visit>
  void visit(std::uint16_t demand, EdgeIndex edge, const Visit& each);
  void count(const Attempt& attempt, Instant first_sent);

  Directory directory_;
  std::optional<EntityKind> by_;
  Window window_;
  std::size_t batches_ = 1;
  std::vector<Entity> entities_;
  std::uint32_t replication_ = 0;
  std::vector<bool> has_attempts_;        ///< a demand
  std::vector<bool> has_invites_;         ///< a demand
  std::map<CallId, Attempt> challenged_;  ///< waiting for the call's next attempt; `sent` of the first INVITE
};

}  // namespace trunklab
