// Reads what each kind of fault needs, and names the fault as people would say it.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "scenarios/fault_parts.hpp"
#include "scenarios/quantity_text.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

constexpr double factor_max = 1e6;
constexpr std::string_view edge_keys[]{"edge", "edges", "zone", "region"};

std::string percent(Probability share) {
  return fmt::format("{:g} %", share.value() * 100);
}

/// The items of a list that name one of `things` each.
template <class Index, class Named>
std::vector<Index> read_list(FaultDraft& draft, const YamlNode& node, const std::vector<Named>& things, std::string_view of_what) {
  std::vector<Index> indices;
  for (const YamlNode& item : draft.reading.list(node, of_what)) {
    const std::optional<std::size_t> index = find_named(draft.reading, item, things);
    if (!index) continue;
    if (std::ranges::find(indices, static_cast<Index>(*index)) != indices.end()) {
      draft.reading.mistake(item.place, described(item) + " a second time", "every one once");
    }
    indices.push_back(static_cast<Index>(*index));
  }
  if (node.kind == YamlNode::Kind::list && node.items.empty()) draft.reading.mistake(node.place, "an empty list", "at least one");
  return indices;
}

std::string read_zone(FaultDraft& draft, const YamlNode& node) {
  const std::vector<EdgeSpec>& edges = draft.scenario.service.edges;
  std::set<std::string_view> names;
  for (const EdgeSpec& edge : edges) names.insert(edge.zone);
  const std::vector<std::string_view> zones(names.begin(), names.end());
  if (zones.empty()) return {};
  const std::optional<std::size_t> zone = draft.reading.choice(node, zones);
  if (!zone) return {};
  for (std::size_t i = 0; i < edges.size(); ++i) {
    if (edges[i].zone == zones[*zone]) draft.fault.edges.push_back(static_cast<EdgeIndex>(i));
  }
  return "zone " + std::string(zones[*zone]);
}

/// The edges that one of the keys edge, edges, zone and region names, and what to call them. Empty: none of the keys is there.
std::string read_edges(FaultDraft& draft) {
  const Service& service = draft.scenario.service;
  const YamlNode* node = nullptr;
  std::string_view key;
  for (const std::string_view each : edge_keys) {
    const YamlNode* const found = draft.fields.find(each);
    if (found && node) draft.reading.mistake(found->place, fmt::format("{} beside {}", each, key), "one of edge, edges, zone, region");
    if (!found || node) continue;
    node = found;
    key = each;
  }
  if (!node) return {};
  std::vector<EdgeIndex>& edges = draft.fault.edges;
  if (key == "zone") return read_zone(draft, *node);
  if (key == "edges") {
    edges = read_list<EdgeIndex>(draft, *node, service.edges, "edges such as [euc1/1, use1/1]");
    return named_text(service.edges, edges);
  }
  if (key == "region") {
    const std::optional<std::size_t> region = find_named(draft.reading, *node, service.regions);
    if (!region) return {};
    edges = service.regions[*region].edges;
    return service.regions[*region].name + " region";
  }
  if (node->kind == YamlNode::Kind::scalar && node->text == "all") {
    draft.each_edge = true;
    for (std::size_t i = 0; i < service.edges.size(); ++i) edges.push_back(static_cast<EdgeIndex>(i));
    return "every edge";
  }
  const std::optional<std::size_t> edge = find_named(draft.reading, *node, service.edges);
  if (!edge) return {};
  edges = {static_cast<EdgeIndex>(*edge)};
  return service.edges[*edge].name;
}

std::string need_edges(FaultDraft& draft) {
  const bool none = std::ranges::none_of(edge_keys, [&](std::string_view key) { return draft.fields.find(key) != nullptr; });
  if (none) draft.reading.mistake(draft.fields.place(), "no 'edge'", "the edge that it happens to, such as euc1/1, or edges, zone or region");
  return read_edges(draft);
}

/// The sites that the key site or sites names, and what to call them; with several sites one of them is needed if `needed`.
std::string read_fault_sites(FaultDraft& draft, bool needed) {
  const std::vector<Site>& sites = draft.scenario.sites;
  const YamlNode* const one = draft.fields.find("site");
  const YamlNode* const several = draft.fields.find("sites");
  if (one && several) draft.reading.mistake(several->place, "sites beside site", "one of them");
  if (one) {
    if (const std::optional<std::size_t> site = find_named(draft.reading, *one, sites)) draft.fault.sites = {static_cast<std::uint16_t>(*site)};
  } else if (several) {
    draft.fault.sites = read_list<std::uint16_t>(draft, *several, sites, "sites");
  } else if (needed && sites.size() > 1) {
    draft.reading.mistake(draft.fields.place(), "no 'site'", "the site that it happens to, or sites");
  } else if (needed && !sites.empty()) {
    draft.fault.sites = {0};
  }
  return named_text(sites, draft.fault.sites);
}

