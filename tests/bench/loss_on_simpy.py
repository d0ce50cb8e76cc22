"""The loss system on SimPy: every call is a process. Prints the same line as loss_system.hpp."""
import random
import sys
import time

import simpy

MEAN_HOLDING_S = 180.0


class Exchange:
    def __init__(self, channels, calls, seed):
        self.channels, self.calls, self.seed = channels, calls, seed
        self.offered = 0.97 * channels
        self.luck = random.Random(seed)
        self.blocked = 0
        self.seconds = 0.0
        self.environment = simpy.Environment()
        self.busy = self.busy_at_start()

    def busy_at_start(self):
        """Poisson, by counting unit gaps, cut off at the channels."""
        while True:
            busy, passed = 0, self.luck.expovariate(1)
            while passed < self.offered:
                busy, passed = busy + 1, passed + self.luck.expovariate(1)
            if busy <= self.channels:
                return busy

    def call(self):
        yield self.environment.timeout(self.luck.expovariate(1 / MEAN_HOLDING_S))
        self.busy -= 1

    def callers(self):
        rate = self.offered / MEAN_HOLDING_S
        for number in range(self.calls):
            if number == self.calls // 2:
                half_time = time.process_time()
            yield self.environment.timeout(self.luck.expovariate(rate))
            if self.busy == self.channels:
                self.blocked += 1
                continue
            self.busy += 1
            self.environment.process(self.call())
        self.seconds = time.process_time() - half_time

    def simulate(self):
        for _ in range(self.busy):
            self.environment.process(self.call())
        self.environment.run(until=self.environment.process(self.callers()))

    def line(self):
        return f"loss simpy {self.seed} {self.channels} {self.calls} {self.blocked} {self.calls - self.calls // 2} {self.seconds}"


exchange = Exchange(*map(int, sys.argv[1:4]))
exchange.simulate()
print(exchange.line())
