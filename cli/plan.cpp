// trunklab plan.
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <iostream>

#include "cli/options.hpp"
#include "cli/output_file.hpp"
#include "cli/plan_figures.hpp"
#include "cli/terminal.hpp"
#include "reports/document/html_page.hpp"
#include "reports/document/settings.hpp"
#include "scenarios/quantity_text.hpp"
#include "scenarios/reader.hpp"
#include "sim/study.hpp"

namespace trunklab::cli {

namespace po = boost::program_options;

namespace {

template <class Value, std::size_t N>
Value chosen_of(const Options& options, const std::string& name, const std::pair<const char*, Value> (&words)[N]) {
  const std::string text = options.text(name);
  std::string expected;
  for (std::size_t i = 0; i < N; ++i) {
    if (text == words[i].first) return words[i].second;
    expected += std::string(i == 0 ? "" : i + 1 == N ? " or " : ", ") + words[i].first;
  }
  throw Misuse("--" + name + ": found '" + text + "', expected " + expected);
}

constexpr std::pair<const char*, Survive> survive_words[]{
    {"none", Survive::none}, {"edge", Survive::edge}, {"zone", Survive::zone}, {"region", Survive::region}, {"site", Survive::site}};
constexpr std::pair<const char*, bool> trunk_words[]{{"shared", false}, {"separate", true}};

/// "10%/month" as 1.1.
Growth growth_of(const std::string& text, std::uint32_t months) {
  constexpr std::string_view ending = "/month";
  const auto share = text.ends_with(ending) ? parse_percentage(text.substr(0, text.size() - ending.size())) : std::nullopt;
  if (share && *share > 0 && *share <= 1) return {.text = text, .monthly = 1 + *share, .months = months};
  throw Misuse("--growth: found '" + text + "', expected a percentage a month above 0 and up to 100%, such as 10%/month");
}

double percentage_of(const Options& options, const std::string& name, double below, const std::string& expected) {
  const std::string text = options.text(name);
  const auto share = parse_percentage(text);
  if (share && *share > 0 && *share < below) return *share;
  throw Misuse("--" + name + ": found '" + text + "', expected " + expected);
}

Probability blocking_of(const Options& options, const Scenario& scenario) {
  if (!options.has("blocking")) return scenario.objectives.blocking.value_or(Probability{0.01});
  return Probability{percentage_of(options, "blocking", 1, "a percentage above 0 and below 100, such as 1%")};
}

std::optional<Forecast> forecast_of(const Options& options) {
  if (!options.has("traffic-cv")) {
    if (options.has("confidence"))
      throw Misuse("--confidence: found no --traffic-cv, expected how wrong the forecast may be, such as --traffic-cv 15%");
    return std::nullopt;
  }
  Forecast forecast{.cv = percentage_of(options, "traffic-cv", 3.000001, "a percentage above 0 and up to 300, such as 15%"), .confidence = 0.9};
  if (options.has("confidence")) forecast.confidence = percentage_of(options, "confidence", 1, "a percentage above 0 and below 100, such as 90%");
  return forecast;
}

struct Request {
  PlanRequest plan;
  bool formulas_only = false;
  bool json = false;
  std::optional<std::filesystem::path> file;
};

enum class Format : std::uint8_t { text, markdown, html };

Format format_of(const std::filesystem::path& file) {
  const std::string ending = file.extension().string();
  if (ending == ".html") return Format::html;
  if (ending == ".md") return Format::markdown;
  if (ending == ".txt") return Format::text;
  throw Misuse("--output: found '" + file.string() + "', expected a name that ends in .html, .md or .txt");
}

std::string_view opening_of(Format format) {
  return format == Format::html ? html_opening : format == Format::markdown ? markdown_opening : std::string_view();
}

std::string set(const Document& document, Format format) {
  switch (format) {
    case Format::html: return html_page(document);
    case Format::markdown: return std::string(markdown_opening) + markdown(document);
    case Format::text: break;
  }
  return plain_text(document);
}

/// A command that has taken its options.
class PlanCommand {
 public:
  PlanCommand(const Scenario& scenario, const Request& request, PlanFigures figures)
      : scenario_(scenario), request_(request), figures_(std::move(figures)) {}

