// Opens and reads files.
#include "scenarios/file_text.hpp"

#include <filesystem>
#include <system_error>

#include <fmt/format.h>

namespace trunklab {

Result<std::ifstream> open_file(const std::string& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  const auto problem = [&](std::string found) { return Problem{path, std::move(found), "a file that can be read"}; };
  if (status.type() == std::filesystem::file_type::not_found) return problem("no such file");
  if (status.type() == std::filesystem::file_type::directory) return problem("a directory");
  if (error) return problem(error.message());
  if (status.type() != std::filesystem::file_type::regular) return problem("something that is not a regular file");

  std::ifstream file(path, std::ios::binary);
  if (!file) return problem("a file that may not be read (permission denied)");
  return file;
}

Result<std::string> read_text(const std::string& path, std::size_t bytes_max) {
  Result<std::ifstream> file = open_file(path);
  if (!file) return file.problems();
  std::error_code error;
  const auto bytes = std::filesystem::file_size(path, error);
  if (!error && bytes > bytes_max) return Problem{path, fmt::format("a file of {} bytes", bytes), fmt::format("at most {} bytes", bytes_max)};

  // The file may have grown meanwhile: never more than was promised.
  std::string text(bytes_max + 1, '\0');
  file.value().read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.value().gcount()));
  if (file.value().bad()) return Problem{path, "a file that cannot be read to its end", "a file that can be read"};
  return text;
}

}  // namespace trunklab
