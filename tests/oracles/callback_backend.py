#!/usr/bin/env python3
"""Oracle: a callback backend of c workers, M/M/c FIFO, whose client gives up after a time-out counted from the request (waiting + service),
while the worker serves the request all the same. So the queue does not notice time-outs, and P(time-out) = P(sojourn > time-out) of M/M/c.

Uses nothing of trunklab. Unit of time: the mean service time. beta = c - lambda, C = Erlang C.
    wait: 0 with probability 1 - C, else exponential with rate beta; service exponential with rate 1, independent of the wait:
    P(T > t) = (1 - C) e^-t + C (beta e^-t - e^(-beta t)) / (beta - 1);   beta = 1: (1 + C t) e^-t.
Second way: by states: who finds n >= c before him waits for n - c + 1 departures (Erlang, rate c) and is then served: numeric convolution.
Third way: simulation (--simulate).
"""
import heapq
import math
import random
import sys

from batches import over_seeds


def erlang_c(c, a):
    b = 1.0
    for n in range(1, c + 1):
        b = a * b / (n + a * b)
    return c * b / (c - a * (1 - b))


def beyond(c, rho, t):
    wait, beta = erlang_c(c, c * rho), c - c * rho
    if abs(beta - 1) < 1e-12:
        return (1 + wait * t) * math.exp(-t)
    return (1 - wait) * math.exp(-t) + wait * (beta * math.exp(-t) - math.exp(-beta * t)) / (beta - 1)


def beyond_by_states(c, rho, t, n=4000):
    a = c * rho
    weights = [a**i / math.factorial(i) for i in range(c)]
    p = weights[-1] * a / c
    later = []
    while p > 1e-18 * sum(weights):
        later.append(p)
        p *= rho
    total = sum(weights) + sum(later)

    def wait_density(w):  # sum over k >= 0 before him in the queue of Erlang(k+1, c) densities
        value, term = 0.0, c * math.exp(-c * w)
        for k, weight in enumerate(later):
            value += weight * term
            term *= c * w / (k + 1)
        return value / total

    h = t / n  # P(T > t) = P(W > t) + int_0^t density(w) e^-(t-w) dw + P(W = 0) e^-t ; P(W > t) = P(W > 0) - int_0^t density
    inner = 0.0
    for i in range(n + 1):
        factor = 1 if i in (0, n) else 4 if i % 2 else 2
        inner += factor * wait_density(i * h) * (1 - math.exp(-(t - i * h)))
    return sum(later) / total - inner * h / 3 + sum(weights) / total * math.exp(-t)


def simulate(c, rho, ts, requests, seed):
    luck = random.Random(seed)
    free = [0.0] * c
    now, late = 0.0, [0] * len(ts)
    for _ in range(requests):
        now += luck.expovariate(c * rho)
        done = max(now, heapq.heappop(free)) + luck.expovariate(1)
        heapq.heappush(free, done)
        for i, t in enumerate(ts):
            late[i] += done - now > t
    return [n / requests for n in late]


def main():
    # domain.md section 5: C(2,3) = .44444444, C(10,14) = .17413193 (offered, servers)
    assert abs(erlang_c(3, 2) - 4 / 9) < 1e-15 and abs(erlang_c(14, 10) - 0.17413193) < 5e-9
    for c, rho in ((2, 0.9), (2, 0.5), (4, 0.8), (1, 0.9)):
        wait = erlang_c(c, c * rho)
        print(f"c={c} rho={rho}: Erlang C {wait:.15f}, mean sojourn {1 + wait / (c - c * rho):.15f}")
        ts = (1, 2, 5, 10)
        for t in ts:
            value = beyond(c, rho, t)
            other = beyond_by_states(c, rho, t, 400)
            assert abs(value - other) < 1e-8, (value, other)
            print(f"  P(sojourn > {t:>2}) = {value:.15f}   by states {other:.10f}")
        if c == 1:
            assert abs(beyond(1, rho, 5) - math.exp(-(1 - rho) * 5)) < 1e-14  # M/M/1: exponential
        if "--simulate" in sys.argv:
            print("  simulated", " ".join(over_seeds(lambda seed: simulate(c, rho, ts, 600_000, seed))))


main()
