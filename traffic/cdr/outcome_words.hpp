// What call files call the fate of a call.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/demand_spec.hpp"

namespace trunklab {

/// A hash of 64 bits, good enough that two different texts of a file never share it.
std::uint64_t text_hash(std::string_view text, std::uint64_t seed = 0);

/// What a word or code stands for: dispositions of Asterisk, causes of FreeSWITCH, SIP and Q.850 codes, plain words.
/// Codes: 2xx answered; 486, 600, 17 busy; 408, 480, 487, 18, 19 no answer; 16 answered. Whoever hung up before the answer counts as
/// no answer. What is not known counts as rejected (`known` false).
struct OutcomeMeaning {
  PstnAnswer answer;
  bool known;
};
OutcomeMeaning meaning_of(std::string_view word);

/// Counts the words of an outcome column; the 65th and later ones go into one.
class OutcomeCounts {
 public:
  struct Word {
    std::string text;
    OutcomeMeaning meaning;
    std::uint64_t calls = 0;
  };
  /// The word's place; call count_up() with it once the row is known to count.
  std::size_t place_of(std::string_view text);
  void count_up(std::size_t place) { ++words_[place].calls; }
  [[nodiscard]] bool answered(std::size_t place) const { return words_[place].meaning.answer == PstnAnswer::answered; }
  [[nodiscard]] const std::vector<Word>& words() const { return words_; }

 private:
  std::vector<Word> words_;
  std::size_t last_ = 0;
};

}  // namespace trunklab
