// One run: engine, platform, planes; and everything put away again, however it ended.
#include "sim/run.hpp"

#include <simgrid/s4u.hpp>

#include <csignal>
#include <memory>

#include "sim/platform/control_plane.hpp"
#include "sim/platform/plane_model.hpp"
#include "sim/stationary.hpp"
#include "traffic/demand/timetable.hpp"

namespace sg4 = simgrid::s4u;

namespace trunklab {

namespace {

/// SimGrid's Engine with our settings. It is never given the user's arguments, and its SIGINT handler (which ends the process) is undone.
/// Each engine has itself told when a host is turned on or off, and never takes that back (3.32): without the destructor here, the thousandth run's
/// hosts would be looked at a thousand times.
class Engine {
 public:
  Engine() {
    struct sigaction before {};
    sigaction(SIGINT, nullptr, &before);
    first_callback_ = next_callback();
    engine_ = std::make_unique<sg4::Engine>(&argc_, argv_);
    sigaction(SIGINT, &before, nullptr);
  }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine() {
    engine_.reset();
    const unsigned end = next_callback();
    for (unsigned callback = first_callback_; callback < end; ++callback) sg4::Host::on_state_change.disconnect(callback);
  }
  sg4::Engine* operator->() { return engine_.get(); }

 private:
  /// What the next one that is connected will be called.
  static unsigned next_callback() {
    const unsigned callback = sg4::Host::on_state_change.connect([](const sg4::Host&) {});
    sg4::Host::on_state_change.disconnect(callback);
    return callback;
  }

  // Latencies as given (the default model stretches them), microsecond events told apart, small stacks: actors do little.
  static inline char name_[] = "trunklab";
  static inline char quiet_[] = "--log=root.thres:error";
  static inline char model_[] = "--cfg=network/model:CM02";
  static inline char latency_[] = "--cfg=network/latency-factor:1";
  static inline char bandwidth_[] = "--cfg=network/bandwidth-factor:1";
  static inline char weight_[] = "--cfg=network/weight-S:0";
  static inline char gamma_[] = "--cfg=network/TCP-gamma:0";
  static inline char precision_[] = "--cfg=surf/precision:1e-9";
#ifdef TRUNKLAB_SANITIZED
  static inline char contexts_[] = "--cfg=contexts/factory:thread";
#else
  static inline char contexts_[] = "--cfg=contexts/stack-size:256";
#endif
  int argc_ = 9;
  char* arguments_[10] = {name_, quiet_, model_, latency_, bandwidth_, weight_, gamma_, precision_, contexts_, nullptr};
  char** argv_ = arguments_;
  std::unique_ptr<sg4::Engine> engine_;
  unsigned first_callback_ = 0;
};

RunEnd end_of(CallPlane& plane, const Scenario& scenario, const ControlClock& clock) {
  RunEnd end;
  end.complete = !plane.stopped();
  end.reached = end.complete ? run_start + scenario.horizon.duration : clock.now();
  end.offered = plane.offered();
  end.events = plane.events();
  end.messages_served = plane.messages_served();
  end.messages_lost = plane.messages_lost();
  end.bytes_max = plane.bytes();
  end.total = plane.total_occupancy();
  for (std::size_t site = 0; site < scenario.sites.size(); ++site) end.sites.push_back(plane.site_occupancy(site));
  for (std::size_t edge = 0; edge < scenario.service.edges.size(); ++edge) end.edges.push_back(plane.edge_occupancy(edge));
  end.media = plane.media_seen();
  return end;
}

}  // namespace

Result<RunEnd> run_once(const Scenario& scenario, const RunOptions& options, RunSink& sink) {
  auto timetable = Timetable::open(scenario, options.replication);
  if (!timetable) return timetable.problems();
  Engine engine;
  ControlClock clock(scenario.horizon.duration);
  const Platform platform(scenario);
  World world(scenario, sink);
  CallPlane plane({.scenario = scenario,
                   .world = world,
                   .delays = platform.delays(),
                   .timetable = std::move(timetable).value(),
                   .sink = sink,
                   .measure_from = run_start + scenario.warmup.value_or(Span::zero()),
                   .replication = options.replication,
                   .stop = options.stop});
  if (!scenario.warmup) plane.place(stationary_calls(scenario, options.replication));
  auto model = std::make_shared<PlaneModel>(plane, clock);
  engine->add_model(model);
  ControlPlane control(scenario, options, platform, plane, world, *model, clock);
  control.start();
  engine->run();
  if (model->failure()) std::rethrow_exception(model->failure());
  plane.finish(plane.stopped() ? clock.now() : run_start + scenario.horizon.duration);
  world.flush();
  return end_of(plane, scenario, clock);
}

}  // namespace trunklab
