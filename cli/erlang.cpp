// trunklab erlang.
#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/options.hpp"
#include "models/loss_systems.hpp"
#include "scenarios/quantity_text.hpp"

namespace trunklab::cli {

namespace po = boost::program_options;

namespace {

constexpr double offered_max = 1e7;
constexpr std::uint64_t trunks_max = 10'000'000;

double offered_option(const Options& options) {
  const auto value = parse_number(options.text("offered"));
  if (value && *value > 0 && *value <= offered_max) return *value;
  throw Misuse("--offered: found '" + options.text("offered") + "', expected Erlangs above 0 and up to 1e7, such as 33.333");
}

double blocking_option(const Options& options) {
  const std::string text = options.text("blocking");
  const auto value = text.ends_with('%') ? parse_percentage(text) : parse_number(text);
  if (value && *value > 0 && *value < 1) return *value;
  throw Misuse("--blocking: found '" + text + "', expected a share above 0 and below 100 %, such as 1% or 0.01");
}

struct Answer {
  double offered;
  std::uint32_t trunks;
  double blocking;  ///< as asked for, or as it is
  std::string text;
};

Answer solve(const Options& options) {
  const int given = static_cast<int>(options.has("offered")) + static_cast<int>(options.has("trunks")) + static_cast<int>(options.has("blocking"));
  if (given != 2) throw Misuse("found " + std::to_string(given) + " of --offered, --trunks and --blocking, expected two: the third is the answer");
  if (!options.has("trunks")) {
    const Erlangs offered{offered_option(options)};
    const std::uint32_t trunks = channels_for(offered, Probability{blocking_option(options)});
    const double blocking = erlang_b(offered, trunks).value();
    return {offered.value(), trunks, blocking, fmt::format("{} trunks (blocking {:.4g} %)", trunks, blocking * 100)};
  }
  const auto trunks = static_cast<std::uint32_t>(options.whole("trunks", options.has("offered") ? 0 : 1, trunks_max));
  if (!options.has("offered")) {
    const double blocking = blocking_option(options);
    const Erlangs offered = offered_for(trunks, Probability{blocking});
    return {offered.value(), trunks, blocking, fmt::format("{:.6g} Erlangs", offered.value())};
  }
  const double offered = offered_option(options);
  const double blocking = erlang_b(Erlangs{offered}, trunks).value();
  return {offered, trunks, blocking, fmt::format("blocking {:.6g} %", blocking * 100)};
}

}  // namespace

int erlang(const std::vector<std::string>& arguments) {
  Options options("erlang b [options]", "Erlang B: Poisson calls, blocked ones lost, any talk time. Give two of the three, the third is the answer.",
                  "  trunklab erlang b --offered 33.333 --blocking 1%     45 trunks\n"
                  "  trunklab erlang b --offered 33.333 --trunks 45       the blocking\n"
                  "  trunklab erlang b --trunks 45 --blocking 1%          the traffic that fits\n");
  options.positional("formula");
  options.add()("offered,a", po::value<std::string>()->value_name("ERLANGS"), "offered traffic")(
      "trunks,n", po::value<std::string>()->value_name("N"), "channels")("blocking,b", po::value<std::string>()->value_name("SHARE"), "1% or 0.01")(
      "json", po::bool_switch(), "one JSON document on stdout");
  if (!options.parse(arguments)) return done;
  const std::string formula = options.required("formula", "formula");
  if (formula != "b") throw Misuse("found '" + formula + "', expected b: Erlang B is the only formula yet");
  const Answer answer = solve(options);
  if (options.flag("json")) {
    std::cout << nlohmann::ordered_json{{"command", "erlang b"},
                                        {"offered", answer.offered},
                                        {"trunks", answer.trunks},
                                        {"blocking", answer.blocking}}
                     .dump(2)
              << '\n';
  } else {
    std::cout << answer.text << '\n';
  }
  return done;
}

}  // namespace trunklab::cli
