// Filling in templates, from left to right.
#include "traffic/sipp/template_text.hpp"

#include <cassert>

namespace trunklab {

namespace {

constexpr std::string_view open = "{{";
constexpr std::string_view close = "}}";

/// Past the end of the line that a part's mark stands on alone.
std::size_t past_mark(std::string_view text, std::size_t end) {
  return end < text.size() && text[end] == '\n' ? end + 1 : end;
}

}  // namespace

std::string fill_in(std::string_view text, const TemplateValues& values) {
  std::string filled;
  while (true) {
    const std::size_t begin = text.find(open);
    filled += text.substr(0, begin);
    if (begin == std::string_view::npos) return filled;
    const std::size_t end = text.find(close, begin);
    assert(end != std::string_view::npos);
    const std::string_view name = text.substr(begin + open.size(), end - begin - open.size());
    std::string_view rest = text.substr(end + close.size());
    if (name.starts_with('#')) {
      const std::string mark = "{{/" + std::string(name.substr(1)) + "}}";
      const std::size_t last = rest.find(mark);
      assert(last != std::string_view::npos);
      if (values.flags.contains(name.substr(1))) filled += fill_in(rest.substr(past_mark(rest, 0), last - past_mark(rest, 0)), values);
      rest = rest.substr(past_mark(rest, last + mark.size()));
    } else if (const auto word = values.words.find(name); word != values.words.end()) {
      filled += word->second;
    } else {
      const auto value = values.texts.find(name);
      assert(value != values.texts.end());
      filled += fill_in(value->second, values);
    }
    text = rest;
  }
}

}  // namespace trunklab
