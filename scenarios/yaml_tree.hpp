// A YAML document as a plain tree that knows where everything stood. Only what scenarios need: no aliases, tags, merge keys or second
// documents, so that a tree is never larger than its text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/result.hpp"

namespace trunklab {

/// Where something stood in the file, both from 1; columns count bytes.
struct Place {
  std::size_t line = 1;
  std::size_t column = 1;
};

struct YamlKey {
  std::string text;
  Place place;
};

struct YamlNode {
  enum class Kind : std::uint8_t { nothing, scalar, list, mapping };
  Kind kind = Kind::nothing;
  bool quoted = false;            ///< scalar only: written in quotes or as a block
  Place place;                    ///< of the value; for `nothing` of the key before it
  std::string text{};             ///< scalar only
  std::vector<YamlKey> keys{};    ///< mapping only
  std::vector<YamlNode> items{};  ///< the list's, or the values that belong to `keys` (same order)
};

/// How deep lists and mappings may nest.
inline constexpr std::size_t yaml_depth_max = 32;

/// Reads one document. An empty text is a mistake. `path` is for messages. Never throws on any text.
Result<YamlNode> parse_yaml(const std::string& text, std::string_view path);

/// `path:line:column`.
std::string where_text(std::string_view path, Place place);

}  // namespace trunklab
