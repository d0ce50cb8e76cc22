// Matching, then comparing.
#include "traffic/cdr/reconciliation.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <unordered_map>

namespace trunklab {
namespace {

/// Of each row there, the call here that it belongs to.
using Matches = std::vector<std::optional<std::size_t>>;

std::string_view local_part(std::string_view call_id) {
  return call_id.substr(0, call_id.find('@'));
}

std::vector<std::size_t> by_start(std::span<const BilledCall> calls) {
  std::vector<std::size_t> order(calls.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t place) { return calls[place].start_ns; });
  return order;
}

/// The same reason, as far as both tell: SIP codes, else Q.850 causes, else what they stand for.
bool same_release(const ReleaseCode& here, const ReleaseCode& there) {
  if (here.sip != 0 && there.sip != 0) return here.sip == there.sip;
  if (here.q850 != 0 && there.q850 != 0) return here.q850 == there.q850;
  return !here.meaning || !there.meaning || here.meaning == there.meaning;
}

bool talk_agrees(const BilledCall& here, const BilledCall& there, const ReconcileRules& rules) {
  return std::abs(there.talk_s - here.talk_s) <= rules.duration_tolerance_s;
}

bool rounding_agrees(const BilledCall& here, const BilledCall& there, const ReconcileRules& rules) {
  return std::abs(there.talk_s - rounded_up(here.talk_s, rules.increment_s)) <= rules.duration_tolerance_s;
}

/// Nothing but their starts would tell the two apart. A call that is open, or that nobody there may have heard of, waits until others had their turn.
bool agrees(const BilledCall& here, const BilledCall& there, const ReconcileRules& rules) {
  if (here.open || !here.heard || here.answered != there.answered) return false;
  if (!here.answered) return same_release(here.release, there.release);
  return talk_agrees(here, there, rules) || rounding_agrees(here, there, rules);
}

/// The clocks' offset before anything is matched: the difference of starts that most pairs have, to a twentieth of a second.
class OffsetSearch {
 public:
  explicit OffsetSearch(Span within) : within_(within.count()), pairs_(static_cast<std::size_t>(2 * within_ / bin_ns + 1)) {}

  void add(std::int64_t offset_ns) { ++pairs_[static_cast<std::size_t>((offset_ns + within_) / bin_ns)]; }

  /// The fullest second (rows may have whole seconds only), and in it the fullest bin if it stands out. 0 if there was no pair.
  [[nodiscard]] std::int64_t best() const {
    const std::size_t width = std::min(bins_a_second, pairs_.size());
    std::uint64_t sum = std::accumulate(pairs_.begin(), pairs_.begin() + static_cast<std::ptrdiff_t>(width), std::uint64_t{0});
    std::uint64_t most = sum;
    std::size_t first = 0;
    for (std::size_t bin = width; bin < pairs_.size(); ++bin) {
      sum += pairs_[bin];
      sum -= pairs_[bin - width];
      if (sum <= most) continue;
      most = sum;
      first = bin - width + 1;
    }
    if (most == 0) return 0;
    const auto begin = pairs_.begin() + static_cast<std::ptrdiff_t>(first);
    const auto fullest = std::max_element(begin, begin + static_cast<std::ptrdiff_t>(width));
    const bool stands_out = *fullest * width >= 2 * most;
    const std::size_t bin = stands_out ? static_cast<std::size_t>(fullest - pairs_.begin()) : first + width / 2;
    return static_cast<std::int64_t>(bin) * bin_ns + bin_ns / 2 - within_;
  }

 private:
  static constexpr std::int64_t bin_ns = 50'000'000;
  static constexpr std::size_t bins_a_second = 20;
  std::int64_t within_;
  std::vector<std::uint64_t> pairs_;
};

class Matcher {
 public:
  Matcher(std::span<const BilledCall> here, std::span<const BilledCall> there, const ReconcileRules& rules, const std::atomic<bool>* stop)
      : here_(here), there_(there), rules_(rules), stop_(stop), order_here_(by_start(here)), order_there_(by_start(there)) {
    const auto has_number = [](const BilledCall& call) { return !call.number.empty(); };
    by_number_ = std::ranges::any_of(here, has_number) && std::ranges::any_of(there, has_number);
    for (const std::size_t call : order_here_) calls_[key_of(here_[call])].push_back(call);
  }

  [[nodiscard]] MatchedBy by() const {
    if (rules_.by_call_id) return MatchedBy::call_id;
    return by_number_ ? MatchedBy::number : MatchedBy::start;
  }

  Matches match() {
    if (rules_.by_call_id) return by_call_id();
    OffsetSearch search(rules_.match_within);
    each_pair(0, rules_.match_within, [&](std::size_t, std::size_t, std::int64_t offset_ns) { search.add(offset_ns); });
    const Matches rough = by_start_at(search.best());
    return by_start_at(median_offset(rough).value_or(0));
  }

