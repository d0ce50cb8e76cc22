// Buffered writing with a checksum.
#include "traffic/sipp/bundle_file.hpp"

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace trunklab {

namespace {

constexpr std::size_t large = std::size_t{64} * 1024;

}  // namespace

BundleFile::BundleFile(const std::filesystem::path& bundle, std::string name) : path_(bundle / name), name_(std::move(name)) {
  std::error_code ignored;  // opening says it better
  std::filesystem::create_directories(path_.parent_path(), ignored);
  file_.open(path_, std::ios::binary | std::ios::trunc);
  if (!file_) throw std::runtime_error(path_.string() + ": cannot be written: " + std::strerror(errno));
}

void BundleFile::flush_if_large() {
  if (buffer_.size() >= large) flush();
}

void BundleFile::add(std::string_view text) {
  buffer_ += text;
  flush_if_large();
}

void BundleFile::flush() {
  hash_.add(buffer_);
  file_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  if (!file_) throw std::runtime_error(path_.string() + ": cannot be written: " + std::strerror(errno));
  buffer_.clear();
}

FileHash BundleFile::finish() {
  flush();
  file_.close();
  if (!file_) throw std::runtime_error(path_.string() + ": cannot be written: " + std::strerror(errno));
  return {.name = name_, .sha256 = hash_.finish()};
}

}  // namespace trunklab
