// Formulas in which a call that finds no trunk is lost: Erlang B, Extended Erlang B, Engset.
#include <fmt/format.h>

#include "cli/erlang_formula.hpp"
#include "models/teletraffic/engset.hpp"
#include "models/teletraffic/erlang_b.hpp"

namespace trunklab::cli {

namespace {

constexpr Variable offered_variable{"offered,a", "ERLANGS", "offered traffic"};
constexpr Variable trunks_variable{"trunks,n", "N", "channels"};
constexpr Variable blocking_variable{"blocking,b", "SHARE", "1% or 0.01"};

// ---- b

Answer b_answer(double offered, double trunks, double blocking, std::string headline) {
  return {.headline = std::move(headline),
          .figures = {{"offered", "offered", offered, FigureKind::erlangs},
                      {"trunks", "trunks", trunks, FigureKind::count},
                      {"blocking", "blocking", blocking, FigureKind::share}},
          .headline_says_all = true,
          .details = {}};
}

Answer solve_b(const Inputs& inputs) {
  inputs.expect({"offered", "trunks", "blocking"}, 2);
  const bool any_size = inputs.fractional();
  if (!inputs.has("trunks")) {
    const Erlangs offered = inputs.erlangs("offered");
    const Probability target = inputs.share("blocking");
    const double trunks = any_size ? fractional_channels_for(offered, target).value() : channels_for(offered, target);
    const double blocking = any_size ? target.value() : erlang_b(offered, Channels{trunks}).value();
    return b_answer(offered.value(), trunks, blocking, fmt::format("{} (blocking {})", counted(trunks, "trunk"), share_text(blocking, 4)));
  }
  const double trunks = inputs.size("trunks", inputs.has("offered") ? 0 : 1);
  if (!inputs.has("offered")) {
    const Probability blocking = inputs.share("blocking");
    const Erlangs offered = any_size ? offered_for(Channels{trunks}, blocking) : offered_for(static_cast<std::uint32_t>(trunks), blocking);
    return b_answer(offered.value(), trunks, blocking.value(), erlangs_text(offered, "Erlangs"));
  }
  const Erlangs offered = inputs.erlangs("offered");
  const double blocking = erlang_b(offered, Channels{trunks}).value();
  return b_answer(offered.value(), trunks, blocking, "blocking " + share_text(blocking, 6));
}

// ---- xb

Answer xb_answer(double fresh, double trunks, double recall, double blocking, std::string headline) {
  return {.headline = std::move(headline),
          .figures = {{"offered", "first calls", fresh, FigureKind::erlangs},
                      {"trunks", "trunks", trunks, FigureKind::count},
                      {"recall", "recall", recall, FigureKind::share},
                      {"blocking", "blocking", blocking, FigureKind::share},
                      {"offered_with_redials", "with redials", fresh / (1 - recall * blocking), FigureKind::erlangs}},
          .details = {}};
}

Answer solve_xb(const Inputs& inputs) {
  inputs.expect({"offered", "trunks", "recall", "blocking"}, 3);
  if (!inputs.has("recall")) {
    const Erlangs fresh = inputs.erlangs("offered");
    const double trunks = inputs.size("trunks", 1);
    const Probability blocking = inputs.share("blocking");
    const auto recall = recall_for(fresh, Channels{trunks}, blocking);
    if (!recall) {
      misuse("blocking", inputs.text("blocking"),
             fmt::format("at least the {} without redials, and a share of redials below 100 % that leads to it",
                         share_text(erlang_b(fresh, Channels{trunks}).value(), 4)));
    }
    return xb_answer(fresh.value(), trunks, recall->value(), blocking.value(), fmt::format("recall {}", share_text(recall->value(), 6)));
  }
  const Probability recall = inputs.share_from_zero("recall", false);
  if (!inputs.has("trunks")) {
    const Erlangs fresh = inputs.erlangs("offered");
    const Probability target = inputs.share("blocking");
    const double trunks =
        inputs.fractional() ? extended_fractional_channels_for(fresh, target, recall).value() : extended_channels_for(fresh, target, recall);
    const double blocking = inputs.fractional() ? target.value() : extended_erlang_b(fresh, Channels{trunks}, recall).blocking.value();
    return xb_answer(fresh.value(), trunks, recall.value(), blocking, counted(trunks, "trunk"));
  }
  const double trunks = inputs.size("trunks", 1);
  if (!inputs.has("offered")) {
    const Probability blocking = inputs.share("blocking");
    const double fresh = extended_offered_for(Channels{trunks}, blocking, recall).value();
    return xb_answer(fresh, trunks, recall.value(), blocking.value(), erlangs_text(Erlangs{fresh}, "Erlangs of first calls"));
  }
  const Erlangs fresh = inputs.erlangs("offered");
  const WithRedials found = extended_erlang_b(fresh, Channels{trunks}, recall);
  return xb_answer(fresh.value(), trunks, recall.value(), found.blocking.value(), "blocking " + share_text(found.blocking.value(), 6));
}

// ---- engset

Answer engset_answer(const FiniteSources& who, std::uint32_t trunks, std::string headline) {
  return {.headline = std::move(headline),
          .figures = {{"sources", "sources", static_cast<double>(who.sources), FigureKind::count},
                      {"idle_load", "idle load", who.idle_load.value(), FigureKind::erlangs},
                      {"trunks", "trunks", static_cast<double>(trunks), FigureKind::count},
                      {"blocking", "calls blocked", engset_call_congestion(who, trunks).value(), FigureKind::share},
                      {"time_congestion", "time all busy", engset_time_congestion(who, trunks).value(), FigureKind::share},
                      {"intended", "traffic if none blocked", intended(who).value(), FigureKind::erlangs}},
          .details = {}};
}

Answer solve_engset(const Inputs& inputs) {
  inputs.expect({"sources", "idle-load", "trunks", "blocking"}, 3);
  if (!inputs.has("trunks")) {
    const FiniteSources who{inputs.whole("sources", 1), inputs.erlangs("idle-load")};
    const std::uint32_t trunks = engset_channels_for(who, inputs.share("blocking"));
    return engset_answer(who, trunks, counted(trunks, "trunk"));
  }
  const std::uint32_t trunks = inputs.whole("trunks", 1);
  if (!inputs.has("sources")) {
    const Erlangs load = inputs.erlangs("idle-load");
    const auto sources = engset_sources_for(load, trunks, inputs.share("blocking"));
    if (!sources)
      misuse("idle-load", inputs.text("idle-load"),
             "a larger one, or fewer trunks: the answer is above 4000000000 sources, the most that are sought; so many are Poisson, as in erlang b");
    const FiniteSources who{*sources, load};
    return engset_answer(who, trunks, counted(who.sources, "source"));
  }
  const std::uint32_t sources = inputs.whole("sources", 1);
  if (!inputs.has("idle-load")) {
    const auto load = engset_idle_load_for(sources, trunks, inputs.share("blocking"));
    if (!load) misuse("trunks", inputs.text("trunks"), fmt::format("fewer than the {} sources: otherwise nothing is ever blocked", sources));
    return engset_answer({sources, *load}, trunks, "idle load " + erlangs_text(*load, "E"));
  }
  const FiniteSources who{sources, inputs.erlangs("idle-load")};
  return engset_answer(who, trunks, "blocking " + share_text(engset_call_congestion(who, trunks).value(), 6));
}

}  // namespace

Formula formula_b() {
  return {.name = "b",
          .summary = "Erlang B: blocked calls are lost",
          .about = "Erlang B: Poisson calls, blocked ones lost, any talk time. Give two of the three, the third is the answer.",
          .examples =
              "  trunklab erlang b --offered 33.333 --blocking 1%           45 trunks\n"
              "  trunklab erlang b --offered 33.333 --trunks 45             the blocking\n"
              "  trunklab erlang b --trunks 45 --blocking 1%                the traffic that fits\n"
              "  trunklab erlang b --trunks 10..50/10 --blocking 1%         a table of it\n"
              "  trunklab erlang b --offered 10 --blocking 1% --fractional  17.4 trunks would do\n",
          .variables = {offered_variable, trunks_variable, blocking_variable},
          .has_fractions = true,
          .solve = solve_b};
}

Formula formula_xb() {
  return {.name = "xb",
          .summary = "Extended Erlang B: a share of the blocked redials at once",
          .about =
              "Extended Erlang B: as Erlang B, but a share of the blocked attempts (redials too) comes back at once, as if it were fresh traffic.\n"
              "Callers who wait before they redial: `erlang retrial`. Give three of the four, the one left out is the answer.",
          .examples =
              "  trunklab erlang xb --offered 5 --trunks 10 --recall 40%\n"
              "  trunklab erlang xb --offered 5 --recall 40% --blocking 1%\n"
              "  trunklab erlang xb --offered 5 --trunks 10 --blocking 2%    how many must be redialling?\n",
          .variables = {{"offered,a", "ERLANGS", "traffic of first calls"},
                        trunks_variable,
                        {"recall,r", "SHARE", "of the blocked attempts that come back, below 100%"},
                        blocking_variable},
          .has_fractions = true,
          .solve = solve_xb};
}

Formula formula_engset() {
  return {.name = "engset",
          .summary = "Engset: few callers, who do not call while they talk",
          .about =
              "Engset: so many sources share the trunks; a source that talks offers nothing. Blocked calls are lost.\n"
              "Give three of the four, the one left out is the answer.",
          .examples =
              "  trunklab erlang engset --sources 20 --idle-load 0.1 --trunks 5\n"
              "  trunklab erlang engset --sources 20 --idle-load 0.1 --blocking 1%\n"
              "  trunklab erlang engset --idle-load 0.1 --trunks 5 --blocking 1%     how many desks?\n",
          .variables = {{"sources,s", "N", "callers"},
                        {"idle-load,a", "ERLANGS", "calls that an idle source begins in a mean holding time: y/(1-y) if it would talk a share y"},
                        trunks_variable,
                        {"blocking,b", "SHARE", "of the calls: 1% or 0.01"}},
          .has_fractions = false,
          .solve = solve_engset};
}

}  // namespace trunklab::cli
