#!/usr/bin/env python3
"""Oracle: waiting in queues: M/M/c/K, M/D/1, M/M/1. Exact rational arithmetic where there is a rational answer. Uses nothing of trunklab.

Unit of time: the mean service time. K counts everybody, in service and waiting. rho = arrival rate / c.
Second ways: M/M/c/K from the balance equations by elimination and from closed sums; the M/D/1 distribution from Erlang's series, from the
delay differential equation, and from Lindley's recursion (--simulate).
"""
import math
import random
import sys
from decimal import Decimal, getcontext
from fractions import Fraction

from batches import over_seeds

getcontext().prec = 80


def stationary(rates, n):
    """pi Q = 0 for states 0..n-1 by Gaussian elimination in fractions. rates(i) yields (j, rate)."""
    a = [[Fraction(0)] * (n + 1) for _ in range(n)]
    for i in range(n):
        for j, rate in rates(i):
            a[j][i] += rate  # row = balance equation of state j
            a[i][i] -= rate
    a[n - 1] = [Fraction(1)] * (n + 1)  # one equation replaced: sum = 1
    for k in range(n):
        pivot = next(r for r in range(k, n) if a[r][k] != 0)
        a[k], a[pivot] = a[pivot], a[k]
        a[k] = [x / a[k][k] for x in a[k]]
        for r in range(n):
            if r != k and a[r][k] != 0:
                factor = a[r][k]
                a[r] = [x - factor * y for x, y in zip(a[r], a[k])]
    return [a[r][n] for r in range(n)]


def mmck(c, k, rho):
    """Blocking, mean wait of those admitted, utilisation; twice."""
    arrival = Fraction(rho) * c

    # First way: detailed balance, pi_(n+1) min(n+1, c) = pi_n arrival.
    weights = [Fraction(1)]
    for n in range(k):
        weights.append(weights[-1] * arrival / min(n + 1, c))
    first = [w / sum(weights) for w in weights]

    # Second way: global balance of the whole generator.
    def rates(i):
        if i < k:
            yield i + 1, arrival
        if i > 0:
            yield i - 1, Fraction(min(i, c))

    second = stationary(rates, k + 1)
    assert first == second
    blocked = first[k]
    admitted = arrival * (1 - blocked)
    waiting = sum((n - c) * p for n, p in enumerate(first) if n > c)
    busy = sum(min(n, c) * p for n, p in enumerate(first))
    assert busy == admitted  # Little in the service
    return blocked, waiting / admitted, busy / c


def erlang_b(a, n):
    b = Fraction(1)
    for i in range(1, n + 1):
        b = a * b / (i + a * b)
    return b


def md1_cdf(rho, t):
    """P(W <= t) of M/D/1: (1-rho) sum_{i=0}^{floor t} e^{-rho(i-t)} (rho(i-t))^i / i! (Erlang 1909). Alternating: 80 digits."""
    rho, t = Decimal(rho), Decimal(t)
    total = Decimal(0)
    for i in range(int(t) + 1):
        x = rho * (i - t)
        power = Decimal(1) if i == 0 else x**i  # 0^0 = 1
        total += power * (-x).exp() / math.factorial(i)
    return (1 - rho) * total


def md1_cdf_by_steps(rho, ts, n=2000):
    """The same from F'(t) = rho (F(t) - F(t-1)), F(0) = 1 - rho, F = 0 before: on [k, k+1] the delayed part is known; RK4, step 1/n."""
    h = 1.0 / n
    last = math.ceil(max(ts))
    # Half steps are needed by RK4: store F on a grid of h/2, stepping h at even points, the odd ones by cubic Hermite.
    grid = [1.0 - rho]

    def delayed(i):  # F(t - 1) at grid index i (of h/2); at t = 1 from the right, t < 1: 0
        return grid[i - 2 * n] if i >= 2 * n else 0.0

    for step in range(last * n):
        i = 2 * step
        f = grid[i]
        # Within a step no kink: multiples of 1 are grid points. The value just left of a jump of the delayed term (t -> 1-) needs care.
        d0, dm, d1 = delayed(i), delayed(i + 1), delayed(i + 2)
        if i + 2 == 2 * n:
            d1 = 0.0
        k1 = rho * (f - d0)
        k2 = rho * (f + h / 2 * k1 - dm)
        k3 = rho * (f + h / 2 * k2 - dm)
        k4 = rho * (f + h * k3 - d1)
        new = f + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        slope0, slope1 = k1, rho * (new - d1)
        grid.append((f + new) / 2 + h / 8 * (slope0 - slope1))
        grid.append(new)
    return [grid[round(t * 2 * n)] for t in ts]


