#!/usr/bin/env python3
"""Oracle: a contact centre: s agents behind K trunks; queued callers hold a trunk each. M/M/s/K, and with patience M/M/s/K+M (Erlang A with
finite K). Uses nothing of trunklab.

Unit of time: the mean holding time with an agent. A = offered traffic. A caller who finds K trunks busy is blocked; one who waits longer than
an exponential patience of mean 1/theta abandons. FIFO. State: callers present, birth-death: up A, down min(n, s) + theta max(n - s, 0).
Second ways: the balance equations of the whole generator; for theta = 1 the number present is that of M/M/K/K, so the blocking is Erlang B;
the waiting time distribution once from phases and once integrated to the mean (Little); simulation of callers (--simulate).
"""
import heapq
import math
import random
import sys
from collections import deque
from fractions import Fraction

from batches import over_seeds


def chain(s, k, a, theta):
    weights = [Fraction(1)]
    for n in range(1, k + 1):
        weights.append(weights[-1] * a / (min(n, s) + theta * max(n - s, 0)))
    total = sum(weights)
    return [w / total for w in weights]


def figures(s, k, a, theta):
    pi = chain(s, k, a, theta)
    down = [min(n, s) + theta * max(n - s, 0) for n in range(k + 1)]
    for n in range(k + 1):  # global balance: second way
        flow_in = (pi[n - 1] * a if n > 0 else 0) + (pi[n + 1] * down[n + 1] if n < k else 0)
        assert flow_in == pi[n] * ((a if n < k else 0) + down[n])
    admitted = a * (1 - pi[k])
    queue = sum((n - s) * p for n, p in enumerate(pi) if n > s)
    busy = sum(min(n, s) * p for n, p in enumerate(pi))
    assert admitted == busy + theta * queue  # everybody is served or abandons
    at_once = sum(pi[:s])
    # Who finds k - 1 waiting: stages with j = k-1..0 ahead, each ends at rate s + theta j, his own patience at rate theta. So he is served with
    # probability s / (s + theta k), and then each stage took 1 / (s + theta (j + 1)) on average, whatever ended it.
    served_of = [s / (s + theta * max(n - s + 1, 0)) for n in range(k)]
    wait_of = [sum(1 / (s + theta * (j + 1)) for j in range(n - s + 1)) for n in range(k)]
    served = sum(p * q for p, q in zip(pi, served_of))
    assert a * served == busy  # third way to who is served
    wait_served = sum(p * q * w for p, q, w in zip(pi, served_of, wait_of)) / served
    return {
        "blocked": pi[k],
        "abandoned / offered": theta * queue / a,
        "abandoned / admitted": theta * queue / admitted,
        "served / offered": busy / a,
        "wait > 0, of the admitted": 1 - at_once / (1 - pi[k]),
        "mean wait of the admitted": queue / admitted,  # Little; includes those who abandon
        "mean wait of the served": wait_served,
        "mean queue": queue,
        "agents' occupancy": busy / s,
        "mean trunks busy": busy + queue,
    }


def erlang_b(a, n):
    b = Fraction(1)
    for i in range(1, n + 1):
        b = a * b / (i + a * b)
    return b


def wait_beyond(s, k, a, t):
    """P(W > t | admitted) without patience: n - s + 1 departures at rate s have to come first: Poisson(s t) <= n - s."""
    pi = [float(p) for p in chain(s, k, a, Fraction(0))]
    tail = 0.0
    for n in range(s, k):
        below, term = 0.0, math.exp(-s * t)
        for i in range(n - s + 1):
            below += term
            term *= s * t / (i + 1)
        tail += pi[n] * below
    return tail / (1 - pi[k])


def simulate(s, k, a, theta, callers, seed):
    """Callers one by one. The queue is FIFO; who abandons leaves it."""
    luck = random.Random(seed)
    releases, queue = [], deque()  # queue: (arrived, gives up)
    blocked = abandoned = admitted = 0
    waited = waited_served = now = 0.0

    def serve_until(until):
        nonlocal abandoned, waited, waited_served
        while releases and releases[0] <= until:
            at = heapq.heappop(releases)
            while queue:
                arrived, gives_up = queue.popleft()
                if gives_up <= at:
                    abandoned += 1
                    waited += gives_up - arrived
                    continue
                waited += at - arrived
                waited_served += at - arrived
                heapq.heappush(releases, at + luck.expovariate(1))
                break

    for _ in range(callers):
        now += luck.expovariate(a)
        serve_until(now)
        present = len(releases) + sum(1 for _, gives_up in queue if gives_up > now)
        if present >= k:
            blocked += 1
            continue
        admitted += 1
        if len(releases) < s:
            heapq.heappush(releases, now + luck.expovariate(1))
        else:
            queue.append((now, now + luck.expovariate(theta) if theta else math.inf))
    return blocked / callers, abandoned / callers, waited / admitted, waited_served / (admitted - abandoned)


def main():
    for s, k, a, theta in ((8, 10, Fraction(7), 0), (8, 20, Fraction(15, 2), 0), (8, 20, Fraction(9), 1), (8, 20, Fraction(9), Fraction(1, 2))):
        theta = Fraction(theta)
        print(f"s={s} K={k} A={float(a)} patience " + (f"{float(1 / theta)}" if theta else "endless"))
        result = figures(s, k, a, theta)
        for name, value in result.items():
            print(f"  {name:<28} {float(value):.15f}")
        if theta == 1:
            assert result["blocked"] == erlang_b(a, k)
            print("  blocked = Erlang B(9, 20), exactly")
        if theta == 0:
            for t in (0, 0.1, 0.25, 0.5, 1):
                print(f"  P(W > {t:<4} | admitted)       {wait_beyond(s, k, a, t):.15f}")
            n = 20000
            h = 20.0 / n  # the mean, by integrating the tail (Simpson): meets Little
            tails = [wait_beyond(s, k, a, i * h) for i in range(0, n + 1, 20)]
            mean = sum(tails[i] + 4 * tails[i + 1] + tails[i + 2] for i in range(0, len(tails) - 2, 2)) * 20 * h / 3
            assert abs(mean - float(result["mean wait of the admitted"])) < 1e-6, mean
        if "--simulate" in sys.argv:
            b, ab, w, ws = over_seeds(lambda seed: simulate(s, k, float(a), float(theta), 500_000, seed))
            print(f"  simulated: blocked {b}, abandoned / offered {ab}, mean wait {w}, of the served {ws}")


main()
