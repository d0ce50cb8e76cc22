// Splits CSV records inside a buffer of fixed size, without copying a field.
#include "scenarios/csv.hpp"

#include <algorithm>
#include <cstring>
#include <set>

#include <fmt/format.h>

#include "scenarios/file_text.hpp"

namespace trunklab {

Result<CsvReader> CsvReader::open(const std::string& path) {
  Result<std::ifstream> file = open_file(path);
  if (!file) return file.problems();
  CsvReader reader(path);
  reader.file_ = std::move(file).value();
  reader.buffer_.resize(4 * record_bytes_max);
  if (!reader.read_heading()) return *reader.problem_;
  return reader;
}

bool CsvReader::read_heading() {
  fill();
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (std::string_view(buffer_.data(), end_).starts_with(byte_order_mark)) begin_ = byte_order_mark.size();
  const std::string expected = "a heading line that names the columns";

  std::vector<std::string_view> names;
  if (!next(names)) return problem_ ? false : fail(1, "an empty file", expected);
  heading_.assign(names.begin(), names.end());
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].find('\0') != std::string_view::npos) return fail(columns_[i] + 1, "a NUL byte", expected);
    if (names[i].empty()) return fail(columns_[i] + 1, "a column without a name", expected);
    if (!seen.insert(names[i]).second) return fail(columns_[i] + 1, fmt::format("column '{}' a second time", names[i]), expected);
  }
  return true;
}

std::optional<std::size_t> CsvReader::column(std::string_view name) const {
  const auto found = std::ranges::find(heading_, name);
  if (found == heading_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - heading_.begin());
}

bool CsvReader::next(std::vector<std::string_view>& fields) {
  if (problem_) return false;
  for (;;) {
    line_ = next_line_;
    const std::optional<std::size_t> end = end_of_record();
    if (!end) return false;
    char* const first = buffer_.data() + begin_;
    char* last = buffer_.data() + *end;
    begin_ = std::min(*end + 1, end_);
    if (last > first && last[-1] == '\r') --last;
    if (last == first) continue;
    return split(first, last, fields);
  }
}

std::string CsvReader::where(std::size_t field) const {
  return fmt::format("{}:{}:{}", path_, line_, field < columns_.size() ? columns_[field] + 1 : 1);
}

bool CsvReader::fill() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  file_.read(buffer_.data() + end_, static_cast<std::streamsize>(buffer_.size() - end_));
  const auto count = static_cast<std::size_t>(file_.gcount());
  end_ += count;
  return count > 0;
}

/// Where in the buffer the record at begin_ ends: its line feed, or the end of the file.
std::optional<std::size_t> CsvReader::end_of_record() {
  bool quoted = false;
  std::size_t searched = 0;
  for (;;) {
    const char* const first = buffer_.data() + begin_ + searched;
    const std::size_t count = end_ - begin_ - searched;
    const void* const found = count == 0 ? nullptr : std::memchr(first, '\n', count);
    const std::size_t part = found ? static_cast<std::size_t>(static_cast<const char*>(found) - first) : count;
    // A quoted field may hold line feeds: a record ends at the first one that an even number of quotes precedes.
    if (part > 0 && std::memchr(first, '"', part) && std::count(first, first + part, '"') % 2 != 0) quoted = !quoted;
    searched += part;
    if (searched > record_bytes_max) {
      fail(1, fmt::format("a record of more than {} bytes", record_bytes_max), "shorter lines, and every quote closed");
      return std::nullopt;
    }
    if (found) {
      ++next_line_;
      if (!quoted) return begin_ + searched;
      ++searched;
      continue;
    }
    if (fill()) continue;
    if (quoted) {
      fail(1, "a quote that is not closed", "a closing quote before the end of the file");
      return std::nullopt;
    }
    if (begin_ == end_) return std::nullopt;
    return end_;
  }
}

bool CsvReader::split(char* begin, char* end, std::vector<std::string_view>& fields) {
  fields.clear();
  columns_.clear();
  for (char* at = begin;; ++at) {
    columns_.push_back(static_cast<std::size_t>(at - begin));
    char* const start = at;
    if (at < end && *at == '"') {
      char* out = start;
      for (++at; at < end && !(*at == '"' && (at + 1 == end || at[1] != '"')); ++at) {
        if (*at == '"') ++at;
        *out++ = *at;
      }
      if (at == end) return fail(columns_.back() + 1, "a quote that is not closed", "a closing quote");
      ++at;
      if (at != end && *at != ',')
        return fail(static_cast<std::size_t>(at - begin) + 1, "text after a closing quote", "a comma or the end of the line");
      fields.emplace_back(start, static_cast<std::size_t>(out - start));
    } else {
      void* const comma = start == end ? nullptr : std::memchr(start, ',', static_cast<std::size_t>(end - start));
      at = comma ? static_cast<char*>(comma) : end;
      fields.emplace_back(start, static_cast<std::size_t>(at - start));
    }
    if (at == end) break;
  }
  if (heading_.empty() || fields.size() == heading_.size()) return true;
  return fail(1, fmt::format("{} fields", fields.size()), fmt::format("{} as in the heading", heading_.size()));
}

bool CsvReader::fail(std::size_t column, std::string found, std::string expected) {
  problem_ = Problem{fmt::format("{}:{}:{}", path_, line_, column), std::move(found), std::move(expected)};
  return false;
}

}  // namespace trunklab
