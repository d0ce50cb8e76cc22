// What a subcommand is, how it ends, and what it needs from the terminal.
#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "models/result.hpp"

namespace trunklab::cli {

/// Exit codes of every command. A command that a signal stopped ends with 128 + the signal's number, as shells have it.
enum Exit : int { done = 0, failed = 1, misused = 2, objective_missed = 3 };

struct Command {
  std::string_view name;
  std::string_view summary;
  int (*run)(const std::vector<std::string>& arguments);
};

/// The user's mistake on the command line. main prints it and exits with `misused`.
class Misuse : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Prints every problem on its own line to stderr and returns `misused`.
int refuse(const Problems& problems);

int demo(const std::vector<std::string>& arguments);
int check(const std::vector<std::string>& arguments);
int simulate(const std::vector<std::string>& arguments);
int failover(const std::vector<std::string>& arguments);
int presets(const std::vector<std::string>& arguments);
int plan(const std::vector<std::string>& arguments);
int availability(const std::vector<std::string>& arguments);
int sweep(const std::vector<std::string>& arguments);
int report(const std::vector<std::string>& arguments);
int measures(const std::vector<std::string>& arguments);
int reconcile(const std::vector<std::string>& arguments);
int erlang(const std::vector<std::string>& arguments);
int import(const std::vector<std::string>& arguments);
int generate(const std::vector<std::string>& arguments);
int load(const std::vector<std::string>& arguments);
int ports(const std::vector<std::string>& arguments);

}  // namespace trunklab::cli
