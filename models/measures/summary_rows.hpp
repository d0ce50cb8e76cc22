// Which counts, ratios and percentiles the summary has, and what they are made of. Internal to the summary.
#pragma once

#include <array>
#include <cstdint>

#include "models/measures/tally.hpp"

namespace trunklab::summary_rows {

using enum Count;

struct CountRow {
  const char* name;
  Count count;
  const char* unit = "calls";
};
inline constexpr auto count_rows = std::to_array<CountRow>({{"offered", offered},
                                                            {"answered", answered},
                                                            {"busy", busy},
                                                            {"no_answer", no_answer},
                                                            {"rejected", rejected},
                                                            {"blocked", blocked},
                                                            {"failed", failed},
                                                            {"lost_in_setup", lost_in_setup},
                                                            {"abandoned", abandoned},
                                                            {"in_progress", in_progress},
                                                            {"dropped", dropped},
                                                            {"orphaned", orphaned},
                                                            {"blocked_site_channels", blocked_site_channels},
                                                            {"blocked_cap_cps", blocked_cap_cps},
                                                            {"blocked_cap_sessions", blocked_cap_sessions},
                                                            {"blocked_site_ports", blocked_site_ports},
                                                            {"blocked_media_ports", blocked_media_ports},
                                                            {"ports_exhausted", ports_exhausted},
                                                            {"ports_fragmented", ports_fragmented},
                                                            {"ports_quarantined", ports_quarantined},
                                                            {"ports_leaked", ports_leaked},
                                                            {"ports_foreign", ports_foreign},
                                                            {"failed_no_response", failed_no_response},
                                                            {"failed_no_progress", failed_no_progress},
                                                            {"failed_refused", failed_refused},
                                                            {"failed_transport_error", failed_transport_error},
                                                            {"failed_name_not_resolved", failed_name_not_resolved},
                                                            {"failed_unauthorized", failed_unauthorized},
                                                            {"failed_number_format", failed_number_format},
                                                            {"failed_callback", failed_callback},
                                                            {"failed_destination", failed_destination},
                                                            {"failed_firewall", failed_firewall},
                                                            {"failed_fragments", failed_fragments},
                                                            {"failed_no_edge_left", failed_no_edge_left},
                                                            {"failed_site_down", failed_site_down},
                                                            {"failed_codec", failed_codec},
                                                            {"redials", redials},
                                                            {"private_caller_id", private_caller_id},
                                                            {"one_way", one_way},
                                                            {"no_audio", no_audio},
                                                            {"queued", queued},
                                                            {"left_queue", left_queue},
                                                            {"attempts_transport_error", attempts_transport_error, "attempts"},
                                                            {"ghosts", ghosts, "attempts"},
                                                            {"double_rings", double_rings, "attempts"}});

struct Part {
  std::int64_t hits;
  std::int64_t of;
};
struct RatioRow {
  const char* name;
  Part (*part)(const Counts&);
};
inline constexpr auto ratio_rows = std::to_array<RatioRow>({
    {"blocking",
     [](const Counts& c) {
       return Part{c[blocked], c[offered]};
     }},
    {"asr",
     [](const Counts& c) {
       return Part{c[answered], c[offered]};
     }},
    {"ner",
     [](const Counts& c) {
       return Part{c[answered] + c[busy] + c[no_answer] + c[rejected] + c[rang_out], c[offered]};
     }},
    {"ser",
     [](const Counts& c) {
       return Part{c[answered], c[offered] - c[redirected]};
     }},
    {"seer",
     [](const Counts& c) {
       return Part{c[effective], c[offered] - c[redirected]};
     }},
    {"isa",
     [](const Counts& c) {
       return Part{c[ineffective], c[offered]};
     }},
    {"scr",
     [](const Counts& c) {
       return Part{c[completed], c[offered] - c[open]};
     }},
    {"attempt_asr",
     [](const Counts& c) {
       return Part{c[attempts_answered], c[attempts]};
     }},
    {"attempt_ner",
     [](const Counts& c) {
       return Part{c[attempts_effective], c[attempts]};
     }},
});

struct PercentileRow {
  const char* name;
  double share;
};
inline constexpr auto quality_rows = std::to_array<PercentileRow>({{"mos_p5", 0.05}, {"mos_p50", 0.50}});
inline constexpr auto percentile_rows = std::to_array<PercentileRow>({{"pdd_p50", 0.50}, {"pdd_p95", 0.95}, {"pdd_p99", 0.99}});

}  // namespace trunklab::summary_rows
