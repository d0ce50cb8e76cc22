// Parsing and help.
#include "cli/options.hpp"

#include <algorithm>
#include <iostream>

#include "models/clean_text.hpp"
#include "scenarios/quantity_text.hpp"

namespace trunklab::cli {

namespace po = boost::program_options;

namespace {

/// The words that name the command: "sweep" of "sweep SCENARIO [options]", "erlang b" of "erlang b [options]".
std::string command_of(const std::string& usage) {
  const std::size_t end = usage.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ[-");
  return usage.substr(0, usage.find_last_not_of(' ', end - 1) + 1);
}

}  // namespace

Options::Options(std::string usage, std::string about, std::string examples)
    : usage_(std::move(usage)), about_(std::move(about)), examples_(std::move(examples)) {
  add()("help,h", po::bool_switch(), "show this text");
}

void Options::positional(const std::string& name) {
  hidden_.add_options()(name.c_str(), po::value<std::string>());
  positions_.add(name.c_str(), 1);
}

void Options::positionals(const std::string& name) {
  hidden_.add_options()(name.c_str(), po::value<std::vector<std::string>>());
  positions_.add(name.c_str(), -1);
}

bool Options::parse(const std::vector<std::string>& arguments) {
  po::options_description all;
  all.add(visible_).add(hidden_);
  try {
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(arguments).options(all).positional(positions_).style(style).run(), values_);
    po::notify(values_);
  } catch (const po::error& mistake) {
    constexpr std::size_t most = 120;
    throw Misuse(shortened(clean_line(mistake.what()), most) + "; see trunklab " + command_of(usage_) + " --help");
  }
  if (!flag("help")) return true;
  std::cout << "Usage: trunklab " << usage_ << "\n\n" << about_ << "\n\n" << visible_ << "\nExamples:\n" << examples_;
  return false;
}

std::optional<std::string> Options::text_if(const std::string& name) const {
  return has(name) ? std::optional<std::string>(text(name)) : std::nullopt;
}

std::optional<std::string> Options::file_if(const std::string& name) const {
  auto file = text_if(name);
  if (file && file->empty()) throw Misuse("--" + name + ": found '', expected a file's name");
  return file;
}

std::vector<std::string> Options::files(const std::string& name) const {
  if (!has(name)) return {};
  auto names = values_[name].as<std::vector<std::string>>();
  if (std::ranges::find(names, "") != names.end()) throw Misuse("--" + name + ": found '', expected a file's name");
  return names;
}

std::vector<std::string> Options::texts(const std::string& name) const {
  return has(name) ? values_[name].as<std::vector<std::string>>() : std::vector<std::string>{};
}

std::uint64_t Options::whole(const std::string& name, std::uint64_t least, std::uint64_t most) const {
  const auto value = parse_whole(text(name));
  if (value && *value >= least && *value <= most) return *value;
  throw Misuse("--" + name + ": found '" + text(name) + "', expected a whole number from " + std::to_string(least) + " to " + std::to_string(most));
}

std::vector<std::string> Options::some(const std::string& name, std::string_view what) const {
  if (has(name)) return values_[name].as<std::vector<std::string>>();
  throw Misuse("found no " + std::string(what) + ", expected: trunklab " + usage_);
}

std::string Options::required(const std::string& name, std::string_view what) const {
  if (has(name)) return text(name);
  throw Misuse("found no " + std::string(what) + ", expected: trunklab " + usage_);
}

}  // namespace trunklab::cli
