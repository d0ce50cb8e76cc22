// What can go wrong, as plain data: which thing, how, when and for how long.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/units.hpp"

namespace trunklab {

using EdgeIndex = std::uint8_t;
inline constexpr EdgeIndex no_edge = 0xFF;

enum class FaultKind : std::uint8_t {
  crash,        ///< edges are gone: see CrashMode
  drain,        ///< edges refuse new calls and keep the others
  overload,     ///< edges work slower by `factor` (service times are multiplied by it)
  grey,         ///< a share of INVITEs goes wrong at these edges while OPTIONS are answered: see GreyEffect
  path_down,    ///< nothing passes between these sites and these edges, in both directions
  path_loss,    ///< each message between them is lost with probability `share`
  dns,          ///< the names of these regions are not served as they should be: see DnsEffect
  callback,     ///< the customer's backend fails: see CallbackEffect
  destination,  ///< a called prefix is dead: `code`, or silence if that is 0
  secret,       ///< the credentials of these sites do not fit any more
  site_down,    ///< the site's own SBC is gone: its calls are lost, those in progress drop
  media         ///< media addresses of these regions fail: see MediaLoss
};
enum class CrashMode : std::uint8_t {
  process,  ///< the host lives: a TCP connection is refused at once, UDP meets silence unless ICMP is seen
  host      ///< silence
};
enum class GreyEffect : std::uint8_t { silent_before_100, silent_after_100, silent_after_challenge, error, slow };
enum class DnsEffect : std::uint8_t {
  no_answer,  ///< queries time out
  servfail,
  frozen,  ///< answers stay as they were when the fault began
  slow     ///< answers take `delay`
};
enum class CallbackEffect : std::uint8_t {
  down,    ///< no reply at all from the primary URL (and none from the fallback URL if `factor` is 0)
  errors,  ///< errors for a share of requests
  slow     ///< latencies are multiplied by `factor`
};
/// What becomes of the calls on a media address that fails.
enum class MediaLoss : std::uint8_t {
  dropped,  ///< the service notices and ends them
  silent    ///< they go on without speech until a media time-out ends them
};

/// A duration of which only the law is known. shape 1: exponential; else Weibull (shape < 1: infant mortality, > 1: wear). mean > 0.
struct FaultLaw {
  Span mean{};
  double shape = 1;
  /// The value below which a share u of all lies. 0 < u < 1.
  [[nodiscard]] Span quantile(double u) const;
  bool operator==(const FaultLaw&) const = default;
};

struct FaultSpec {
  FaultKind kind = FaultKind::crash;
  Instant at;                            ///< not for random ones
  std::optional<Span> duration;          ///< nullopt = until the end of the run
  std::vector<EdgeIndex> edges{};        ///< crash, drain, overload, grey: at least one. path_*: empty = all
  std::vector<std::uint16_t> sites{};    ///< path_*, secret, site_down: empty = all
  std::vector<std::uint16_t> regions{};  ///< dns: empty = all; media: one
  CrashMode mode = CrashMode::host;
  GreyEffect grey = GreyEffect::silent_before_100;
  DnsEffect dns = DnsEffect::no_answer;
  CallbackEffect callback = CallbackEffect::down;
  MediaLoss media = MediaLoss::dropped;
  std::uint16_t address = 0;  ///< media: which address of the region, from 0; one that is not there then is no fault
  Probability share{1};       ///< grey, path_loss, callback errors
  Span delay{};               ///< grey slow, dns slow
  std::uint16_t code = 503;   ///< grey error, destination
  double factor = 1;          ///< overload, callback slow
  std::string destination{};  ///< prefix of a DestinationSpec
  std::uint32_t times = 1;    ///< flapping: the fault happens so many times ...
  Span every{};               ///< ... with so long from one begin to the next; > duration
  /// Random: time from a repair to the next fault, and duration. `at` and `duration` mean nothing then.
  struct Random {
    FaultLaw up;
    FaultLaw down;
    bool operator==(const Random&) const = default;
  };
  std::optional<Random> random{};
  std::string name{};  ///< as reports call it: "euc1/1 crash"
  bool operator==(const FaultSpec&) const = default;
};

}  // namespace trunklab
