// Names of codes and causes.
#include "reports/sections/causes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "models/record/words.hpp"

namespace trunklab {
namespace {

struct Name {
  std::uint16_t number;
  std::string_view words;
};
constexpr auto sip_codes = std::to_array<Name>({{200, "OK"},
                                                {400, "Bad Request"},
                                                {401, "Unauthorized"},
                                                {403, "Forbidden"},
                                                {404, "Not Found"},
                                                {407, "Proxy Authentication Required"},
                                                {408, "Request Timeout"},
                                                {480, "Temporarily Unavailable"},
                                                {481, "Call/Transaction Does Not Exist"},
                                                {482, "Loop Detected"},
                                                {484, "Address Incomplete"},
                                                {486, "Busy Here"},
                                                {487, "Request Terminated"},
                                                {488, "Not Acceptable Here"},
                                                {500, "Server Internal Error"},
                                                {502, "Bad Gateway"},
                                                {503, "Service Unavailable"},
                                                {504, "Server Time-out"},
                                                {600, "Busy Everywhere"},
                                                {603, "Decline"}});
constexpr auto q850_causes = std::to_array<Name>({{1, "unallocated number"},
                                                  {16, "normal call clearing"},
                                                  {17, "user busy"},
                                                  {18, "no user responding"},
                                                  {19, "no answer from user"},
                                                  {20, "subscriber absent"},
                                                  {21, "call rejected"},
                                                  {25, "exchange routing error"},
                                                  {28, "invalid number format"},
                                                  {31, "normal, unspecified"},
                                                  {34, "no circuit available"},
                                                  {38, "network out of order"},
                                                  {41, "temporary failure"},
                                                  {57, "bearer capability not authorized"},
                                                  {65, "bearer capability not implemented"},
                                                  {79, "service not implemented"},
                                                  {88, "incompatible destination"},
                                                  {102, "recovery on timer expiry"},
                                                  {127, "interworking, unspecified"}});

template <class Names>
std::string named(const Names& names, std::uint16_t number) {
  const auto found = std::ranges::find(names, number, &Name::number);
  return found == names.end() ? fmt::format("{}", number) : fmt::format("{} {}", number, found->words);
}

}  // namespace

std::string sip_code_words(std::uint16_t code) {
  return code == 0 ? "none" : named(sip_codes, code);
}

std::string q850_words(std::uint16_t sip_code) {
  const std::uint8_t cause = q850_cause(sip_code);
  return cause == 0 ? "-" : named(q850_causes, cause);
}

}  // namespace trunklab
