// Reads the built-in presets of equipment, once.
#include "scenarios/equipment.hpp"

#include <cassert>

#include "scenarios/embedded.hpp"
#include "scenarios/reader_parts.hpp"

namespace trunklab {
namespace {

/// As one line of YAML, as it was written but for quotes and comments.
std::string flow_text(const YamlNode& node) {
  if (node.kind == YamlNode::Kind::scalar) return node.text;
  const bool mapping = node.kind == YamlNode::Kind::mapping;
  std::string text;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    text += i == 0 ? "" : ", ";
    if (mapping) text += node.keys[i].text + ": ";
    text += flow_text(node.items[i]);
  }
  return mapping ? "{ " + text + " }" : "[" + text + "]";
}

EquipmentPreset read_equipment(Reading& reading, const std::string& name, const YamlNode& node) {
  const Fields fields(reading, node, "equipment", {"title", "source", "routing"});
  EquipmentPreset preset{.name = name, .title = name, .source = {}, .keys = {}, .routing = {}};
  if (const YamlNode* title = fields.need("title", "a title")) set(preset.title, reading.text(*title, "a title"));
  if (const YamlNode* source = fields.need("source", "a source")) set(preset.source, reading.text(*source, "a source"));
  const YamlNode* const routing = fields.need("routing", "keys of routing");
  if (!routing) return preset;
  read_equipment_keys(reading, Fields(reading, *routing, "routing", equipment_keys()), preset.routing);
  const std::string text = flow_text(*routing);
  constexpr std::string_view braces = "{ ";
  preset.keys = text.substr(braces.size(), text.size() - 2 * braces.size());
  return preset;
}

std::vector<EquipmentPreset> read_all() {
  Reading reading("equipment.yaml");
  const Result<YamlNode> tree = parse_yaml(std::string(embedded_file("equipment.yaml")), reading.path());
  assert(tree);
  std::vector<EquipmentPreset> presets;
  for (const std::size_t i : named_entries(reading, tree.value(), "equipment")) {
    presets.push_back(read_equipment(reading, tree.value().keys[i].text, tree.value().items[i]));
  }
  assert(reading.clean());
  return presets;
}

}  // namespace

const std::vector<EquipmentPreset>& equipment_presets() {
  static const std::vector<EquipmentPreset> presets = read_all();
  return presets;
}

}  // namespace trunklab
