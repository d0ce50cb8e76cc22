// Reads codecs: what a service takes, what a demand offers, and what codecs do to speech.
#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "models/media/codec.hpp"
#include "scenarios/media_parts.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

// The names of the seed first, then those of RFC 3551.
constexpr std::string_view codec_words[]{"G.711u", "G.711a", "Opus", "G.729", "PCMU", "PCMA"};
constexpr Codec codecs_of_words[]{Codec::pcmu, Codec::pcma, Codec::opus, Codec::g729, Codec::pcmu, Codec::pcma};

CodecFormat read_format_keys(Reading& reading, const YamlNode& node) {
  constexpr std::uint64_t bit_rate_least = 6'000;  // RFC 6716 section 2.1.1, as is the most
  constexpr std::uint64_t bit_rate_most = 510'000;
  const Fields fields(reading, node, "a codec", {"codec", "ptime", "bit_rate"});
  CodecFormat format;
  bool known = false;
  if (const YamlNode* codec = fields.need("codec", "the codec's name, such as G.711a")) {
    if (const std::optional<Codec> named = reading.choice(*codec, codec_words, codecs_of_words)) {
      format.codec = *named;
      known = true;
    }
  }
  if (const YamlNode* ptime = fields.find("ptime")) {
    set(format.ptime, reading.span(*ptime, 10ms, 60ms));
    if (known && !may_have(format.codec, format.ptime)) {
      reading.mistake(ptime->place, fmt::format("{} of {}", described(*ptime), name_of(format.codec)),
                      format.codec == Codec::opus ? "10ms, 20ms, 40ms or 60ms" : "10ms, 20ms, 30ms, 40ms, 50ms or 60ms");
    }
  }
  if (const YamlNode* rate = fields.find("bit_rate")) {
    set(format.bit_rate, reading.whole(*rate, bit_rate_least, bit_rate_most));
    if (known && format.codec != Codec::opus) {
      reading.mistake(rate->place, fmt::format("bit_rate of {}", name_of(format.codec)), "bit_rate of Opus only");
    }
  }
  return format;
}

std::optional<CodecFormat> read_format(Reading& reading, const YamlNode& node) {
  if (node.kind == YamlNode::Kind::mapping) return read_format_keys(reading, node);
  const std::optional<Codec> codec = reading.choice(node, codec_words, codecs_of_words);
  return codec ? std::optional(CodecFormat{.codec = *codec}) : std::nullopt;
}

CodecTraits read_trait(Reading& reading, const YamlNode& node, CodecTraits traits) {
  constexpr double ie_most = 95;  // where nothing is left of the rating, G.107 (7-29)
  constexpr double bpl_least = 0.1;
  constexpr double bpl_most = 1000;
  constexpr double cores_most = 1000;
  const Fields fields(reading, node, "a codec's traits", {"ie", "bpl", "cores"});
  const YamlNode* const ie = fields.find("ie");
  const YamlNode* const bpl = fields.find("bpl");
  if (ie) set(traits.ie, reading.number(*ie, 0, ie_most));
  if (bpl) set(traits.bpl, reading.number(*bpl, bpl_least, bpl_most));
  if (ie && bpl) traits.provisional = false;
  if (const YamlNode* cores = fields.find("cores")) set(traits.cores, reading.number(*cores, 0, cores_most));
  return traits;
}

CodecOffer read_offer(Reading& reading, const YamlNode& node) {
  const Fields fields(reading, node, "an offer", {"share", "offer"});
  CodecOffer offer;
  if (const YamlNode* share = fields.need("share", "the share of the demand's calls that offer this, such as 70%")) {
    set(offer.share, reading.share(*share));
  }
  if (const YamlNode* formats = fields.need("offer", "codecs, best first, such as [G.711a, G.729]")) offer.formats = read_formats(reading, *formats);
  return offer;
}

}  // namespace

std::vector<CodecFormat> read_formats(Reading& reading, const YamlNode& node) {
  std::vector<CodecFormat> formats;
  for (const YamlNode& item : reading.list(node, "codecs such as [G.711a, G.729]")) {
    const std::optional<CodecFormat> format = read_format(reading, item);
    if (!format) continue;
    if (std::ranges::find(formats, format->codec, &CodecFormat::codec) != formats.end()) {
      reading.mistake(item.place, fmt::format("{} a second time", name_of(format->codec)), "every codec once");
      continue;
    }
    formats.push_back(*format);
  }
  if (node.kind == YamlNode::Kind::list && node.items.empty()) reading.mistake(node.place, "an empty list", "at least one codec");
  return formats;
}

std::vector<CodecOffer> read_offers(Reading& reading, const YamlNode& node) {
  const auto is_offer = [](const YamlNode& item) { return find_key(item, "share") || find_key(item, "offer"); };
  if (node.kind != YamlNode::Kind::list || std::ranges::none_of(node.items, is_offer)) {
    return {{.share = Probability{1}, .formats = read_formats(reading, node)}};
  }
  const std::size_t before = reading.problems().size();
  std::vector<CodecOffer> offers;
  double sum = 0;
  for (const YamlNode& item : node.items) {
    offers.push_back(read_offer(reading, item));
    sum += offers.back().share.value();
  }
  if (offers.size() > offers_max) {
    reading.mistake(node.place, fmt::format("{} offers", offers.size()), fmt::format("at most {} offers", offers_max));
  } else if (reading.problems().size() == before) {
    check_shares(reading, node.place, sum);
  }
  return offers;
}

void read_traits(Reading& reading, const YamlNode& node, std::array<CodecTraits, codec_count>& traits) {
  const Fields fields(reading, node, "traits", codec_words);
  for (std::size_t i = 0; i < std::size(codec_words); ++i) {
    const YamlNode* const value = fields.find(codec_words[i]);
    if (!value) continue;
    const auto codec = static_cast<std::size_t>(codecs_of_words[i]);
    if (i != codec && fields.find(codec_words[codec])) {
      reading.mistake(value->place, fmt::format("{} beside {}", codec_words[i], codec_words[codec]), "every codec once");
    }
    traits[codec] = read_trait(reading, *value, traits[codec]);
  }
}

}  // namespace trunklab
