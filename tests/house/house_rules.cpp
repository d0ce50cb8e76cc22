// The house rules, one function each.
#include "tests/house/house_rules.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <regex>
#include <span>
#include <sstream>

namespace trunklab::house {

namespace {

/// A layer and those of ours that it may include besides itself.
struct Layer {
  std::string_view name;
  std::vector<std::string_view> may_know;
};

const std::vector<Layer>& layers() {
  static const std::vector<Layer> table{
      {"models", {}},
      {"scenarios", {"models"}},
      {"traffic/demand", {"models", "scenarios"}},
      {"traffic/cdr", {"models", "scenarios", "traffic/demand"}},
      {"traffic/sipp", {"models", "scenarios", "traffic/demand"}},
      {"traffic/load", {"models", "scenarios", "traffic/demand", "traffic/sipp"}},
      {"sim", {"models", "scenarios", "traffic/demand"}},
      {"reports", {"models"}},
      {"cli", {"models", "scenarios", "traffic/demand", "traffic/cdr", "traffic/sipp", "traffic/load", "sim", "reports"}},
      {"tests", {"models", "scenarios", "traffic/demand", "traffic/cdr", "traffic/sipp", "traffic/load", "sim", "reports", "cli"}},
  };
  return table;
}

bool is_inside(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

bool is_inside_any(std::string_view path, std::span<const std::string_view> folders) {
  return std::ranges::any_of(folders, [&](std::string_view folder) { return is_inside(path, folder); });
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string at(const SourceFile& file, std::size_t line, const std::string& what) {
  return file.path + ':' + std::to_string(line) + ": " + what;
}

/// Every match of `pattern` in the lines of `text`.
Findings matches(const SourceFile& file, std::string_view text, const std::regex& pattern, const std::string& what) {
  Findings findings;
  std::size_t number = 0;
  for (const std::string& line : lines_of(text)) {
    ++number;
    std::smatch match;
    if (std::regex_search(line, match, pattern)) findings.push_back(at(file, number, what + " '" + match.str() + "'"));
  }
  return findings;
}

struct Include {
  std::size_t line;
  bool ours;  ///< in double quotes
  std::string name;
};

std::vector<Include> includes_of(const SourceFile& file) {
  static const std::regex pattern(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
  std::vector<Include> includes;
  std::size_t number = 0;
  for (const std::string& line : lines_of(file.text)) {
    ++number;
    std::smatch match;
    if (std::regex_search(line, match, pattern)) includes.push_back({number, match[1] == "\"", match[2]});
  }
  return includes;
}

void append(Findings& all, const Findings& more) {
  all.insert(all.end(), more.begin(), more.end());
}

/// A literal or comment that begins at text[at]: one past its end.
std::size_t end_of_quoted(std::string_view text, std::size_t at, char quote) {
  for (++at; at < text.size() && text[at] != quote && text[at] != '\n'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return std::min(at + 1, text.size());
}

std::size_t end_of_raw(std::string_view text, std::size_t quote) {
  const std::size_t open = text.find('(', quote);
  if (open == std::string_view::npos) return text.size();
  const std::string close = ")" + std::string(text.substr(quote + 1, open - quote - 1)) + "\"";
  const std::size_t end = text.find(close, open);
  return end == std::string_view::npos ? text.size() : end + close.size();
}

std::size_t past(std::string_view text, std::string_view end, std::size_t from) {
  const std::size_t found = text.find(end, from);
  return found == std::string_view::npos ? text.size() : found + end.size();
}

bool is_word_letter(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_';
}

/// Where the comment or literal that begins at text[at] ends; nullopt if none begins there.
std::optional<std::size_t> end_of_other_than_code(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  if (rest.starts_with("//")) return std::min(text.find('\n', at), text.size());
  if (rest.starts_with("/*")) return past(text, "*/", at + 2);
  if (rest.starts_with('"')) return at > 0 && text[at - 1] == 'R' ? end_of_raw(text, at) : end_of_quoted(text, at, '"');
  const bool separates_digits = at > 0 && is_word_letter(text[at - 1]);
  if (rest.starts_with('\'') && !separates_digits) return end_of_quoted(text, at, '\'');
  return std::nullopt;
}

}  // namespace

std::string code_of(std::string_view text) {
  std::string code(text);
  for (std::size_t at = 0; at < text.size();) {
    const auto end = end_of_other_than_code(text, at);
    if (!end) {
      ++at;
      continue;
    }
    for (; at < *end; ++at) {
      if (code[at] != '\n') code[at] = ' ';
    }
  }
  return code;
}

std::string_view layer_of(std::string_view path) {
  for (const Layer& layer : layers()) {
    if (is_inside(path, layer.name)) return layer.name;
  }
  return {};
}

Findings include_directions(const SourceFile& file) {
  const std::string_view own = layer_of(file.path);
  const auto layer = std::ranges::find(layers(), own, &Layer::name);
  if (layer == layers().end()) return {at(file, 1, "belongs to no layer")};
  Findings findings;
  for (const Include& include : includes_of(file)) {
    if (!include.ours) continue;
    const std::string_view other = layer_of(include.name);
    if (other.empty()) findings.push_back(at(file, include.line, "'" + include.name + "' is not written from the root"));
    if (other.empty() || other == own || std::ranges::find(layer->may_know, other) != layer->may_know.end()) continue;
    findings.push_back(at(file, include.line, std::string(own) + " must not know " + include.name));
  }
  return findings;
}

Findings library_doors(const SourceFile& file) {
  struct Door {
    std::string_view header;  ///< what its headers begin with
    std::vector<std::string_view> folders;
  };
  // Benchmarks lay our figures beside SimGrid's own; tests of the record look into the file.
  static const std::vector<Door> doors{
      {"simgrid/", {"sim/platform", "tests/sim/platform", "tests/bench"}},
      {"xbt/", {"sim/platform", "tests/sim/platform", "tests/bench"}},
      {"yaml-cpp/", {"scenarios"}},
      {"SQLiteCpp/", {"reports", "tests"}},
      {"zlib.h", {"reports/document", "tests"}},
      {"sqlite3.h", {"reports", "tests"}},
      {"boost/program_options", {"cli"}},
      {"Random123/", {"models", "traffic/demand", "tests"}},
      {"mpi.h", {"cli/ranks"}},
      {"random", {"tests"}},
  };
  // models: the standard library without input, output and threads, and Eigen and Random123.
  static const std::regex pure(R"(^((unsupported/)?Eigen/|Random123/).*|[a-z_0-9]+$)");
  static constexpr auto busy = std::to_array<std::string_view>(
      {"cstdio", "fstream", "iostream", "filesystem", "thread", "mutex", "future", "atomic", "condition_variable", "csignal", "cstdlib"});
  Findings findings;
  for (const Include& include : includes_of(file)) {
    if (include.ours) continue;
    for (const Door& door : doors) {
      const bool meant = door.header.ends_with('/') ? include.name.starts_with(door.header)
                                                    : include.name == door.header || include.name.starts_with(std::string(door.header) + ".hpp");
      if (meant && !is_inside_any(file.path, door.folders)) findings.push_back(at(file, include.line, "<" + include.name + "> has another door"));
    }
    const bool has_no_business = !std::regex_match(include.name, pure) || std::ranges::find(busy, include.name) != busy.end();
    if (is_inside(file.path, "models") && has_no_business) findings.push_back(at(file, include.line, "models must not use <" + include.name + ">"));
  }
  return findings;
}

Findings luck_and_clocks(const SourceFile& file) {
  static const std::regex luck(R"(\b(random_device|s?rand|drand48)\b\s*\(|\brandom_device\b)");
  static const std::regex clocks(R"(\b(system_clock|steady_clock|high_resolution_clock|gettimeofday|clock_gettime)\b)");
  const std::string code = code_of(file.text);
  Findings findings = matches(file, code, luck, "luck that no seed decides");
  // A replay is made by the clock on the wall.
  const bool may_read_clocks = is_inside(file.path, "cli") || is_inside(file.path, "tests") || is_inside(file.path, "traffic/load");
  if (!may_read_clocks) append(findings, matches(file, code, clocks, "a clock of the machine"));
  return findings;
}

Findings whole_std(const SourceFile& file) {
  static const std::regex pattern(R"(\busing\s+namespace\s+std\s*;)");
  return matches(file, code_of(file.text), pattern, "the whole of std");
}

Findings opening(const SourceFile& file) {
  Findings findings;
  const auto lines = lines_of(file.text);
  std::size_t comment = 0;
  while (comment < lines.size() && lines[comment].starts_with("// ")) ++comment;
  const bool sentence = comment > 0 && std::string_view(".?!").find(lines[comment - 1].back()) != std::string_view::npos;
  if (!sentence) findings.push_back(at(file, 1, "does not open with a sentence that says what it is"));
  if (!file.path.ends_with(".hpp")) return findings;
  if (comment >= lines.size() || lines[comment] != "#pragma once")
    findings.push_back(at(file, comment + 1, "no '#pragma once' below the first sentence"));
  return findings;
}

Findings length(const SourceFile& file) {
  const std::size_t lines = lines_of(file.text).size();
  if (lines <= lines_max) return {};
  return {at(file, lines, std::to_string(lines) + " lines, at most " + std::to_string(lines_max))};
}

Findings one_type_a_name(const std::vector<SourceFile>& headers) {
  static const std::regex space(R"(^namespace ([\w:]+) \{)");
  static const std::regex type(R"(^\s*(?:class|struct|enum class|union) (\w+)[^;()]*\{)");
  Findings findings;
  std::map<std::string, std::string> first;
  for (const SourceFile& file : headers) {
    std::vector<std::string> within;
    std::istringstream lines(file.text);
    std::string line;
    for (std::size_t number = 1; std::getline(lines, line); ++number) {
      std::smatch match;
      if (std::regex_search(line, match, space)) within.push_back(match[1].str() + "::");
      if (line.starts_with("}  // namespace") && !within.empty()) within.pop_back();
      // Types within types begin further to the right.
      if (line.starts_with(' ') || !std::regex_search(line, match, type)) continue;
      std::string name;
      for (const std::string& each : within) name += each;
      name += match[1].str();
      const std::string place = file.path + ":" + std::to_string(number);
      const auto [known, fresh] = first.emplace(name, place);
      if (!fresh) findings.push_back(place + ": " + name + ", as in " + known->second);
    }
  }
  return findings;
}

Findings machine_paths(const SourceFile& file) {
  // In pieces, so that this line does not find itself.
  static const std::regex pattern(
      "(^|[^A-Za-z0-9_.~-])/("
      "home|root|work|Users|mnt|media"
      ")/[A-Za-z0-9_.~-]+");
  return matches(file, file.text, pattern, "a path of one machine");
}

}  // namespace trunklab::house
