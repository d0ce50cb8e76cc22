// trunklab: a table of commands.
#include <algorithm>
#include <array>
#include <iostream>
#include <new>
#include <string_view>

#include "cli/command.hpp"

namespace trunklab::cli {

namespace {

constexpr std::array commands{
    Command{"demo", "a day of calls, one edge lost: simulate a built-in scenario and print the finding", demo},
    Command{"check", "validate a scenario and say what it does not follow", check},
    Command{"simulate", "run a scenario: summary with confidence intervals, run record", simulate},
    Command{"failover", "every fault of the catalogue against a scenario: one table, and what would help", failover},
    Command{"plan", "how much is enough, also with an edge, a zone or a region gone", plan},
    Command{"availability", "nines a year from random faults: exactly on paper, and by simulating calls around them", availability},
    Command{"sweep", "many variants of a scenario, over as many processes as mpirun starts", sweep},
    Command{"presets", "how well-known equipment hunts, and what an edge's crash does to each", presets},
    Command{"report", "tell of a run, or compare runs: page, text, Markdown, JSON, CSV, JUnit", report},
    Command{"measures", "SIP performance of a run by RFC 6076: SRD, SDD, SDT, SER, SEER, ISA, SCR", measures},
    Command{"reconcile", "a run record against the call records of an SBC or carrier: what is missing or differs", reconcile},
    Command{"erlang", "traffic on paper: Erlang B and C, overflow, redials, availability, ...; leave one value out", erlang},
    Command{"import", "fit a scenario to recorded calls: week, busy hour, bursts, holding times", import},
    Command{"generate", "the calls of a scenario for SIPp: a folder that anyone can play", generate},
    Command{"load", "play such a folder with SIPp on this machine, and record what was measured", load},
    Command{"ports", "RTP ports: calls and traffic that a range holds, or the range for a traffic", ports},
};

void print_usage(std::ostream& out) {
  out << "trunklab predicts what a SIP trunk does when traffic grows or an edge dies.\n\nUsage: trunklab COMMAND [options]\n\n";
  for (const Command& command : commands) {
    out << "  " << command.name << std::string(14 - command.name.size(), ' ') << command.summary << '\n';
  }
  out << "\ntrunklab COMMAND --help tells more, with examples; trunklab --version tells the version.\n"
         "Exit codes: 0 done, 1 failed, 2 misused, 3 an objective was missed, 128+N stopped by signal N.\n";
}

int run(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    print_usage(std::cerr);
    return misused;
  }
  const std::string& word = arguments.front();
  if (word == "--help" || word == "-h" || word == "help") {
    print_usage(std::cout);
    return done;
  }
  if (word == "--version") {
    std::cout << "trunklab " << TRUNKLAB_VERSION << '\n';
    return done;
  }
  const auto* command = std::ranges::find(commands, std::string_view(word), &Command::name);
  if (command == commands.end()) {
    std::string names;
    for (const Command& each : commands) names += (names.empty() ? "" : ", ") + std::string(each.name);
    throw Misuse("found '" + word + "', expected a command: " + names + "; see trunklab --help");
  }
  return command->run({arguments.begin() + 1, arguments.end()});
}

}  // namespace

int refuse(const Problems& problems) {
  for (const Problem& problem : problems) std::cerr << problem.text() << '\n';
  return misused;
}

}  // namespace trunklab::cli

int main(int argc, char** argv) try {
  const int code = trunklab::cli::run({argv + 1, argv + argc});
  std::cout.flush();
  if (!std::cout) throw std::runtime_error("writing to standard output failed");
  return code;
} catch (const trunklab::cli::Misuse& misuse) {
  std::cerr << "trunklab: " << misuse.what() << '\n';
  return trunklab::cli::misused;
} catch (const std::bad_alloc&) {
  std::cerr << "trunklab: out of memory\n";
  return trunklab::cli::failed;
} catch (const std::exception& failure) {
  std::cerr << "trunklab: " << failure.what() << '\n';
  return trunklab::cli::failed;
}
