// Builds the catalogue from what a scenario uses.
#include "sim/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>

namespace trunklab {

namespace {

using namespace std::chrono_literals;

constexpr Span length_max = 15min;
constexpr Span long_max = 1h;
constexpr Span flap_every = 1min;
constexpr std::array grey_percents{1, 10, 50};
constexpr Probability loss_share{0.1};
constexpr double slow_factor = 10;

/// "euc1/1" as part of an id: "euc1-1".
std::string kebab(const std::string& name) {
  std::string word;
  for (const char letter : name) {
    const auto byte = static_cast<unsigned char>(letter);
    const bool plain = std::isalnum(byte) != 0 || byte >= 0x80;
    if (plain) word += static_cast<char>(std::tolower(byte));
    if (!plain && !word.empty() && word.back() != '-') word += '-';
  }
  return word;
}

class Catalogue {
 public:
  explicit Catalogue(const Scenario& scenario) : scenario_(scenario), used_(scenario.service.edges.size()) {
    const Span warmup = scenario.warmup.value_or(Span::zero());
    measured_ = scenario.horizon.duration - warmup;
    begin_ = run_start + warmup + std::chrono::floor<std::chrono::microseconds>(measured_ / 2);
    length_ = on_the_grid(std::min(length_max, measured_ / 4));
    for (const Site& site : scenario.sites) {
      for (const EdgeIndex edge : targets_of(scenario, site)) use(edge);
    }
    for (const DemandSpec& demand : scenario.demands) {
      if (demand.direction != Direction::origination) continue;
      for (const EdgeIndex edge : scenario.service.regions[demand.region].edges) use(edge);
    }
  }

  std::vector<FaultCase> cases() {
    for (const EdgeIndex edge : in_use_) add_edge(edge);
    for (const RegionSpec& region : scenario_.service.regions) add_region(region);
    add_zones();
    for (std::uint16_t region = 0; region < scenario_.service.regions.size(); ++region) add_media(region);
    add_names();
    for (std::uint16_t site = 0; site < scenario_.sites.size(); ++site) add_site(site);
    add_backend();
    return std::move(cases_);
  }

 private:
  /// Control instants are whole microseconds.
  static Span on_the_grid(Span span) { return std::max<Span>(1us, std::chrono::floor<std::chrono::microseconds>(span)); }

  void use(EdgeIndex edge) {
    if (used_[edge]) return;
    used_[edge] = true;
    in_use_.insert(std::ranges::upper_bound(in_use_, edge), edge);
  }

  /// Those of a region that somebody uses, in its order.
  [[nodiscard]] std::vector<EdgeIndex> used_of(const RegionSpec& region) const {
    std::vector<EdgeIndex> edges;
    std::ranges::copy_if(region.edges, std::back_inserter(edges), [this](EdgeIndex edge) { return used_[edge]; });
    return edges;
  }

  [[nodiscard]] const std::string& edge_name(EdgeIndex edge) const { return scenario_.service.edges[edge].name; }

  [[nodiscard]] FaultSpec fault(FaultKind kind, std::string name, std::vector<EdgeIndex> edges = {}) const {
    FaultSpec spec;
    spec.kind = kind;
    spec.at = begin_;
    spec.duration = length_;
    spec.edges = std::move(edges);
    spec.name = std::move(name);
    return spec;
  }

  void add(std::string id, std::string title, std::vector<FaultSpec> faults) {
    const int before = ids_[id]++;
    if (before > 0) id += fmt::format("-{}", before + 1);  // two names that differ in their signs only
    cases_.push_back({.id = std::move(id), .title = std::move(title), .faults = std::move(faults)});
  }

  [[nodiscard]] bool process_death_shows() const {
    return std::ranges::any_of(scenario_.sites, [](const Site& site) { return site.transport != Transport::udp || site.icmp_seen; });
  }

  void add_edge(EdgeIndex edge) {
    const std::string& name = edge_name(edge);
    const std::string word = kebab(name);
    add("crash-" + word, fmt::format("the host of {} dies: silence", name), {fault(FaultKind::crash, name + " crash", {edge})});
    if (process_death_shows()) {
      FaultSpec process = fault(FaultKind::crash, name + " process crash", {edge});
      process.mode = CrashMode::process;
      add("crash-process-" + word, fmt::format("the process of {} dies, its host lives", name), {process});
    }
    add("drain-" + word, fmt::format("{} refuses new calls and keeps the others", name), {fault(FaultKind::drain, name + " drain", {edge})});
    for (const int percent : grey_percents) {
      FaultSpec grey = fault(FaultKind::grey, fmt::format("{} grey {} %", name, percent), {edge});
      grey.share = Probability{percent / 100.0};
      add(fmt::format("grey-{}-{}", percent, word), fmt::format("{} of 100 INVITEs at {} are not answered, OPTIONS are", percent, name), {grey});
    }
    if (scenario_.service.capacity) {
      FaultSpec overload = fault(FaultKind::overload, name + " overload", {edge});
      overload.factor = slow_factor;
      add("overload-" + word, fmt::format("{} works {} times slower", name, slow_factor), {overload});
    }
    FaultSpec flapping = fault(FaultKind::crash, name + " flapping", {edge});
    flapping.every = on_the_grid(std::min<Span>(flap_every, length_ / 2));
    flapping.duration = on_the_grid(flapping.every / 3);
    flapping.times = static_cast<std::uint32_t>(std::max<std::int64_t>(1, length_ / flapping.every));
    add("flapping-" + word, fmt::format("{} dies and returns, again and again", name), {flapping});
    FaultSpec long_one = fault(FaultKind::crash, name + " long crash", {edge});
    long_one.duration = on_the_grid(std::min(long_max, measured_ * 3 / 8));
    add("fail-back-" + word, fmt::format("{} is gone for long: what its return does", name), {long_one});
  }

