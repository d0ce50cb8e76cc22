#!/usr/bin/env python3
"""Oracle: two independent edges, each up for a time of mean MTBF = 2 h and down for a time of mean MTTR = 20 min, alternately.

Uses nothing of trunklab. Exact fractions; second way: the birth-death chain of the number of edges down, and a simulation (--simulate), also
with Weibull up times and constant down times: what depends on the means only and what does not.

For any alternating renewal process of finite means: P(up) = MTBF / (MTBF + MTTR), failures per time f = 1 / (MTBF + MTTR).
Two independent ones, in the long run: P(both down) = U^2 with U = 1 - P(up); a both-down event begins when one fails while the other is down:
rate 2 f U; mean duration = P / rate = U / (2 f) = MTTR / 2, whatever the distributions.
Only with exponential times: mean time from both up to both down, by first steps: T2 = 1/(2 l) + T1, T1 = (1 + m T2) / (l + m).
"""
import math
import random
import sys
from fractions import Fraction

from batches import over_seeds

MTBF, MTTR = Fraction(2), Fraction(1, 3)  # hours
YEAR = 365 * 24


def stationary_birth_death(fail, repair):
    """Number of edges down, 0..2, both repaired independently."""
    weights = [Fraction(1)]
    weights.append(weights[0] * 2 * fail / repair)
    weights.append(weights[1] * fail / (2 * repair))
    return [w / sum(weights) for w in weights]


def simulate(up, down, hours, seed):
    """Long-run figures of two edges; up and down draw a duration."""
    luck = random.Random(seed)
    until = [up(luck), up(luck)]
    is_up = [True, True]
    now, time_in, events = 0.0, [0.0, 0.0, 0.0], 0
    while now < hours:
        edge = 0 if until[0] <= until[1] else 1
        time_in[2 - sum(is_up)] += until[edge] - now
        now = until[edge]
        is_up[edge] = not is_up[edge]
        until[edge] = now + (up if is_up[edge] else down)(luck)
        events += not any(is_up)
    return [t / now for t in time_in], events / now, time_in[2] / max(events, 1)


def first_both_down(up, down, runs, seed):
    luck = random.Random(seed)
    total = 0.0
    for _ in range(runs):
        until, is_up, now = [up(luck), up(luck)], [True, True], 0.0
        while any(is_up):
            edge = 0 if until[0] <= until[1] else 1
            now = until[edge]
            is_up[edge] = not is_up[edge]
            until[edge] = now + (up if is_up[edge] else down)(luck)
        total += now
    return total / runs


def main():
    up = MTBF / (MTBF + MTTR)
    u = 1 - up
    frequency = 1 / (MTBF + MTTR)
    fail, repair = 1 / MTBF, 1 / MTTR
    both_up, one, both_down = up * up, 2 * up * u, u * u
    assert [both_up, one, both_down] == stationary_birth_death(fail, repair)
    rate = 2 * frequency * u
    assert rate == one * fail  # second way: from "one down" the other fails
    duration = both_down / rate
    assert duration == MTTR / 2 == 1 / (2 * repair)
    t2 = (1 / (2 * fail) + 1 / (fail + repair)) / (1 - repair / (fail + repair))
    assert t2 == (3 * fail + repair) / (2 * fail * fail)  # textbook closed form (Barlow, Proschan)

    def show(name, value, unit=""):
        print(f"  {name:<46} {float(value):.12f} {unit} = {value}")

    print("two edges, MTBF 2 h, MTTR 20 min")
    show("availability of one", up)
    show("P(both up)", both_up)
    show("P(exactly one up)", one)
    show("P(both down)", both_down)
    show("both-down events per hour", rate)
    show("both-down events per year of 8760 h", rate * YEAR)
    show("mean duration of one", duration, "h")
    show("hours of both down per year", both_down * YEAR, "h")
    show("mean time from both up to both down", t2, "h")
    show("failures of one edge per year", frequency * YEAR)
    print("  exponential times, one edge, up at 0: P(up at t) = A + (1-A) exp(-(1/MTBF + 1/MTTR) t); mean share of up time in [0, T]:")
    total_rate = float(fail + repair)
    for hours in (1, 6, 24, 168):
        share = float(up) + float(u) * (1 - math.exp(-total_rate * hours)) / (total_rate * hours)
        down_two = sum(  # mean share of both down: integral of (u (1 - e^{-rt}))^2
            c * (hours if k == 0 else (1 - math.exp(-k * total_rate * hours)) / (k * total_rate)) for k, c in ((0, 1), (1, -2), (2, 1))
        )
        print(f"    T = {hours:>3} h: up {share:.12f}, both down {float(u) ** 2 * down_two / hours:.12f}")
    # Long-run variance of the down time of one edge: Var / T -> 2 A U / (l + m) (two-state Markov chain).
    show("lim Var(down time of one in T) / T", 2 * up * u / (fail + repair), "h")
    print("Weibull up times of the same mean: scale = MTBF / Gamma(1 + 1/shape)")
    for shape in (0.7, 1.5, 2.0):
        print(f"  shape {shape}: scale {float(MTBF) / math.gamma(1 + 1 / shape):.12f} h, availability {float(up):.12f} as above")
    if "--simulate" in sys.argv:
        mean_down = float(MTTR)

        def exponential_down(luck):
            return luck.expovariate(1 / mean_down)

        ups = {"exponential": lambda luck: luck.expovariate(0.5)}
        for shape in (0.7, 2.0):
            scale = 2 / math.gamma(1 + 1 / shape)
            ups[f"Weibull {shape}"] = lambda luck, scale=scale, shape=shape: luck.weibullvariate(scale, shape)
        for name, draw in ups.items():
            for down_name, down in (("exponential", exponential_down), ("constant", lambda luck: mean_down)):

                def run(seed):
                    times, per_hour, length = simulate(draw, down, 200_000, seed)
                    return [*times, per_hour * YEAR, length, first_both_down(draw, down, 5_000, seed)]

                names = ("up/up", "one", "down/down", "events a year", "of hours", "first after hours")
                print(f"  up {name}, down {down_name}:", ", ".join(f"{n} {x}" for n, x in zip(names, over_seeds(run))))


main()