void need_part(FaultDraft& draft, bool there, std::string_view found, std::string_view expected) {
  if (there) return;
  const YamlNode* const effect = draft.fields.find("effect");
  const YamlNode* const kind = draft.fields.find("kind");
  const Place place = effect ? effect->place : kind ? kind->place : draft.fields.place();
  draft.reading.mistake(place, std::string(found), std::string(expected));
}

/// Reports a key that means something only beside another value.
void refuse_key(FaultDraft& draft, std::string_view key, std::string_view beside) {
  const YamlNode* const node = draft.fields.find(key);
  if (node) draft.reading.mistake(node->place, fmt::format("{} without {}", key, beside), fmt::format("{} only beside that", key));
}

void read_path(FaultDraft& draft, const std::string& what) {
  const std::string sites = read_fault_sites(draft, true);
  const std::string edges = read_edges(draft);
  draft.each_edge = false;
  draft.fault.name = sites + " " + what + (edges.empty() ? "" : " to " + edges);
}

void read_path_down(FaultDraft& draft) {
  draft.fault.kind = FaultKind::path_down;
  read_path(draft, "path down");
}

void read_crash(FaultDraft& draft) {
  enum class Mode : std::uint8_t { host, process, network };
  Mode mode = Mode::host;
  if (const YamlNode* word = draft.fields.find("mode")) {
    set(mode, draft.reading.choice(*word, {"host", "process", "network"}, {Mode::host, Mode::process, Mode::network}));
  }
  const std::string on = need_edges(draft);
  if (mode == Mode::network) {
    draft.fault.kind = FaultKind::path_down;
    draft.each_edge = false;
    draft.fault.name = fmt::format("{} path down to {}", read_fault_sites(draft, true), on);
    return;
  }
  refuse_key(draft, "site", "mode: network");
  refuse_key(draft, "sites", "mode: network");
  draft.fault.kind = FaultKind::crash;
  draft.fault.mode = mode == Mode::process ? CrashMode::process : CrashMode::host;
  draft.fault.name = on + (mode == Mode::process ? " process crash" : " crash");
}

void read_drain_fault(FaultDraft& draft) {
  draft.fault.kind = FaultKind::drain;
  draft.fault.name = need_edges(draft) + " drain";
}

void read_overload(FaultDraft& draft) {
  draft.fault.kind = FaultKind::overload;
  const std::string on = need_edges(draft);
  if (const YamlNode* factor = draft.fields.need("factor", "how many times slower the edge works, such as 5")) {
    set(draft.fault.factor, draft.reading.number(*factor, 1, factor_max));
  }
  need_part(draft, draft.scenario.service.capacity.has_value(), "an overload of edges that are never busy",
            "a capacity of the service, such as service: { preset: sinch, capacity: { service_time: 2ms } }");
  draft.fault.name = fmt::format("{} overload x{:g}", on, draft.fault.factor);
}

void read_grey(FaultDraft& draft) {
  FaultSpec& fault = draft.fault;
  fault.kind = FaultKind::grey;
  const std::string on = need_edges(draft);
  if (const YamlNode* share = draft.fields.need("share", "the share of INVITEs that go wrong, such as 10%")) {
    set(fault.share, draft.reading.share(*share, false));
  }
  constexpr std::string_view words[]{"silent-before-100", "silent-after-100", "silent-after-challenge", "error", "slow"};
  constexpr GreyEffect effects[]{GreyEffect::silent_before_100, GreyEffect::silent_after_100, GreyEffect::silent_after_challenge, GreyEffect::error,
                                 GreyEffect::slow};
  constexpr std::string_view names[]{"silent before 100", "silent after 100", "silent after challenge", "error", "slow"};
  const YamlNode* const effect = draft.fields.need("effect", "what becomes of them, such as silent-before-100");
  const std::optional<GreyEffect> known = effect ? draft.reading.choice(*effect, words, effects) : std::nullopt;
  if (!known) return;
  fault.grey = *known;
  std::string name(names[static_cast<std::size_t>(*known)]);
  if (*known == GreyEffect::silent_after_challenge) {
    need_part(draft, draft.scenario.service.authentication.has_value(), "silent-after-challenge without challenges",
              "authentication of the service, or another effect");
  }
  if (*known != GreyEffect::error) {
    refuse_key(draft, "code", "effect: error");
  } else if (const YamlNode* code = draft.fields.find("code")) {
    set(fault.code, draft.reading.code(*code, 400));
  }
  if (*known != GreyEffect::slow) {
    refuse_key(draft, "delay", "effect: slow");
  } else if (const YamlNode* delay = draft.fields.need("delay", "how much later the INVITEs are answered, such as 2s")) {
    set(fault.delay, draft.reading.span(*delay, 1ms, 10min));
  }
  if (*known == GreyEffect::error) name += fmt::format(" {}", fault.code);
  if (*known == GreyEffect::slow) name += " by " + span_text(fault.delay);
  fault.name = fmt::format("{} grey {} ({})", on, percent(fault.share), name);
}

