// A scenario with every key, for the tests of the reader and of the schema.
#pragma once

#include <string_view>

namespace trunklab {

/// A scenario with every key, one a line. The comment names the kind of the value; "!": the key cannot be left out; "~": the key is a name.
inline constexpr std::string_view complete = R"(service:
  preset: sinch # word
  names:
    ttl: 60s # span
    negative_ttl: 30s # span
    answer: one # word
    order: rotate # word
    all_sick: answer_none # word
    check:
      every: 10s # span
      timeout: 3s # span
      fail_after: 3 # whole
      recover_after: 1 # whole
      every_down: 5s # span
      method: options # word
      alive: ok # word
  caps:
    - scope: account # word!
      cps: 10/s # rate!
      burst: 10 # number
      sessions: 200 # whole
      code: 503 # whole
      retry_after: 5s # span
      mode: drop # word
      counts: every_invite # word
    - scope: edge # word!
      cps: 10/s # rate!
      mode: queue # word!
      longest_wait: 2s # span
  regions:
    lab:
      title: Laboratory # text
      host_name: lab.example.com # text!
      edges: [192.0.2.1] # list!
  zones:
    west: [euc1/1, lab/1] # list~
  role: b2bua # word
  capacity:
    service_time: 2ms # span!
    workers: 4 # whole
    queue: 1000 # whole
  authentication:
    code: 401 # whole
    challenge: remembered # word!
    scope: region # word
    nonce_lifetime: 5min # span
    wrong_secret_code: 403 # whole
  callback:
    latency: 100ms # span
    timeout: 5s # span
    errors: 1% # share
    fallback_latency:
      distribution: exponential # word!
      mean: 200ms # span!
    answers:
      connect_pstn: 90% # share!
      connect_sip: 4% # share!
      hang_up: 4% # share!
      none: 2% # share!
    policy: connect_pstn # word
    hang_up_code: 603 # whole
    workers: 50 # whole
  drain:
    code: 503 # whole
    retry_after: 60s # span
    options_code: 503 # whole
  origination:
    no_response: 32s # span
    invite_bytes: 1100 # whole
    cookie_bytes: 300 # whole
  number_format_code: 484 # whole
  merged_482: true # flag
  media:
    ports: 10000-20000 # ports
    allocator: lowest-first # word
    rtcp: 30% # rtcp
    quarantine: 5s # span
    late_packets: 100ms # span
    legs: split # word
    addresses:
      least: 2 # whole
      most: 4 # whole
      choice: round_robin # word
      scale_out: 70% # chance
      start_up: 30s # span
      scale_in: 30% # chance!
      scale_in_after: 5min # span
    leaks:
      offers: 2% # share
      offer_timeout: 30min # span
      for_ever: 0.1% # share
    taken_by_others:
      rate: 1/s # rate!
      holding: 30s # span!
    refusal_code: 480 # whole
    packets_max: 300000 # number
    codecs: [G.711u, G.729] # list
    far_codecs: [PCMA, PCMU] # list
    transcoding: true # flag
    srtp: true # flag
    latching: false # flag
    far_delay: 30ms # span
    traits:
      Opus:
        ie: 3 # number
        bpl: 18 # number
        cores: 0.002 # number
horizon:
  start: 2026-03-02T08:00:00+01:00 # time
  duration: 4h # span!
seed: 7 # whole
warmup: 30min # span
series_every: 1s # span
sites:
  one:
    transport: udp # word
    icmp_seen: true # flag
    session_expires: 30min # span
    firewall:
      allow: [euc1/1, 18.196.245.254] # list!
    drop_fragments: true # flag
    contact_centre:
      agents: 40 # whole!
    channels: 600 # whole
    rtt:
      euc1: 32ms # span~
    media_timeout: 60s # span
    rtp_ports:
      range: 16384-32767 # ports!
      allocator: freeswitch # word
      rtcp: mux # rtcp
      quarantine: 1s # span
      late_packets: 50ms # span
      leak: 0.1% # share
      taken_by_others:
        rate: 1/min # rate!
        holding: 1min # span!
    nat: true # flag
    symmetric_rtp: false # flag
    jitter_buffer: 60ms # span
    activity: 40% # chance
    frame_bytes: 38 # whole
    routing:
      preset: kamailio # word
      target: fqdn # word
      regions: [euc1, use1] # list!
      cache: ttl # word
      ttl_min: 5s # span
      ttl_max: 1h # span
      choice: call # word
      resolver: city # text
      resolver_timeout: 5s # span
      order: rotate # word
      across: true # flag
      give_up_after: 20s # span
      cseq_on_failover: same # word
      no_response: 4s # span
      no_progress: 120s # span
      advance_on: [408, 500] # list
      hold_down: 60s # span
      probe:
        every: 30s # span
        timeout: 3s # span
        fail_after: 3 # whole
        recover_after: 1 # whole
  three:
    transport: tcp # word!
    tcp:
      user_timeout: 30s # span
      keepalive: 60s # span
    routing:
      regions: [euc1] # list!
      choice: connection # word
      hold_down:
        for: 60s # span
        on: [no_response, 503] # list
        retry_after: true # flag
        trip:
          failures: 2 # whole!
          of: 5 # whole
        half_open: true # flag
        jitter: 20% # share
        return_over: 2min # span
  two:
    rtp_ports: 16384-32767 # ports
    firewall:
      media:
        direction: in # word
        stateful: false # flag
        ports: 10000-15000 # ports!
    routing:
      target: single-address # word!
      regions: [euc1] # list
      edge: euc1/1 # text!
demand:
  a:
    site: one # text!
    direction: termination # word
    arrivals:
      process: poisson # word!
      rate: 3/s # rate!
    holding:
      distribution: lognormal # word!
      mean: 180s # span!
      cv: 1.2 # number!
    answer:
      answered: 70% # share!
      busy: 12% # share!
      no_answer: 15% # share!
      rejected: 3% # share!
    post_dial_delay:
      distribution: exponential # word!
      mean: 2s # span!
    ring_time:
      distribution: fixed # word!
      value: 5s # span!
    patience: 45s # span
    caller_hangs_up: 50% # share
    not_e164: 1% # share
    unknown_caller_id: 2% # share
    destinations:
      - prefix: 4670 # digits!
        share: 100% # share!
        answer:
          answered: 90% # share!
          busy: 10% # share!
        post_dial_delay: 3s # span
        ring_time: 8s # span
    redial:
      probability: 60% # ratio!
      delay: 30s # span
      most: 3 # whole
    codecs:
      - share: 70% # share!
        offer: [G.711a] # list!
      - share: 30% # share!
        offer:
          - codec: Opus # word!
            ptime: 40ms # span
            bit_rate: 32000 # whole
          - G.711a
  f:
    site: one # text!
    direction: origination # word!
    region: euc1 # text!
    edges: random # word
    arrivals:
      process: poisson # word!
      rate: 3/s # rate!
    holding: 180s # span!
  b:
    site: one # text!
    arrivals:
      process: varying # word!
      between: linear # word
      table:
        - from: 0h # span!
          rate: 1/s # rate or 0!
    holding:
      distribution: empirical # word!
      file: counts.csv # text!
      column: Calls # text!
  c:
    site: one # text!
    arrivals:
      process: counts # word!
      file: counts.csv # text!
      time_column: DateTime # text!
      count_column: Calls # text!
      every: 5min # span!
      from: 2026-03-02T08:00:00Z # time!
      scale: 100% # factor
    holding: 180s # span!
  d:
    site: one # text!
    arrivals:
      process: deterministic # word!
      every: 10s # span!
      offset: 0s # span
    holding: 180s # span!
  e:
    site: one # text!
    arrivals:
      process: trace # word!
      file: counts.csv # text!
      arrival_column: DateTime # text!
      holding_column: Calls # text!
      where:
        column: Calls # text!
        is: answered # text!
      from: 2026-03-02T08:00:00 # time!
      to: 2026-03-02T09:00:00 # time!
      scale: 250% # factor
      jitter: 30s # span
faults:
  - at: 2h # span!
    for: 15min # span
    edge: euc1/1 # text!
    kind: crash # word!
    mode: process # word
  - at: 1h # span!
    kind: crash # word!
    edges: [euc1/1, use1/1] # list!
    for: 1min # span!
    repeat:
      times: 3 # whole!
      every: 5min # span!
  - kind: crash # word!
    region: use1 # text!
    random:
      mtbf: 60d # span!
      mttr: 20min # span!
      shape: 1.5 # number
  - at: 1h # span!
    kind: crash # word!
    zone: west # text!
    mode: network # word!
    sites: [one, two] # list!
  - at: 1h # span!
    kind: drain # word!
    edge: all # text!
  - at: 1h # span!
    kind: overload # word!
    edge: euc1/2 # text!
    factor: 5 # number!
  - at: 1h # span!
    kind: grey # word!
    edge: euc1/2 # text!
    share: 10% # chance!
    effect: slow # word!
    delay: 2s # span!
  - at: 1h # span!
    kind: grey # word!
    edge: euc1/2 # text!
    share: 10% # chance!
    effect: error # word!
    code: 500 # whole
  - at: 1h # span!
    kind: path-down # word!
    site: one # text!
    region: euc1 # text
  - at: 1h # span!
    kind: path-loss # word!
    site: one # text!
    share: 5% # chance!
    edges: [euc1/1] # list
  - at: 1h # span!
    kind: dns # word!
    region: euc1 # text
    effect: slow # word!
    delay: 3s # span!
  - at: 1h # span!
    kind: callback # word!
    effect: slow # word!
    factor: 10 # number!
  - at: 1h # span!
    kind: callback # word!
    effect: errors # word!
    share: 20% # chance!
  - at: 1h # span!
    kind: callback # word!
    effect: down # word!
    fallback_too: true # flag
  - at: 1h # span!
    kind: destination # word!
    prefix: "4670" # digits!
    code: 480 # whole
  - at: 1h # span!
    kind: secret # word!
    site: one # text
  - at: 1h # span!
    kind: site # word!
    site: one # text!
  - at: 1h # span!
    kind: media # word!
    region: euc1 # text!
    address: 2 # whole
    calls: silent # word
objectives:
  blocking: 1% # share
  failover: 10s # span
  answer_seizure_ratio: 60% # share
  setup_delay: 5s # span
  quality: 3.6 # number
prices:
  currency: EUR # text!
  minute: 0.02 # number
  lost_call: 5 # number
  channel: 12 # number
  session: 4 # number
  cps: 20 # number
  mbit: 3 # number
lint:
  silence: [one-region] # list!
)";

}  // namespace trunklab
