// What the formulas of `trunklab erlang` share: how a question is read, and what an answer consists of.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options.hpp"
#include "models/units.hpp"

namespace trunklab::cli {

inline constexpr double erlang_offered_max = 1e7;
inline constexpr std::uint64_t erlang_trunks_max = 10'000'000;
inline constexpr const char* erlang_holding_default = "180s";

/// An option of a formula that takes a value.
struct Variable {
  const char* option;  ///< as Boost.Program_options has it: "offered,a"
  const char* value_name;
  const char* help;
  bool ranges = true;  ///< may be from..to/step
};

/// The values of one question: those of the command line, one of them perhaps taken from a range. Every reader throws Misuse.
class Inputs {
 public:
  explicit Inputs(const Options& options, std::string ranged = {}, std::string value = {})
      : options_(options), ranged_(std::move(ranged)), value_(std::move(value)) {}

  [[nodiscard]] bool has(const std::string& name) const { return options_.has(name); }
  [[nodiscard]] bool fractional() const { return options_.has("fractional") && options_.flag("fractional"); }
  [[nodiscard]] std::string text(const std::string& name) const { return name == ranged_ ? value_ : options_.text(name); }
  [[nodiscard]] std::string text_or(const std::string& name, const std::string& other) const { return has(name) ? text(name) : other; }

  /// Above 0 (or from 0) and up to `most`.
  [[nodiscard]] double number(const std::string& name, double most, const std::string& expected, bool zero_too = false) const;
  [[nodiscard]] Erlangs erlangs(const std::string& name) const;
  [[nodiscard]] std::uint32_t whole(const std::string& name, std::uint64_t least, std::uint64_t most = erlang_trunks_max) const;
  /// A group's size: whole, or with --fractional any.
  [[nodiscard]] double size(const std::string& name, std::uint64_t least) const;
  /// Above 0 and below 100 %.
  [[nodiscard]] Probability share(const std::string& name) const;
  /// From 0; up to 100 % or below it.
  [[nodiscard]] Probability share_from_zero(const std::string& name, bool all_too) const;
  /// `least` to `most`.
  [[nodiscard]] Span span(const std::string& name, const std::string& other, Span least, Span most) const;

  /// Just `count` of these options must be there: what is left out is the answer.
  void expect(std::initializer_list<const char*> names, std::size_t count) const;
  void require(std::initializer_list<const char*> names) const;

 private:
  const Options& options_;
  std::string ranged_;
  std::string value_;
};

/// A number of 0 or more: "12", "0.5", "1e6", "2.5e-3".
std::optional<double> number_of(std::string_view text);

/// What a user wrote, in quotes: one harmless line of at most 60 characters.
std::string cited(std::string_view text);

/// "--offered: found 'x', expected ..."
[[noreturn]] void misuse(const std::string& name, std::string_view found, const std::string& expected);

enum class FigureKind : std::uint8_t { count, number, erlangs, share, seconds };

struct Figure {
  std::string key;    ///< in JSON
  std::string label;  ///< for people
  double value;       ///< infinite: endless
  FigureKind kind;
};

struct Answer {
  std::string headline;
  std::vector<Figure> figures;
  bool headline_says_all = false;
  std::string details;                                      ///< lines below the figures
  nlohmann::ordered_json parts = nlohmann::json::object();  ///< the same in JSON
};

struct Formula {
  std::string_view name;
  const char* summary;
  const char* about;
  const char* examples;
  std::vector<Variable> variables;
  bool has_fractions;
  Answer (*solve)(const Inputs&);
};

// One after the other, as `erlang --help` lists them.
Formula formula_b();
Formula formula_xb();
Formula formula_c();
Formula formula_mmsk();
Formula formula_engset();
Formula formula_overflow();
Formula formula_shared();
Formula formula_retrial();
Formula formula_availability();
Formula formula_mt();
Formula formula_alternate();

/// The values that a range stands for; empty if this is no range. Throws Misuse.
std::vector<std::string> range_values(const std::string& name, const std::string& text);

/// "1 %", "0.9653 %": `digits` of them; never 100 % for what is less, and 0 % for what is below 1e-15.
std::string share_text(double share, int digits);
/// "33.333 E"; of much traffic all digits before the point.
std::string erlangs_text(Erlangs traffic, const std::string& unit);
/// "45", "44.876".
std::string size_text(double size);
/// "1 trunk", "45 trunks", "44.876 trunks".
std::string counted(double size, const std::string& noun);

std::string answer_text(const Answer& answer);
nlohmann::ordered_json answer_json(const Answer& answer);
/// A line for each answer.
std::string answers_table(const std::vector<Answer>& answers);

}  // namespace trunklab::cli
