// Alternate routing on paper: calls that try one route after the other, by Erlang's fixed point.
#include <fmt/format.h>

#include <algorithm>

#include "cli/erlang_formula.hpp"
#include "models/teletraffic/fixed_point.hpp"
#include "reports/text.hpp"
#include "scenarios/quantity_text.hpp"

namespace trunklab::cli {

namespace {

using Align = TextTable::Align;

constexpr std::size_t links_max = 100;
constexpr std::size_t demands_max = 100;
constexpr std::size_t routes_max = 12;
constexpr std::uint64_t channels_most = 100'000;
constexpr double ways_max = 100'000;  // in which a demand's routes can all be blocked

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::uint32_t> links_of(const Inputs& inputs) {
  const std::string text = inputs.text("links");
  std::vector<std::uint32_t> links;
  for (const std::string_view part : split(text, ',')) {
    const auto channels = parse_whole(part);
    if (!channels || *channels < 1 || *channels > channels_most || links.size() == links_max) {
      misuse("links", part.empty() || links.size() == links_max ? text : part,
             fmt::format("channels of each link, 1 to {}, at most {} links, joined by commas, such as 50,50", channels_most, links_max));
    }
    links.push_back(static_cast<std::uint32_t>(*channels));
  }
  return links;
}

/// "1+3": links that a call needs all at once, counted from 1.
std::optional<LinkRoute> route_of(std::string_view text, std::size_t links) {
  LinkRoute route;
  for (const std::string_view part : split(text, '+')) {
    const auto link = parse_whole(part);
    if (!link || *link < 1 || *link > links) return std::nullopt;
    if (std::ranges::find(route, *link - 1) != route.end()) return std::nullopt;
    route.push_back(*link - 1);
  }
  return route;
}

RoutedDemand demand_of(std::string_view text, std::size_t links) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) misuse("demands", text, "ERLANGS:ROUTE/ROUTE..., joined by commas, such as 40:1/2,40:2/1");
  const auto offered = number_of(text.substr(0, colon));
  if (!offered || *offered <= 0 || *offered > erlang_offered_max)
    misuse("demands", text, fmt::format("Erlangs above 0 and up to {:.0f} before the colon, such as 40:1/2", erlang_offered_max));
  RoutedDemand demand{Erlangs{*offered}, {}};
  for (const std::string_view way : split(text.substr(colon + 1), '/')) {
    const auto route = route_of(way, links);
    if (!route) misuse("demands", text, fmt::format("routes of links from 1 to {}, none twice in one, such as 40:1/2 or 40:1/2+3", links));
    demand.routes.push_back(*route);
  }
  if (demand.routes.size() > routes_max) misuse("demands", text, fmt::format("{} routes at most", routes_max));
  return demand;
}

std::vector<RoutedDemand> demands_of(const Inputs& inputs, std::size_t links) {
  const std::string text = inputs.text("demands");
  std::vector<RoutedDemand> demands;
  for (const std::string_view part : split(text, ',')) demands.push_back(demand_of(part, links));
  if (demands.size() > demands_max) misuse("demands", text, fmt::format("{} demands at most", demands_max));
  double ways_to_fail = 0;
  for (const RoutedDemand& demand : demands) {
    double ways = 1;
    for (const LinkRoute& route : demand.routes) ways *= static_cast<double>(route.size());
    ways_to_fail += ways;
  }
  if (ways_to_fail > ways_max)
    misuse("demands", text,
           fmt::format("fewer routes of several links: the links of a demand's routes multiplied, {:.0f} over all demands at most", ways_max));
  return demands;
}

double lost_of_all(const RoutedNetwork& network, const NetworkBlocking& state) {
  double offered = 0;
  double lost = 0;
  for (std::size_t demand = 0; demand < network.demands.size(); ++demand) {
    offered += network.demands[demand].offered.value();
    lost += network.demands[demand].offered.value() * state.demands[demand].value();
  }
  return lost / offered;
}

nlohmann::ordered_json state_json(const NetworkBlocking& state) {
  nlohmann::ordered_json json{{"links", nlohmann::json::array()}, {"demands", nlohmann::json::array()}, {"settled", state.settled}};
  for (const Probability link : state.links) json["links"].push_back(link.value());
  for (const Probability demand : state.demands) json["demands"].push_back(demand.value());
  return json;
}

Answer solve_alternate(const Inputs& inputs) {
  inputs.require({"links", "demands"});
  RoutedNetwork network{.links = links_of(inputs), .demands = {}};
  network.demands = demands_of(inputs, network.links.size());
  const FixedPoints found = erlang_fixed_points(network);
  const double lost = lost_of_all(network, found.from_empty);
  Answer answer{
      .headline = "blocking " + share_text(lost, 6), .figures = {{"blocking", "lost of all calls", lost, FigureKind::share}}, .details = {}};
  if (found.differ) {
    const double full = lost_of_all(network, found.from_full);
    answer.headline = fmt::format("two states: blocking {} and {}", share_text(lost, 4), share_text(full, 4));
    answer.figures.push_back({"blocking_full", "the same, once it was full", full, FigureKind::share});
  }
  std::vector<TextTable::Column> columns{{"of"}, {"blocking", Align::right}};
  if (found.differ) columns.push_back({"once it was full", Align::right});
  TextTable table(columns);
  const auto add = [&](const std::string& name, Probability empty, Probability full) {
    std::vector<std::string> cells{name, share_text(empty.value(), 6)};
    if (found.differ) cells.push_back(share_text(full.value(), 6));
    table.add(std::move(cells));
  };
  for (std::size_t demand = 0; demand < network.demands.size(); ++demand) {
    add(fmt::format("demand {}", demand + 1), found.from_empty.demands[demand], found.from_full.demands[demand]);
  }
  for (std::size_t link = 0; link < network.links.size(); ++link) {
    add(fmt::format("link {}", link + 1), found.from_empty.links[link], found.from_full.links[link]);
  }
  answer.details = "\n" + table.text();
  if (!found.from_empty.settled || !found.from_full.settled) answer.details += "\nThe iteration had not settled: take the figures as rough.\n";
  answer.parts["from_empty"] = state_json(found.from_empty);
  answer.parts["from_full"] = state_json(found.from_full);
  answer.parts["two_states"] = found.differ;
  return answer;
}

}  // namespace

Formula formula_alternate() {
  return {.name = "alternate",
          .summary = "alternate routing: calls that are refused try the next route",
          .about =
              "Erlang's fixed point: every link blocks as by Erlang B of what reaches it. Calls try their routes in order. Where a network\n"
              "has a good and a bad state, both are shown. Overflow is taken for independent calls, so small losses come out too small.",
          .examples =
              "  trunklab erlang alternate --links 50,50 --demands 40:1/2,40:2/1        two edges, each the other's way out\n"
              "  trunklab erlang alternate --links 100,100,100 --demands 85:1/2+3,85:2/1+3,85:3/1+2\n",
          .variables = {{"links,l", "N,N...", "channels of each link", false},
                        {"demands,d", "LIST", "ERLANGS:ROUTE/ROUTE... of each; a route is a link, or links such as 2+3", false}},
          .has_fractions = false,
          .solve = solve_alternate};
}

}  // namespace trunklab::cli
