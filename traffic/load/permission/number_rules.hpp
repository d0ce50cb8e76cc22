// The numbers that a tester owns: no other is ever called, nor shown as a caller's.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "models/result.hpp"

namespace trunklab {

/// In the form of e164_of().
struct OwnNumbers {
  std::vector<std::string> called;
  std::vector<std::string> callers;
};

/// A text file: `[called]` and `[callers]`, then a full number a line; '#' begins a comment. Problems: every line that is no such number, that may
/// never be called (why_never_called()), or that stands there twice; a list that is empty.
Result<OwnNumbers> read_own_numbers(const std::filesystem::path& path);

/// Gives each call of a replay numbers of its tester's.
class NumberGate {
 public:
  /// Neither list may be empty.
  explicit NumberGate(OwnNumbers own);
  /// A function of the call's name alone (FNV-1a, modulo the list).
  [[nodiscard]] const std::string& called_for(std::string_view call) const;
  [[nodiscard]] const std::string& caller_for(std::string_view call) const;
  /// Asked once more before a row goes to SIPp: why these may not be used; empty: they may.
  [[nodiscard]] std::string objection(std::string_view called, std::string_view caller) const;

 private:
  OwnNumbers own_;
};

}  // namespace trunklab
