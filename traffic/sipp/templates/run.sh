#!/usr/bin/env bash
# Plays this bundle with SIPp: callers and answerers on this machine, over loopback and nothing else. Needs SIPp 3.6.1, not trunklab. See README.md.
set -euo pipefail
umask 077

address=127.0.0.1
first_port=20000
seconds=
out=

usage() {
  cat <<'TEXT'
Usage: ./run.sh [--seconds N] [--out FOLDER] [--port N]

  --seconds N    only the calls that are due in the first N seconds
  --out FOLDER   keep SIPp's logs there; else they are removed at the end
  --port N       look for free ports from here on (20000)

Exit codes: 0 every call was played and ended as expected, 1 some did not, 2 misused.
TEXT
}

say() { printf '%s\n' "$*" >&2; }
misused() { say "run.sh: $*"; exit 2; }
die() { say "run.sh: $*"; exit 1; }

while (($#)); do
  case $1 in
    --seconds) seconds=${2-}
      [[ $seconds =~ ^[1-9][0-9]{0,8}$ ]] || misused "--seconds: found '$seconds', expected a whole number from 1"
      shift 2 ;;
    --out) out=${2-}
      [[ -n $out ]] || misused '--out: found nothing, expected a folder'
      shift 2 ;;
    --port) first_port=${2-}
      if [[ ! $first_port =~ ^[1-9][0-9]{3,4}$ ]] || ((first_port < 1024 || first_port >= 60000)); then
        misused "--port: found '$first_port', expected 1024 to 59999"
      fi
      shift 2 ;;
    -h | --help) usage; exit 0 ;;
    *) misused "found '$1', expected --seconds, --out or --port" ;;
  esac
done

[[ -z $out ]] || { mkdir -p "$out" && out=$(cd "$out" && pwd); }
cd "$(dirname "${BASH_SOURCE[0]}")"
command -v sipp >/dev/null || die 'there is no sipp on this machine (Debian: apt-get install sip-tester)'
sha256sum --check --quiet SHA256SUMS >&2 || die 'the files are not those that were generated'
version=$(sipp -v 2>&1 | grep -o 'SIPp v[0-9.]*' | head -n 1 || true)
[[ $version == 'SIPp v3.6.1' ]] || say "run.sh: this is ${version:-an unknown SIPp}; the scenario files were tried with SIPp v3.6.1"

