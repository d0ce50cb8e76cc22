// What a site's resolver knows of the regions' names: cached answers, queries under way, and how the service's DNS answers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/names.hpp"
#include "scenarios/scenario.hpp"
#include "sim/world.hpp"
#include "traffic/demand/luck.hpp"

namespace trunklab {

/// The answering side: one for the service. Sees edges only as its health check does.
class NameServer {
 public:
  NameServer(const Scenario& scenario, const World& world, std::uint32_t replication);

  struct Reply {
    enum class Kind : std::uint8_t {
      addresses,
      nothing,  ///< an empty answer (NODATA)
      servfail,
      no_answer,  ///< the query is never answered
    };
    Kind kind = Kind::addresses;
    NameAnswer answer;
    Span after{};  ///< the query's time
  };
  Reply ask(std::uint16_t region);
  [[nodiscard]] const NameSpec& spec() const { return scenario_.service.names; }

 private:
  const Scenario& scenario_;
  const World& world_;
  std::vector<Luck> luck_;
  std::vector<std::uint64_t> turns_;  ///< answers given, by region
};

/// One cache. Sites that share a resolver share it.
class Resolver {
 public:
  explicit Resolver(NameServer& server, std::size_t regions) : server_(server), entries_(regions) {}

  struct Known {
    Instant ready;       ///< when there is an answer; > now: the query is under way
    bool failed = true;  ///< there are no addresses
    NameAnswer answer;
    std::uint32_t version = 0;  ///< counts the answers
  };
  /// Asks if the cache has nothing that holds at `now`. The clocks of those who ask never go back.
  Known resolve(std::uint16_t region, Instant now, const Routing& routing);

 private:
  struct Entry {
    Known known{.ready = run_start, .failed = true, .answer = {}, .version = 0};
    Instant expires = Instant::min();
  };
  NameServer& server_;
  std::vector<Entry> entries_;
};

}  // namespace trunklab
