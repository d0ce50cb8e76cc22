// Formulas in which a call waits for an agent: Erlang C, and agents behind trunks.
#include <fmt/format.h>

#include "cli/erlang_formula.hpp"
#include "models/teletraffic/waiting.hpp"
#include "reports/text.hpp"

namespace trunklab::cli {

namespace {

constexpr const char* within_default = "20s";
constexpr Span time_max = std::chrono::hours{24};

constexpr Variable offered_variable{"offered,a", "ERLANGS", "offered traffic"};
constexpr Variable agents_variable{"agents,s", "N", "who serve one call at a time"};
constexpr Variable level_variable{"service-level,l", "SHARE", "of the calls that must not wait longer than --within"};
constexpr Variable within_variable{"within,t", "TIME", "(default 20s: ours)"};
constexpr Variable holding_variable{"holding", "TIME", "mean time an agent is busy with a call (default 180s: ours)"};

/// Times in seconds, and in mean holding times, as the formulas have them.
struct Times {
  Span holding;
  Span within;

  [[nodiscard]] double within_holdings() const { return in_seconds(within) / in_seconds(holding); }
  [[nodiscard]] double seconds(double holdings) const { return holdings * in_seconds(holding); }
  [[nodiscard]] ServiceLevel promise(Probability share) const { return {within_holdings(), share}; }
  [[nodiscard]] nlohmann::ordered_json json() const { return {{"within_s", in_seconds(within)}, {"holding_s", in_seconds(holding)}}; }
  [[nodiscard]] std::string level_label() const { return "served within " + duration_text(in_seconds(within)); }
};

Times times_of(const Inputs& inputs) {
  return {inputs.span("holding", erlang_holding_default, std::chrono::milliseconds{1}, time_max),
          inputs.span("within", within_default, Span{0}, time_max)};
}

// ---- c

Answer c_answer(Erlangs offered, double agents, const Times& times, std::string headline) {
  const Channels n{agents};
  return {
      .headline = std::move(headline),
      .figures = {{"offered", "offered", offered.value(), FigureKind::erlangs},
                  {"agents", "agents", agents, FigureKind::count},
                  {"waits", "calls that wait", erlang_c(offered, n).value(), FigureKind::share},
                  {"service_level", times.level_label(), 1 - erlang_c_wait_beyond(offered, n, times.within_holdings()).value(), FigureKind::share},
                  {"mean_wait_s", "mean wait", times.seconds(erlang_c_mean_wait(offered, n)), FigureKind::seconds},
                  {"wait_95_s", "95 % wait at most", times.seconds(erlang_c_wait_of(offered, n, Probability{0.95})), FigureKind::seconds},
                  {"occupancy", "agents busy", std::min(1.0, offered.value() / agents), FigureKind::share}},
      .details = offered.value() >= agents ? "  more is offered than the agents can serve: the queue grows for ever\n" : "",
      .parts = times.json()};
}

Erlangs most_offered(const Inputs& inputs, double agents, const Times& times) {
  if (inputs.has("service-level")) return offered_for_service(Channels{agents}, times.promise(inputs.share("service-level")));
  const Span wait = inputs.span("mean-wait", "", Span{1}, time_max);
  return offered_for_mean_wait(Channels{agents}, in_seconds(wait) / in_seconds(times.holding));
}

double least_agents(const Inputs& inputs, Erlangs offered, const Times& times) {
  const bool any_size = inputs.fractional();
  if (inputs.has("service-level")) {
    const ServiceLevel promise = times.promise(inputs.share("service-level"));
    return any_size ? fractional_agents_for(offered, promise).value() : agents_for(offered, promise);
  }
  const double wait = in_seconds(inputs.span("mean-wait", "", Span{1}, time_max)) / in_seconds(times.holding);
  return any_size ? fractional_agents_for_mean_wait(offered, wait).value() : agents_for_mean_wait(offered, wait);
}

Answer solve_c(const Inputs& inputs) {
  if (inputs.has("service-level") && inputs.has("mean-wait"))
    throw Misuse("found --service-level and --mean-wait, expected one of them: the other follows");
  inputs.expect({"offered", "agents", inputs.has("mean-wait") ? "mean-wait" : "service-level"}, 2);
  const Times times = times_of(inputs);
  if (!inputs.has("offered")) {
    const double agents = inputs.size("agents", 1);
    const Erlangs offered = most_offered(inputs, agents, times);
    return c_answer(offered, agents, times, erlangs_text(offered, "Erlangs"));
  }
  const Erlangs offered = inputs.erlangs("offered");
  if (!inputs.has("agents")) {
    const double agents = least_agents(inputs, offered, times);
    return c_answer(offered, agents, times, counted(agents, "agent"));
  }
  const double agents = inputs.size("agents", 1);
  return c_answer(offered, agents, times, share_text(erlang_c(offered, Channels{agents}).value(), 6) + " of the calls wait");
}

// ---- mmsk

Answer mmsk_answer(const AgentsBehindTrunks& system, const Times& times, std::string headline) {
  const WaitingFigures found = figures_of(system);
  return {.headline = std::move(headline),
          .figures = {{"offered", "offered", system.offered.value(), FigureKind::erlangs},
                      {"agents", "agents", static_cast<double>(system.agents), FigureKind::count},
                      {"trunks", "trunks", static_cast<double>(system.trunks), FigureKind::count},
                      {"blocking", "blocked", found.blocked.value(), FigureKind::share},
                      {"waits", "of the others wait", found.waits.value(), FigureKind::share},
                      {"service_level", times.level_label(), 1 - wait_beyond(system, times.within_holdings()).value(), FigureKind::share},
                      {"mean_wait_s", "mean wait", times.seconds(found.mean_wait), FigureKind::seconds},
                      {"queue", "mean queue", found.mean_queue, FigureKind::number},
                      {"occupancy", "agents busy", found.occupancy, FigureKind::share},
                      {"trunks_busy", "trunks busy", found.trunks_busy, FigureKind::number}},
          .details = {},
          .parts = times.json()};
}

std::uint32_t agents_of(const Inputs& inputs) {
  const std::uint32_t agents = inputs.whole("agents", 1);
  if (inputs.has("trunks") && inputs.whole("trunks", 1) < agents)
    misuse("trunks", inputs.text("trunks"), fmt::format("one for each of the {} agents at least", agents));
  return agents;
}

std::string agents_and_trunks(const AgentsBehindTrunks& system) {
  return counted(system.agents, "agent") + " behind " + counted(system.trunks, "trunk");
}

Answer solve_mmsk(const Inputs& inputs) {
  const auto given = [&](std::initializer_list<const char*> names) {
    for (const char* name : {"offered", "agents", "trunks", "blocking", "service-level"}) {
      if (inputs.has(name) != (std::ranges::find(names, std::string_view(name)) != names.end())) return false;
    }
    return true;
  };
  const Times times = times_of(inputs);
  if (given({"offered", "agents", "trunks"})) {
    const AgentsBehindTrunks system{inputs.erlangs("offered"), agents_of(inputs), inputs.whole("trunks", 1)};
    return mmsk_answer(system, times, "blocking " + share_text(figures_of(system).blocked.value(), 6));
  }
  if (given({"offered", "agents", "blocking"})) {
    const Erlangs offered = inputs.erlangs("offered");
    const std::uint32_t agents = agents_of(inputs);
    const auto trunks = trunks_for_agents(offered, agents, inputs.share("blocking"), static_cast<std::uint32_t>(erlang_trunks_max));
    if (!trunks) misuse("agents", inputs.text("agents"), "more agents: with so few this blocking is not reached, however many trunks there are");
    return mmsk_answer({offered, agents, *trunks}, times, counted(*trunks, "trunk"));
  }
  if (given({"offered", "trunks", "service-level"})) {
    const Erlangs offered = inputs.erlangs("offered");
    const std::uint32_t trunks = inputs.whole("trunks", 1, 100'000);
    const std::uint32_t agents = agents_behind(offered, trunks, times.promise(inputs.share("service-level")));
    return mmsk_answer({offered, agents, trunks}, times, counted(agents, "agent"));
  }
  if (given({"offered", "blocking", "service-level"})) {
    const double offered = inputs.number("offered", 10'000, "Erlangs above 0 and up to 10000 where agents and trunks are sought, such as 33.333");
    const AgentsBehindTrunks system = agents_and_trunks_for(Erlangs{offered}, inputs.share("blocking"), times.promise(inputs.share("service-level")));
    return mmsk_answer(system, times, agents_and_trunks(system));
  }
  if (given({"agents", "trunks", "blocking"})) {
    const std::uint32_t agents = agents_of(inputs);
    const std::uint32_t trunks = inputs.whole("trunks", 1, 100'000);
    const Erlangs offered = offered_behind(agents, trunks, inputs.share("blocking"));
    return mmsk_answer({offered, agents, trunks}, times, erlangs_text(offered, "Erlangs"));
  }
  std::string found;
  for (const char* name : {"offered", "agents", "trunks", "blocking", "service-level"}) {
    if (inputs.has(name)) found += std::string(found.empty() ? "" : " ") + "--" + name;
  }
  throw Misuse(
      "found " + (found.empty() ? "none of them" : found) +
      ", expected --offered with --agents --trunks, --agents --blocking, --trunks --service-level or --blocking --service-level; or --agents "
      "--trunks --blocking: what is left out is the answer");
}

}  // namespace

Formula formula_c() {
  return {
      .name = "c",
      .summary = "Erlang C: calls wait for an agent",
      .about =
          "Erlang C: Poisson calls wait until an agent is free, first come first served; nobody gives up, there is room for all. Of --offered,\n"
          "--agents and --service-level (or --mean-wait) give two, the third is the answer.",
      .examples =
          "  trunklab erlang c --offered 10 --agents 14                           the waits\n"
          "  trunklab erlang c --offered 10 --service-level 80% --within 20s      14 agents\n"
          "  trunklab erlang c --agents 14 --mean-wait 10s --holding 4min         the traffic that fits\n"
          "  trunklab erlang c --offered 10 --agents 11..20/1                     a table of it\n",
      .variables =
          {offered_variable, agents_variable, level_variable, within_variable, {"mean-wait,w", "TIME", "of all calls, at most"}, holding_variable},
      .has_fractions = true,
      .solve = solve_c};
}

Formula formula_mmsk() {
  return {.name = "mmsk",
          .summary = "agents behind a limited number of trunks (M/M/s/K)",
          .about =
              "M/M/s/K: as Erlang C, but who waits holds a trunk, and who finds none is blocked. Times are of those who get in; nobody gives up.\n"
              "What is left out is the answer.",
          .examples =
              "  trunklab erlang mmsk --offered 7.5 --agents 8 --trunks 20\n"
              "  trunklab erlang mmsk --offered 7.5 --agents 8 --blocking 1%                       trunks\n"
              "  trunklab erlang mmsk --offered 7.5 --trunks 20 --service-level 80%                agents\n"
              "  trunklab erlang mmsk --offered 7.5 --blocking 1% --service-level 80%              both\n",
          .variables = {offered_variable,
                        agents_variable,
                        {"trunks,n", "N", "for those who talk and those who wait"},
                        {"blocking,b", "SHARE", "of the calls that find no trunk: 1% or 0.01"},
                        level_variable,
                        within_variable,
                        holding_variable},
          .has_fractions = false,
          .solve = solve_mmsk};
}

}  // namespace trunklab::cli
