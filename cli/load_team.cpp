// Messages of a replay's ranks.
#include "cli/load_team.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <iostream>
#include <limits>
#include <optional>
#include <stdexcept>
#include <thread>

namespace trunklab::cli {

namespace {

using Clock = std::chrono::steady_clock;
using Bytes = std::vector<std::uint8_t>;

constexpr auto between_looks = std::chrono::milliseconds{1};
constexpr auto ready_within = std::chrono::seconds{120};
constexpr auto lost_after = std::chrono::seconds{10};  // ours; a rank says something five times a second

Bytes bytes_of(double value) {
  Bytes bytes(sizeof value);
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

double number_of(const Bytes& bytes) {
  double value = 0;
  if (bytes.size() == sizeof value) std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

Bytes bytes_of(const std::string& text) {
  return {text.begin(), text.end()};
}

}  // namespace

double unix_ms_now() {
  return std::chrono::duration<double, std::milli>(std::chrono::system_clock::now().time_since_epoch()).count();
}

LoadLeader::LoadLeader(Ranks& ranks) : ranks_(&ranks) {
  for (int rank = 1; rank < ranks.size(); ++rank) members_.push_back({.rank = rank});
}

LoadLeader::~LoadLeader() {
  tell_stop();
  tell_stop();
}

void LoadLeader::wait_until_ready() {
  const auto end = Clock::now() + ready_within;
  while (!std::ranges::all_of(members_, &Member::ready)) {
    while (const auto message = ranks_->receive()) {
      if (message->tag == Tag::heartbeat) member(message->from).ready = true;
      if (message->tag == Tag::failure || message->tag == Tag::stop) {
        throw std::runtime_error(fmt::format("rank {}: {}", message->from, std::string(message->bytes.begin(), message->bytes.end())));
      }
    }
    if (Clock::now() > end) {
      ranks_->lose_one();
      throw std::runtime_error(fmt::format("rank {} did not get ready", std::ranges::find(members_, false, &Member::ready)->rank));
    }
    std::this_thread::sleep_for(between_looks);
  }
}

/// Of several questions the one that was answered soonest says most: what its way took is how far the clocks can be off.
void LoadLeader::compare_clocks() {
  constexpr int questions = 20;
  for (Member& each : members_) {
    double shortest_ms = std::numeric_limits<double>::infinity();
    for (int i = 0; i < questions; ++i) {
      const double asked = unix_ms_now();
      ranks_->send(each.rank, Tag::clock);
      const auto end = Clock::now() + std::chrono::seconds{5};
      for (std::optional<Message> answer; Clock::now() < end;) {
        if (answer = ranks_->receive(); !answer || answer->tag != Tag::clock || answer->from != each.rank) continue;
        const double heard = unix_ms_now();
        if (heard - asked < shortest_ms) {
          shortest_ms = heard - asked;
          each.ahead_ms = number_of(answer->bytes) - (asked + heard) / 2;
        }
        break;
      }
    }
    if (std::isinf(shortest_ms)) throw std::runtime_error(fmt::format("rank {} does not tell its time", each.rank));
    std::cerr << fmt::format("rank {}: its clock is {:.3f} ms {}, within {:.3f} ms\n", each.rank, std::abs(each.ahead_ms),
                             each.ahead_ms < 0 ? "behind" : "ahead", shortest_ms / 2);
  }
}

double LoadLeader::begin(Span ahead) {
  wait_until_ready();
  compare_clocks();
  constexpr double second_ms = 1e3;
  const double start_ms = std::ceil((unix_ms_now() + in_seconds(ahead) * 1e3) / second_ms) * second_ms;
  for (Member& each : members_) {
    ranks_->send(each.rank, Tag::work, bytes_of(start_ms + each.ahead_ms));
    each.heard = Clock::now() + lost_after;  // callers are being started
  }
  return start_ms;
}

void LoadLeader::look(const std::function<void(std::uint16_t group, const CallerLine& line)>& take,
                      const std::function<void(const std::string& text)>& mishap) {
  while (const auto message = members_.empty() ? std::nullopt : ranks_->receive()) {
    Member& from = member(message->from);
    from.heard = Clock::now();
    const std::string text(message->bytes.begin(), message->bytes.end());
    if (message->tag == Tag::stop) from.over = true;
    if (message->tag == Tag::failure) mishap(fmt::format("rank {}: {}", from.rank, text));
    if (message->tag != Tag::result) continue;
    for (std::string_view rest = text; !rest.empty();) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(line.size() + 1, rest.size()));
      std::uint16_t group = 0;
      const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), group);
      const auto parsed = error == std::errc{} ? parse_caller_line(line.substr(static_cast<std::size_t>(end - line.data()) + 1)) : std::nullopt;
      if (parsed) take(group, earlier(*parsed, from.ahead_ms));
    }
  }
  for (Member& each : members_) {
    if (each.over || each.lost || Clock::now() < each.heard + lost_after) continue;
    each.lost = true;
    ranks_->lose_one();
    mishap(fmt::format("rank {} fell silent", each.rank));
  }
}

void LoadLeader::tell_stop() {
  for (const Member& each : members_) {
    if (!each.over && !each.lost) ranks_->send(each.rank, Tag::stop);
  }
}

bool LoadLeader::anybody() const {
  return std::ranges::any_of(members_, [](const Member& each) { return !each.over && !each.lost; });
}

std::vector<int> LoadLeader::lost() const {
  std::vector<int> ranks;
  for (const Member& each : members_) {
    if (each.lost) ranks.push_back(each.rank);
  }
  return ranks;
}

double LoadMember::wait_for_start(const std::function<bool()>& give_up) {
  ranks_.send(0, Tag::heartbeat);
  while (!give_up()) {
    const auto message = ranks_.receive();
    if (!message)
      std::this_thread::sleep_for(between_looks / 4);
    else if (message->tag == Tag::clock)
      ranks_.send(0, Tag::clock, bytes_of(unix_ms_now()));
    else if (message->tag == Tag::work)
      return number_of(message->bytes);
    else if (message->tag == Tag::stop)
      break;
  }
  return 0;
}

void LoadMember::log(std::uint16_t group, const std::string& line) {
  lines_ += fmt::format("{} {}\n", group, line);
  constexpr std::size_t enough = 1'000'000;
  if (lines_.size() < enough) return;
  ranks_.send(0, Tag::result, bytes_of(lines_));
  lines_.clear();
}

void LoadMember::mishap(const std::string& text) {
  ranks_.send(0, Tag::failure, bytes_of(text));
}

int LoadMember::look() {
  ranks_.send(0, Tag::result, bytes_of(lines_));
  lines_.clear();
  while (const auto message = ranks_.receive()) stops_ += message->tag == Tag::stop ? 1 : 0;
  return stops_;
}

void LoadMember::over() {
  look();
  ranks_.send(0, Tag::stop);
}

}  // namespace trunklab::cli