work=$(mktemp -d)
pids=()
# Whatever was started is ended, however this ends; only what was started here.
# shellcheck disable=SC2317  # the trap calls it
clean_up() {
  local pid
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  [[ -z $out ]] || cp -r "$work/." "$out/" || true
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Ports in use, of any address, as the kernel lists them: in hexadecimal behind the colon of the second column.
used_ports() {
  local file
  for file in /proc/net/udp /proc/net/udp6 /proc/net/tcp /proc/net/tcp6; do
    [[ ! -r $file ]] || awk 'NR > 1 { split($2, local, ":"); print local[2] }' "$file"
  done
}
declare -A taken=()
while read -r hex; do [[ -z $hex ]] || taken[$((16#$hex))]=1; done < <(used_ports)
port=$first_port
take_port() {
  while [[ -n ${taken[$port]-} ]]; do port=$((port + 1)); done
  ((port < 65000)) || die "no free port from $first_port on"
  taken[$port]=1
}

ulimit -n "$(ulimit -Hn)" 2>/dev/null || say "run.sh: the limit of open files stays at $(ulimit -n)"
common=(-i "$address" -ci "$address" -nr -nostdin -deadcall_wait 0 -watchdog_interval 0 -timer_resol 1 -buff_size 4194304)
transport_options() { if [[ $1 == udp ]]; then echo '-t u1'; else echo "-t tn -max_socket $(($(ulimit -n) - 100))"; fi; }

# start NAME OPTIONS...: one SIPp, its logs in the work folder; leaves its pid in `pid`.
start() {
  local name=$1
  shift
  take_port
  sipp "${common[@]}" -cp "$port" -trace_err -error_file "$work/$name.err" "$@" >"$work/$name.out" 2>&1 &
  pid=$!
  pids+=("$pid")
}

declare -A answerers=()
while read -r kind group set target transport host; do
  [[ $kind == answerer ]] || continue
  targets=$work/$group/$set/targets.csv
  [[ -f $targets ]] || { mkdir -p "${targets%/*}" && echo SEQUENTIAL >"$targets"; }
  take_port
  answerer_port=$port
  echo "$address;$port;$host" >>"$targets"
  # shellcheck disable=SC2046  # two words
  start "$group/$set/answerer-$target" -sf "$group/answerer.xml" -p "$answerer_port" $(transport_options "$transport")
  answerers[$pid]="${group#*/}, target $target, port $answerer_port"
done <shards.txt
sleep 1
for pid in "${!answerers[@]}"; do
  kill -0 "$pid" 2>/dev/null || die "the answerer of ${answerers[$pid]} did not start; is the port taken? --port N begins elsewhere"
done

# The rows to be played, and the second in which the last of these calls is over, if all goes well.
last=0
while read -r kind group shard set _ rate transport home; do
  [[ $kind == caller ]] || continue
  awk -F';' -v end="${seconds:-1e18}" 'NR <= 2 || $1 < end * 1000' "$group/calls-$shard.csv" >"$work/$group/calls-$shard.csv"
  rows=$(awk -F';' 'NR > 2 { over = ($1 + $7 + $8 + $10) / 1000; if (over > most) most = over } END { print NR - 2, int(most) + 1 }' \
    "$work/$group/calls-$shard.csv")
  ((${rows#* } <= last)) || last=${rows#* }
  echo "$group $shard $set ${rows% *} $rate $transport $home" >>"$work/callers"
done <shards.txt

lead=$(awk '$1 == "lead" { print $2 }' shards.txt)
epoch=$(($(date +%s) + lead + 1))
echo "$epoch" >"$work/epoch"
echo go >"$work/control"
# A call may take longer than planned: a BYE that nobody answers, an attempt that is answered late, each 32 s.
patience=$((lead + last + 120))
callers=()
while read -r group shard set calls rate transport home; do
  ((calls > 0)) || continue
  options=(-sf "$group/caller.xml" -inf "$work/$group/calls-$shard.csv" -inf "$work/$group/$set/targets.csv" -m "$calls" -l "$((calls + 1))" -r "$rate"
    -key epoch "$epoch" -key control "$work/control" -auth_uri "$home" -trace_logs -log_file "$work/$group/calls-$shard.log" -trace_stat -stf "$work/$group/calls-$shard.stat" -fd 1)
  if grep -q 'account\.csv' "$group/caller.xml"; then
    printf 'SEQUENTIAL\ntrunklab;loopback\n' >"$work/account.csv"
    options+=(-inf "$work/account.csv")
  fi
  take_port
  # shellcheck disable=SC2046  # two words
  start "$group/caller-$shard" "${options[@]}" -key own_port "$port" -p "$port" $(transport_options "$transport") "$(awk -F';' 'NR == 2 { print $1 ":" $2 }' "$work/$group/$set/targets.csv")"
  callers+=("$pid")
done <"$work/callers"
((${#callers[@]})) || die 'no call is due in that time'
say "playing $(awk '{ calls += $4 } END { print calls }' "$work/callers") calls for about $((lead + last)) s; the first is due at $(date -d "@$epoch" +%T)"

deadline=$((SECONDS + patience))
for pid in "${callers[@]}"; do
  while kill -0 "$pid" 2>/dev/null; do
    for answerer in "${!answerers[@]}"; do
      kill -0 "$answerer" 2>/dev/null && continue
      say "run.sh: the answerer of ${answerers[$answerer]} ended while calls were played"
      unset "answerers[$answerer]"
    done
    ((SECONDS < deadline)) || { say "run.sh: calls are still in progress after $patience s: ended"; break 2; }
    sleep 0.5
  done
done

# Every row has to be in the log exactly once, and to have ended as expected. Where patience and answer are less than 100 ms apart, either may win.
awk -F';' '
  function outcome(end, code) {
    if (end == "answered" || end == "orphaned") return "answered"
    if (end == "abandoned") return "abandoned"
    if (end == "rang_out") return "no_answer"
    if (end == "refused" && code == 486) return "busy"
    if (end == "refused" && code == 480) return "no_answer"
    if (end == "refused" && code == 603) return "rejected"
    return "failed"
  }
  FILENAME ~ /\.csv$/ { if (FNR > 2) { expected[$2] = $15; talk[$2] = $10; spare[$2] = $6 - $7 - $8; ++rows } next }
  $1 == "ghost" { ++ghosts; next }
  $1 == "call" {
    if ($2 in seen) { ++twice; next }
    seen[$2] = 1
    became = outcome($3, $4)
    hunted += $5 > 1
    ++table[expected[$2] " " became]
    if (became != expected[$2] && spare[$2] > -100 && spare[$2] < 100) ++close_ones
    else if (became != expected[$2]) ++other
    print $7 - $6 >due_file
    if ($3 == "answered") print $10 - $9 - talk[$2] >hold_file
  }
  END {
    for (each in table) { split(each, words, " "); printf "%-10s expected, %-10s seen: %d\n", words[1], words[2], table[each] | "sort" }
    close("sort")
    for (call in expected) if (!(call in seen)) ++missing
    printf "calls: %d, not seen: %d, seen twice: %d, ended otherwise: %d, too close to call: %d, ghosts: %d, hunted on: %d\n", rows, missing, twice, other, close_ones, ghosts, hunted
    exit missing + twice + other > 0
  }' due_file="$work/due" hold_file="$work/hold" "$work"/groups/*/calls-*.csv "$work"/groups/*/calls-*.log && code=0 || code=1

# FILE WORDS: the spread of the figures in a file.
spread() {
  [[ -s $1 ]] || return 0
  sort -g "$1" | awk -v words="$2" '{ value[NR] = $1 } END {
    printf "%s: median %.1f ms, 98 %% within %.1f .. %.1f ms, all within %.1f .. %.1f ms\n",
      words, value[int((NR + 1) / 2)], value[int(NR * 0.01) + 1], value[int(NR * 0.99 + 0.999)], value[1], value[NR] }'
}
spread "$work/due" 'first INVITE against due time'
spread "$work/hold" 'BYE against the end of the talk'
exit "$code"
