// The folder that a replay works in, and its files.
#pragma once

#include <filesystem>
#include <string>

namespace trunklab {

/// A folder of our own among the temporary ones, readable by nobody else. Its name has our process id in it, so that what a killed process left can
/// be told from what is in use.
class WorkFolder {
 public:
  /// Removes the folders of replays that were killed, then makes a new one. Throws std::runtime_error.
  WorkFolder();
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  /// Removes it with all that is in it.
  ~WorkFolder();
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Readable by us alone: it may hold a secret. Throws std::runtime_error.
void write_private_file(const std::filesystem::path& path, const std::string& text);

}  // namespace trunklab
