# The highest rate that `trunklab load` holds against its own answerers, and that of bare SIPp: the bundle's run.sh starts the same scenarios, rows, shards and
# options without trunklab around them. Usage: python3 tests/bench/replay_ceiling.py TRUNKLAB [FIRST_RATE]. Needs sipp (sip-tester), half a gigabyte in
# /dev/shm and a quiet machine. A rate takes two minutes and a half; it begins at FIRST_RATE (400/s) and ends after two rates in a row that were not held.
#
# Held: every call of the timetable ended as expected, and 99 % of the first INVITEs left at most 10 ms off their due time, both from the callers' log lines
# (bare) or the run record (load), which is made from the same lines. Both take turns at each rate, so that what else this machine does hits both; how many
# cores were busy with something else is shown ("others"). A rate is held if 2 of 3 tries hold it.
import csv
import math
import os
import pathlib
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile

SECONDS = 8
TRIES = 3
ENOUGH = 2
STEP = 1.1
LATE_MS = 10
PLAYERS = ["bare SIPp", "trunklab load"]
OUTCOMES = ["in_progress", "answered", "busy", "no_answer", "rejected", "blocked", "failed", "lost_in_setup", "abandoned"]  # reports/RECORD.md
SCENARIO = """
service: sinch
horizon: {{ start: 2026-03-02T08:00:00Z, duration: {seconds}s }}
warmup: 0s
seed: 1
sites: {{ stockholm: {{ transport: udp, routing: {{ target: addresses, regions: [euc1] }} }} }}
demand:
  retail:
    arrivals: {{ process: poisson, rate: {rate:.3f}/s }}
    holding: {{ distribution: exponential, mean: 1s }}
    post_dial_delay: 100ms
    ring_time: 200ms
"""


def timetable(bundle):
    """Due time in ms and expected outcome by a call's name."""
    rows = {}
    for file in bundle.glob("groups/*/calls-*.csv"):
        with open(file, newline="") as stream:
            stream.readline()
            columns = stream.readline().lstrip("#").strip().split(";")
            for row in csv.DictReader(stream, columns, delimiter=";"):
                rows[row["call"]] = (float(row["due_ms"]), row["expected"])
    return rows


def run(folder, *words):
    """Exit code. In a session of its own, so that Ctrl-C reaches this script alone, which ends it."""
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, env={**os.environ, "TMPDIR": str(folder)})
    try:
        return process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def bare(folder, _, bundle):
    """Exit code, and of each call seen: name, error of the first INVITE in ms, outcome."""
    code = run(folder, bundle / "run.sh", "--out", folder / "out")
    seen = []
    for file in (folder / "out").glob("groups/*/calls-*.log"):
        for line in file.read_text().splitlines():
            if line.startswith("call;"):
                _, name, end, _, _, due, sent, *_ = line.split(";")
                seen.append((name, float(sent) - float(due), end))
    return code, seen


def with_trunklab(folder, trunklab, bundle):
    code = run(folder, trunklab, "load", bundle, "-o", folder / "out")
    if not (folder / "out").exists():
        return code, []
    due = timetable(bundle)
    record = sqlite3.connect(folder / "out")
    rows = record.execute("SELECT name || '.' || window || '.' || number, offered / 1e6, outcome FROM calls JOIN demands ON demands.id = demand").fetchall()
    record.close()
    return code, [(name, offered - due[name][0], OUTCOMES[outcome]) for name, offered, outcome in rows]


def busy_cores():
    """Seconds that all cores were busy so far, and those of what this script started and that has ended."""
    ticks = [int(word) for word in pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    ours = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK"), ours.ru_utime + ours.ru_stime


def uptime():
    return float(pathlib.Path("/proc/uptime").read_text().split()[0])


def attempt(player, folder, trunklab, bundle, expected):
    """Held or not, 99 % of the errors in ms, cores that others kept busy, our CPU seconds."""
    began, (all_before, ours_before) = uptime(), busy_cores()
    code, seen = (bare if player == PLAYERS[0] else with_trunklab)(folder, trunklab, bundle)
    took, (all_after, ours_after) = uptime() - began, busy_cores()
    out = folder / "out"
    shutil.rmtree(out) if out.is_dir() else out.unlink(missing_ok=True)
    ours = ours_after - ours_before
    errors = sorted(abs(error) for _, error, _ in seen)
    late = errors[math.ceil(0.99 * len(errors)) - 1] if errors else math.inf
    good = code == 0 and len(seen) == len(expected) and {name: outcome for name, _, outcome in seen} == {name: outcome for name, (_, outcome) in expected.items()}
    return good and late <= LATE_MS, f"{late:.1f}" + ("" if good else "!"), (all_after - all_before - ours) / took, ours


def main():
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    if not shutil.which("sipp"):
        print("there is no sipp on this machine (Debian: apt-get install sip-tester)", file=sys.stderr)
        sys.exit(2)
    trunklab = pathlib.Path(sys.argv[1]).resolve()
    rate = float(sys.argv[2]) if len(sys.argv) > 2 else 400
    ceiling = dict.fromkeys(PLAYERS, 0.0)
    misses = dict.fromkeys(PLAYERS, 0)
    print("99 % of first INVITEs within so many ms of their due time, try by try (! = not all calls as expected); CPU seconds of ours; cores busy with others")
    print(f"{'calls/s':>8} {'SIPps':>6}  " + "  ".join(f"{name:^50}" for name in PLAYERS))
    while min(misses.values()) < 2:
        with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
            folder = pathlib.Path(name)
            bundle = folder / "bundle"
            (folder / "case.yaml").write_text(SCENARIO.format(rate=rate, seconds=SECONDS))
            subprocess.run([trunklab, "generate", "case.yaml", "-o", "bundle"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
            callers = sum(line.startswith("caller ") for line in (bundle / "shards.txt").read_text().splitlines())
            expected = timetable(bundle)
            tries = {player: [] for player in PLAYERS}
            for _ in range(TRIES):
                for player in PLAYERS:
                    tries[player].append(attempt(player, folder, trunklab, bundle, expected))
        words = []
        for player in PLAYERS:
            held, late, others, cpu = zip(*tries[player])
            words.append(f"{sum(held)} of {TRIES}: {', '.join(late)} ms; {sum(cpu) / TRIES:.1f} s; others {max(others):.1f}")
            misses[player] += 1
            if sum(held) >= ENOUGH:
                ceiling[player], misses[player] = rate, 0
        print(f"{rate:8.0f} {callers:6}  " + "  ".join(f"{word:^50}" for word in words), flush=True)
        rate *= STEP
    print("highest rate held: " + ", ".join(f"{player} {ceiling[player]:.0f}/s" for player in PLAYERS), end="")
    print(f"; ratio {ceiling[PLAYERS[1]] / ceiling[PLAYERS[0]]:.2f}" if ceiling[PLAYERS[0]] else "")


if __name__ == "__main__":
    main()
