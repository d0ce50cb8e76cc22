// Formulas of several groups or several kinds of calls: overflow to a second group, calls of several sizes.
#include <fmt/format.h>

#include <algorithm>

#include "cli/erlang_formula.hpp"
#include "models/teletraffic/overflow.hpp"
#include "models/teletraffic/shared_group.hpp"
#include "reports/text.hpp"
#include "scenarios/quantity_text.hpp"

namespace trunklab::cli {

namespace {

/// "10:12": Erlangs and a number.
struct Pair {
  double offered;
  std::uint32_t number;
};

/// A list of pairs, the number from `least` to `most`. `words`: what the two are, with an example.
std::vector<Pair> pairs_of(const Inputs& inputs, const std::string& name, std::uint64_t least, std::uint64_t most, const std::string& words) {
  constexpr std::size_t pairs_max = 200;
  std::vector<Pair> pairs;
  const std::string text = inputs.text(name);
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string_view part = std::string_view(text).substr(begin, end - begin);
    const std::size_t colon = std::min(part.find(':'), part.size());
    const auto offered = number_of(part.substr(0, colon));
    const auto number = parse_whole(part.substr(std::min(colon + 1, part.size())));
    if (!offered || !number || *offered <= 0 || *offered > erlang_offered_max || *number < least || *number > most)
      misuse(name, part.empty() ? text : part,
             fmt::format("{}; ERLANGS above 0 and up to {:.0f}, the number from {} to {}", words, erlang_offered_max, least, most));
    if (pairs.size() == pairs_max) misuse(name, text, fmt::format("{} entries at most", pairs_max));
    pairs.push_back({*offered, static_cast<std::uint32_t>(*number)});
    begin = end + 1;
  }
  return pairs;
}

using Align = TextTable::Align;

std::string indented(const std::string& lines) {
  std::string text;
  for (std::size_t begin = 0; begin < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', begin), lines.size());
    text += "  " + lines.substr(begin, end - begin) + '\n';
    begin = end + 1;
  }
  return text;
}

// ---- overflow

Answer overflow_answer(const std::vector<Pair>& groups) {
  Answer answer;
  std::vector<TrafficMoments> streams;
  double offered = 0;
  TextTable table(
      {{"offered", Align::right}, {"trunks", Align::right}, {"overflows", Align::right}, {"variance", Align::right}, {"peakedness", Align::right}});
  auto& parts = answer.parts["primary"] = nlohmann::json::array();
  for (const Pair& group : groups) {
    const TrafficMoments moments = overflow(Erlangs{group.offered}, whole(group.number));
    streams.push_back(moments);
    offered += group.offered;
    const double z = moments.mean.value() > 0 ? moments.peakedness() : 1;
    table.add({fmt::format("{:.6g} E", group.offered), std::to_string(group.number), fmt::format("{:.6g} E", moments.mean.value()),
               fmt::format("{:.6g}", moments.variance), fmt::format("{:.4g}", z)});
    parts.push_back(
        {{"offered", group.offered}, {"trunks", group.number}, {"mean", moments.mean.value()}, {"variance", moments.variance}, {"peakedness", z}});
  }
  const TrafficMoments all = together(streams);
  if (!(all.mean.value() > 1e-300 && all.variance > 0)) throw Misuse("--primary: found groups from which nothing overflows, expected smaller ones");
  answer.details = "\n" + indented(table.text());
  answer.figures = {{"offered", "offered", offered, FigureKind::erlangs},
                    {"mean", "overflows", all.mean.value(), FigureKind::erlangs},
                    {"variance", "variance", all.variance, FigureKind::number},
                    {"peakedness", "peakedness", all.peakedness(), FigureKind::number}};
  return answer;
}

void add_second_group(Answer& answer, const TrafficMoments& traffic, double offered, double trunks) {
  const double hayward = hayward_blocking(traffic, Channels{trunks}).value();
  answer.figures.insert(answer.figures.end(),
                        {{"trunks", "trunks behind", trunks, FigureKind::count},
                         {"blocking", "lost of it (Hayward)", hayward, FigureKind::share},
                         {"blocking_ert", "lost of it (Wilkinson)", ert_blocking(traffic, Channels{trunks}).value(), FigureKind::share},
                         {"blocking_all", "lost of all calls", hayward * traffic.mean.value() / offered, FigureKind::share}});
}

Answer solve_overflow(const Inputs& inputs) {
  inputs.require({"primary"});
  if (inputs.has("trunks") && inputs.has("blocking")) throw Misuse("found --trunks and --blocking, expected one of them: the other is the answer");
  const auto groups = pairs_of(inputs, "primary", 0, erlang_trunks_max, "ERLANGS:TRUNKS of each group, joined by commas, such as 10:10,8:5");
  Answer answer = overflow_answer(groups);
  const double offered = answer.figures[0].value;
  const TrafficMoments traffic{Erlangs{answer.figures[1].value}, answer.figures[2].value};
  if (inputs.has("trunks")) {
    const double trunks = inputs.size("trunks", 0);
    add_second_group(answer, traffic, offered, trunks);
    answer.headline = fmt::format("{} of the overflow is lost", share_text(hayward_blocking(traffic, Channels{trunks}).value(), 6));
  } else if (inputs.has("blocking")) {
    const Probability target = inputs.share("blocking");
    const double trunks = inputs.fractional() ? hayward_fractional_channels_for(traffic, target).value() : hayward_channels_for(traffic, target);
    add_second_group(answer, traffic, offered, trunks);
    answer.headline = counted(trunks, "trunk") + " in the second group";
  } else {
    const EquivalentGroup group = equivalent_group(traffic);
    answer.figures.insert(answer.figures.end(), {{"equivalent_offered", "as of one group: offered", group.offered.value(), FigureKind::erlangs},
                                                 {"equivalent_trunks", "as of one group: trunks", group.channels.value(), FigureKind::count}});
    answer.headline = fmt::format("{:.6g} E overflow, peakedness {:.4g}", traffic.mean.value(), traffic.peakedness());
  }
  return answer;
}

// ---- shared

Answer solve_shared(const Inputs& inputs) {
  inputs.require({"classes"});
  inputs.expect({"trunks", "blocking"}, 1);
  const auto pairs = pairs_of(inputs, "classes", 1, 10'000, "ERLANGS:CHANNELS of each kind of calls, joined by commas, such as 4:1,1:3");
  std::vector<CallClass> classes;
  classes.reserve(pairs.size());
  for (const Pair& pair : pairs) classes.push_back({Erlangs{pair.offered}, pair.number});
  constexpr std::uint32_t most = 1'000'000;
  std::uint32_t trunks = 0;
  if (inputs.has("trunks")) {
    trunks = inputs.whole("trunks", 1, most);
  } else {
    const auto found = shared_channels_for(classes, inputs.share("blocking"), most);
    if (!found) misuse("classes", inputs.text("classes"), fmt::format("traffic for which {} channels are enough", most));
    trunks = *found;
  }
  const auto blocked = kaufman_roberts(trunks, classes);
  double offered = 0;
  double carried = 0;
  Answer answer;
  TextTable table({{"offered", Align::right}, {"channels a call", Align::right}, {"blocking", Align::right}});
  auto& parts = answer.parts["classes"] = nlohmann::json::array();
  for (std::size_t each = 0; each < classes.size(); ++each) {
    const double channels = classes[each].offered.value() * classes[each].channels;
    offered += channels;
    carried += channels * (1 - blocked[each].value());
    table.add({fmt::format("{:.6g} E", classes[each].offered.value()), std::to_string(classes[each].channels), share_text(blocked[each].value(), 6)});
    parts.push_back({{"offered", classes[each].offered.value()}, {"channels", classes[each].channels}, {"blocking", blocked[each].value()}});
  }
  const double worst = std::ranges::max(blocked).value();
  answer.headline = inputs.has("trunks") ? fmt::format("blocking {} at most", share_text(worst, 6)) : counted(trunks, "trunk");
  answer.figures = {{"trunks", "trunks", static_cast<double>(trunks), FigureKind::count},
                    {"wanted", "channels wanted", offered, FigureKind::number},
                    {"busy", "channels busy", carried, FigureKind::number},
                    {"blocking", "most blocked kind", worst, FigureKind::share}};
  answer.details = "\n" + indented(table.text());
  return answer;
}

}  // namespace

Formula formula_overflow() {
  return {
      .name = "overflow",
      .summary = "what overflows from full groups, and the group behind them",
      .about =
          "Overflow: calls that find their own group full go to a second group that all share. Wilkinson's mean, variance and peakedness of what\n"
          "overflows; loss behind it by Hayward, and by Wilkinson's equivalent group beside it. Fresh traffic of the second group: ERLANGS:0.",
      .examples =
          "  trunklab erlang overflow --primary 10:10\n"
          "  trunklab erlang overflow --primary 10:10,8:5 --trunks 12         what is lost behind 12 trunks\n"
          "  trunklab erlang overflow --primary 10:10,8:5 --blocking 1%       the trunks that lose so much of it\n",
      .variables = {{"primary,p", "LIST", "ERLANGS:TRUNKS of each group, joined by commas", false},
                    {"trunks,n", "N", "of the second group"},
                    {"blocking,b", "SHARE", "of the overflow that the second group may lose"}},
      .has_fractions = true,
      .solve = solve_overflow};
}

Formula formula_shared() {
  return {
      .name = "shared",
      .summary = "calls of several sizes on one group (Kaufman and Roberts)",
      .about =
          "Kaufman and Roberts: several kinds of Poisson calls, of which each takes so many channels (or ports, or kbit/s) at once, share a group;\n"
          "blocked ones are lost. Give the trunks and get the blocking, or the other way round.",
      .examples =
          "  trunklab erlang shared --classes 4:1,1:3 --trunks 10\n"
          "  trunklab erlang shared --classes 4:1,1:3 --blocking 1%\n"
          "  trunklab erlang shared --classes 4:1,1:3 --trunks 10..30/5\n",
      .variables = {{"classes,c", "LIST", "ERLANGS:CHANNELS of each kind, joined by commas", false},
                    {"trunks,n", "N", "channels that they share"},
                    {"blocking,b", "SHARE", "of the calls of any kind: 1% or 0.01"}},
      .has_fractions = false,
      .solve = solve_shared};
}

}  // namespace trunklab::cli
