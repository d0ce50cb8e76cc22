#!/usr/bin/env python3
"""Oracle: the shape of a congestion collapse at ONE edge: FIFO, one server, constant service time s per message, endless buffer.

Uses nothing of trunklab. INVITEs are Poisson. An INVITE is resent 0.5, 1.5 and 3.5 s after the first sending (Timer A, T1 = 0.5 s) as long as
no 100 has been heard; a 100 leaves when a copy has been served. A caller who has heard nothing for 4 s gives up; his copies in the queue are
still served, in vain. If the first copy is served in time, the call is goodput and makes four further messages: 18x, 200, ACK at once (at the
end of the queue), BYE 60 s later. Further copies cost service and nothing else. No network delay. Capacity = 1 / (5 s) calls per second.

A message that comes at t is done at max(t, when all earlier ones are done) + s: no queue needs to be kept. Second way (--check): the queue as a
list, message by message, with timers that look at the call when they fire. Third way, the fluid limit printed beside it: an overloaded edge
hovers at a wait of 4 s, where an INVITE has been sent `copies` times (1, or 4 with Timer A), and a fraction f of the calls is in time:
    lambda s (copies + 4 f) = 1, so goodput / capacity = x f = (5 - copies x) / 4, x = offered / capacity; above 5/copies nothing is left.
For x < 1 that is a second equilibrium beside the undisturbed one if f < 1 (with Timer A: 5/8 < x < 1): the edge can get stuck in it. The wait
swings about 4 s, so that fewer copies are sent on average than at a constant wait; with the number really sent, m, f = (5/x - m) / 4 is the
mere balance of work of a busy server, and is printed too ("by work"; it assumes a queue that does not grow over the time measured).
"""
import heapq
import math
import random
import sys
from collections import deque

S = 0.002
CAPACITY = 1 / (5 * S)
RESENT = (0.5, 1.5, 3.5)
PATIENCE = 4.0
BYE = 60.0


class Counts:
    def __init__(self):
        self.offered = self.good = self.messages = self.invites = 0


def simulate(x, resending, length, warmup, seed, dead=(0.0, 0.0)):
    """By completion times. dead: [from, to) in which the server stands still (messages wait). Calls count by their first INVITE's time."""
    luck = random.Random(seed)
    rate = x * CAPACITY
    counts = Counts()
    messages = []  # (time, order, call's first INVITE or None for other messages): heap
    order = 0
    busy_until = 0.0
    heapq.heappush(messages, (luck.expovariate(rate), order, None, 0))
    end = warmup + length
    first_done = {}  # call number -> when its first copy is done
    number = 0
    while messages:
        now, _, call, kind = heapq.heappop(messages)
        if now > end + PATIENCE:
            break
        if kind == 0:  # a new call: its first INVITE, and the next call
            order += 1
            heapq.heappush(messages, (now + luck.expovariate(rate), order, None, 0))
            number += 1
            call = number
        elif kind == 1 and first_done[call] <= now:  # Timer A, but a 100 was heard
            continue
        start = max(now, busy_until)
        if dead[0] <= start < dead[1]:
            start = dead[1]
        done = busy_until = start + S
        inside = warmup <= now < end
        counts.messages += inside
        if kind == 0:
            first_done[call] = done
            counts.offered += inside
            counts.invites += inside
            if resending:
                for later in RESENT:
                    if now + later < done:
                        order += 1
                        heapq.heappush(messages, (now + later, order, call, 1))
            if done - now <= PATIENCE:
                counts.good += inside
                for later in (0.0, 0.0, 0.0, BYE):
                    order += 1
                    heapq.heappush(messages, (done + later, order, None, 2))
        elif kind == 1:
            counts.invites += inside
    return counts


