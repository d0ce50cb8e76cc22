// A memory of the last many keys in fixed space: what a stream of rows needs to know of its past.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace trunklab {

/// Remembers a value for each of the most recent keys; forgets the oldest of the eight that share its place. With 2^16 places it knows nearly all
/// of the last 200,000 keys, and none is ever mistaken for another (but for keys that are equal: 64-bit hashes).
template <class Value>
class RecentTable {
 public:
  explicit RecentTable(unsigned places_log2) : mask_((std::size_t{1} << places_log2) - 1), places_(mask_ + 1) {}

  /// The value of that key, or nullptr.
  Value* find(std::uint64_t key) {
    for (Entry& entry : places_[key & mask_]) {
      if (entry.used != 0 && entry.key == key) {
        entry.used = ++clock_;
        return &entry.value;
      }
    }
    return nullptr;
  }
  /// Adds a key that is not there.
  void add(std::uint64_t key, const Value& value) {
    Place& place = places_[key & mask_];
    Entry* oldest = place.data();
    for (Entry& entry : place) {
      if (entry.used < oldest->used) oldest = &entry;
    }
    *oldest = {.key = key, .used = ++clock_, .value = value};
  }

 private:
  struct Entry {
    std::uint64_t key = 0;
    std::uint64_t used = 0;  ///< 0: empty
    Value value{};
  };
  using Place = std::array<Entry, 8>;

  std::size_t mask_;
  std::vector<Place> places_;
  std::uint64_t clock_ = 0;
};

}  // namespace trunklab
