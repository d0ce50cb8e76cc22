// A command's options by Boost.Program_options, with a help text that shows how the command is used.
#pragma once

#include <boost/program_options.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"

namespace trunklab::cli {

class Options {
 public:
  /// `usage`: "simulate SCENARIO [options]"; `about`: what the command does; `examples`: lines of the help text.
  Options(std::string usage, std::string about, std::string examples);

  /// To add options to, as Boost.Program_options has it.
  boost::program_options::options_description_easy_init add() { return visible_.add_options(); }
  /// One word without dashes, in order of the calls; shown in `usage` only.
  void positional(const std::string& name);
  /// The same, as many as are given.
  void positionals(const std::string& name);

  /// false: --help was asked for and printed. Throws Misuse.
  bool parse(const std::vector<std::string>& arguments);

  [[nodiscard]] bool has(const std::string& name) const { return values_.count(name) != 0; }
  [[nodiscard]] bool flag(const std::string& name) const { return values_[name].as<bool>(); }
  [[nodiscard]] std::string text(const std::string& name) const { return values_[name].as<std::string>(); }
  [[nodiscard]] std::optional<std::string> text_if(const std::string& name) const;
  /// A file's name, not empty. Throws Misuse.
  [[nodiscard]] std::optional<std::string> file_if(const std::string& name) const;
  /// The names of files of an option that may be given several times; none may be empty. Throws Misuse.
  [[nodiscard]] std::vector<std::string> files(const std::string& name) const;
  /// The texts of an option that may be given several times.
  [[nodiscard]] std::vector<std::string> texts(const std::string& name) const;
  /// A whole number within [least, most]. Throws Misuse.
  [[nodiscard]] std::uint64_t whole(const std::string& name, std::uint64_t least, std::uint64_t most) const;
  /// The positional, which must be there. Throws Misuse.
  [[nodiscard]] std::string required(const std::string& name, std::string_view what) const;
  /// The positionals, of which there must be one at least. Throws Misuse.
  [[nodiscard]] std::vector<std::string> some(const std::string& name, std::string_view what) const;

 private:
  std::string usage_;
  std::string about_;
  std::string examples_;
  boost::program_options::options_description visible_{"Options"};
  boost::program_options::options_description hidden_;
  boost::program_options::positional_options_description positions_;
  boost::program_options::variables_map values_;
};

}  // namespace trunklab::cli
