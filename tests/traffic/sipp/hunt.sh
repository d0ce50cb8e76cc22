#!/usr/bin/env bash
# Plays calls.csv of the folder WORK against edges that misbehave, over loopback: hunt.sh WORK EDGES PORT. The caller's log and the edges' messages stay in
# WORK. Targets: 00 nobody, 01 says 503, 02 answers late, 03 rings late, 04 the bundle's own answerer.
set -euo pipefail
work=$1 edges=$2 port=$3
pids=()
# shellcheck disable=SC2317  # the trap calls it
clean_up() {
  local pid
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
}
trap clean_up EXIT
common=(-i 127.0.0.1 -ci 127.0.0.1 -nr -nostdin -deadcall_wait 0 -watchdog_interval 0 -timer_resol 1 -t u1 -trace_msg -trace_err)
start() {
  sipp "${common[@]}" -p "$((port + $2))" -cp "$((port + 20 + $2))" -message_file "$work/$1.msg" -error_file "$work/$1.err" "${@:3}" >"$work/$1.out" 2>&1 &
  pids+=("$!")
}
start refuses 1 -sf "$edges/refuses.xml"
start answers_late 2 -pause_msg_ign -sf "$edges/answers_late.xml"
start rings_late 3 -pause_msg_ign -sf "$edges/rings_late.xml"
start answerer 4 -sf "$work/answerer.xml"
sleep 0.7
echo SEQUENTIAL >"$work/targets.csv"
echo go >"$work/control"
for target in 0 1 2 3 4; do echo "127.0.0.1;$((port + target));edge$target.example" >>"$work/targets.csv"; done
start caller 5 -sf "$work/caller.xml" -inf "$work/calls.csv" -inf "$work/targets.csv" -m "$(($(wc -l <"$work/calls.csv") - 2))" -r 100 -l 1000 \
  -key epoch "$(($(date +%s) + 1))" -key control "$work/control" -key own_port "$((port + 5))" -trace_logs -log_file "$work/caller.log" "127.0.0.1:$port"
caller=${pids[-1]}
for _ in {1..60}; do
  kill -0 "$caller" 2>/dev/null || break
  sleep 0.25
done
wait "$caller"