  int run() {
    if (request_.file) check_report_target(*request_.file, opening_of(format_of(*request_.file)));
    const auto begun = std::chrono::steady_clock::now();
    if (const auto problems = work_out(); !problems.empty()) return refuse(problems);
    figures_.formulas_s = since(begun);
    if (!request_.formulas_only) {
      const StopSignals signals;
      const auto simulating = std::chrono::steady_clock::now();
      const auto finished = simulate(signals);
      if (!finished) return refuse(finished.problems());
      if (!finished.value()) {
        std::cerr << "stopped by the user; --formulas leaves the simulation out\n";
        return signals.exit_code().value_or(failed);
      }
      figures_.simulation_s = since(simulating);
    }
    tell();
    if (!figures_.plan.without_way_out.empty()) return objective_missed;
    return std::ranges::all_of(figures_.proofs, [](const Proof& proof) { return proof.too_large || !proof.misses(); }) ? done : objective_missed;
  }

 private:
  static double since(std::chrono::steady_clock::time_point from) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count();
  }

  Problems work_out() {
    auto planned = capacity_plan(scenario_, request_.plan);
    if (!planned) return planned.problems();
    figures_.plan = std::move(planned).value();
    auto alternatives = alternatives_of(scenario_, request_.plan);
    if (!alternatives) return alternatives.problems();
    figures_.alternatives = std::move(alternatives).value();
    return {};
  }

  /// Every site's worst case, then all of it together. false: stopped.
  Result<bool> simulate(const StopSignals& signals) {
    ProgressLine progress;
    const std::size_t steps = figures_.plan.sites.size() + 1;
    std::size_t step = 0;
    const ConfirmOptions options{.stop = &signals.stop(), .on_progress = [&](double share) {
                                   progress.show((static_cast<double>(step) + std::min(share, 1.0)) / static_cast<double>(steps), 0);
                                 }};
    for (const SitePlan& site : figures_.plan.sites) {
      if (site.peak.erlangs == 0) continue;
      const auto found = confirm_site(scenario_, figures_.plan, site, options);
      if (!found) return found.problems();
      if (!found.value()) return false;
      figures_.confirmed.push_back(*found.value());
      ++step;
    }
    for (const ConfirmedSite& each : figures_.confirmed) {
      if (!each.too_large) order_channels(scenario_, figures_.plan, each.site, each.to_order);
    }
    order_sessions(scenario_, figures_.plan);
    auto proofs = prove(scenario_, figures_.plan, options);
    if (!proofs) return proofs.problems();
    if (!proofs.value()) return false;
    figures_.proofs = std::move(*proofs.value());
    return true;
  }

  void tell() const {
    if (request_.json) {
      std::cout << plan_json(scenario_, figures_);
    } else if (!request_.file) {
      std::cout << plain_text(plan_document(scenario_, figures_), stdout_has_colour() ? Colour::on : Colour::off);
    }
    if (!request_.file) return;
    const Format format = format_of(*request_.file);
    const std::string text = set(plan_document(scenario_, figures_), format);
    write_report(*request_.file, opening_of(format), [&](std::ostream& out) { out << text; });
    std::cerr << "plan: " << request_.file->string() << '\n';
  }