def lindley(rho, service, ts, customers, seed):
    luck = random.Random(seed)
    wait, total = 0.0, 0.0
    at_most = [0] * len(ts)
    for _ in range(customers):
        total += wait
        for i, t in enumerate(ts):
            at_most[i] += wait <= t
        wait = max(0.0, wait + service(luck) - luck.expovariate(rho))
    return [total / customers] + [n / customers for n in at_most]


def main():
    simulating = "--simulate" in sys.argv
    print("M/M/c/K: two exact ways agree to the last digit")
    for c, k, rho in ((1, 5, Fraction(8, 10)), (2, 10, Fraction(9, 10)), (4, 4, Fraction(9, 10))):
        blocked, wait, utilisation = mmck(c, k, rho)
        print(f"  c={c} K={k} rho={float(rho)}: blocking {float(blocked):.15f} = {blocked}")
        print(f"    mean wait of the admitted {float(wait):.15f}  utilisation {float(utilisation):.15f}")
        if c == k:
            assert blocked == erlang_b(rho * c, c) and wait == 0
            print("    = Erlang B's recursion, exactly")
    # c = 1 in closed form: (1-rho) rho^K / (1-rho^(K+1))
    rho = Fraction(8, 10)
    assert mmck(1, 5, rho)[0] == (1 - rho) * rho**5 / (1 - rho**6)

    ts = [0, 0.5, 1, 1.5, 2, 3, 5, 10, 20]
    for rho in ("0.5", "0.8", "0.9"):
        r = float(rho)
        # Mean from the distribution: integral of 1-F; must meet Pollaczek-Khinchine rho/(2(1-rho)).
        fine = [float(1 - md1_cdf(rho, Decimal(i) / 20)) for i in range(20 * 60 + 1)] if r < 0.85 else None
        print(f"M/D/1 rho={rho}: mean wait {r / (2 * (1 - r)):.15f} (Pollaczek-Khinchine)")
        if fine:
            simpson = sum((fine[i] + 4 * fine[i + 1] + fine[i + 2]) / 60 for i in range(0, len(fine) - 1, 2))
            print(f"    integral of P(W > t) up to 60: {simpson:.9f}")
        steps = md1_cdf_by_steps(r, ts)
        for t, by_steps in zip(ts, steps):
            exact = md1_cdf(rho, str(t))
            assert abs(float(exact) - by_steps) < 1e-10, (rho, t, exact, by_steps)
            print(f"    P(W <= {t:>4}) = {exact:.15f}   by steps {by_steps:.12f}")
        print(f"M/M/1 rho={rho}: mean wait {r / (1 - r):.15f}")
        for t in ts:
            closed = 1 - r * math.exp(-(1 - r) * t)
            # Second way: n before you = n exponential services: sum (1-rho) rho^n P(Poisson(t) >= n)
            by_states, weight, tail, term = 0.0, 1 - r, 1.0, math.exp(-t)
            for n in range(2000):
                by_states += weight * tail
                weight *= r
                tail -= term
                term *= t / (n + 1)
            assert abs(closed - by_states) < 1e-12
            print(f"    P(W <= {t:>4}) = {closed:.15f}")
        if simulating:
            for name, service in (("M/D/1", lambda luck: 1.0), ("M/M/1", lambda luck: luck.expovariate(1.0))):
                figures = over_seeds(lambda seed: lindley(r, service, ts, 500_000, seed))
                print(f"    {name} simulated: mean {figures[0]}; P(W<=t)", " ".join(figures[1:]))


main()