void read_path_loss(FaultDraft& draft) {
  draft.fault.kind = FaultKind::path_loss;
  if (const YamlNode* share = draft.fields.need("share", "the share of messages that are lost, such as 5%")) {
    set(draft.fault.share, draft.reading.share(*share, false));
  }
  read_path(draft, "path loss " + percent(draft.fault.share));
}

void read_dns(FaultDraft& draft) {
  FaultSpec& fault = draft.fault;
  fault.kind = FaultKind::dns;
  std::string on;
  if (const YamlNode* region = draft.fields.find("region")) {
    const std::vector<RegionSpec>& regions = draft.scenario.service.regions;
    if (const std::optional<std::size_t> index = find_named(draft.reading, *region, regions)) {
      fault.regions = {static_cast<std::uint16_t>(*index)};
      on = regions[*index].name + " ";
    }
  }
  constexpr std::string_view words[]{"no-answer", "servfail", "frozen", "slow"};
  constexpr DnsEffect effects[]{DnsEffect::no_answer, DnsEffect::servfail, DnsEffect::frozen, DnsEffect::slow};
  constexpr std::string_view names[]{"no answer", "servfail", "frozen", "slow by "};
  const YamlNode* const effect = draft.fields.need("effect", "what becomes of the answers: no-answer, servfail, frozen or slow");
  const std::optional<DnsEffect> known = effect ? draft.reading.choice(*effect, words, effects) : std::nullopt;
  if (!known) return;
  fault.dns = *known;
  if (*known != DnsEffect::slow) {
    refuse_key(draft, "delay", "effect: slow");
  } else if (const YamlNode* delay = draft.fields.need("delay", "how much later the answers come, such as 2s")) {
    set(fault.delay, draft.reading.span(*delay, 1ms, 10min));
  }
  fault.name = fmt::format("{}dns {}{}", on, names[static_cast<std::size_t>(*known)], *known == DnsEffect::slow ? span_text(fault.delay) : "");
}

void read_callback_fault(FaultDraft& draft) {
  FaultSpec& fault = draft.fault;
  fault.kind = FaultKind::callback;
  constexpr std::string_view words[]{"down", "errors", "slow"};
  constexpr CallbackEffect effects[]{CallbackEffect::down, CallbackEffect::errors, CallbackEffect::slow};
  const YamlNode* const effect = draft.fields.need("effect", "what becomes of the backend: down, errors or slow");
  need_part(draft, draft.scenario.service.callback.has_value(), "a fault of a backend that nobody asks",
            "a callback of the service, such as service: { preset: sinch, callback: { latency: 200ms } }");
  const std::optional<CallbackEffect> known = effect ? draft.reading.choice(*effect, words, effects) : std::nullopt;
  if (!known) return;
  fault.callback = *known;
  if (*known != CallbackEffect::down) refuse_key(draft, "fallback_too", "effect: down");
  if (*known != CallbackEffect::errors) refuse_key(draft, "share", "effect: errors");
  if (*known != CallbackEffect::slow) refuse_key(draft, "factor", "effect: slow");
  switch (*known) {
    case CallbackEffect::down: {
      bool fallback_too = false;
      if (const YamlNode* too = draft.fields.find("fallback_too")) set(fallback_too, draft.reading.flag(*too));
      if (fallback_too) fault.factor = 0;
      fault.name = fallback_too ? "callback and fallback down" : "callback down";
      return;
    }
    case CallbackEffect::errors:
      if (const YamlNode* share = draft.fields.need("share", "the share of requests that get an error, such as 20%")) {
        set(fault.share, draft.reading.share(*share, false));
      }
      fault.name = "callback errors " + percent(fault.share);
      return;
    case CallbackEffect::slow:
      if (const YamlNode* factor = draft.fields.need("factor", "how many times slower the backend is, such as 10")) {
        set(fault.factor, draft.reading.number(*factor, 1, factor_max));
      }
      fault.name = fmt::format("callback slow x{:g}", fault.factor);
  }
}

