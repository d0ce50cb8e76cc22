// trunklab report.
#include <cmath>
#include <fstream>
#include <iostream>

#include "cli/options.hpp"
#include "cli/terminal.hpp"
#include "reports/csv.hpp"
#include "reports/finding.hpp"
#include "reports/json.hpp"
#include "reports/media_finding.hpp"
#include "reports/run_reader.hpp"
#include "reports/text.hpp"

namespace trunklab::cli {

namespace po = boost::program_options;

namespace {

constexpr std::string_view incomplete = "INCOMPLETE: the run was stopped before its end\n";

std::uint64_t offered_calls(const std::vector<Measure>& measures, const RunInfo& info) {
  for (const Measure& measure : measures) {
    if (measure.name == "offered" && measure.entity == "total") return static_cast<std::uint64_t>(std::llround(measure.mean * info.replications));
  }
  return 0;
}

void print_text(const RunRecord& record, bool all) {
  const Colour colour = stdout_has_colour() ? Colour::on : Colour::off;
  const auto measures = measures_of(record);
  if (!record.complete()) std::cout << incomplete << '\n';
  const std::string finding = finding_text(record.info(), record.directory(), record.impacts(), record.advice());
  if (!finding.empty()) std::cout << finding << '\n';
  const std::string media = media_finding_text(record.info(), measures);
  if (!media.empty()) std::cout << media << '\n';
  std::cout << (all ? measures_text(measures, colour) : summary_text(record.info(), measures, colour, record.directory().faults));
}

void print_json(const RunRecord& record) {
  const RunInfo& info = record.info();
  const auto measures = measures_of(record);
  std::cout << json_document({.command = "report",
                              .scenario = info.scenario_name,
                              .seed = info.seed,
                              .replications = info.replications,
                              .simulated_s = in_seconds(info.horizon),
                              .wall_s = record.wall().wall_s,
                              .calls = offered_calls(measures, info)},
                             measures);
}

}  // namespace

int report(const std::vector<std::string>& arguments) {
  Options options("report RUN [options]", "Reads a run record and prints it again: the summary and finding, every measure, or a table of it.",
                  "  trunklab report trunklab-demo.sqlite\n"
                  "  trunklab report trunklab-demo.sqlite --format json\n"
                  "  trunklab report trunklab-demo.sqlite --format csv --table failed_calls > failed.csv\n");
  options.positional("run");
  options.add()("format,f", po::value<std::string>()->default_value("text")->value_name("WHAT"), "text, json or csv")(
      "table", po::value<std::string>()->default_value("calls")->value_name("NAME"), "csv: which table or view")(
      "all", po::bool_switch(), "text: every measure, not only the summary")("json", po::bool_switch(), "the same as --format json");
  if (!options.parse(arguments)) return done;
  const std::string format = options.flag("json") ? "json" : options.text("format");
  if (format != "text" && format != "json" && format != "csv") throw Misuse("--format: found '" + format + "', expected text, json or csv");
  const RunRecord record(options.required("run", "run record"));
  if (format == "text") print_text(record, options.flag("all"));
  if (format != "text" && !record.complete()) std::cerr << incomplete;
  if (format == "json") print_json(record);
  if (format == "csv") export_csv(record, options.text("table"), std::cout);
  return done;
}

}  // namespace trunklab::cli
