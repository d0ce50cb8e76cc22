// Streams a CSV file (RFC 4180: quotes, doubled quotes, CRLF; first record = heading) in constant memory: what is to be kept is up to the caller.
#pragma once

#include <cstddef>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/result.hpp"

namespace trunklab {

class CsvReader {
 public:
  /// A longer record is a mistake: some quote was not closed, or it is no CSV file.
  static constexpr std::size_t record_bytes_max = std::size_t{64} * 1024;

  /// Opens the file and reads its heading. Problems: not readable, no heading, a column name that is empty or there twice.
  static Result<CsvReader> open(const std::string& path);

  [[nodiscard]] const std::vector<std::string>& heading() const { return heading_; }
  /// Which field belongs to the column of that name.
  [[nodiscard]] std::optional<std::size_t> column(std::string_view name) const;

  /// The next record; empty lines are passed over. The views live until the next call. As many fields as the heading has.
  /// false: the end of the file, or a mistake in it: see problem().
  bool next(std::vector<std::string_view>& fields);

  /// Why the last next() was false; nullopt = the file was over.
  [[nodiscard]] const std::optional<Problem>& problem() const { return problem_; }

  /// Where the last record began, from 1.
  [[nodiscard]] std::size_t line() const { return line_; }
  /// `file:line:column` of a field of the last record (columns count bytes, from 1).
  [[nodiscard]] std::string where(std::size_t field) const;

 private:
  explicit CsvReader(std::string path) : path_(std::move(path)) {}
  bool read_heading();
  bool fill();
  std::optional<std::size_t> end_of_record();
  bool split(char* begin, char* end, std::vector<std::string_view>& fields);
  bool fail(std::size_t column, std::string found, std::string expected);

  std::string path_;
  std::ifstream file_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  ///< unread part of the buffer
  std::size_t end_ = 0;
  std::size_t line_ = 0;
  std::size_t next_line_ = 1;
  std::vector<std::size_t> columns_;  ///< byte of the record at which each field began
  std::vector<std::string> heading_;
  std::optional<Problem> problem_;
};

}  // namespace trunklab