void read_destination_fault(FaultDraft& draft) {
  FaultSpec& fault = draft.fault;
  fault.kind = FaultKind::destination;
  fault.code = 0;
  if (const YamlNode* prefix = draft.fields.need("prefix", "the prefix of a demand's destination, such as 4670")) {
    std::vector<std::string_view> known;
    for (const DemandSpec& demand : draft.scenario.demands) {
      for (const DestinationSpec& destination : demand.destinations) known.push_back(destination.prefix);
    }
    if (!known.empty() && draft.reading.choice(*prefix, known)) fault.destination = prefix->text;
    if (known.empty()) draft.reading.mistake(prefix->place, described(*prefix), "a prefix that is among the destinations of a demand");
  }
  if (const YamlNode* code = draft.fields.find("code")) set(fault.code, draft.reading.code(*code, 400));
  fault.name = fmt::format("destination {} {}", fault.destination, fault.code == 0 ? "silent" : fmt::format("refused with {}", fault.code));
}

void read_secret(FaultDraft& draft) {
  draft.fault.kind = FaultKind::secret;
  const std::string sites = read_fault_sites(draft, false);
  need_part(draft, draft.scenario.service.authentication.has_value(), "a wrong secret where nobody asks for it",
            "authentication of the service, such as service: { preset: sinch, authentication: { code: 407 } }");
  draft.fault.name = sites + (sites.empty() ? "wrong secret" : " wrong secret");
}

void read_site_down(FaultDraft& draft) {
  draft.fault.kind = FaultKind::site_down;
  draft.fault.name = read_fault_sites(draft, true) + " site down";
}

void read_media_fault(FaultDraft& draft) {
  FaultSpec& fault = draft.fault;
  fault.kind = FaultKind::media;
  std::string on;
  if (const YamlNode* region = draft.fields.need("region", "the region whose media address fails, such as euc1")) {
    if (const std::optional<std::size_t> index = find_named(draft.reading, *region, draft.scenario.service.regions)) {
      fault.regions = {static_cast<std::uint16_t>(*index)};
      on = draft.scenario.service.regions[*index].name;
    }
  }
  if (const YamlNode* address = draft.fields.find("address")) {
    if (const auto number = draft.reading.whole(*address, 1, addresses_max)) fault.address = static_cast<std::uint16_t>(*number - 1);
  }
  if (const YamlNode* calls = draft.fields.find("calls")) {
    set(fault.media, draft.reading.choice(*calls, {"dropped", "silent"}, {MediaLoss::dropped, MediaLoss::silent}));
  }
  const bool modelled = has_media(draft.scenario);
  need_part(draft, modelled, "a fault of media that no call has", "codecs of a demand, such as codecs: [G.711a]");
  fault.name = fmt::format("{} media address {} down{}", on, fault.address + 1, fault.media == MediaLoss::silent ? " (calls silent)" : "");
}

constexpr std::string_view crash_keys[]{"edge", "edges", "zone", "region", "mode", "site", "sites"};
constexpr std::string_view overload_keys[]{"edge", "edges", "zone", "region", "factor"};
constexpr std::string_view grey_keys[]{"edge", "edges", "zone", "region", "share", "effect", "code", "delay"};
constexpr std::string_view path_down_keys[]{"edge", "edges", "zone", "region", "site", "sites"};
constexpr std::string_view path_loss_keys[]{"edge", "edges", "zone", "region", "site", "sites", "share"};
constexpr std::string_view dns_keys[]{"region", "effect", "delay"};
constexpr std::string_view callback_keys[]{"effect", "share", "factor", "fallback_too"};
constexpr std::string_view destination_keys[]{"prefix", "code"};
constexpr std::string_view site_keys[]{"site", "sites"};
constexpr std::string_view media_keys[]{"region", "address", "calls"};

constexpr FaultWord words_of_faults[]{{"crash", crash_keys, read_crash},
                                      {"drain", edge_keys, read_drain_fault},
                                      {"overload", overload_keys, read_overload},
                                      {"grey", grey_keys, read_grey},
                                      {"path-down", path_down_keys, read_path_down},
                                      {"path-loss", path_loss_keys, read_path_loss},
                                      {"dns", dns_keys, read_dns},
                                      {"callback", callback_keys, read_callback_fault},
                                      {"destination", destination_keys, read_destination_fault},
                                      {"secret", site_keys, read_secret},
                                      {"site", site_keys, read_site_down},
                                      {"media", media_keys, read_media_fault}};

}  // namespace

std::span<const FaultWord> fault_words() {
  return words_of_faults;
}

}  // namespace trunklab
