// The frame of tests that run one command of the program in a folder of their own.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/cli/program.hpp"
#include "tests/scenarios/files.hpp"

namespace trunklab {

class CommandTest : public ::testing::Test {
 protected:
  /// Writes the scenario and runs `COMMAND FILE MORE...` on it.
  [[nodiscard]] Ended run_command(const std::string& command, const std::string& file, const std::string& scenario,
                                  const std::vector<std::string>& more) const {
    write_file(folder() / file, scenario);
    std::vector<std::string> words{command, file};
    words.insert(words.end(), more.begin(), more.end());
    return run_trunklab(words, here());
  }
  [[nodiscard]] Launch here() const { return {.folder = folder(), .out = {}}; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
};

}  // namespace trunklab
