// The dictionary of outcomes.
#include "traffic/cdr/outcome_words.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "models/clean_text.hpp"
#include "models/media/split_mix.hpp"

namespace trunklab {
namespace {

constexpr std::size_t words_max = 64;

struct Entry {
  std::string_view word;
  PstnAnswer answer;
};
constexpr auto yes = PstnAnswer::answered;
constexpr auto busy = PstnAnswer::busy;
constexpr auto none = PstnAnswer::no_answer;
constexpr auto no = PstnAnswer::rejected;
constexpr std::array dictionary{
    Entry{"answered", yes},
    Entry{"answer", yes},
    Entry{"ok", yes},
    Entry{"success", yes},
    Entry{"completed", yes},
    Entry{"connected", yes},
    Entry{"normalclearing", yes},
    Entry{"agent", yes},
    Entry{"16", yes},
    Entry{"busy", busy},
    Entry{"userbusy", busy},
    Entry{"486", busy},
    Entry{"600", busy},
    Entry{"17", busy},
    Entry{"noanswer", none},
    Entry{"unanswered", none},
    Entry{"abandoned", none},
    Entry{"abandon", none},
    Entry{"hang", none},
    Entry{"missed", none},
    Entry{"cancelled", none},
    Entry{"canceled", none},
    Entry{"cancel", none},
    Entry{"originatorcancel", none},
    Entry{"nouserresponse", none},
    Entry{"timeout", none},
    Entry{"408", none},
    Entry{"480", none},
    Entry{"487", none},
    Entry{"18", none},
    Entry{"19", none},
    Entry{"rejected", no},
    Entry{"callrejected", no},
    Entry{"failed", no},
    Entry{"failure", no},
    Entry{"congestion", no},
    Entry{"21", no},
    Entry{"error", no},
    Entry{"blocked", no},
    Entry{"declined", no},
};

}  // namespace

std::uint64_t text_hash(std::string_view text, std::uint64_t seed) {
  while (text.size() >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), 8);
    seed = split_mix(seed ^ word);
    text.remove_prefix(8);
  }
  std::uint64_t word = text.size() + 1;  // so that texts one after the other do not run into each other
  for (const char c : text) word = (word << 8U) | static_cast<unsigned char>(c);
  return split_mix(seed ^ word ^ split_mix_step);
}

OutcomeMeaning meaning_of(std::string_view word) {
  std::string bare;
  for (const char c : word) {
    if (c >= 'A' && c <= 'Z') bare += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) bare += c;
  }
  const auto* found = std::ranges::find(dictionary, std::string_view(bare), &Entry::word);
  if (found != dictionary.end()) return {found->answer, true};
  const bool code = bare.size() == 3 && bare.find_first_not_of("0123456789") == std::string::npos;
  if (code && bare.front() == '2') return {yes, true};
  if (code && bare.front() >= '3' && bare.front() <= '6') return {no, true};
  return {no, false};
}

std::size_t OutcomeCounts::place_of(std::string_view text) {
  if (last_ < words_.size() && words_[last_].text == text) return last_;
  const auto found = std::ranges::find(words_, text, &Word::text);
  if (found != words_.end()) {
    last_ = static_cast<std::size_t>(found - words_.begin());
  } else if (words_.size() < words_max) {
    words_.push_back({std::string(text), meaning_of(text)});
    last_ = words_.size() - 1;
  } else {
    if (words_.size() == words_max) words_.push_back({"other words", {no, false}});
    last_ = words_max;
  }
  return last_;
}

}  // namespace trunklab
