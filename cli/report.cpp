// trunklab report.
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "cli/options.hpp"
#include "cli/output_file.hpp"
#include "cli/terminal.hpp"
#include "reports/csv.hpp"
#include "reports/document/html_page.hpp"
#include "reports/document/settings.hpp"
#include "reports/finding.hpp"
#include "reports/json.hpp"
#include "reports/junit.hpp"
#include "reports/media_finding.hpp"
#include "reports/run_reader.hpp"
#include "reports/sections/comparison.hpp"
#include "reports/sections/finding_sentences.hpp"
#include "reports/sections/sections.hpp"
#include "reports/sections/time_chart.hpp"
#include "reports/text.hpp"

namespace trunklab::cli {

namespace po = boost::program_options;

namespace {

constexpr std::string_view incomplete = "INCOMPLETE: the run was stopped before its end\n";

using Records = std::vector<const RunRecord*>;

std::uint64_t offered_calls(const std::vector<Measure>& measures, const RunInfo& info) {
  const Measure* offered = find_measure(measures, "offered");
  return offered == nullptr ? 0 : static_cast<std::uint64_t>(std::llround(offered->mean * info.replications));
}

std::string run_text(const RunRecord& record, bool all, Colour colour) {
  const auto measures = measures_of(record);
  std::string text;
  const auto paragraph = [&text](const std::string& words) {
    if (!words.empty()) text += words + '\n';
  };
  if (!record.complete()) paragraph(std::string(incomplete));
  paragraph(finding_text(record.info(), record.directory(), record.impacts(), record.advice()));
  paragraph(media_finding_text(record.info(), measures));
  paragraph(verdicts_text(record.verdicts()));
  paragraph(timeline_text(time_chart(record)));
  return text + (all ? measures_text(measures, colour) : summary_text(record.info(), measures, colour, record.directory().faults));
}

std::string run_json(const RunRecord& record) {
  const RunInfo& info = record.info();
  const auto measures = measures_of(record);
  return json_document({.command = "report",
                        .scenario = info.scenario_name,
                        .seed = info.seed,
                        .replications = info.replications,
                        .simulated_s = in_seconds(info.horizon),
                        .wall_s = record.wall().wall_s,
                        .calls = offered_calls(measures, info),
                        .finding = texts_of(finding_sentences(record)),
                        .objectives = record.verdicts()},
                       measures);
}

enum class Format : std::uint8_t { text, markdown, json, csv, junit, html };

struct FormatRow {
  Format format;
  std::string_view word;
  std::string_view ending;   ///< of a file's name
  std::string_view opening;  ///< what every text of this kind begins with; empty: nothing tells it from other texts
};
constexpr FormatRow formats[]{{Format::text, "text", ".txt", ""},
                              {Format::markdown, "markdown", ".md", markdown_opening},
                              {Format::json, "json", ".json", "{\"command\":\"report\""},
                              {Format::csv, "csv", ".csv", ""},
                              {Format::junit, "junit", ".xml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"trunklab\""},
                              {Format::html, "html", ".html", html_opening}};

/// By --format, else by the ending of the file's name, else text.
const FormatRow& format_of(const Options& options) {
  const auto file = options.file_if("output");
  const std::string ending = file ? std::filesystem::path(*file).extension().string() : "";
  std::optional<std::string> word = options.text_if("format");
  if (options.flag("json")) word = "json";
  for (const FormatRow& row : formats) {
    if (word ? row.word == *word : row.ending == ending) return row;
  }
  if (word) throw Misuse("--format: found '" + *word + "', expected text, markdown, json, csv, junit or html");
  if (file)
    throw Misuse("--output: found '" + *file + "', expected a name that ends in .html, .md, .txt, .json, .csv or .xml, or --format beside it");
  return formats[0];
}

std::string set(const Records& records, Format format, const Options& options) {  // csv is streamed
  const Colour colour = !options.has("output") && stdout_has_colour() ? Colour::on : Colour::off;
  const RunRecord& first = *records.front();
  const bool one = records.size() == 1;
  const auto document = [&] { return one ? run_document(first) : comparison_document(records); };
  switch (format) {
    case Format::text: return one ? run_text(first, options.flag("all"), colour) : plain_text(document(), colour);
    case Format::markdown: return std::string(options.has("output") ? markdown_opening : "") + markdown(document());
    case Format::json: return one ? run_json(first) : comparison_json(records);
    case Format::junit: return junit_xml(records);
    case Format::html: return html_page(document());
    case Format::csv: break;
  }
  throw std::invalid_argument("csv is streamed");
}

/// A record that was made or changed by somebody else may name what is not there.
template <class Step>
auto sound(const Step& step, const std::vector<std::string>& files) {
  try {
    return step();
  } catch (const std::logic_error&) {  // out of range, of an impossible length
    const std::string of = files.size() == 1 ? files.front() : "one of these run records";
    throw std::runtime_error(of + ": cannot read the run record: it is damaged: a row names something that is not there");
  }
}

void refuse_misuse(const Options& options, const FormatRow& format, std::size_t records) {
  const auto file = options.file_if("output");
  if (format.format == Format::csv && records > 1) throw Misuse("--format csv: found " + std::to_string(records) + " run records, expected one");
  if (format.format == Format::html && !file && isatty(STDOUT_FILENO) == 1) throw Misuse("--format html: found no --output, expected -o FILE.html");
}

}  // namespace

int report(const std::vector<std::string>& arguments) {
  Options options("report RUN... [options]",
                  "Reads a run record and tells what happened: as text, as a page for the browser that works without network, as Markdown\n"
                  "for a ticket, as JUnit XML for a CI job. Several run records are compared with the first one.",
                  "  trunklab report trunklab-demo.sqlite -o report.html\n"
                  "  trunklab report trunklab-demo.sqlite\n"
                  "  trunklab report before.sqlite after.sqlite\n"
                  "  trunklab report trunklab-demo.sqlite --format markdown > ticket.md\n"
                  "  trunklab report trunklab-demo.sqlite --format csv --table calls_to_call_back > callbacks.csv\n");
  options.positionals("run");
  options.add()("output,o", po::value<std::string>()->value_name("FILE"),
                "write to this file; its ending tells the format: .html .md .txt .json .csv .xml")(
      "format,f", po::value<std::string>()->value_name("WHAT"), "text, markdown, json, csv, junit or html")(
      "table", po::value<std::string>()->default_value("calls")->value_name("NAME"), "csv: which table or view")(
      "all", po::bool_switch(), "text: every measure, not only the summary")("json", po::bool_switch(), "the same as --format json");
  if (!options.parse(arguments)) return done;
  const FormatRow& format = format_of(options);
  const auto files = options.some("run", "run record");
  refuse_misuse(options, format, files.size());
  std::vector<std::unique_ptr<RunRecord>> opened;
  opened.reserve(files.size());
  for (const std::string& each : files) opened.push_back(std::make_unique<RunRecord>(each));
  Records records;
  records.reserve(files.size());
  for (const auto& record : opened) records.push_back(record.get());
  for (const RunRecord* record : records) {
    if (!record->complete() && format.format != Format::text) std::cerr << record->file().string() << ": " << incomplete;
  }
  const auto file = options.file_if("output");
  const auto write = [&](std::ostream& out) {
    if (format.format == Format::csv) return export_csv(*records.front(), options.text("table"), out);
    out << sound([&] { return set(records, format.format, options); }, files);
  };
  if (file) {
    write_report(*file, format.opening, write);
    std::cerr << "report: " << *file << '\n';
  } else {
    write(std::cout);
  }
  return done;
}

}  // namespace trunklab::cli
