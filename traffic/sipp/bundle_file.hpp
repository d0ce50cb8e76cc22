// Files of a bundle as they are written: their checksums are taken on the way.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "traffic/sipp/sha256.hpp"

namespace trunklab {

/// A file's checksum under its name in the bundle.
struct FileHash {
  std::string name;
  std::string sha256;
};

/// Writes through a buffer. Throws std::runtime_error naming the file if the disk does not take it.
class BundleFile {
 public:
  /// `name` is relative to the bundle's folder; folders on the way are made.
  BundleFile(const std::filesystem::path& bundle, std::string name);

  /// What is appended here is written now and then.
  std::string& buffer() { return buffer_; }
  void flush_if_large();
  void add(std::string_view text);
  /// Writes the rest and closes.
  FileHash finish();

 private:
  void flush();

  std::filesystem::path path_;
  std::string name_;
  std::ofstream file_;
  std::string buffer_;
  Sha256 hash_;
};

}  // namespace trunklab
