"""Mean and standard error of a simulation over seeds 1..n, for the second ways of the oracles (`--simulate`)."""
import math


def over_seeds(run, seeds=10):
    """run(seed) yields a list of figures; returns 'mean+-standard error' of each."""
    rows = [list(run(seed)) for seed in range(1, seeds + 1)]
    texts = []
    for column in zip(*rows):
        mean = sum(column) / seeds
        error = math.sqrt(sum((x - mean) ** 2 for x in column) / (seeds - 1) / seeds)
        texts.append(f"{mean:.5f}+-{error:.5f}")
    return texts
