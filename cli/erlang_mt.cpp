// Traffic that changes with the time of day.
#include <fmt/format.h>

#include "cli/erlang_formula.hpp"
#include "models/teletraffic/erlang_b.hpp"
#include "models/teletraffic/time_varying.hpp"
#include "reports/text.hpp"
#include "scenarios/quantity_text.hpp"

namespace trunklab::cli {

namespace {

constexpr double rate_max = 1e5;  // a second

CallsPerSecond rate_of(const std::string& name, std::string_view text) {
  const auto rate = parse_rate(text);
  if (!rate || rate->value() > rate_max) misuse(name, text, fmt::format("a rate from 0 to {:.0f}/s, such as 600/h", rate_max));
  return *rate;
}

RatePiece piece_of(std::string_view text) {
  constexpr Span longest = std::chrono::hours{7 * 24};
  constexpr Span shortest = std::chrono::seconds{1};
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) misuse("rates", text, "RATE:TIME, joined by commas, such as 600/h:2h,1500/h:30min,600/h:2h");
  const auto length = parse_span(text.substr(colon + 1));
  if (!length || *length < shortest || *length > longest)
    misuse("rates", text, fmt::format("a time from {} to {} behind the colon, such as 600/h:2h", span_text(shortest), span_text(longest)));
  return {*length, rate_of("rates", text.substr(0, colon))};
}

std::vector<RatePiece> pieces_of(const Inputs& inputs) {
  constexpr std::size_t pieces_max = 200;
  const std::string text = inputs.text("rates");
  std::vector<RatePiece> pieces;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    if (pieces.size() == pieces_max) misuse("rates", text, fmt::format("{} entries at most", pieces_max));
    pieces.push_back(piece_of(std::string_view(text).substr(begin, end - begin)));
    begin = end + 1;
  }
  return pieces;
}

HoldingLaw law_of(const Inputs& inputs) {
  const Span mean = inputs.span("holding", erlang_holding_default, std::chrono::milliseconds{1}, std::chrono::hours{24});
  if (!inputs.has("cv")) return HoldingLaw::exponential(mean);
  const double cv = inputs.number("cv", 100, "a number from 0 to 100, such as 1.2", true);
  return cv == 0 ? HoldingLaw::constant(mean) : HoldingLaw::lognormal(mean, cv);
}

/// Each piece's end, where a rate's effect is greatest.
void add_pieces(Answer& answer, const RateProfile& profile, const HoldingLaw& law, double trunks) {
  using Align = TextTable::Align;
  TextTable table({{"until", Align::right}, {"rate", Align::right}, {"offered then", Align::right}, {"blocking", Align::right}});
  auto& parts = answer.parts["pieces"] = nlohmann::json::array();
  Instant end = run_start;
  for (const RatePiece& piece : profile.pieces) {
    end += piece.length;
    const Erlangs offered = offered_at(profile, law, end);
    const double blocking = erlang_b(offered, Channels{trunks}).value();
    table.add({run_time_text(end), rate_text(piece.rate), fmt::format("{:.5g} E", offered.value()), share_text(blocking, 4)});
    parts.push_back({{"until_s", in_seconds(end)}, {"rate_per_s", piece.rate.value()}, {"offered", offered.value()}, {"blocking", blocking}});
  }
  answer.details = "\n";
  const std::string lines = table.text();
  for (std::size_t begin = 0; begin < lines.size();) {
    const std::size_t line_end = std::min(lines.find('\n', begin), lines.size());
    answer.details += "  " + lines.substr(begin, line_end - begin) + '\n';
    begin = line_end + 1;
  }
}

Answer solve_mt(const Inputs& inputs) {
  inputs.require({"rates"});
  inputs.expect({"trunks", "blocking"}, 1);
  const std::vector<RatePiece> pieces = pieces_of(inputs);
  RateProfile profile{pieces.front().rate, pieces};
  if (inputs.has("before")) profile.before = rate_of("before", inputs.text("before"));
  const HoldingLaw law = law_of(inputs);
  const LoadPeak peak = peak_offered(profile, law);
  double trunks = 0;
  if (inputs.has("trunks")) {
    trunks = inputs.size("trunks", 1);
  } else if (inputs.fractional() && peak.offered.value() > 0) {
    trunks = fractional_channels_for(peak.offered, inputs.share("blocking")).value();
  } else {
    trunks = channels_for(peak.offered, inputs.share("blocking"));
  }
  const double blocking = erlang_b(peak.offered, Channels{trunks}).value();
  double highest = 0;
  for (const RatePiece& piece : pieces) highest = std::max(highest, piece.rate.value() * law.mean());
  Answer answer;
  answer.headline = inputs.has("trunks") ? fmt::format("blocking {} at the peak", share_text(blocking, 6)) : counted(trunks, "trunk");
  answer.figures = {{"trunks", "trunks", trunks, FigureKind::count},
                    {"peak_offered", "offered at the peak", peak.offered.value(), FigureKind::erlangs},
                    {"peak_at_s", "the peak is after", in_seconds(peak.at), FigureKind::seconds},
                    {"blocking", "blocking then", blocking, FigureKind::share},
                    {"highest", "highest rate for ever", highest, FigureKind::erlangs}};
  add_pieces(answer, profile, law, trunks);
  return answer;
}

}  // namespace

Formula formula_mt() {
  return {
      .name = "mt",
      .summary = "traffic that changes with the time of day (modified offered load)",
      .about =
          "Modified offered load: Poisson calls at piecewise constant rates; the traffic at each instant is what would be in progress if nothing\n"
          "were blocked, and Erlang B of it the blocking. Give the trunks or the blocking at the peak, the other is the answer.",
      .examples =
          "  trunklab erlang mt --rates 600/h:2h,1500/h:10min,600/h:2h --blocking 1%\n"
          "  trunklab erlang mt --rates 600/h:2h,1500/h:10min,600/h:2h --trunks 60 --holding 5min --cv 1.4\n",
      .variables = {{"rates", "LIST", "RATE:TIME, one after the other, joined by commas", false},
                    {"before", "RATE", "for ever until then (default: the first of --rates)", false},
                    {"holding", "TIME", "mean holding time (default 180s: ours)"},
                    {"cv", "NUMBER", "its standard deviation / mean, lognormal; 0: constant (default: exponential)"},
                    {"trunks,n", "N", "channels"},
                    {"blocking,b", "SHARE", "at the peak: 1% or 0.01"}},
      .has_fractions = true,
      .solve = solve_mt};
}

}  // namespace trunklab::cli
