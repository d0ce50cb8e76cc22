"""Erlang's fixed point against simulation: draws alternate.svg of docs/erlang.md from what the benchmark prints.

    build/release/tests/bench/alternate_routing > tests/bench/alternate_routing.csv    (ninja -C build/release alternate_routing makes it; 10 min)
    python3 -B docs/studies/alternate.py tests/bench/alternate_routing.csv docs
"""
import csv
import pathlib
import sys

from chart import chart

TABLE, OUT = sys.argv[1], pathlib.Path(sys.argv[2])
LINK = 50  # calls at the same time that a region takes


def main():
    lines = {}
    with open(TABLE, encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            if float(row["simulated"]) > 0:
                ratio = float(row["fixed_point"]) / float(row["simulated"])
                lines.setdefault(row["network"], []).append((float(row["erlangs_per_region"]) / LINK, ratio))
                if 0.95 <= ratio <= 1.05:
                    print(f"within 5 %: {row['network']}, {row['erlangs_per_region']} E a region, {float(row['simulated']):.4f} blocked, ratio {ratio:.3f}")
    chart(OUT / "alternate.svg", "Blocking by the fixed point, as a part of what simulation shows", "Erlangs offered for each channel",
          "fixed point / simulated", [0, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4, 1.6], [0, 0.2, 0.4, 0.6, 0.8, 1, 1.2], list(lines.items()), [(0, 0.95), (1.6, 0.95), (1.6, 1.05), (0, 1.05)])


main()
