// The rules of advice by their ids.
#include "scenarios/lint.hpp"

namespace trunklab {
namespace {

using Origin = Advice::Origin;

constexpr LintRule rules[]{
    {"single-address", Origin::seed},
    {"addresses-instead-of-name", Origin::seed},
    {"address-left-out", Origin::seed},
    {"allow-list-incomplete", Origin::seed},
    {"allow-list-stranger", Origin::ours},
    {"example-address", Origin::seed},
    {"host-name-variant", Origin::seed},
    {"no-authentication", Origin::seed},
    {"number-not-e164", Origin::seed},
    {"unknown-caller-id", Origin::seed},
    {"one-region", Origin::ours},
    {"name-resolved-once", Origin::ours},
    {"neither-probe-nor-hold-down", Origin::ours},
    {"long-no-response", Origin::ours},
    {"no-response-beyond-patience", Origin::ours},
    {"frequent-probe", Origin::ours},
    {"blind-connect", Origin::ours},
    {"drain-not-seen", Origin::ours},
    {"hold-down-for-a-destination", Origin::ours},
    {"hold-down-at-once", Origin::ours},
    {"tcp-without-keepalive", Origin::ours},
    {"invite-in-fragments", Origin::ours},
    {"too-few-channels", Origin::ours},
    {"no-warmup", Origin::ours},
    {"cap-code-6xx", Origin::ours},
    {"cap-not-advanced", Origin::ours},
    {"cap-tried-everywhere", Origin::ours},
    {"cap-below-peak", Origin::ours},
    {"media-not-modelled", Origin::ours},
    {"media-ports-closed-out", Origin::seed},
    {"media-ports-closed-in", Origin::seed},
    {"nat-without-latching", Origin::ours},
    {"site-ports-too-few", Origin::ours},
    {"odd-port-range", Origin::ours},
    {"media-addresses-too-few", Origin::ours},
    {"packets-before-ports", Origin::ours},
    {"no-common-codec", Origin::ours},
    {"provisional-traits", Origin::ours},
};

}  // namespace

std::span<const LintRule> lint_rules() {
  return rules;
}

}  // namespace trunklab
