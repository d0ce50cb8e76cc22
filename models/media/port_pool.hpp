// The RTP ports of one address: which are free, and which one a call gets, by the rules of allocators that people really run.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <queue>
#include <vector>

#include "models/media/media_spec.hpp"
#include "models/units.hpp"

namespace trunklab {

enum class PortState : std::uint8_t {
  free,
  rtp,          ///< of a call; with rtcp-mux its RTCP as well
  rtcp,         ///< of the call whose RTP is on the port below
  quarantined,  ///< given back less than `quarantine` ago
  leaked,       ///< held for a call that is over
  foreign,      ///< another program has it
};
inline constexpr std::size_t port_states = 6;

/// What a call got, or why it got nothing.
struct PortGrant {
  std::uint16_t port = 0;                          ///< the RTP port; 0 = refused. A pair's RTCP is on port + 1
  PortRefusal refusal = PortRefusal::none;         ///< the one thing but for which it would have got a port; see PortPool::take
  std::uint32_t probes = 0;                        ///< ports (or pairs) looked at
  bool collision = false;                          ///< late packets of the port's last call may still come
  std::optional<Span> reuse_after = std::nullopt;  ///< since the port was last given back; nullopt = never used before
  [[nodiscard]] explicit operator bool() const { return port != 0; }
};

/// Instants never go back from call to call. All operations are O(1), or amortised so, but for the walks that the allocators themselves make.
class PortPool {
 public:
  /// `luck` shuffles the allocators that shuffle, and decides when and where others take ports.
  PortPool(const PortPoolSpec& spec, std::uint64_t luck);

  /// A port for RTP, and for a pair the next one, which is odd, for RTCP. `luck` is this call's.
  /// A refusal names what would have to be otherwise, the first that suffices: `fragmented` there are as many free ports as are needed, but
  /// not as a pair, or the allocator gave up before it found it; `quarantined`, `leaked`, `foreign` with the ports of these states free (in
  /// this order, each with those before) it would have found some; else `exhausted`: calls hold them all. An allocator that does not look
  /// before it binds (freeswitch) is refused as `foreign` when the port that it picked is another program's.
  PortGrant take(Instant at, PortNeed need, std::uint64_t luck);
  /// Gives back what take() granted, by its RTP port.
  void give(Instant at, std::uint16_t port);
  /// The call is over, and nobody gives its ports back: they are held for `held`, the same for all such calls; nullopt = for ever.
  void leak(Instant at, std::uint16_t port, std::optional<Span> held);
  /// What time alone does up to `at`: quarantines and timed leaks that are over, ports that others take and leave.
  void advance(Instant at);

  [[nodiscard]] PortState state(std::uint16_t port) const;
  [[nodiscard]] std::uint32_t count(PortState state) const { return counts_[static_cast<std::size_t>(state)]; }
  /// Ports of the range.
  [[nodiscard]] std::uint32_t size() const;
  /// Ports that calls use or hold.
  [[nodiscard]] std::uint32_t in_use() const { return count(PortState::rtp) + count(PortState::rtcp); }
  [[nodiscard]] std::size_t bytes() const;

 private:
  std::array<std::uint32_t, port_states> counts_{};
};

}  // namespace trunklab
