"""Congestion of one edge: goodput against offered load, and the way back after a pulse. Writes congestion.md's figures and table.

    python3 docs/studies/congestion.py build/release/trunklab docs

The edge serves one message in 2 ms, a call is five messages (INVITE, 18x, 200, ACK, BYE): its capacity is 100 calls/s. All figures are examples.
"""
import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

from chart import chart

PROGRAM, OUT = sys.argv[1], pathlib.Path(sys.argv[2])
CAPACITY = 100
LOADS = [0.5, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.5, 2.0, 2.5, 3.0]
REJECT, DROP, QUEUE = "mode: reject, code: 503", "mode: drop", "mode: queue, longest_wait: 3s"
# name, transport, cap above 90 calls/s
MODES = [
    ("UDP", "udp", ""),
    ("TCP (no retransmissions)", "tcp", ""),
    ("UDP, cap: 503", "udp", REJECT),
    ("TCP, cap: 503", "tcp", REJECT),
    ("UDP, cap: drop", "udp", DROP),
    ("UDP, cap: queue", "udp", QUEUE),
]
BUFFERS = [("long", None, "a buffer without limit"), ("short", 400, "room for 400 messages, that is 0.8 s")]


def scenario(transport, cap, buffer, arrivals, horizon, warmup):
    caps = f", caps: [ {{ scope: edge, cps: 90/s, burst: 9, {cap} }} ]" if cap else ""
    room = f", queue: {buffer}" if buffer else ""
    return f"""
service: {{ preset: sinch, capacity: {{ service_time: 2ms, workers: 1{room} }}{caps} }}
horizon: {{ duration: {horizon} }}
warmup: {warmup}
series_every: 10s
sites:
  pbx:
    transport: {transport}
    rtt: {{ euc1: 20ms }}
    routing: {{ target: single-address, edge: euc1/1, probe: never, hold_down: never, no_response: 4s }}
demand:
  d: {{ arrivals: {arrivals}, holding: {{ distribution: exponential, mean: 60s }}, post_dial_delay: 1s, ring_time: 3s }}
"""


def simulate(text, record=None):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "congestion.yaml"
        path.write_text(text)
        command = [PROGRAM, "simulate", str(path), "--json", "--cdr", "none"] + (["-o", str(record)] if record else [])
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(done.stderr)
        return json.loads(done.stdout)


def goodput(transport, cap, buffer, load):
    arrivals = f"{{ process: poisson, rate: {load * CAPACITY}/s }}"
    measures = simulate(scenario(transport, cap, buffer, arrivals, "10min", "4min"))["measures"]
    answered = next(m["mean"] for m in measures if m["name"] == "answered" and m["entity"] == "total")
    return answered / 360 / CAPACITY


def pulse(transport):
    table = "[{ from: 0s, rate: 70/s }, { from: 3min, rate: 250/s }, { from: 4min, rate: 70/s }]"
    text = scenario(transport, "", None, f"{{ process: varying, between: step, table: {table} }}", "20min", "0s")
    with tempfile.TemporaryDirectory() as folder:
        record = pathlib.Path(folder) / "pulse.sqlite"
        simulate(text, record)
        rows = sqlite3.connect(record).execute("SELECT run_s, value FROM series_readable WHERE metric = 'answered' AND entity = 'site/pbx'").fetchall()
    seen = {round(at / 10): value / 10 / CAPACITY for at, value in rows}
    return [(i / 6, seen.get(i, 0)) for i in range(1, 121)]


def main():
    guide = [(x, min(x, 1)) for x in (0, 1, 3)]
    for short, buffer, words in BUFFERS:
        curves = {name: [(load, goodput(transport, cap, buffer, load)) for load in LOADS] for name, transport, cap in MODES}
        chart(OUT / f"congestion-{short}.svg", f"Goodput of an edge with {words}", "offered / capacity", "answered / capacity",
              [0, 0.5, 1, 1.5, 2, 2.5, 3], [0, 0.2, 0.4, 0.6, 0.8, 1], list(curves.items()), guide)
        print(f"\n{words}\n\n| offered / capacity | " + " | ".join(f"{load:g}" for load in LOADS) + " |")
        print("|---" * (len(LOADS) + 1) + "|")
        for name, values in curves.items():
            print(f"| {name} | " + " | ".join(f"{y:.2f}" for _, y in values) + " |")
    chart(OUT / "congestion-recovery.svg", "0.7 x capacity, and 2.5 x for one minute", "minutes", "answered / capacity",
          [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20], [0, 0.2, 0.4, 0.6, 0.8, 1], [("UDP", pulse("udp")), ("TCP", pulse("tcp"))])


main()