  /// Their clock less ours, ns.
  [[nodiscard]] std::optional<std::int64_t> median_offset(const Matches& matches) const {
    std::vector<std::int64_t> offsets;
    for (std::size_t row = 0; row < matches.size(); ++row) {
      if (matches[row]) offsets.push_back(there_[row].start_ns - here_[*matches[row]].start_ns);
    }
    if (offsets.empty()) return std::nullopt;
    const auto middle = offsets.begin() + static_cast<std::ptrdiff_t>((offsets.size() - 1) / 2);
    std::ranges::nth_element(offsets, middle);
    return *middle;
  }

  [[nodiscard]] Reconciliation::End end() const { return end_; }
  [[nodiscard]] const std::vector<std::size_t>& order_here() const { return order_here_; }
  [[nodiscard]] const std::vector<std::size_t>& order_there() const { return order_there_; }

 private:
  struct Candidate {
    bool differs;
    std::int64_t distance_ns;
    std::size_t row;
    std::size_t call;
    auto operator<=>(const Candidate&) const = default;
  };

  [[nodiscard]] std::string_view key_of(const BilledCall& call) const { return by_number_ ? std::string_view(call.number) : ""; }

  [[nodiscard]] Matches by_call_id() const {
    std::unordered_map<std::string_view, std::size_t> calls;
    for (std::size_t call = 0; call < here_.size(); ++call) calls.emplace(local_part(here_[call].id), call);
    Matches matches(there_.size());
    std::vector<bool> taken(here_.size());
    for (const std::size_t row : order_there_) {
      const auto call = calls.find(local_part(there_[row].id));
      if (call == calls.end() || taken[call->second]) continue;
      taken[call->second] = true;
      matches[row] = call->second;
    }
    return matches;
  }

  Matches by_start_at(std::int64_t offset_ns) {
    matches_.assign(there_.size(), std::nullopt);
    taken_.assign(here_.size(), false);
    match_nearest(offset_ns, rules_.start_tolerance);
    if (by_number_) match_nearest(offset_ns, rules_.match_within);
    return matches_;
  }

  /// Of what is left: pairs that agree first, the nearest of them first. Starts that are rounded tell little.
  void match_nearest(std::int64_t offset_ns, Span within) {
    std::vector<Candidate> candidates;
    each_pair(offset_ns, within, [&](std::size_t row, std::size_t call, std::int64_t off) {
      if (matches_[row] || taken_[call]) return;
      if (candidates.size() == pairs_max) end_ = Reconciliation::End::too_dense;
      if (end_ != Reconciliation::End::complete) return;
      const bool differs = !agrees(here_[call], there_[row], rules_);
      candidates.push_back({.differs = differs, .distance_ns = std::abs(off), .row = row, .call = call});
    });
    if (end_ != Reconciliation::End::complete) return;
    std::ranges::sort(candidates);
    for (const Candidate& each : candidates) {
      if (matches_[each.row] || taken_[each.call]) continue;
      matches_[each.row] = each.call;
      taken_[each.call] = true;
    }
  }

  /// Visits the pairs of one number whose starts, less `offset_ns`, differ by at most `within`, with that difference.
  template <class Visit>
  void each_pair(std::int64_t offset_ns, Span within, const Visit& visit) {
    std::unordered_map<std::string_view, std::size_t> begun;  // calls too early for this row, and for all that follow
    for (const std::size_t row : order_there_) {
      if (stop_ && *stop_) end_ = Reconciliation::End::stopped;
      if (end_ != Reconciliation::End::complete) return;
      const auto list = calls_.find(key_of(there_[row]));
      if (list == calls_.end()) continue;
      const std::vector<std::size_t>& calls = list->second;
      const std::int64_t start = there_[row].start_ns - offset_ns;
      std::size_t& begin = begun[list->first];
      while (begin < calls.size() && here_[calls[begin]].start_ns < start - within.count()) ++begin;
      for (std::size_t place = begin; place < calls.size() && here_[calls[place]].start_ns <= start + within.count(); ++place) {
        visit(row, calls[place], start - here_[calls[place]].start_ns);
      }
    }
  }

  std::span<const BilledCall> here_;
  std::span<const BilledCall> there_;
  const ReconcileRules& rules_;
  const std::atomic<bool>* stop_;
  Reconciliation::End end_ = Reconciliation::End::complete;
  std::vector<std::size_t> order_here_;
  std::vector<std::size_t> order_there_;
  bool by_number_ = false;
  std::unordered_map<std::string_view, std::vector<std::size_t>> calls_;  ///< here, of each number, in the order of starts
  Matches matches_;
  std::vector<bool> taken_;
};

class Comparison {
 public:
  Comparison(std::span<const BilledCall> here, std::span<const BilledCall> there, const ReconcileRules& rules)
      : here_(here), there_(there), rules_(rules) {}

