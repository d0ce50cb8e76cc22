// trunklab measures.
#include <filesystem>
#include <iostream>
#include <stdexcept>

#include "cli/options.hpp"
#include "cli/output_file.hpp"
#include "cli/terminal.hpp"
#include "reports/rfc6076/measures.hpp"

namespace trunklab::cli {

namespace po = boost::program_options;

namespace {

struct ByWord {
  std::string_view word;
  EntityKind kind;
};
constexpr ByWord by_words[]{{"site", EntityKind::site}, {"region", EntityKind::region}, {"edge", EntityKind::edge}, {"demand", EntityKind::demand}};

std::optional<EntityKind> read_by(const Options& options) {
  const auto text = options.text_if("by");
  if (!text) return std::nullopt;
  for (const ByWord& each : by_words) {
    if (each.word == *text) return each.kind;
  }
  throw Misuse("--by: found '" + *text + "', expected site, region, edge or demand");
}

}  // namespace

int measures(const std::vector<std::string>& arguments) {
  Options options("measures RUN [options]",
                  "SIP performance of a run by RFC 6076, simulated or measured: session request delay (SRD), disconnect delay (SDD) and duration\n"
                  "(SDT), establishment (SER), effectiveness (SEER), ineffective attempts (ISA), completion (SCR), per call and per INVITE target,\n"
                  "with numerators, denominators and what the run record cannot tell.",
                  "  trunklab measures trunklab-demo.sqlite\n"
                  "  trunklab measures trunklab-demo.sqlite --by edge\n"
                  "  trunklab measures trunklab-demo.sqlite -o sessions.csv     and each call's own\n");
  options.positional("run");
  options.add()("by", po::value<std::string>()->value_name("WHAT"), "besides the whole run: site, region, edge or demand")(
      "output,o", po::value<std::string>()->value_name("FILE"), "write what each call counts as to this CSV file")("json", po::bool_switch(),
                                                                                                                   "one JSON document on stdout");
  if (!options.parse(arguments)) return done;
  const std::string file = options.required("run", "run record");
  const auto by = read_by(options);
  const auto target = options.file_if("output");
  if (target) check_report_target(*target, rfc6076_csv_heading);
  const RunRecord record(file);
  try {
    const Rfc6076 counted = count_rfc6076(record, by);
    const std::string text =
        options.flag("json") ? rfc6076_json(record, counted) : rfc6076_text(record, counted, stdout_has_colour() ? Colour::on : Colour::off);
    if (target) write_report(*target, rfc6076_csv_heading, [&](std::ostream& out) { rfc6076_csv(record, out); });
    std::cout << text;
  } catch (const std::logic_error&) {  // out of range: made or changed by somebody else
    throw std::runtime_error(file + ": cannot read the run record: it is damaged: a row names something that is not there");
  }
  if (target) std::cerr << "calls: " << *target << '\n';
  return done;
}

}  // namespace trunklab::cli
