// The loss system on ns-3, with the scheduler that the last argument names.
#include <ns3/nstime.h>
#include <ns3/object-factory.h>
#include <ns3/simulator.h>

#include "tests/bench/loss_system.hpp"

namespace trunklab::bench {
namespace {

class Exchange {
 public:
  explicit Exchange(const LossSystem& system) : system_(system), ledger_(system), luck_(system), busy_(luck_.busy_at_start(system)) {}

  void simulate() {
    for (std::uint32_t call = 0; call < busy_; ++call) ns3::Simulator::Schedule(delay(luck_.holding_s()), &Exchange::on_release, this);
    ns3::Simulator::Schedule(delay(luck_.gap_s()), &Exchange::on_call, this);
    ns3::Simulator::Run();
  }
  [[nodiscard]] const Ledger& ledger() const { return ledger_; }

 private:
  /// The baseline at its best: Seconds() would make it about a quarter slower.
  static ns3::Time delay(double seconds) { return ns3::NanoSeconds(static_cast<std::uint64_t>(seconds * 1e9)); }

  void on_call() {
    const bool blocked = busy_ == system_.channels;
    ledger_.offered(blocked);
    if (ledger_.complete()) return ns3::Simulator::Stop();
    if (!blocked) {
      ++busy_;
      ns3::Simulator::Schedule(delay(luck_.holding_s()), &Exchange::on_release, this);
    }
    ns3::Simulator::Schedule(delay(luck_.gap_s()), &Exchange::on_call, this);
  }
  void on_release() { --busy_; }

  LossSystem system_;
  Ledger ledger_;
  StandardLuck luck_;
  std::uint32_t busy_;
};

}  // namespace
}  // namespace trunklab::bench

int main(int argc, char** argv) {
  const auto system = trunklab::bench::loss_system_from(argv);
  const std::string scheduler = argc > 4 ? argv[4] : "Map";
  ns3::Simulator::SetScheduler(ns3::ObjectFactory("ns3::" + scheduler + "Scheduler"));
  trunklab::bench::Exchange exchange(system);
  exchange.simulate();
  exchange.ledger().report_as(scheduler == "Map" ? "ns3-map" : "ns3-calendar");
}
