// Files and folders for the tests of scenarios.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "models/result.hpp"

namespace trunklab {

/// Works in another folder for as long as it lives, so that messages show paths as a user at that place would give them.
class ScopedFolder {
 public:
  explicit ScopedFolder(const std::filesystem::path& folder) : before_(std::filesystem::current_path()) { std::filesystem::current_path(folder); }
  ~ScopedFolder() { std::filesystem::current_path(before_); }
  ScopedFolder(const ScopedFolder&) = delete;
  ScopedFolder& operator=(const ScopedFolder&) = delete;

 private:
  std::filesystem::path before_;
};

/// A folder for one test, empty at first, removed in the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    const testing::TestInfo* const test = testing::UnitTest::GetInstance()->current_test_info();
    std::string name = std::string(test->test_suite_name()) + "-" + test->name();
    std::ranges::replace(name, '/', '-');
    path_ = std::filesystem::path(testing::TempDir()) / ("trunklab-" + name);
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string text;
  for (char c = 0; stream.get(c);) text += c;
  return text;
}

inline void write_file(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

/// One message a line.
inline std::string text_of(const Problems& problems) {
  std::string text;
  for (const Problem& problem : problems) text += problem.text() + '\n';
  return text;
}

/// The names, without their ending, of all YAML files in a folder of the source tree; sorted.
inline std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(TRUNKLAB_SOURCE_DIR) / folder)) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

/// A file's name as the name of a test.
inline std::string name_of(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::ranges::replace(name, '-', '_');
  return name;
}

}  // namespace trunklab
