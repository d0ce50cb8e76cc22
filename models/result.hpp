// The user's mistakes as values: where it is, what was found there, what would do.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace trunklab {

/// One mistake in the user's input, printed as `where: found X, expected Y`.
struct Problem {
  std::string where;     ///< `file:line:column`, or the option's name
  std::string found;     ///< as the user wrote it, quoted
  std::string expected;  ///< what would be accepted
  [[nodiscard]] std::string text() const { return where + ": found " + found + ", expected " + expected; }
  bool operator==(const Problem&) const = default;
};

using Problems = std::vector<Problem>;

/// Either a value or every mistake that stood in its way (at least one).
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}                      // NOLINT(google-explicit-constructor)
  Result(Problems problems) : state_(std::move(problems)) {}         // NOLINT(google-explicit-constructor)
  Result(Problem problem) : state_(Problems{std::move(problem)}) {}  // NOLINT(google-explicit-constructor)

  explicit operator bool() const { return state_.index() == 0; }
  [[nodiscard]] const T& value() const& { return std::get<0>(state_); }
  [[nodiscard]] T& value() & { return std::get<0>(state_); }
  [[nodiscard]] T&& value() && { return std::get<0>(std::move(state_)); }
  [[nodiscard]] const Problems& problems() const { return std::get<1>(state_); }

 private:
  std::variant<T, Problems> state_;
};

}  // namespace trunklab
