// Builds the tree from yaml-cpp's events, which never expand an alias.
#include "scenarios/yaml_tree.hpp"

#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace trunklab {
namespace {

Place place_of(const YAML::Mark& mark) {
  return {static_cast<std::size_t>(mark.line) + 1, static_cast<std::size_t>(mark.column) + 1};
}

/// Ends the parse at something that scenarios do not have.
struct Refusal {
  Place place;
  std::string found;
  std::string expected;
};

class TreeBuilder : public YAML::EventHandler {
 public:
  [[nodiscard]] YamlNode take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) throw Refusal{place_of(mark), "a second document", "one document a file"};
  }
  void OnDocumentEnd() override {}

  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    throw Refusal{place_of(mark), fmt::format("the YAML anchor '&{}'", name), "every value written out where it is needed"};
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw Refusal{place_of(mark), "a YAML alias", "every value written out where it is needed"};
  }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { add({.kind = YamlNode::Kind::nothing, .place = place_of(mark)}, {}); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, const std::string& value) override {
    // yaml-cpp marks plain scalars with the tag "?" and quoted ones with "!".
    add({.kind = YamlNode::Kind::scalar, .quoted = tag == "!", .place = place_of(mark), .text = value}, tag);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, YAML::EmitterStyle::value) override {
    open({.kind = YamlNode::Kind::list, .place = place_of(mark)}, tag);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, YAML::EmitterStyle::value) override {
    open({.kind = YamlNode::Kind::mapping, .place = place_of(mark)}, tag);
  }
  void OnMapEnd() override { close(); }

 private:
  [[nodiscard]] bool key_is_next() const {
    return !open_.empty() && open_.back()->kind == YamlNode::Kind::mapping && open_.back()->keys.size() == open_.back()->items.size();
  }

  void add(YamlNode node, const std::string& tag) {
    refuse_tag(node.place, tag);
    if (key_is_next()) {
      if (node.kind == YamlNode::Kind::nothing) throw Refusal{node.place, "an empty key", "a key"};
      if (node.text == "<<" && !node.quoted) throw Refusal{node.place, "the YAML merge key '<<'", "every value written out where it is needed"};
      open_.back()->keys.push_back({std::move(node.text), node.place});
      return;
    }
    place(std::move(node));
  }

  void open(YamlNode node, const std::string& tag) {
    refuse_tag(node.place, tag);
    if (key_is_next()) throw Refusal{node.place, "a list or mapping as a key", "a word as a key"};
    if (open_.size() == yaml_depth_max) {
      throw Refusal{node.place, fmt::format("more than {} levels of nesting", yaml_depth_max), "a scenario (which needs fewer than ten)"};
    }
    open_.push_back(place(std::move(node)));
  }

  void close() { open_.pop_back(); }

  YamlNode* place(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return &root_;
    }
    YamlNode& parent = *open_.back();
    if (node.kind == YamlNode::Kind::nothing && parent.kind == YamlNode::Kind::mapping) node.place = parent.keys.back().place;
    // Ancestors do not grow while a child is open, so the pointers in open_ stay valid.
    return &parent.items.emplace_back(std::move(node));
  }

  static void refuse_tag(Place place, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    throw Refusal{place, fmt::format("the YAML tag '{}'", tag), "a plain value"};
  }

  YamlNode root_;
  std::vector<YamlNode*> open_;
  int documents_ = 0;
};

}  // namespace

std::string where_text(std::string_view path, Place place) {
  return fmt::format("{}:{}:{}", path, place.line, place.column);
}

Result<YamlNode> parse_yaml(const std::string& text, std::string_view path) try {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  TreeBuilder builder;
  if (!parser.HandleNextDocument(builder)) return Problem{where_text(path, {}), "an empty file", "a scenario"};
  while (parser.HandleNextDocument(builder)) {
  }
  return builder.take();
} catch (const Refusal& refusal) {
  return Problem{where_text(path, refusal.place), refusal.found, refusal.expected};
} catch (const YAML::Exception& error) {
  return Problem{where_text(path, place_of(error.mark)), fmt::format("text that is not YAML ({})", error.msg), "valid YAML"};
}

}  // namespace trunklab
