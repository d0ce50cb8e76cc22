// trunklab demo.
#include <iostream>

#include "cli/options.hpp"
#include "cli/study_command.hpp"
#include "scenarios/embedded.hpp"
#include "scenarios/reader.hpp"

namespace trunklab::cli {

namespace po = boost::program_options;

int demo(const std::vector<std::string>& arguments) {
  Options options("demo [options]",
                  "Simulates four busy hours of a site behind Sinch's European edges, one of which dies for a quarter of an hour, and\n"
                  "says what that did to the calls and which setting would have helped.",
                  "  trunklab demo\n  trunklab demo --scenario > my-first.yaml\n");
  options.add()("output,o", po::value<std::string>()->default_value("trunklab-demo.sqlite")->value_name("RUN"),
                "where to write the run record; the report goes beside it, as .html")(
      "scenario", po::bool_switch(), "print the built-in scenario instead of running it")("json", po::bool_switch(), "one JSON document on stdout");
  if (!options.parse(arguments)) return done;
  if (options.flag("scenario")) {
    std::cout << demo_scenario_text();
    return done;
  }
  const auto scenario = parse_scenario(std::string(demo_scenario_text()), "euc1-edge-loss.yaml");
  if (!scenario) return refuse(scenario.problems());
  return study(scenario.value(), {.command = "demo",
                                  .replications = 1,
                                  .detail = CallDetail::all,
                                  .record = options.file_if("output"),
                                  .json = options.flag("json"),
                                  .advice = true,
                                  .page = true});
}

}  // namespace trunklab::cli
