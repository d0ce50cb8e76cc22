#!/usr/bin/env python3
"""Oracle: what a token bucket (rate r, depth b) refuses of Poisson arrivals (rate lambda). Uses nothing of trunklab.

The bucket fills continuously at r up to b; a call is accepted if it finds at least one token, and takes it. This is GCRA. With T = 1/r:
workload V = (b - tokens) T falls at slope 1 and rises by T per accepted call; accepted iff V <= (b-1) T. So: M/D/1 with workload-limited
admission. Take T = 1, rho = lambda / r, x = b - 1. Level crossing of the density f of V with P0 = P(V = 0) (down = up):
    f(v) = rho * P(v-1 <= V <= min(v, x))                         for v > 0.
Below x this is the equation of M/D/1 without limit. So F(v) = P(V <= v) = P0 G(v) on [0, x], where G' = rho (G(v) - G(v-1)), G(0) = 1:
    G(t) = sum_{i=0}^{floor t} e^{-rho(i-t)} (rho(i-t))^i / i!    (any rho; for rho < 1 (1-rho) G is Erlang's distribution of the wait).
Above x: f(v) = rho (F(x) - F(v-1)) up to x+1. Sum of everything = 1:
    1 = F(x) + rho F(x) - rho int_{x-1}^{x} F, and rho int_{x-1}^{x} G = G(x) - 1 (integrate G'), hence P0 (1 + rho G(x)) = 1.
    accepted = F(x) = G(x) / (1 + rho G(x));   loss = 1 - accepted.
(Check: an idle server, P0 = 1 - rho accepted. True.) b = 1: G = 1, loss = rho / (1 + rho), the loss system. rho < 1: with W = P(wait <= x)
of M/D/1, loss = (1-rho) (1-W) / (1 - rho + rho W), the well-known ratio formula.
V <= b-1 means fewer than b customers in M/D/1/b, so the loss is that of M/D/1/b as well: the second way, by the chain at departures.
Third way: simulation (--simulate) of the bucket itself.
"""
import math
import random
import sys
from decimal import Decimal, getcontext

from batches import over_seeds

getcontext().prec = 60


def g(rho, t):
    rho, t = Decimal(rho), Decimal(t)
    total = Decimal(0)
    for i in range(int(t) + 1):
        x = rho * (i - t)
        total += (Decimal(1) if i == 0 else x**i) * (-x).exp() / math.factorial(i)
    return total


def loss(rho, b):
    value = g(rho, b - 1)
    return 1 - value / (1 + Decimal(rho) * value)


def loss_by_departures(rho, b):
    """M/D/1/b: q_j = P(j left behind by a departure), j < b; then pi_j ~ q_j and accepted = 1 / (q_0 + rho)."""
    a = [math.exp(-rho) * rho**k / math.factorial(k) for k in range(b + 1)]
    # q_j = q_0 a_j + sum_{i=1}^{j+1} q_i a_(j-i+1): solve for q_(j+1).
    q = [1.0]
    for j in range(b - 1):
        q.append((q[j] - q[0] * a[j] - sum(q[i] * a[j - i + 1] for i in range(1, j + 1))) / a[0])
    q0 = q[0] / sum(q)
    return 1 - 1 / (q0 + rho)


def simulate(rho, b, arrivals, seed):
    luck = random.Random(seed)
    tokens, refused = float(b), 0
    for _ in range(arrivals):
        tokens = min(b, tokens + luck.expovariate(rho))
        if tokens >= 1:
            tokens -= 1
        else:
            refused += 1
    return refused / arrivals


def main():
    for rho in ("0.5", "0.8", "1.0", "1.5"):
        for b in (1, 2, 4, 10):
            exact = loss(rho, b)
            other = loss_by_departures(float(rho), b)
            assert abs(float(exact) - other) < 1e-11, (exact, other)
            line = f"rho={rho} b={b:>2}: loss {exact:.15f}  accepted/r {Decimal(rho) * (1 - exact):.15f}  M/D/1/{b} {other:.13f}"
            if "--simulate" in sys.argv:
                line += f"  simulated " + over_seeds(lambda seed: [simulate(float(rho), b, 400_000, seed)])[0]
            print(line)
        assert abs(loss(rho, 1) - Decimal(rho) / (1 + Decimal(rho))) < Decimal("1e-40")
    # b = 2 by hand: G(1) = e^rho; loss = 1 - e^rho / (1 + rho e^rho)
    for rho in (0.5, 0.8, 1.0):
        assert abs(float(loss(str(rho), 2)) - (1 - math.exp(rho) / (1 + rho * math.exp(rho)))) < 1e-15


main()
