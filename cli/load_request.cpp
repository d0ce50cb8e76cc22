// Reading the options of load.
#include "cli/load_request.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "scenarios/file_text.hpp"
#include "scenarios/quantity_text.hpp"
#include "scenarios/reading.hpp"
#include "scenarios/yaml_tree.hpp"

namespace trunklab::cli {

namespace po = boost::program_options;

namespace {

std::optional<Span> span_if(const Options& options, const std::string& name) {
  const auto text = options.text_if(name);
  if (!text) return std::nullopt;
  const auto span = parse_span(*text);
  if (!span || *span < Span::zero()) throw Misuse(fmt::format("--{}: found '{}', expected a duration such as 90s or 10min", name, *text));
  return span;
}

std::optional<double> number_if(const Options& options, const std::string& name, const char* expected, double least = 0) {
  const auto text = options.text_if(name);
  if (!text) return std::nullopt;
  const auto number = parse_number(*text);
  if (!number || *number < least) throw Misuse(fmt::format("--{}: found '{}', expected {}", name, *text, expected));
  return number;
}

std::optional<std::uint64_t> whole_if(const Options& options, const std::string& name) {
  constexpr std::uint64_t most = 1'000'000'000;
  return options.has(name) ? std::optional(options.whole(name, 1, most)) : std::nullopt;
}

std::optional<double> share_if(const Options& options, const std::string& name) {
  const auto text = options.text_if(name);
  if (!text) return std::nullopt;
  const auto share = text->ends_with('%') ? parse_percentage(*text) : parse_number(*text);
  if (!share || *share > 1) throw Misuse(fmt::format("--{}: found '{}', expected a share such as 20% or 0.2", name, *text));
  return share;
}

LoadShape shape_of(const Options& options, Destination::Kind kind) {
  constexpr auto slow_start = std::chrono::seconds{60};  // ours
  const bool service = kind == Destination::Kind::service;
  LoadShape shape{.from = span_if(options, "from").value_or(Span::zero()),
                  .until = span_if(options, "until").value_or(endless),
                  .ramp = span_if(options, "ramp").value_or(service ? Span{slow_start} : Span::zero())};
  if (shape.until <= shape.from) throw Misuse("--until: found " + options.text("until") + ", expected later than --from");
  if (const auto scale = number_if(options, "scale", "a share above 0 and at most 1 (for more calls, generate a bundle of a busier scenario)")) {
    if (*scale <= 0 || *scale > 1) {
      throw Misuse("--scale: found '" + options.text("scale") +
                   "', expected a share above 0 and at most 1 (for more calls, generate a bundle of a busier scenario)");
    }
    shape.scale = Probability{*scale};
  }
  return shape;
}

Destination::Kind kind_of(const Options& options) {
  const std::string word = options.text("target");
  if (word == "loopback") return Destination::Kind::loopback;
  if (word == "lab") return Destination::Kind::lab;
  if (word == "service") return Destination::Kind::service;
  throw Misuse("--target: found '" + word + "', expected loopback, lab or service");
}

/// Options that mean something for some targets only: one that is ignored would be a guard that is not there.
void refuse_idle_options(const Options& options, Destination::Kind kind) {
  const auto refuse = [&](std::initializer_list<const char*> names, const char* only) {
    for (const char* name : names) {
      if (options.has(name)) throw Misuse(fmt::format("--{}: found with --target {}, expected with {} only", name, options.text("target"), only));
    }
  };
  if (kind == Destination::Kind::loopback) refuse({"blackhole", "user", "secret-file", "local-ip"}, "--target lab or service");
  if (kind != Destination::Kind::lab) refuse({"targets"}, "--target lab");
  if (kind != Destination::Kind::service) refuse({"confirm", "authorization", "numbers", "resolve", "leave-free"}, "--target service");
  if (kind == Destination::Kind::lab && !options.has("targets"))
    throw Misuse("--target lab: found no --targets, expected a file with their addresses");
}

/// "euc1/1: 127.0.0.11:5070", a line a target.
Result<std::map<std::string, std::string>> read_targets(const std::string& path) {
  constexpr std::size_t bytes_max = 1'000'000;
  const auto text = read_text(path, bytes_max);
  if (!text) return text.problems();
  const auto tree = parse_yaml(text.value(), path);
  if (!tree) return tree.problems();
  Reading reading(path);
  std::map<std::string, std::string> addresses;
  if (tree.value().kind != YamlNode::Kind::mapping) {
    reading.mistake(tree.value().place, described(tree.value()), "a line for each target, 'euc1/1: 127.0.0.11:5070'");
  }
  for (std::size_t i = 0; i < tree.value().keys.size(); ++i) {
    const YamlKey& key = tree.value().keys[i];
    const YamlNode& node = tree.value().items[i];
    const auto address = reading.text(node, "an address");
    if (!address) continue;
    const auto parsed = parse_sip_address(*address, where_text(path, node.place));
    if (!parsed)
      reading.mistake(parsed.problems().front());
    else if (!is_loopback(parsed.value()))
      reading.mistake(node.place, in_quotes(*address), "an address of 127.0.0.0/8, which a lab is");
    if (!addresses.emplace(key.text, *address).second) reading.mistake(key.place, in_quotes(key.text) + " twice", "each target once");
  }
  if (!reading.clean()) return reading.problems();
  return addresses;
}

/// HOST=ADDRESS
std::map<std::string, std::string> pinned_hosts(const Options& options) {
  std::map<std::string, std::string> pinned;
  for (const std::string& text : options.texts("resolve")) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) throw Misuse("--resolve: found '" + text + "', expected HOST=ADDRESS");
    pinned[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return pinned;
}

/// The secret from a file that nobody else may read, or from the environment: never from an argument, which every user of the machine can see.
Result<std::optional<SipAccount>> read_account(const Options& options) {
  const auto user = options.text_if("user");
  const auto file = options.file_if("secret-file");
  if (!user) {
    if (file) throw Misuse("--secret-file: found without --user, expected both");
    return std::optional<SipAccount>{};
  }
  std::string secret;
  std::string where = "TRUNKLAB_SECRET";
  if (file) {
    struct stat about {};
    if (stat(file->c_str(), &about) == 0 && (about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
      return Problem{*file, "a file that others may read or write", "one of ours alone (chmod 600)"};
    }
    constexpr std::size_t bytes_max = 1000;
    const auto text = read_text(*file, bytes_max);
    if (!text) return text.problems();
    secret = text.value();
    while (secret.ends_with('\n') || secret.ends_with('\r')) secret.pop_back();
    where = *file;
  } else if (const char* given = std::getenv("TRUNKLAB_SECRET")) {
    secret = given;
  }
  // SIPp reads it from a file of fields and puts it between quotes.
  const auto is_bad = [](char c) { return c == ';' || c == '"' || c == '[' || c == ']' || static_cast<unsigned char>(c) < ' '; };
  if (secret.empty()) return Problem{where, "no secret", "one, in a file (--secret-file) or in the environment"};
  if (std::ranges::any_of(secret, is_bad))
    return Problem{where, "a character that SIPp cannot carry (not shown)", "none of ; \" [ ] or control characters"};
  if (user->empty() || std::ranges::any_of(*user, is_bad)) throw Misuse("--user: expected a name without ; \" [ ] or control characters");
  return std::optional(SipAccount{.user = *user, .secret = secret});
}

void read_limits(const Options& options, LoadLimits& limits) {
  limits.calls_per_second = number_if(options, "max-cps", "calls in a second");
  limits.at_once = whole_if(options, "max-concurrent");
  limits.calls = whole_if(options, "max-calls");
  limits.budget = number_if(options, "budget", "an amount of money");
  const auto price = number_if(options, "price", "the price of a minute, both legs together");
  if (limits.budget.has_value() != price.has_value()) throw Misuse("--budget and --price: found one, expected both or none");
  if (price) limits.price.per_minute = *price;
  if (const auto step = span_if(options, "billing-increment")) {
    if (*step < std::chrono::seconds{1}) throw Misuse("--billing-increment: found '" + options.text("billing-increment") + "', expected at least 1s");
    limits.price.increment = *step;
  }
  if (const auto text = options.text_if("leave-free")) {
    const std::size_t comma = std::min(text->find(','), text->size());
    const auto sessions = parse_number(std::string_view(*text).substr(0, comma));
    const auto rate = comma < text->size() ? parse_number(std::string_view(*text).substr(comma + 1)) : std::optional(0.0);
    constexpr double most = 1e9;
    if (!sessions || *sessions < 0 || *sessions > most || !rate || *rate < 0) {
      throw Misuse("--leave-free: found '" + *text + "', expected SESSIONS or SESSIONS,CALLS_PER_SECOND");
    }
    limits.free_sessions = static_cast<std::uint64_t>(*sessions);
    limits.free_calls_per_second = *rate;
  }
}

void read_stop_rules(const Options& options, Destination::Kind kind, StopRules& stop) {
  stop.failed = share_if(options, "max-failed");
  stop.late = span_if(options, "max-late");
  if (const auto file = options.file_if("stop-file")) stop.file = *file;
  constexpr std::uint64_t code_max = 699;
  constexpr std::uint64_t code_min = 400;
  for (const std::string& text : options.texts("stop-code")) {
    const auto code = parse_number(text);
    if (!code || *code < code_min || *code > code_max || *code != static_cast<std::uint16_t>(*code)) {
      throw Misuse("--stop-code: found '" + text + "', expected a final code from 400 to 699");
    }
    stop.codes.push_back(static_cast<std::uint16_t>(*code));
  }
  if (kind != Destination::Kind::service) return;
  // Against a trunk the guards are up whether asked for or not; the figures are ours.
  constexpr double failed_most = 0.2;
  if (!stop.failed) stop.failed = failed_most;
  if (!stop.late) stop.late = std::chrono::seconds{1};
  stop.byes = true;
  for (const int code : {401, 403, 407, 429}) stop.codes.push_back(static_cast<std::uint16_t>(code));
}

}  // namespace

void add_load_options(Options& options) {
  const auto text = [](const char* name) { return po::value<std::string>()->value_name(name); };
  const auto texts = [](const char* name) { return po::value<std::vector<std::string>>()->value_name(name)->composing(); };
  options.add()("output,o", text("RUN"), "write the run record, one SQLite file")(
      "from", text("TIME"), "leave out the calls that are due before; begin there (90s, 10min)")("until", text("TIME"),
                                                                                                 "leave out the calls that are due from then on")(
      "scale", text("SHARE"), "play this share of the calls; who is played at 0.3 is played at 0.5 too")(
      "ramp", text("TIME"), "let the share grow from nothing in the first TIME (a trunk: 60s, ours)")("json", po::bool_switch(),
                                                                                                      "one JSON document on stdout");
  options.add()("target", text("WHAT")->default_value("loopback"),
                "loopback: own answerers on 127.0.0.1; lab: addresses of 127.0.0.0/8; service: a trunk")(
      "targets", text("FILE"), "lab: a line 'euc1/1: 127.0.0.11:5070' for each target")("blackhole", texts("TARGET"),
                                                                                        "this target is silent: its calls go to a port of ours")(
      "user", text("NAME"), "digest; its secret comes from TRUNKLAB_SECRET or --secret-file")(
      "secret-file", text("FILE"), "a file that only you may read (0600)")("local-ip", text("ADDRESS"),
                                                                           "send from here (default: as the route has it)")(
      "self-test", po::bool_switch(), "play the busiest second's rate on loopback first; refuse if this machine does not hold it (a trunk: always)")(
      "canary", po::bool_switch(), "one call first, which has to be answered and to end well (a trunk: always)");
  options.add()("confirm", texts("HOST"), "service: really call this host; without it nothing is sent")("authorization", text("FILE"),
                                                                                                        "service: the carrier's consent")(
      "numbers", text("FILE"), "service: the numbers that you own, [called] and [callers]")("resolve", texts("HOST=ADDRESS"),
                                                                                            "service: take this address, do not ask DNS")(
      "leave-free", text("N[,CPS]"), "service: sessions and calls/s of the authorization left to production");
  options.add()("max-cps", text("N"), "refuse if any second has more calls")(
      "max-concurrent", text("N"), "refuse if more could be up at once; stop if they are")("max-calls", text("N"), "refuse if there are more")(
      "budget", text("SUM"), "refuse if the worst case costs more")("price", text("SUM"), "of a minute, both legs")(
      "billing-increment", text("TIME"), "talk is billed in steps of this (default 60s, ours)")(
      "max-failed", text("SHARE"), "stop if more of the last 50 calls fail (a trunk: 20%, ours)")(
      "max-late", text("TIME"), "stop if a call leaves so much too late (a trunk: 1s, ours)")(
      "stop-code", texts("CODE"), "stop at this refusal (a trunk: 401, 403, 407, 429)")("stop-file", text("FILE"), "stop as soon as it is there");
}

Result<LoadRequest> read_load_request(const Options& options) {
  LoadRequest request;
  request.kind = kind_of(options);
  refuse_idle_options(options, request.kind);
  request.bundle = options.required("bundle", "bundle");
  request.shape = shape_of(options, request.kind);
  if (const auto file = options.file_if("output")) request.record = *file;
  request.json = options.flag("json");
  request.canary = options.flag("canary") || request.kind == Destination::Kind::service;
  request.self_test = options.flag("self-test") || request.kind == Destination::Kind::service;
  request.local_ip = options.text_if("local-ip");
  request.confirmed = options.texts("confirm");
  request.lost = options.texts("blackhole");
  read_limits(options, request.limits);
  read_stop_rules(options, request.kind, request.stop);
  request.stop.at_once = request.limits.at_once;
  Problems problems;
  const auto take = [&problems](auto result, auto& target) {
    if (result)
      target = std::move(result).value();
    else
      problems.insert(problems.end(), result.problems().begin(), result.problems().end());
  };
  if (const auto file = options.file_if("targets")) {
    take(read_targets(*file), request.addresses);
    request.addresses_where = *file;
  } else {
    request.addresses = pinned_hosts(options);
    request.addresses_where = "--resolve";
  }
  if (const auto file = options.file_if("authorization")) take(read_authorization(*file), request.authorization);
  if (const auto file = options.file_if("numbers")) take(read_own_numbers(*file), request.numbers);
  take(read_account(options), request.account);
  if (!problems.empty()) return problems;
  if (request.authorization) request.stop.until_ns = request.authorization->until_unix_ns;
  return request;
}

}  // namespace trunklab::cli
