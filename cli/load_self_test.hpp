// Can this machine play what is asked of it? Known before anybody else is called.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/terminal.hpp"
#include "models/record/record.hpp"
#include "traffic/load/open_bundle.hpp"

namespace trunklab::cli {

/// What would stop a replay in its midst, one sentence each: open files and source ports for TCP, memory for calls that wait for their due time.
std::vector<std::string> machine_lacks(const OpenBundle& bundle);

/// Does the kernel say that its clock is synchronised?
bool clock_is_synchronised();

/// Plays the bundle's calls on loopback for three seconds at the rate of its busiest second. Held: 99 % of the first INVITEs at most 20 ms late
/// (ours), and none missing. Returns the rate, or the largest of its halves that is held; 0: none. Throws std::runtime_error, as Replay.
double rate_held(const OpenBundle& bundle, double wanted, const Directory& directory, const StopSignals& signals, const std::filesystem::path& work);

}  // namespace trunklab::cli