def simulate_queue(x, resending, length, warmup, seed, dead=(0.0, 0.0)):
    """The same with a real queue, a server that takes one message at a time, and timers."""
    luck = random.Random(seed)
    rate = x * CAPACITY
    counts = Counts()
    end = warmup + length
    events, queue, heard = [], deque(), {}
    order = 0
    serving = None

    def at(when, what, call):
        nonlocal order
        order += 1
        heapq.heappush(events, (when, order, what, call))

    def start(now):
        nonlocal serving
        if serving is None and queue:
            serving = queue.popleft()
            at((dead[1] if dead[0] <= now < dead[1] else now) + S, "done", None)

    def send(now, kind, call):
        counts.messages += warmup <= now < end
        counts.invites += kind == "INVITE" and warmup <= now < end
        queue.append((kind, call))
        start(now)

    at(luck.expovariate(rate), "arrival", None)
    number = 0
    while events:
        now, _, what, call = heapq.heappop(events)
        if now > end + PATIENCE:
            break
        if what == "arrival":
            at(now + luck.expovariate(rate), "arrival", None)
            number += 1
            heard[number] = [now, False]
            counts.offered += warmup <= now < end
            send(now, "INVITE", number)
            if resending:
                for later in RESENT:
                    at(now + later, "timer", number)
        elif what == "timer":
            if not heard[call][1]:
                send(now, "INVITE", call)
        elif what == "other":
            send(now, "other", None)
        else:
            kind, served = serving
            serving = None
            if kind == "INVITE" and not heard[served][1]:
                heard[served][1] = True
                if now - heard[served][0] <= PATIENCE:
                    counts.good += warmup <= heard[served][0] < end
                    for later in (0.0, 0.0, 0.0, BYE):
                        at(now + later, "other", None)
            start(now)
    return counts


def congested(x, copies):
    """Goodput / capacity of the equilibrium with waits of 4 s; meaningless above min(x, 1), where there is none."""
    return max(0.0, (5 - copies * x) / 4)


def study(name, xs, resending, seeds, length, warmup, dead=(0.0, 0.0)):
    print(name)
    for x in xs:
        good, sent = [], []
        for seed in seeds:
            counts = simulate(x, resending, length, warmup, seed, dead)
            good.append(counts.good / length / CAPACITY)
            sent.append(counts.invites / counts.offered)
        n = len(seeds)
        mean = sum(good) / n
        error = math.sqrt(sum((g - mean) ** 2 for g in good) / (n - 1) / n)
        limit = congested(x, 4 if resending else 1)
        work = (5 / x - sum(sent) / n) / 4 * x
        others = f"congested fluid {limit:.4f}" if limit < min(x, 1) else "no congested equilibrium"
        if limit < min(x, 1) and 0 <= work <= min(x, 1):  # else it was not busy all the time, or the queue grew
            others += f", by work {work:.4f}"
        print(
            f"  x={x:<4} goodput/capacity {mean:.10f} +- {error:.5f} ({others})  goodput/offered {mean / x:.6f}"
            f"  INVITEs sent per call {sum(sent) / n:.6f}"
        )


def main():
    xs = (0.5, 0.8, 1.0, 1.2, 1.5, 2, 3)
    if "--check" in sys.argv:
        for x, resending, dead in ((0.8, False, (0, 0)), (1.2, False, (0, 0)), (1.2, True, (0, 0)), (2, True, (0, 0)), (0.8, True, (100, 110))):
            one = simulate(x, resending, 100, 100, 1, dead)
            other = simulate_queue(x, resending, 100, 100, 1, dead)
            print(x, resending, dead, vars(one), vars(other))
        return
    seeds = range(1, 6)
    print(f"s = {S * 1000:g} ms, capacity {CAPACITY:g} calls/s; 600 s measured after 180 s, seeds 1..5")
    study("without retransmissions", xs, False, seeds, 600, 180)
    study("with Timer A at 0.5, 1.5, 3.5 s", xs, True, seeds, 600, 180)
    study("with Timer A, later: 4000 s measured after 2000 s", (1.0, 1.1, 1.2, 1.25), True, range(1, 4), 4000, 2000)
    print("stuck or not: the server stands still from 180 s to 190 s; 300 s measured from 480 s on, long after")
    study("without retransmissions", (0.5, 0.7, 0.8, 0.9), False, seeds, 300, 480, (180.0, 190.0))
    study("with Timer A", (0.5, 0.6, 0.7, 0.8, 0.9), True, seeds, 300, 480, (180.0, 190.0))


main()
