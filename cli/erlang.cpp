// trunklab erlang: a table of formulas, and one question or a range of them to one of these.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <future>
#include <iostream>

#include "cli/erlang_formula.hpp"
#include "cli/terminal.hpp"

namespace trunklab::cli {

namespace po = boost::program_options;

namespace {

const std::vector<Formula>& formulas() {
  static const std::vector<Formula> all{formula_b(),        formula_xb(),     formula_c(),       formula_mmsk(),         formula_engset(),
                                        formula_overflow(), formula_shared(), formula_retrial(), formula_availability(), formula_mt(),
                                        formula_alternate()};
  return all;
}

void print_formulas() {
  std::cout << "Usage: trunklab erlang FORMULA [options]\n\n"
               "Traffic on paper: what a formula says in a blink, and nothing of what it leaves out. Whatever is left out is the answer.\n\n";
  for (const Formula& formula : formulas()) std::cout << fmt::format("  {:<13} {}\n", formula.name, formula.summary);
  std::cout << "\nOptions of each, with examples: trunklab erlang FORMULA --help. One of the values may be a range,\n"
               "from..to/step, which gives a table; --json puts one JSON document on stdout.\n\n"
               "Examples:\n"
               "  trunklab erlang b --offered 33.333 --blocking 1%\n"
               "  trunklab erlang b --offered 33.333 --trunks 40..50/2\n"
               "  trunklab erlang c --offered 10 --service-level 80% --within 20s\n"
               "  trunklab erlang availability --units 2 --mtbf 1000h --mttr 2h\n";
}

std::string known_names() {
  std::string names;
  for (const Formula& formula : formulas())
    names += (names.empty() ? "" : &formula == &formulas().back() ? " or " : ", ") + std::string(formula.name);
  return names;
}

std::string name_of(const Variable& variable) {
  const std::string option = variable.option;
  return option.substr(0, option.find(','));
}

struct Range {
  std::string name;
  std::vector<std::string> values;
};

Range range_of(const Formula& formula, const Options& options) {
  Range range;
  for (const Variable& variable : formula.variables) {
    const std::string name = name_of(variable);
    if (!variable.ranges || !options.has(name)) continue;
    const auto values = range_values(name, options.text(name));
    if (values.empty()) continue;
    if (!range.name.empty()) throw Misuse(fmt::format("found ranges of --{} and --{}, expected one range at most", range.name, name));
    range = {name, values};
  }
  return range;
}

/// Formulas do not look up from their work: they are worked out beside a look at the signals, and left where they stand when one comes.
class Solver {
 public:
  explicit Solver(const Formula& formula) : formula_(formula) {}

  /// `share` of the answers are there already.
  Answer solve(const Inputs& inputs, double share) {
    constexpr auto look = std::chrono::milliseconds{50};
    auto answer = std::async(std::launch::async, [&] { return formula_.solve(inputs); });
    bool ready = false;
    while (!ready) {
      ready = answer.wait_for(look) == std::future_status::ready;
      if (signals_.stop()) leave();
      if (share > 0) progress_.show(share, 0);
    }
    return answer.get();
  }

 private:
  [[noreturn]] void leave() {
    progress_.clear();
    std::cerr << "stopped by the user\n";
    std::_Exit(signals_.exit_code().value_or(failed));
  }

  const Formula& formula_;
  StopSignals signals_;
  ProgressLine progress_;
};

std::vector<Answer> answers_of(const Formula& formula, const Options& options, const Range& range) {
  Solver solver(formula);
  if (range.values.empty()) return {solver.solve(Inputs(options), 0)};
  std::vector<Answer> answers;
  const auto all = static_cast<double>(range.values.size());
  for (const std::string& value : range.values) {
    answers.push_back(solver.solve(Inputs(options, range.name, value), static_cast<double>(answers.size()) / all));
  }
  return answers;
}

int answer_question(const Formula& formula, const Options& options) {
  const Range range = range_of(formula, options);
  const bool one = range.values.empty();
  const std::vector<Answer> answers = answers_of(formula, options, range);
  if (options.flag("json")) {
    nlohmann::ordered_json json{{"command", fmt::format("erlang {}", formula.name)}};
    if (!one) json["rows"] = nlohmann::json::array();
    for (const Answer& answer : answers) {
      if (one) {
        json.update(answer_json(answer));
      } else {
        json["rows"].push_back(answer_json(answer));
      }
    }
    std::cout << json.dump(2) << '\n';
  } else {
    std::cout << (one && !options.flag("table") ? answer_text(answers.front()) : answers_table(answers));
  }
  return done;
}

}  // namespace

int erlang(const std::vector<std::string>& arguments) {
  if (arguments.empty()) throw Misuse("found no formula, expected: trunklab erlang FORMULA [options]; formulas: " + known_names());
  const std::string& word = arguments.front();
  if (word == "--help" || word == "-h") {
    print_formulas();
    return done;
  }
  const auto formula = std::ranges::find(formulas(), std::string_view(word), &Formula::name);
  if (formula == formulas().end()) throw Misuse("found " + cited(word) + ", expected a formula: " + known_names());
  Options options(fmt::format("erlang {} [options]", formula->name), formula->about, formula->examples);
  for (const Variable& variable : formula->variables) {
    options.add()(variable.option, po::value<std::string>()->value_name(variable.value_name), variable.help);
  }
  if (formula->has_fractions) options.add()("fractional", po::bool_switch(), "sizes that need not be whole, asked for and answered");
  options.add()("table", po::bool_switch(), "a line of figures, with titles; of itself with from..to/step")("json", po::bool_switch(),
                                                                                                            "one JSON document on stdout");
  if (!options.parse({arguments.begin() + 1, arguments.end()})) return done;
  return answer_question(*formula, options);
}

}  // namespace trunklab::cli
