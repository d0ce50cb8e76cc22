// Setting out a failover study.
#include "reports/sections/failover_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/notice_words.hpp"
#include "reports/sections/parts.hpp"
#include "reports/text.hpp"

namespace trunklab {
namespace {

using Align = Column::Align;

/// How much of the run a fault's chart shows before it begins and after it is over.
constexpr Span shown_before = std::chrono::minutes{5};
constexpr Span shown_after = std::chrono::minutes{10};

std::string fold_id(const FailoverRow& row) {
  return "fault-" + row.id;
}

/// All faults of a case as one.
Directory::Fault whole(const FailoverCase& each) {
  Directory::Fault fault{.text = each.row.title, .from = never, .until = run_start, .watchers = each.row.concerned};
  for (const Directory::Fault& part : each.directory.faults) {
    fault.from = std::min(fault.from, part.from);
    fault.until = std::max(fault.until, part.until);
  }
  return fault;
}

Row row_of(const FailoverCase& each, std::optional<Span> longest) {
  const FailoverFigures figures = figures_of(each.row);
  const auto count = [](double calls, Tone tone) {
    return Cell{.text = count_text(calls), .number = calls, .tone = count_text(calls) == "0" ? Tone::plain : tone};
  };
  const bool missed = longest && figures.failover_s > in_seconds(*longest);
  std::string failover = duration_text(figures.failover_s);
  if (figures.not_before_repair) failover += " *";
  const std::string seen = figures.seen_s ? duration_text(*figures.seen_s) : each.row.concerned.empty() ? "-" : "never";
  return {.cells = {{.text = each.row.id, .link = figures.harmless() ? "" : fold_id(each.row)},
                    {.text = each.row.title},
                    count(figures.hit, Tone::plain),
                    count(figures.lost, Tone::bad),
                    count(figures.late, Tone::plain),
                    count(figures.cut, Tone::bad),
                    count(figures.stuck, Tone::plain),
                    {.text = failover, .number = figures.failover_s, .tone = missed ? Tone::bad : Tone::plain},
                    {.text = duration_text(figures.return_s), .number = figures.return_s},
                    {.text = seen, .number = figures.seen_s.value_or(INFINITY)},
                    {.text = figures.best}}};
}

Section catalogue_section(const FailoverStudyFigures& study) {
  Table table{.caption = "Each fault on its own",
              .columns = {{"fault"},
                          {"what goes wrong"},
                          {"hit", Align::right},
                          {"lost", Align::right},
                          {"late", Align::right},
                          {"cut off", Align::right},
                          {"stuck", Align::right},
                          {"failover", Align::right},
                          {"return", Align::right},
                          {"seen after", Align::right},
                          {"best other setting"}},
              .rows = {},
              .searchable = true};
  for (const FailoverCase& each : study.cases) table.rows.push_back(row_of(each, study.longest));
  Bullets legend;
  for (const char* line :
       {"hit: calls changed for the worse: lost, set up late, cut off while talking, or stuck (hung up in vain: a channel or the billing ran on).",
        "failover: from the fault until new calls are normal; * not before the repair. return: how long after the repair calls were disturbed.",
        "seen after: when a probe, or a name's health check, first marked it down.",
        "best other setting: how many fewer calls would have been lost; else how much sooner it would have been over; else how many fewer hit."}) {
    legend.items.push_back({.text = line});
  }
  return {.id = "catalogue", .title = "The catalogue of faults", .blocks = {{std::move(table)}, {std::move(legend)}}};
}

Section finding_section(const FailoverStudyFigures& study) {
  Bullets bullets;
  const auto hit = std::ranges::count_if(study.cases, [](const FailoverCase& each) { return !figures_of(each.row).harmless(); });
  bullets.items.push_back({.text = fmt::format("{} of {} faults hit calls.", hit, study.cases.size()), .tone = hit == 0 ? Tone::good : Tone::plain});
  if (hit > 0) {
    const auto lost = [](const FailoverCase& each) { return figures_of(each.row).lost; };
    const FailoverCase& worst = *std::ranges::max_element(study.cases, {}, lost);
    bullets.items.push_back({.text = fmt::format("Most calls are lost by {} ({}): {}.", worst.row.id, worst.row.title, count_text(lost(worst))),
                             .tone = lost(worst) > 0 ? Tone::bad : Tone::note});
    const auto failover = [](const FailoverCase& each) { return figures_of(each.row).failover_s; };
    const FailoverCase& longest = *std::ranges::max_element(study.cases, {}, failover);
    bullets.items.push_back(
        {.text = fmt::format("New calls are disturbed longest by {} ({}): {}.", longest.row.id, longest.row.title, duration_text(failover(longest))),
         .tone = Tone::note});
  }
  if (study.longest) {
    const auto missed = std::ranges::count_if(study.cases, [&](const FailoverCase& each) { return misses(each.row, *study.longest); });
    const std::string limit = duration_text(in_seconds(*study.longest));
    const std::string text = missed == 0
                                 ? fmt::format("Objective met: failover of every fault at most {}.", limit)
                                 : fmt::format("Objective missed: failover of {} of {} faults longer than {}.", missed, study.cases.size(), limit);
    bullets.items.push_back({.text = text, .tone = missed == 0 ? Tone::good : Tone::bad});
  }
  Section section{.id = "finding", .title = "Finding", .blocks = {{std::move(bullets)}}};
  append(section.blocks, remark_blocks(study.remarks));
  return section;
}

/// The steps of a curve that lie within the window.
std::vector<float> cut(const std::vector<float>& values, std::size_t first, std::size_t last) {
  return {values.begin() + static_cast<std::ptrdiff_t>(first), values.begin() + static_cast<std::ptrdiff_t>(last)};
}

std::vector<float> all_edges(const LoadCurve& curve) {
  std::vector<float> sum(curve.size(), 0);
  for (std::size_t edge = 0; edge < curve.edges(); ++edge) {
    for (std::size_t step = 0; step < sum.size(); ++step) sum[step] += curve.concurrent(static_cast<EdgeIndex>(edge))[step];
  }
  return sum;
}

/// Normal against disturbed, from a little before the fault until a little after the repair.
std::optional<TimeChart> chart_of(const FailoverStudyFigures& study, const FailoverCase& each, const Directory::Fault& fault) {
  if (each.curve == nullptr || study.undisturbed == nullptr) return std::nullopt;
  const Span step = each.curve->step();
  const Instant end = run_start + study.info.horizon;
  const Instant until = std::min(fault.until, end);
  const auto first = static_cast<std::size_t>(std::max<Span>(fault.from - shown_before - run_start, Span{}) / step);
  const auto last = std::min(static_cast<std::size_t>((until - run_start + shown_after + step - Span{1}) / step), each.curve->size());
  const Span begin = step * static_cast<std::int64_t>(first);
  TimeChart chart{.caption = "Normal against disturbed: the same calls, first replication",
                  .start_unix_ns = study.info.horizon_start_unix_ns + begin.count(),
                  .utc_offset_s = study.info.utc_offset_s,
                  .step = step,
                  .length = step * static_cast<std::int64_t>(last - first),
                  .panels = {},
                  .lanes = {},
                  .shaded = {}};
  chart.shaded.push_back({.from = fault.from - run_start - begin, .until = until - run_start - begin, .text = fault.text});
  const auto pair = [&](const char* title, const char* unit, const std::vector<float>& normal, const std::vector<float>& disturbed) {
    chart.panels.push_back({.title = title,
                            .unit = unit,
                            .series = {{"normal", cut(normal, first, last)}, {"with the fault", cut(disturbed, first, last)}},
                            .average = unit == std::string_view("calls/s")});
  };
  pair("Calls answered", "calls/s", study.undisturbed->answered(), each.curve->answered());
  pair("Calls lost", "calls/s", study.undisturbed->lost(), each.curve->lost());
  pair("Calls at the same time, all edges", "calls", all_edges(*study.undisturbed), all_edges(*each.curve));
  Panel edges{.title = "Calls at the same time, each edge, with the fault", .unit = "calls", .series = {}};
  for (std::size_t edge = 0; edge < each.curve->edges(); ++edge) {
    auto values = cut(each.curve->concurrent(static_cast<EdgeIndex>(edge)), first, last);
    const bool used = std::ranges::any_of(values, [](float value) { return value > 0; });
    if (used) edges.series.push_back({each.directory.edges[edge].name, std::move(values)});
  }
  if (!edges.series.empty()) chart.panels.push_back(std::move(edges));
  return chart;
}

bool is_grey(const FailoverRow& row) {
  return std::ranges::any_of(row.faults, [](const FaultSpec& fault) { return fault.kind == FaultKind::grey; });
}

Fold fold_of(const FailoverStudyFigures& study, const FailoverCase& each) {
  std::vector<std::vector<FaultImpact>> impacts;
  for (const FaultImpact& impact : each.row.impacts) impacts.push_back({impact});
  const Directory::Fault fault = whole(each);
  FaultStory story;
  story.notice = each.row.notice;
  const OutageFigures figures{
      .info = study.info, .directory = each.directory, .fault = fault, .mean = mean_impact(impacts, 0), .story = &story, .grey = is_grey(each.row)};
  const std::string sentence = fault_sentence(fault, figures.mean, run_start + study.info.horizon);
  Fold fold{.id = fold_id(each.row), .title = fmt::format("{}: {}", each.row.id, sentence), .blocks = outage_blocks(figures)};
  if (auto chart = chart_of(study, each, fault)) fold.blocks.push_back({std::move(*chart)});
  append(fold.blocks, advice_blocks(each.advice));
  if (!each.configuration.empty()) {
    fold.blocks.push_back({Verbatim{.caption = "The best of them as configuration", .text = each.configuration}});
  }
  return fold;
}

Section faults_section(const FailoverStudyFigures& study) {
  Section section{.id = "faults", .title = "Each fault that hit calls", .blocks = {}};
  for (const FailoverCase& each : study.cases) {
    if (!figures_of(each.row).harmless()) section.blocks.push_back({fold_of(study, each)});
  }
  return section;
}

Section method_section(const FailoverStudyFigures& study) {
  const RunInfo& info = study.info;
  Table table{.caption = "The study", .columns = {{"what"}, {"value"}}, .rows = {}};
  const auto add = [&](const char* what, std::string value) { table.rows.push_back({.cells = {{.text = what}, {.text = std::move(value)}}}); };
  add("version", info.version);
  add("scenario", fmt::format("{} ({})", info.scenario_name, info.scenario_path));
  add("seed", std::to_string(info.seed));
  add("replications", fmt::format("{}; figures are means over them, other settings were tried with replication 0", info.replications));
  add("time covered", fmt::format("{} from {}", duration_text(in_seconds(info.horizon)), date_and_clock_text(info, run_start)));
  add("faults", "each on its own, in place of the scenario's own; when they begin and how long they last is trunklab's choice");
  add("what a fault did", "each call against the same call of an undisturbed twin: same times, same luck");
  Fold text{.id = "scenario", .title = "The scenario's text", .blocks = {{Verbatim{.caption = "", .text = info.scenario_text}}}};
  return {.id = "method", .title = "Method", .blocks = {{std::move(table)}, {std::move(text)}}};
}

}  // namespace

Document failover_document(const FailoverStudyFigures& study) {
  Document document{.title = study.info.scenario_name + ": failover study",
                    .subtitle = fmt::format("{} faults, {} from {}, seed {}, {} replication{}, simulated", study.cases.size(),
                                            duration_text(in_seconds(study.info.horizon)), date_and_clock_text(study.info, run_start),
                                            study.info.seed, study.info.replications, study.info.replications == 1 ? "" : "s"),
                    .sections = {finding_section(study), catalogue_section(study)}};
  Section faults = faults_section(study);
  if (!faults.blocks.empty()) document.sections.push_back(std::move(faults));
  document.sections.push_back(method_section(study));
  return document;
}

}  // namespace trunklab
