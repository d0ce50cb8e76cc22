// The reader's door to the disk: opens files of the user and says in the user's words why one cannot be read.
#pragma once

#include <cstddef>
#include <fstream>
#include <string>

#include "models/result.hpp"

namespace trunklab {

/// Opens a regular file. Problems: no such file, a directory or device, no permission.
Result<std::ifstream> open_file(const std::string& path);

/// The whole file. Also a problem, and not read then: more than `bytes_max` bytes.
Result<std::string> read_text(const std::string& path, std::size_t bytes_max);

}  // namespace trunklab
