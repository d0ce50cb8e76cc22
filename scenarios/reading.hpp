// Reads single values of a scenario and collects the mistakes, so that the user hears of all of them at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/result.hpp"
#include "models/units.hpp"
#include "scenarios/yaml_tree.hpp"

namespace trunklab {

/// One run of the reader over one file. The readers of values report a mistake and return nullopt if the value will not do.
class Reading {
 public:
  /// After so many mistakes one more says that there are more: who has a thousand of them does not read on.
  static constexpr std::size_t problems_max = 1000;

  explicit Reading(std::string path) : path_(std::move(path)) {}

  void mistake(Place place, std::string found, std::string expected);
  /// A mistake in another file that the scenario names.
  void mistake(Problem problem);
  [[nodiscard]] const std::string& path() const { return path_; }
  /// No further mistake would be kept.
  [[nodiscard]] bool full() const { return problems_.size() > problems_max; }
  [[nodiscard]] bool clean() const { return problems_.empty(); }
  [[nodiscard]] const Problems& problems() const { return problems_; }

  std::optional<Span> span(const YamlNode& node, Span least, Span most);
  /// Above 0, or from 0 where `zero_too`; at most a million calls a second.
  std::optional<CallsPerSecond> rate(const YamlNode& node, bool zero_too = false);
  /// A share 0%..100%, as a probability; above 0% unless `zero_too`.
  std::optional<Probability> share(const YamlNode& node, bool zero_too = true);
  /// A percentage that may be above 100%, as a factor.
  std::optional<double> factor(const YamlNode& node);
  std::optional<double> number(const YamlNode& node, double least, double most);
  std::optional<std::uint64_t> whole(const YamlNode& node, std::uint64_t least, std::uint64_t most);
  /// A SIP code from `least` to 699.
  std::optional<std::uint16_t> code(const YamlNode& node, std::uint16_t least);
  /// true or false, without quotes.
  std::optional<bool> flag(const YamlNode& node);
  /// Any word or text but an empty one; `expected` completes the message.
  std::optional<std::string> text(const YamlNode& node, std::string_view expected);
  /// One of the words: its index.
  std::optional<std::size_t> choice(const YamlNode& node, std::span<const std::string_view> words);
  /// The value that stands beside the word, in two lists of the same length.
  template <class T, std::size_t n>
  std::optional<T> choice(const YamlNode& node, const std::string_view (&words)[n], const T (&values)[n]) {
    const std::optional<std::size_t> index = choice(node, std::span<const std::string_view>(words));
    return index ? std::optional<T>(values[*index]) : std::nullopt;
  }
  /// The items of a list; none if it is no list.
  std::span<const YamlNode> list(const YamlNode& node, std::string_view of_what);
  /// The path of another file, from the folder of this one.
  std::optional<std::string> file(const YamlNode& node);

  /// Names of sites and regions: a letter, then letters, digits, '_', '.', '-'; at most 64.
  bool is_name(const YamlKey& key);

 private:
  std::string path_;
  Problems problems_;
};

/// The keys of a mapping. Keys that are unknown or there twice are reported at once.
class Fields {
 public:
  /// `what` is named in messages: "a demand". Reports a node that is no mapping, and then has no fields.
  Fields(Reading& reading, const YamlNode& node, std::string_view what, std::span<const std::string_view> keys);
  Fields(Reading& reading, const YamlNode& node, std::string_view what, std::initializer_list<std::string_view> keys)
      : Fields(reading, node, what, std::span<const std::string_view>(keys.begin(), keys.size())) {}

  /// nullptr: the key was left out.
  [[nodiscard]] const YamlNode* find(std::string_view key) const;
  /// The same, but leaving it out is a mistake.
  [[nodiscard]] const YamlNode* need(std::string_view key, std::string_view expected) const;
  /// Where the mapping stands.
  [[nodiscard]] Place place() const { return node_.place; }

 private:
  Reading& reading_;
  const YamlNode& node_;
};

/// A mapping whose keys are names that the user gives: reports other nodes, empty mappings, keys there twice and names that will not do.
/// Indices of the entries that are sound.
std::vector<std::size_t> named_entries(Reading& reading, const YamlNode& node, std::string_view of_what);

/// The value of a key of a mapping; nullptr if it has none of that name.
const YamlNode* find_key(const YamlNode& node, std::string_view key);

/// What stands there, quoted for a message.
std::string described(const YamlNode& node);

/// Text of the user for a message: shortened, without control characters, in single quotes.
std::string in_quotes(std::string_view text);

/// Assigns what was read; after a mistake the target keeps its default.
template <class T, class U>
void set(T& target, const std::optional<U>& value) {
  if (value) target = static_cast<T>(*value);
}
template <class T>
void set(std::optional<T>& target, const std::optional<T>& value) {
  if (value) target = value;
}

}  // namespace trunklab
