#!/usr/bin/env python3
"""windows_within.py FULL.json PARTS.json: how many of a run's measures, simulated around faults only, lie within the full run's 95 % intervals."""
import json
import sys


def measures(file):
    with open(file, encoding="utf-8") as text:
        return {(each["entity"], each["name"]): each for each in json.load(text)["measures"]}


full, parts = measures(sys.argv[1]), measures(sys.argv[2])
judged = {key: each for key, each in full.items() if each.get("low") is not None}
outside = [key for key, each in judged.items() if not each["low"] <= parts[key]["mean"] <= each["high"]]
for entity, name in outside:
    print("outside:", entity, name, full[entity, name]["mean"], "and", parts[entity, name]["mean"])
print(f"{len(judged) - len(outside)} of {len(judged)} measures lie within the intervals of the full run")
sys.exit(1 if len(outside) > len(judged) * 0.05 else 0)
