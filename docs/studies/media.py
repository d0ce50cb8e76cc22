"""Ports and media addresses, on paper and simulated. Prints media.md's tables.

    python3 docs/studies/media.py build/release/trunklab

All rates are examples; the range 10000-20000 is Sinch's, with both legs of a call on one address: 2500 calls.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

PROGRAM = sys.argv[1]
HOLDING = 180


def run(*arguments):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        sys.exit(done.stderr)
    return json.loads(done.stdout)


def simulate(text, replications):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "media.yaml"
        path.write_text(text)
        document = run("simulate", str(path), "--json", "--cdr", "none", "-n", str(replications))
        return {(each["name"], each["entity"]): each for each in document["measures"]}


def scenario(media, arrivals, horizon, warmup):
    return f"""
service: {{ preset: sinch, media: {{ {media} }} }}
horizon: {{ duration: {horizon} }}
{warmup}
series_every: 1min
sites: {{ pbx: {{ routing: {{ target: single-address, edge: euc1/1, probe: never, hold_down: never }} }} }}
demand:
  d: {{ arrivals: {arrivals}, holding: {{ distribution: exponential, mean: {HOLDING}s }}, codecs: [G.711a] }}
"""


def spread(measure, scale=1, digits=2):
    if measure["low"] is None:
        return f"{measure['mean'] * scale:.{digits}f}"
    return f"{measure['mean'] * scale:.{digits}f} [{measure['low'] * scale:.{digits}f}, {measure['high'] * scale:.{digits}f}]"


def loss_table():
    print("| offered | quarantine | blocked, Erlang B | blocked, simulated |")
    print("|---|---|---|---|")
    for offered, quarantine in [(2474.5, 0), (2474.5, 10), (2550, 0), (2550, 30)]:
        paper = run("ports", "--load", str(offered), "--quarantine", f"{quarantine}s", "--holding", f"{HOLDING}s", "--json")
        arrivals = f"{{ process: poisson, rate: {offered / HOLDING:.6f}/s }}"
        seen = simulate(scenario(f"addresses: {{ most: 1 }}, quarantine: {quarantine}s", arrivals, "1d", "warmup: 1h"), 10)
        print(f"| {offered:g} E | {quarantine} s | {paper['blocking'] * 100:.2f} % | {spread(seen[('blocking', 'total')], 100)} % |")


def race_table():
    burst, before, start_up = 30, 900, 60
    arrivals = (f"{{ process: varying, table: [{{ from: 0s, rate: {before / HOLDING}/s }}, {{ from: 600s, rate: {burst}/s }}, "
                f"{{ from: 780s, rate: {before / HOLDING}/s }}] }}")
    print("\n| ordered above | refused until the next address is ready, fluid | refused, simulated |")
    print("|---|---|---|")
    for threshold in [40, 45, 50, 60, 70, 80, 90]:
        paper = run("ports", "--burst", f"{burst}/s", "--in-progress", str(before), "--start-up", f"{start_up}s", "--holding", f"{HOLDING}s",
                    "--threshold", f"{threshold}%", "--json")["race"]
        media = f"addresses: {{ most: 2, scale_out: {threshold}%, start_up: {start_up}s }}"
        seen = simulate(scenario(media, arrivals, "800s", ""), 20)
        print(f"| {threshold} % | {paper['refused']:.0f} | {spread(seen[('blocked_media_ports', 'total')], 1, 0)} |")
    best = paper["threshold_to_try"]
    print(f"\nthreshold to try: {best * 100:.1f} %" if best else "\nno threshold will do")


if "race" not in sys.argv[2:]:
    loss_table()
race_table()
