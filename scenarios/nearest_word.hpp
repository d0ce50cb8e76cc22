// Finds what a mistyped word was probably meant to be.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace trunklab {

/// The known word that the fewest insertions, deletions, replacements and swaps of neighbours turn `word` into; empty if none is near
/// (more than a third of the letters, at least one).
std::string_view nearest_word(std::string_view word, std::span<const std::string_view> known);

/// `euc1, use1, sae1`; after the twelfth only dots.
std::string listed(std::span<const std::string_view> known);

/// `euc1 (or one of use1, sae1)` with the nearest first, or `one of euc1, use1, sae1` when none is near.
std::string choices(std::string_view word, std::span<const std::string_view> known);

}  // namespace trunklab
