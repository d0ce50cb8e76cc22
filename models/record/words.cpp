// Spellings of the record's enumerations, names of entities, and the mapping of SIP codes to Q.850 causes.
#include "models/record/words.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <string>

namespace trunklab {
namespace {

template <class Enum, std::size_t size>
std::string_view at(const std::array<std::string_view, size>& words, Enum value) {
  const auto index = static_cast<std::size_t>(value);
  assert(index < size);
  return words[index];
}

}  // namespace

std::string_view word(Outcome outcome) {
  return at(std::to_array<std::string_view>(
                {"in_progress", "answered", "busy", "no_answer", "rejected", "blocked", "failed", "lost_in_setup", "abandoned"}),
            outcome);
}

std::string_view word(Ending ending) {
  return at(std::to_array<std::string_view>({"none", "normal", "dropped", "orphaned", "in_progress"}), ending);
}

std::string_view word(Reason reason) {
  return at(std::to_array<std::string_view>({"none",          "site_channels", "cap_cps",     "cap_sessions",    "site_ports",        "media_ports",
                                             "no_response",   "no_progress",   "refused",     "transport_error", "name_not_resolved", "unauthorized",
                                             "number_format", "callback",      "destination", "firewall",        "fragments",         "no_edge_left",
                                             "site_down",     "codec"}),
            reason);
}

std::string_view word(PortRefusal refusal) {
  return at(std::to_array<std::string_view>({"none", "exhausted", "fragmented", "quarantined", "leaked", "foreign"}), refusal);
}

std::string_view word(Audio audio) {
  return at(std::to_array<std::string_view>({"not_modelled", "both", "to_far_only", "to_site_only", "none", "lost"}), audio);
}

std::string_view word(Party party) {
  return at(std::to_array<std::string_view>({"nobody", "caller", "callee"}), party);
}

std::string_view word(AttemptEnd end) {
  return at(
      std::to_array<std::string_view>({"none", "answered", "refused", "no_response", "no_progress", "abandoned", "lost_in_setup", "transport_error"}),
      end);
}

std::string_view word(EventKind kind) {
  return at(std::to_array<std::string_view>({"edge_crashed", "edge_recovered", "probe_down", "probe_up", "health_down", "health_up", "trigger",
                                             "fault_began", "fault_ended", "media_ordered", "media_ready", "media_draining", "media_removed"}),
            kind);
}

std::string_view word(Metric metric) {
  return at(std::to_array<std::string_view>({"concurrent", "offered", "answered", "lost", "ports_in_use", "ports_quarantined", "ports_leaked",
                                             "ports_foreign", "addresses", "mbit_per_s"}),
            metric);
}

std::string_view word(Effect effect) {
  return at(std::to_array<std::string_view>({"lost", "stuck", "late"}), effect);
}

std::string_view word(CallPhase phase) {
  return at(std::to_array<std::string_view>({"new", "in_setup", "talking"}), phase);
}

std::string_view word(CapScope scope) {
  return at(std::to_array<std::string_view>({"edge", "region", "account", "source_address"}), scope);
}

std::string entity_name(const Directory& directory, EntityKind kind, std::uint16_t index) {
  switch (kind) {
    case EntityKind::total: return "total";
    case EntityKind::site: return "site/" + directory.sites.at(index);
    case EntityKind::region: return "region/" + directory.regions.at(index);
    case EntityKind::edge: return "edge/" + directory.edges.at(index).name;
    case EntityKind::demand: return "demand/" + directory.demands.at(index).name;
    case EntityKind::fault: return "fault/" + std::to_string(index);
    case EntityKind::media_address: return "media/" + directory.regions.at(index / addresses_max) + '/' + std::to_string(index % addresses_max + 1);
    case EntityKind::codecs: return "codecs/" + directory.codecs.at(index);
  }
  assert(false);
  return {};
}

std::string call_id_text(const Directory& directory, const CallId& id, std::uint8_t attempt) {
  const std::string redial = id.redial == 0 ? "" : 'r' + std::to_string(id.redial);
  return directory.demands.at(id.demand).name + '.' + std::to_string(id.window) + '.' + std::to_string(id.number) + redial + '.' +
         std::to_string(attempt) + "@trunklab";
}

std::uint8_t q850_cause(std::uint16_t sip_code) {
  struct Row {
    std::uint16_t code;
    std::uint8_t cause;
  };
  // RFC 3398 section 8.2.6.1; 487 (given up by the caller: normal clearing), 488 and 606 (normal, unspecified) have no fixed row there.
  static constexpr auto table =
      std::to_array<Row>({{400, 41}, {401, 21}, {402, 21}, {403, 21}, {404, 1},   {405, 63}, {406, 79}, {407, 21}, {408, 102}, {410, 22},
                          {415, 79}, {480, 18}, {481, 41}, {482, 25}, {483, 25},  {484, 28}, {485, 1},  {486, 17}, {487, 16},  {488, 31},
                          {500, 41}, {501, 79}, {502, 38}, {503, 41}, {504, 102}, {600, 17}, {603, 21}, {604, 1},  {606, 31}});
  if (sip_code < 300) return 0;
  const auto row = std::ranges::lower_bound(table, sip_code, {}, &Row::code);
  return row != table.end() && row->code == sip_code ? row->cause : 127;  // interworking, unspecified
}

}  // namespace trunklab
