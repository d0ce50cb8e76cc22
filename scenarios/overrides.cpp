// Finds the place in the tree, and puts the value there.
#include "scenarios/overrides.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <vector>

namespace trunklab {
namespace {

using Words = std::vector<std::string_view>;

Words words_of(std::string_view key) {
  Words words;
  while (true) {
    const std::size_t dot = key.find('.');
    words.push_back(key.substr(0, dot));
    if (dot == std::string_view::npos) return words;
    key.remove_prefix(dot + 1);
  }
}

/// Messages about the value name the place of what it replaces.
void move_to(YamlNode& node, Place place) {
  node.place = place;
  for (YamlKey& key : node.keys) key.place = place;
  for (YamlNode& item : node.items) move_to(item, place);
}

class Placing {
 public:
  Placing(const Override& change, const YamlNode& value) : change_(change), value_(value), words_(words_of(change.key)) {}

  std::optional<Problem> at(YamlNode& node, std::size_t depth = 0) const {
    if (depth == words_.size()) {
      const Place place = node.place;
      node = value_;
      move_to(node, place);
      return std::nullopt;
    }
    switch (node.kind) {
      case YamlNode::Kind::mapping: return in_mapping(node, depth);
      case YamlNode::Kind::list: return in_list(node, depth);
      case YamlNode::Kind::nothing: node.kind = YamlNode::Kind::mapping; return in_mapping(node, depth);
      case YamlNode::Kind::scalar: break;
    }
    return problem(fmt::format("'{}' at '{}'", node.text, path(depth)), "a mapping there, with the key '" + std::string(words_[depth]) + "'");
  }

 private:
  std::optional<Problem> in_mapping(YamlNode& node, std::size_t depth) const {
    const std::string_view word = words_[depth];
    if (word == "*") return in_all(node, depth);
    if (word.empty()) return problem(fmt::format("'{}'", change_.key), "keys with single dots between them, such as sites.oslo.channels");
    const auto key = std::ranges::find(node.keys, word, &YamlKey::text);
    const auto index = static_cast<std::size_t>(key - node.keys.begin());
    if (key == node.keys.end()) {
      node.keys.push_back({.text = std::string(word), .place = node.place});
      node.items.push_back({.kind = YamlNode::Kind::nothing, .quoted = false, .place = node.place});
    }
    return at(node.items[index], depth + 1);
  }

  std::optional<Problem> in_list(YamlNode& node, std::size_t depth) const {
    const std::string_view word = words_[depth];
    if (word == "*") return in_all(node, depth);
    std::size_t index = 0;
    const auto [end, failure] = std::from_chars(word.data(), word.data() + word.size(), index);
    if (failure == std::errc{} && end == word.data() + word.size() && index < node.items.size()) return at(node.items[index], depth + 1);
    return problem(fmt::format("'{}' at '{}', a list of {}", word, path(depth), node.items.size()), "a place in it, counted from 0, or *");
  }

  std::optional<Problem> in_all(YamlNode& node, std::size_t depth) const {
    if (node.items.empty()) return problem(fmt::format("nothing at '{}'", path(depth)), "something that * could stand for");
    for (YamlNode& item : node.items) {
      if (auto failure = at(item, depth + 1)) return failure;
    }
    return std::nullopt;
  }

  [[nodiscard]] std::string path(std::size_t depth) const {
    return depth == 0 ? "the scenario" : fmt::format("{}", fmt::join(words_.begin(), words_.begin() + static_cast<std::ptrdiff_t>(depth), "."));
  }
  [[nodiscard]] Problem problem(std::string found, std::string expected) const {
    return {.where = change_.key, .found = std::move(found), .expected = std::move(expected)};
  }

  const Override& change_;
  const YamlNode& value_;
  Words words_;
};

}  // namespace

std::optional<Problem> apply(const Override& change, YamlNode& root) {
  const Result<YamlNode> value = parse_yaml(change.value, change.key);
  if (!value) return Problem{change.key, fmt::format("'{}'", change.value), "a value in YAML"};
  return Placing(change, value.value()).at(root);
}

}  // namespace trunklab
