// Callers who redial after a while.
#include <fmt/format.h>

#include "cli/erlang_formula.hpp"
#include "models/teletraffic/retrials.hpp"

namespace trunklab::cli {

namespace {

[[noreturn]] void too_large() {
  throw Misuse("found more callers between two attempts than can be followed, expected less --offered, --persistence or --redial-after");
}

Answer retrial_answer(const RedialingCallers& callers, const std::string& headline) {
  const auto found = redial_figures(callers);
  if (!found) too_large();
  return {.headline = headline.empty() ? share_text(found->lost.value(), 6) + " of the callers are lost" : headline,
          .figures = {{"offered", "first calls", callers.offered.value(), FigureKind::erlangs},
                      {"trunks", "trunks", static_cast<double>(callers.channels), FigureKind::count},
                      {"persistence", "redial", callers.persistence.value(), FigureKind::share},
                      {"lost", "callers lost", found->lost.value(), FigureKind::share},
                      {"first_blocked", "first calls blocked", found->first_blocked.value(), FigureKind::share},
                      {"blocking", "attempts blocked", found->blocked.value(), FigureKind::share},
                      {"attempts_per_caller", "attempts a caller", found->attempts / callers.offered.value(), FigureKind::number},
                      {"waiting", "about to redial", found->waiting, FigureKind::number},
                      {"carried", "carried", found->carried.value(), FigureKind::erlangs}},
          .details = {}};
}

Answer solve_retrial(const Inputs& inputs) {
  inputs.require({"persistence", "redial-after"});
  inputs.expect({"offered", "trunks", "lost"}, 2);
  constexpr std::uint64_t trunks_most = 5000;  // the chain takes seconds there
  constexpr double offered_most = 100'000;
  const Span longest = std::chrono::hours{24};
  const Span holding = inputs.span("holding", erlang_holding_default, std::chrono::milliseconds{1}, longest);
  const Span pause = inputs.span("redial-after", "", std::chrono::milliseconds{1}, longest);
  RedialingCallers callers{.persistence = inputs.share_from_zero("persistence", false), .pause = in_seconds(pause) / in_seconds(holding)};
  if (inputs.has("trunks")) callers.channels = inputs.whole("trunks", 1, trunks_most);
  if (inputs.has("offered")) callers.offered = Erlangs{inputs.number("offered", offered_most, "Erlangs above 0 and up to 100000, such as 33.333")};
  if (!inputs.has("trunks")) {
    const auto channels = redial_channels_for(callers, inputs.share("lost"));
    if (!channels) too_large();
    callers.channels = *channels;
    return retrial_answer(callers, counted(*channels, "trunk"));
  }
  if (!inputs.has("offered")) {
    const auto offered = redial_offered_for(callers, inputs.share("lost"));
    if (!offered) too_large();
    callers.offered = *offered;
    return retrial_answer(callers, erlangs_text(*offered, "Erlangs of first calls"));
  }
  return retrial_answer(callers, {});
}

}  // namespace

Formula formula_retrial() {
  return {
      .name = "retrial",
      .summary = "callers who redial after a while, until they get through or give up",
      .about =
          "Retrial queue, exponential holding and pauses: of the blocked attempts a share redials after a pause, drawn anew each time; the others\n"
          "are lost. Of --offered, --trunks and --lost give two, the third is the answer.",
      .examples =
          "  trunklab erlang retrial --offered 10 --trunks 10 --persistence 70% --redial-after 30s\n"
          "  trunklab erlang retrial --offered 10 --lost 0.1% --persistence 70% --redial-after 30s\n"
          "  trunklab erlang retrial --offered 10 --trunks 8..16/2 --persistence 70% --redial-after 30s\n",
      .variables = {{"offered,a", "ERLANGS", "traffic of first calls"},
                    {"trunks,n", "N", "channels"},
                    {"lost,l", "SHARE", "of the callers that give up: 1% or 0.01"},
                    {"persistence,p", "SHARE", "of the blocked attempts that redial, below 100%"},
                    {"redial-after", "TIME", "mean pause before a redial"},
                    {"holding", "TIME", "mean holding time (default 180s: ours)"}},
      .has_fractions = false,
      .solve = solve_retrial};
}

}  // namespace trunklab::cli
