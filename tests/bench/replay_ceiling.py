# The highest rate that `trunklab load` holds, against that of the bundle's run.sh: the same SIPp, scenarios, rows and options without trunklab around it.
# Held means that every call ended as expected and that 99 % of the first INVITEs left at most 10 ms late. Both take turns at each rate, so that what
# else this machine does hits both. Usage: python3 tests/bench/replay_ceiling.py TRUNKLAB [FIRST_RATE]. Needs sipp (sip-tester) and a quiet machine.
import json
import pathlib
import re
import subprocess
import sys
import tempfile

SECONDS = 6
TRIES = 3
STEP = 1.1
LATE_MS = 10
SCENARIO = """
service: sinch
horizon: {{ start: 2026-03-02T08:00:00Z, duration: {seconds}s }}
seed: 1
sites: {{ stockholm: {{ routing: {{ target: addresses, regions: [euc1] }} }} }}
demand:
  retail:
    arrivals: {{ process: poisson, rate: {rate}/s }}
    holding: {{ distribution: exponential, mean: 1s }}
    post_dial_delay: 100ms
    ring_time: 200ms
"""


def bare(folder, bundle):
    played = subprocess.run([bundle / "run.sh", "--out", folder / "out"], capture_output=True, text=True)
    subprocess.run(["rm", "-rf", folder / "out"], check=True)
    late = re.search(r"first INVITE against due time:.*98 % within \S+ \.\. (\S+) ms", played.stdout)
    return played.returncode == 0, float(late[1]) if late else float("inf")


def with_trunklab(trunklab, folder, bundle):
    played = subprocess.run([trunklab, "load", bundle, "--json", "-o", folder / "run.sqlite"], capture_output=True, text=True)
    if not played.stdout:
        return False, float("inf")
    load = json.loads(played.stdout)["load"]
    return played.returncode == 0 and load["not_as_expected"] == 0, load["late_p99_ms"]


def main():
    trunklab = pathlib.Path(sys.argv[1]).resolve()
    rate = float(sys.argv[2]) if len(sys.argv) > 2 else 800
    players = ["bare SIPp", "trunklab load"]
    ceiling = dict.fromkeys(players, 0.0)
    misses = dict.fromkeys(players, 0)
    print(f"{'calls/s':>8}  " + "  ".join(f"{name + ': held, 99 % late':>36}" for name in players))
    while min(misses.values()) < 2:
        with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
            folder = pathlib.Path(name)
            (folder / "case.yaml").write_text(SCENARIO.format(rate=rate, seconds=SECONDS))
            subprocess.run([trunklab, "generate", "case.yaml", "-o", "bundle"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
            tries = {name: [] for name in players}
            for _ in range(TRIES):
                tries["bare SIPp"].append(bare(folder, folder / "bundle"))
                tries["trunklab load"].append(with_trunklab(trunklab, folder, folder / "bundle"))
        words = []
        for name in players:
            held = sum(good and late <= LATE_MS for good, late in tries[name])
            if held * 2 > TRIES:
                ceiling[name] = rate
                misses[name] = 0
            else:
                misses[name] += 1
            words.append(f"{held} of {TRIES}, " + ", ".join(f"{late:.1f}{'' if good else ' (not all as expected)'}" for good, late in tries[name]) + " ms")
        print(f"{rate:8.0f}  " + "  ".join(f"{word:>36}" for word in words), flush=True)
        rate *= STEP
    print("highest rate held: " + ", ".join(f"{name} {value:.0f}/s" for name, value in ceiling.items())
          + f"; ratio {ceiling['trunklab load'] / ceiling['bare SIPp']:.2f}" if ceiling["bare SIPp"] else "nothing was held")


if __name__ == "__main__":
    main()
