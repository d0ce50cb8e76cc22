// The loss system as SimGrid's users would write it: every call is an actor that sleeps for its holding time.
#include <simgrid/s4u.hpp>

#include <vector>

#include "tests/bench/loss_system.hpp"

namespace sg4 = simgrid::s4u;

namespace trunklab::bench {
namespace {

class Exchange {
 public:
  explicit Exchange(const LossSystem& system) : system_(system), ledger_(system), luck_(system), busy_(luck_.busy_at_start(system)) {}

  /// The body of the actor that offers all calls.
  void offer_calls() {
    for (std::uint32_t call = 0; call < busy_; ++call) start_call();
    while (!ledger_.complete()) {
      sg4::this_actor::sleep_for(luck_.gap_s());
      const bool blocked = busy_ == system_.channels;
      ledger_.offered(blocked);
      if (blocked) continue;
      ++busy_;
      start_call();
    }
    sg4::Actor::kill_all();
  }
  [[nodiscard]] const Ledger& ledger() const { return ledger_; }

 private:
  void start_call() {
    sg4::Actor::create("call", sg4::this_actor::get_host(), [this, holding_s = luck_.holding_s()] {
      sg4::this_actor::sleep_for(holding_s);
      --busy_;
    });
  }

  LossSystem system_;
  Ledger ledger_;
  StandardLuck luck_;
  std::uint32_t busy_;
};

}  // namespace
}  // namespace trunklab::bench

int main(int /*argc*/, char** argv) {
  const auto system = trunklab::bench::loss_system_from(argv);
  std::string name = argv[0];
  std::string small_stacks = "--cfg=contexts/stack-size:32";  // KiB: the least that SimGrid's own examples use with many actors
  std::string quiet = "--log=root.thres:error";
  std::vector<char*> arguments{name.data(), small_stacks.data(), quiet.data(), nullptr};
  int count = 3;
  sg4::Engine engine(&count, arguments.data());
  auto* world = sg4::create_full_zone("world");
  auto* host = world->create_host("exchange", 1e9);
  world->seal();
  trunklab::bench::Exchange exchange(system);
  sg4::Actor::create("callers", host, [&exchange] { exchange.offer_calls(); });
  engine.run();
  exchange.ledger().report_as("actors");
}