  const Scenario& scenario_;
  const Request& request_;
  PlanFigures figures_;
};

void add_options(Options& options) {
  options.positional("scenario");
  options.add()("survive", po::value<std::string>()->default_value("none")->value_name("WHAT"),
                "any one of these may be gone: none, edge, zone, region or site")("blocking", po::value<std::string>()->value_name("SHARE"),
                                                                                  "objective; default the scenario's, else 1% (ours)")(
      "setup-delay", po::value<std::string>()->value_name("TIME"), "objective for 95 % of the calls; default the scenario's, else none")(
      "quality", po::value<std::string>()->value_name("MOS"), "objective for 95 % of the talks, 1 to 4.5; default the scenario's, else none")(
      "traffic-cv", po::value<std::string>()->value_name("SHARE"), "coefficient of variation of the forecast's error")(
      "confidence", po::value<std::string>()->value_name("SHARE"), "that it is enough, if the forecast errs so; default 90% (ours)")(
      "trunks", po::value<std::string>()->default_value("shared")->value_name("WHICH"), "calls of both directions: on shared or separate trunks")(
      "keep-free", po::value<std::string>()->default_value("0")->value_name("N"),
      "channels of each site on top, for emergency and priority calls only, 0 to 1000")("growth", po::value<std::string>()->value_name("RATE"),
                                                                                        "of all traffic, such as 10%/month: what runs out when")(
      "months", po::value<std::string>()->value_name("N"), "how far --growth looks, 1 to 120; default 12")(
      "formulas", po::bool_switch(), "do not simulate")("output,o", po::value<std::string>()->value_name("FILE"),
                                                        "write the plan to this file; its ending tells the format: .html .md .txt")(
      "json", po::bool_switch(), "one JSON document on stdout");
}

void take_objectives(const Options& options, Objectives& objectives) {
  if (options.has("setup-delay")) {
    const std::string text = options.text("setup-delay");
    objectives.setup_delay = parse_span(text);
    if (!objectives.setup_delay) throw Misuse("--setup-delay: found '" + text + "', expected a time such as 4s");
  }
  if (options.has("quality")) {
    const std::string text = options.text("quality");
    objectives.quality = parse_number(text);
    const bool good = objectives.quality && *objectives.quality >= 1 && *objectives.quality <= 4.5;
    if (!good) throw Misuse("--quality: found '" + text + "', expected a MOS from 1 to 4.5");
  }
}

}  // namespace

int plan(const std::vector<std::string>& arguments) {
  Options options("plan SCENARIO [options]",
                  "How much is enough: channels of each site; calls at the same time and calls per second of account, regions and edges; media\n"
                  "addresses, Mbit/s; in normal hours and with any one edge, zone, region or site gone. Formulas first, then the fewest channels\n"
                  "found by simulation, then all of it together in every case. With order, SBC and firewall sheets, and what runs out first.",
                  "  trunklab plan scenarios/library/five-regions.yaml --survive region -o plan.html\n"
                  "  trunklab plan busy.yaml --survive edge --growth 10%/month --months 24\n"
                  "  trunklab plan busy.yaml --traffic-cv 15% --confidence 95% --keep-free 2\n"
                  "  trunklab plan busy.yaml --blocking 0.5% --formulas --json\n");
  add_options(options);
  if (!options.parse(arguments)) return done;
  Request request{
      .plan = {.survive = chosen_of(options, "survive", survive_words), .kept_free = static_cast<std::uint32_t>(options.whole("keep-free", 0, 1000))},
      .formulas_only = options.flag("formulas"),
      .json = options.flag("json"),
      .file = options.file_if("output")};
  if (request.file) format_of(*request.file);
  if (options.has("months") && !options.has("growth")) throw Misuse("--months: found no --growth, expected it beside it, such as --growth 10%/month");
  PlanFigures figures{.plan = {}, .separate = chosen_of(options, "trunks", trunk_words), .forecast = forecast_of(options)};
  if (figures.separate && request.plan.survive == Survive::site) {
    throw Misuse("--trunks: found separate beside --survive site, expected shared: a trunk of one direction cannot take the other's calls");
  }
  const auto months = options.has("months") ? static_cast<std::uint32_t>(options.whole("months", 1, 120)) : 12;
  if (options.has("growth")) figures.growth = growth_of(options.text("growth"), months);
  if (figures.forecast) request.plan.scale = traffic_factor(figures.forecast->cv, figures.forecast->confidence);
  for (const char* objective : {"setup-delay", "quality"}) {
    if (request.formulas_only && options.has(objective))
      throw Misuse("--" + std::string(objective) + ": found --formulas beside it, expected a simulation: no formula knows it");
  }
  auto scenario = read_scenario(options.required("scenario", "scenario"));
  if (!scenario) return refuse(scenario.problems());
  if (const auto problem = too_large(scenario.value())) return refuse({*problem});
  if (request.plan.survive == Survive::site && sites_with_calls(scenario.value()).size() < 2)
    throw Misuse("--survive: found site and one site with calls, expected two or more: there is none to take its calls");
  take_objectives(options, scenario.value().objectives);
  request.plan.blocking = blocking_of(options, scenario.value());
  if (figures.separate) scenario = with_separate_trunks(scenario.value());
  return PlanCommand(scenario.value(), request, std::move(figures)).run();
}

}  // namespace trunklab::cli
