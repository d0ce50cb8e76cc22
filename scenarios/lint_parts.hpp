// The parts of the advice, each in its own file. Internal to lint().
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/lint.hpp"

namespace trunklab {

/// Gathers the advice on one scenario.
class Advisor {
 public:
  explicit Advisor(const Scenario& scenario) : scenario_(scenario) {}

  [[nodiscard]] const Scenario& scenario() const { return scenario_; }
  /// `id` is one of lint_rules(), which also knows the origin.
  void add(std::string_view id, std::string where, std::string what, std::string why, std::string fix);
  std::vector<Advice> take() { return std::move(advice_); }

  /// Does the site call the service?
  [[nodiscard]] bool calls_out(std::size_t site) const;

 private:
  const Scenario& scenario_;
  std::vector<Advice> advice_;
};

/// A passage of the seed with the heading that it stands under.
std::string quote(std::string_view passage, std::string_view section);

/// The address in the seed's examples that its list of addresses does not have.
inline constexpr std::string_view example_address = "18.194.168.245";

void advise_on_service(Advisor& advisor);
/// What a stationary start leaves out.
void advise_on_start(Advisor& advisor);
void advise_on_targets(Advisor& advisor, std::size_t site);
void advise_on_firewall(Advisor& advisor, std::size_t site);
void advise_on_hunting(Advisor& advisor, std::size_t site);
void advise_on_channels(Advisor& advisor, std::size_t site);
void advise_on_transport(Advisor& advisor, std::size_t site);
void advise_on_demand(Advisor& advisor, const DemandSpec& demand);
void advise_on_cap(Advisor& advisor, const CapSpec& cap, const std::string& where);

/// Ports, addresses and packets of the service.
void advise_on_media(Advisor& advisor);
void advise_on_site_media(Advisor& advisor, std::size_t site);
/// What the demands' offers come to.
void advise_on_codecs(Advisor& advisor);

/// The highest rate of a demand; 0 for a trace, whose rate is not known before it is played.
double peak_rate(const DemandSpec& demand);

/// The mean number of calls of a demand at the same time, at its highest rate: set-up and talk. 0 for a trace.
double peak_erlangs(const DemandSpec& demand);

/// A rate that changes by so much at an instant.
struct RateChange {
  Instant at;
  double by = 0;
};
/// What a demand adds to a rate in the course of time. A slope becomes steps, each as high as its higher end.
void add_changes(const DemandSpec& demand, std::vector<RateChange>& changes);

}  // namespace trunklab
