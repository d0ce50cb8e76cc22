#!/bin/bash
# Runs the benchmarks of a build and prints their tables: run.sh BUILD_FOLDER [ROUNDS]. Needs what packages.txt lists.
set -euo pipefail

programs=${1:?expected the build folder}/tests/bench
rounds=${2:-3}
here=$(dirname "$0")
results=$(mktemp)
trap 'rm -f "$results"' EXIT

say() { printf '%s\n' "$*" >&2; }

# The same number of calls for every program at one size; fewer where the slow ones take part.
calls_at() { if [ "$1" -le 10000 ]; then echo 1000000; else echo 4000000; fi; }

fast_ones() {
  "$programs/loss_on_trunklab" "$@"
  "$programs/loss_on_bare_loop" "$@"
  "$programs/loss_on_ns3" "$@" Map
  # With a million events its calendar takes minutes to grow.
  if [ "$1" -le 100000 ]; then "$programs/loss_on_ns3" "$@" Calendar; fi
}

slow_ones() {
  "$programs/loss_on_actors" "$@"
  /usr/bin/python3 "$here/loss_on_simpy.py" "$@"
}

round=1
while [ "$round" -le "$rounds" ]; do
  for channels in 100 1000 10000 100000 1000000; do
    say "round $round of $rounds: $channels channels"
    set -- "$channels" "$(calls_at "$channels")" "$round"
    fast_ones "$@" >>"$results"
    "$programs/loss_on_trunklab" "$@" media >>"$results"
    if [ "$round" -eq 1 ] && [ "$channels" -le 10000 ]; then slow_ones "$@" >>"$results"; fi
  done
  "$programs/full_model" 2000000 "$round" plain >>"$results"
  "$programs/full_model" 2000000 "$round" media >>"$results"
  round=$((round + 1))
done
"$programs/bench_tables" <"$results"

say "a simulated year"
printf '\nA year at 10 calls/s with random crashes (year.yaml, target: 160 s of processor time):\n'
( time -p "$programs/../../trunklab" simulate "$here/year.yaml" --cdr none >/dev/null 2>&1 ) 2>&1 | sed 's/^/  /'
say "the year around its faults"
printf '\nThe same with --windows faults (target: 10 s), and its measures beside those of the full run:\n'
full=$(mktemp)
parts=$(mktemp)
trap 'rm -f "$results" "$full" "$parts"' EXIT
"$programs/../../trunklab" simulate "$here/year.yaml" --json >"$full" 2>/dev/null
( time -p "$programs/../../trunklab" simulate "$here/year.yaml" --windows faults --json >"$parts" 2>/dev/null ) 2>&1 | sed 's/^/  /'
/usr/bin/python3 -B "$here/windows_within.py" "$full" "$parts" | sed 's/^/  /'
say "a million faults"
"$programs/availability"
say "one in a million"
printf '\n'
"$programs/rare_availability"
if [[ -w /dev/shm ]] && dumpcap -D >/dev/null 2>&1; then
  printf '\nSIPp plays 1,000 calls a second for 30 s (target: first INVITE within 10 ms of its due time for 99 %%), judged by a capture on loopback:\n'
  /usr/bin/python3 -B "$here/replay_accuracy.py" "$programs/../../trunklab" | sed 's/^/  /'
else
  say "no right to capture on loopback: the replay's accuracy is left out"
fi
