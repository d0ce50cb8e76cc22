// Writing a report to a file.
#include "cli/output_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>

namespace trunklab::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse_to_write(const fs::path& target, const std::string& why) {
  throw std::runtime_error(fmt::format("{}: cannot be written: {}", target.string(), why));
}

/// Does the file hold a report of this kind, or nothing?
bool may_replace(const fs::path& target, std::string_view opening) {
  if (fs::file_size(target) == 0) return true;
  std::ifstream file(target, std::ios::binary);
  std::string begin(opening.size(), '\0');
  file.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  return !opening.empty() && begin == opening;
}

/// A file beside the target that does not outlive this.
class Partial {
 public:
  explicit Partial(const fs::path& target) : path_(fmt::format("{}.{}.partial", target.string(), getpid())) {}
  Partial(const Partial&) = delete;
  Partial& operator=(const Partial&) = delete;
  ~Partial() {
    std::error_code gone;  // renamed by then, if all went well
    fs::remove(path_, gone);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace

void check_report_target(const fs::path& target, std::string_view opening) {
  std::error_code ignored;
  const fs::path folder = target.has_parent_path() ? target.parent_path() : ".";
  if (!fs::is_directory(folder, ignored)) refuse_to_write(target, fmt::format("there is no folder {}", folder.string()));
  if (access(folder.c_str(), W_OK | X_OK) != 0) refuse_to_write(target, fmt::format("the folder {}: {}", folder.string(), std::strerror(errno)));
  if (!fs::exists(target, ignored)) return;
  if (!fs::is_regular_file(target, ignored)) refuse_to_write(target, "it is there, and is no file");
  if (access(target.c_str(), R_OK) != 0) refuse_to_write(target, "it is there, and cannot be read");
  if (!may_replace(target, opening)) {
    refuse_to_write(target, opening.empty() ? "a file of this name is there already" : "a file of this name is there, and is no such report");
  }
}

void write_report(const fs::path& target, std::string_view opening, const std::function<void(std::ostream&)>& write) {
  check_report_target(target, opening);
  const Partial partial(target);
  std::ofstream file(partial.path(), std::ios::binary | std::ios::trunc);
  if (file) write(file);
  file.close();
  if (!file) refuse_to_write(target, std::strerror(errno));
  std::error_code failure;
  fs::rename(partial.path(), target, failure);
  if (failure) refuse_to_write(target, failure.message());
}

}  // namespace trunklab::cli