  void compare(std::size_t call, std::size_t row, std::int64_t offset_ns) {
    const BilledCall& ours = here_[call];
    const BilledCall& theirs = there_[row];
    const CallPair pair{.here = call, .there = row};
    ++result.matched;
    if (std::abs(theirs.start_ns - ours.start_ns - offset_ns) > rules_.start_tolerance.count()) add(CdrDifference::start, pair);
    if (ours.open) {
      ++result.open;
      return;
    }
    if (ours.answered != theirs.answered) return add(ours.answered ? CdrDifference::answered_here_only : CdrDifference::answered_there_only, pair);
    if (!ours.answered) {
      if (!same_release(ours.release, theirs.release)) add(CdrDifference::release_code, pair);
      return;
    }
    if (talk_agrees(ours, theirs, rules_)) return;
    if (rounding_agrees(ours, theirs, rules_)) {
      ++result.rounded_up;
    } else {
      add(CdrDifference::duration, pair);
    }
  }

  void without_row(std::size_t call) {
    const BilledCall& ours = here_[call];
    if (ours.open) {
      ++result.open;
      return;
    }
    if (ours.answered) return add(CdrDifference::missing_there_answered, {.here = call, .there = std::nullopt});
    if (!ours.heard) {
      ++result.unheard;
    } else if (rules_.answered_only) {
      ++result.unexpected;
    } else {
      add(CdrDifference::missing_there_unanswered, {.here = call, .there = std::nullopt});
    }
  }

  void add(CdrDifference difference, const CallPair& pair) {
    Reconciliation::Found& found = result.found[static_cast<std::size_t>(difference)];
    if (found.calls++ < rules_.examples) found.first.push_back(pair);
  }

  void add_billed() {
    for (const BilledCall& ours : here_) {
      if (!ours.answered || ours.open) continue;
      result.talk_here_s += ours.talk_s;
      result.billed_here_s += rounded_up(ours.talk_s, rules_.increment_s);
    }
    for (const BilledCall& theirs : there_) result.billed_there_s += theirs.answered ? theirs.talk_s : 0;
  }

  Reconciliation result;

 private:
  std::span<const BilledCall> here_;
  std::span<const BilledCall> there_;
  const ReconcileRules& rules_;
};

/// A row that no call is left for: one that another row has, or of none. Rows without a Call-ID tell the same call by number, start and talk time.
class SeenRows {
 public:
  explicit SeenRows(bool by_call_id) : by_call_id_(by_call_id) {}
  /// Was there such a row before?
  bool again(const BilledCall& row) {
    if (by_call_id_ && local_part(row.id).empty()) return false;
    const std::string key =
        by_call_id_ ? std::string(local_part(row.id)) : row.number + '\n' + std::to_string(row.start_ns) + '\n' + std::to_string(row.talk_s);
    return ++rows_[key] > 1;
  }

 private:
  bool by_call_id_;
  std::unordered_map<std::string, int> rows_;
};

}  // namespace

std::string_view word(CdrDifference difference) {
  constexpr std::array<std::string_view, differences> words{"missing_there_answered",
                                                            "missing_there_unanswered",
                                                            "missing_here",
                                                            "duplicate_there",
                                                            "answered_here_only",
                                                            "answered_there_only",
                                                            "release_code",
                                                            "duration",
                                                            "start"};
  return words[static_cast<std::size_t>(difference)];
}

std::string_view text_of(CdrDifference difference) {
  constexpr std::array<std::string_view, differences> texts{
      "answered here, missing there", "not answered here, missing there", "missing here",       "duplicate there",        "answered here, not there",
      "answered there, not here",     "different release code",           "different duration", "started at another time"};
  return texts[static_cast<std::size_t>(difference)];
}

std::uint64_t Reconciliation::all() const {
  std::uint64_t sum = 0;
  for (const Found& each : found) sum += each.calls;
  return sum;
}

double rounded_up(double seconds, double increment_s) {
  assert(seconds >= 0 && increment_s > 0);
  return std::ceil((seconds - 1e-9) / increment_s) * increment_s;
}

Reconciliation reconcile(std::span<const BilledCall> here, std::span<const BilledCall> there, const ReconcileRules& rules,
                         const std::atomic<bool>* stop) {
  Matcher matcher(here, there, rules, stop);
  const Matches matches = matcher.match();
  if (matcher.end() != Reconciliation::End::complete) return {.end = matcher.end()};
  const auto offset_ns = matcher.median_offset(matches);
  Comparison comparison(here, there, rules);
  comparison.result.by = matcher.by();
  if (offset_ns) comparison.result.offset_s = static_cast<double>(*offset_ns) / 1e9;
  std::vector<bool> has_row(here.size());
  SeenRows seen(rules.by_call_id);
  for (const std::size_t row : matcher.order_there()) {
    const bool again = seen.again(there[row]);
    if (matches[row]) {
      has_row[*matches[row]] = true;
      comparison.compare(*matches[row], row, *offset_ns);
    } else {
      comparison.add(again ? CdrDifference::duplicate_there : CdrDifference::missing_here, {.here = std::nullopt, .there = row});
    }
  }
  for (const std::size_t call : matcher.order_here()) {
    if (!has_row[call]) comparison.without_row(call);
  }
  comparison.add_billed();
  return comparison.result;
}

}  // namespace trunklab
