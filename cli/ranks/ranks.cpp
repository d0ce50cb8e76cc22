// MPI: point to point, without waiting.
#include "cli/ranks/ranks.hpp"

#include <mpi.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <list>
#include <stdexcept>

namespace trunklab::cli {
namespace {

/// Do the launcher's variables say that this is one rank of a job? MPI_Init in a process that nobody launched costs a quarter of a second and
/// starts a daemon.
bool launched() {
  constexpr const char* names[]{"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"};
  return std::ranges::any_of(names, [](const char* name) { return std::getenv(name) != nullptr; });
}

void check(int code, const char* what) {
  if (code != MPI_SUCCESS) throw std::runtime_error(std::string("MPI: ") + what + " failed");
}

}  // namespace

/// Messages under way: MPI reads them from here until it is done.
struct Ranks::Outbox {
  struct Letter {
    std::vector<std::uint8_t> bytes;
    MPI_Request request;
  };
  std::list<Letter> letters;

  void drop_delivered() {
    letters.remove_if([](Letter& letter) {
      int done = 0;
      return MPI_Test(&letter.request, &done, MPI_STATUS_IGNORE) != MPI_SUCCESS || done != 0;
    });
  }
};

/// Messages that have begun to arrive. A sender that dies meanwhile must not hold up the others: nobody waits for one to be whole.
struct Ranks::Inbox {
  struct Letter {
    Message message;
    MPI_Request request = MPI_REQUEST_NULL;
  };
  std::list<Letter> letters;

  /// Looks what has come, and begins to receive it.
  void take_in();
  /// The first one that is whole; those of one sender in their order. One that broke off is dropped.
  std::optional<Message> next();
};

Ranks::Ranks() : outbox_(std::make_unique<Outbox>()), inbox_(std::make_unique<Inbox>()) {
  if (!launched()) return;
  check(MPI_Init(nullptr, nullptr), "MPI_Init");
  with_mpi_ = true;
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
  MPI_Comm_size(MPI_COMM_WORLD, &size_);
}

Ranks::~Ranks() {
  if (!with_mpi_ || lost_) return;  // MPI_Finalize would wait for the dead
  for (Outbox::Letter& letter : outbox_->letters)
    MPI_Wait(&letter.request, MPI_STATUS_IGNORE);  // NOLINT(clang-analyzer-optin.mpi.MPI-Checker): begun in send()
  MPI_Finalize();
}

void Ranks::send(int to, Tag tag, std::vector<std::uint8_t> bytes) {
  outbox_->drop_delivered();
  Outbox::Letter& letter = outbox_->letters.emplace_back(Outbox::Letter{std::move(bytes), MPI_REQUEST_NULL});
  // NOLINTNEXTLINE(clang-analyzer-optin.mpi.MPI-Checker): waited for in the destructor
  const int sent =
      MPI_Isend(letter.bytes.data(), static_cast<int>(letter.bytes.size()), MPI_BYTE, to, static_cast<int>(tag), MPI_COMM_WORLD, &letter.request);
  if (sent != MPI_SUCCESS) outbox_->letters.pop_back();
}

void Ranks::Inbox::take_in() {
  for (;;) {
    int there = 0;
    MPI_Message handle = MPI_MESSAGE_NULL;
    MPI_Status status;
    if (MPI_Improbe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &handle, &status) != MPI_SUCCESS || there == 0) return;
    int bytes = 0;
    MPI_Get_count(&status, MPI_BYTE, &bytes);
    Letter& letter = letters.emplace_back();
    letter.message = {
        .from = status.MPI_SOURCE, .tag = static_cast<Tag>(status.MPI_TAG), .bytes = std::vector<std::uint8_t>(static_cast<std::size_t>(bytes))};
    // NOLINTNEXTLINE(clang-analyzer-optin.mpi.MPI-Checker): asked about in next()
    if (MPI_Imrecv(letter.message.bytes.data(), bytes, MPI_BYTE, &handle, &letter.request) != MPI_SUCCESS) letters.pop_back();
  }
}

std::optional<Message> Ranks::Inbox::next() {
  std::vector<int> waited_for;
  for (auto letter = letters.begin(); letter != letters.end(); ++letter) {
    if (std::ranges::find(waited_for, letter->message.from) != waited_for.end()) continue;
    int done = 0;
    const bool failed = MPI_Test(&letter->request, &done, MPI_STATUS_IGNORE) != MPI_SUCCESS;
    if (done == 0 && !failed) {
      waited_for.push_back(letter->message.from);
      continue;
    }
    std::optional<Message> message;
    if (!failed) message = std::move(letter->message);
    letters.erase(letter);
    return message;
  }
  return std::nullopt;
}

void silence_all_but_first(const Ranks& ranks) {
  class Silence : public std::streambuf {
    int_type overflow(int_type letter) override { return traits_type::not_eof(letter); }
  };
  if (ranks.rank() == 0) return;
  static Silence silence;  // main may yet want to say something
  std::cout.rdbuf(&silence);
  std::cerr.rdbuf(&silence);
}

std::optional<Message> Ranks::receive() {
  if (size_ == 1) return std::nullopt;
  inbox_->take_in();
  return inbox_->next();
}

}  // namespace trunklab::cli