  void add_region(const RegionSpec& region) {
    const std::vector<EdgeIndex> edges = used_of(region);
    if (edges.size() < 2) return;
    const std::string word = kebab(region.name);
    add("region-" + word, fmt::format("all edges of {} die at once", region.name), {fault(FaultKind::crash, region.name + " crash", edges)});
    std::vector<FaultSpec> drains;
    const Span turn = on_the_grid(length_ / static_cast<int>(edges.size()));
    for (const EdgeIndex edge : edges) {
      FaultSpec& drain = drains.emplace_back(fault(FaultKind::drain, edge_name(edge) + " drain", {edge}));
      drain.at = begin_ + turn * static_cast<int>(drains.size() - 1);
      drain.duration = turn;
    }
    add("maintenance-" + word, fmt::format("the edges of {} are drained one after the other", region.name), std::move(drains));
  }

  /// The first address: it is there from the start.
  void add_media(std::uint16_t region) {
    const std::string& name = scenario_.service.regions[region].name;
    if (used_of(scenario_.service.regions[region]).empty() || !has_media(scenario_)) return;
    FaultSpec failed = fault(FaultKind::media, name + " media address 1 fails");
    failed.regions = {region};
    add("media-" + kebab(name), fmt::format("a media address of {} fails, and its calls are dropped", name), {failed});
    failed.media = MediaLoss::silent;
    add("media-silent-" + kebab(name), fmt::format("a media address of {} fails, and its calls fall silent", name), {failed});
  }

  /// A zone of one edge is that edge's own crash.
  void add_zones() {
    std::map<std::string, std::vector<EdgeIndex>> zones;
    for (const EdgeIndex edge : in_use_) zones[scenario_.service.edges[edge].zone].push_back(edge);
    for (const auto& [zone, edges] : zones) {
      if (edges.size() < 2) continue;
      add("zone-" + kebab(zone), fmt::format("all edges in zone {} die at once", zone), {fault(FaultKind::crash, "zone " + zone + " crash", edges)});
    }
  }

  void add_names() {
    const auto by_name = [](const Site& site) { return site.routing.target == TargetKind::fqdn; };
    const auto first = std::ranges::find_if(scenario_.sites, by_name);
    if (first == scenario_.sites.end()) return;
    add("dns-no-answer", "no name is answered", {fault(FaultKind::dns, "names not answered")});
    FaultSpec servfail = fault(FaultKind::dns, "names fail");
    servfail.dns = DnsEffect::servfail;
    add("dns-servfail", "every name is answered with SERVFAIL", {servfail});
    FaultSpec frozen = fault(FaultKind::dns, "names frozen");
    frozen.dns = DnsEffect::frozen;
    const EdgeIndex edge = scenario_.service.regions[first->routing.regions.front()].edges.front();
    add("dns-frozen-and-crash", fmt::format("names stay as they are, and {} dies", edge_name(edge)),
        {fault(FaultKind::crash, edge_name(edge) + " crash", {edge}), frozen});
  }

  void add_site(std::uint16_t site) {
    const std::string& name = scenario_.sites[site].name;
    const std::string word = kebab(name);
    const auto path = [&](FaultKind kind, const std::string& what, std::vector<EdgeIndex> edges = {}) {
      FaultSpec spec = fault(kind, name + ' ' + what, std::move(edges));
      spec.sites = {site};
      return spec;
    };
    FaultSpec loss = path(FaultKind::path_loss, "path loss");
    loss.share = loss_share;
    add("path-loss-" + word, fmt::format("one message in ten between {} and the service is lost", name), {loss});
    for (const EdgeIndex edge : targets_of(scenario_, scenario_.sites[site])) {
      add(fmt::format("path-down-{}-{}", word, kebab(edge_name(edge))), fmt::format("{} cannot reach {}, others can", name, edge_name(edge)),
          {path(FaultKind::path_down, "path to " + edge_name(edge) + " down", {edge})});
    }
    add("uplink-" + word, fmt::format("{} reaches nobody", name), {path(FaultKind::path_down, "uplink down")});
    add("site-" + word, fmt::format("the SBC of {} dies", name), {path(FaultKind::site_down, "SBC down")});
  }

  void add_backend() {
    if (scenario_.service.callback) {
      FaultSpec down = fault(FaultKind::callback, "callback down");
      down.factor = 0;
      add("callback-down", "the callback backend is gone, its fallback too if there is one", {down});
      FaultSpec slow = fault(FaultKind::callback, "callback slow");
      slow.callback = CallbackEffect::slow;
      slow.factor = slow_factor;
      add("callback-slow", fmt::format("the callback backend is {} times slower", slow_factor), {slow});
    }
    if (scenario_.service.authentication) {
      add("secret", "the credentials of all sites do not fit any more", {fault(FaultKind::secret, "wrong secret")});
    }
  }

  const Scenario& scenario_;
  std::vector<bool> used_;
  std::vector<EdgeIndex> in_use_;  ///< ascending
  Span measured_{};
  Instant begin_;
  Span length_{};
  std::map<std::string, int> ids_;
  std::vector<FaultCase> cases_;
};

}  // namespace

std::vector<FaultCase> catalogue_of(const Scenario& scenario) {
  return Catalogue(scenario).cases();
}

Scenario with_case(const Scenario& scenario, const FaultCase& fault_case) {
  Scenario changed = scenario;
  changed.faults = fault_case.faults;
  changed.random_faults.clear();
  return changed;
}

}  // namespace trunklab
