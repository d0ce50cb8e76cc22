// Making and removing work folders.
#include "traffic/load/work_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string_view>

namespace trunklab {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view work_prefix = "trunklab-load-";

/// Folders of replays that were killed: their name has the process in it, and it is gone. Somebody else's cannot be removed, which is fine.
void remove_leftovers() {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(fs::temp_directory_path(), ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(work_prefix) || entry.is_symlink(ignored)) continue;
    pid_t owner = 0;
    std::from_chars(name.data() + work_prefix.size(), name.data() + name.size(), owner);
    if (owner > 0 && kill(owner, 0) != 0 && errno == ESRCH) fs::remove_all(entry.path(), ignored);
  }
}

}  // namespace

WorkFolder::WorkFolder() {
  remove_leftovers();
  std::string pattern = (fs::temp_directory_path() / fmt::format("{}{}-XXXXXX", work_prefix, getpid())).string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error(fmt::format("{}: cannot be made: {}", pattern, std::strerror(errno)));
  path_ = pattern;
}

WorkFolder::~WorkFolder() {
  std::error_code gone;
  fs::remove_all(path_, gone);
}

void write_private_file(const fs::path& path, const std::string& text) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
  std::size_t done = 0;
  while (file >= 0 && done < text.size()) {
    const ssize_t more = write(file, text.data() + done, text.size() - done);
    if (more < 0 && errno == EINTR) continue;
    if (more <= 0) break;
    done += static_cast<std::size_t>(more);
  }
  const int error = errno;
  const bool complete = file >= 0 && done == text.size() && close(file) == 0;
  if (!complete) throw std::runtime_error(fmt::format("{}: cannot be written: {}", path.string(), std::strerror(error)));
}

}  // namespace trunklab
