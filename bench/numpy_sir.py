#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The epidemic of sir.casus as a good Python user writes it: NumPy arrays over futures.

    numpy_sir.py [futures] [seed]      prints the answers; ns a step on stderr
"""
import sys, time
import numpy as np

STEPS, N, SEEDED, CHUNK, DAY, MANY = 400, 1000, 10, 50000, 200, 150
BETA, CURE = 0.1, 1 - np.exp(-0.05)


def play(rng, n):
    """Ever infected, cases on the day, most cases at once."""
    ill = np.full(n, SEEDED)
    well = N - ill
    most, then = ill.copy(), np.zeros(n, np.int64)
    infected = np.zeros(n, np.int64)
    who = np.arange(n)
    for day in range(STEPS):
        caught = rng.binomial(well, 1 - np.exp(-BETA * ill / N))
        ill = ill + caught - rng.binomial(ill, CURE)
        well = well - caught
        most[who] = np.maximum(most[who], ill)
        infected[who] = N - well
        if day == DAY - 1:
            then[who] = ill
        if day % 8 == 7:
            on = ill > 0
            who, ill, well = who[on], ill[on], well[on]
    return infected, then, most


def main():
    futures = int(float(sys.argv[1])) if len(sys.argv) > 1 else 100000
    rng = np.random.default_rng(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    begun = time.process_time()
    parts = [play(rng, min(CHUNK, futures - first)) for first in range(0, futures, CHUNK)]
    infected, then, most = (np.concatenate(column) for column in zip(*parts))
    for name, values in (("infected", infected), ("lasts", then)):
        low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
        print(f"{name} {values.mean():.6g} {low:g} {middle:g} {high:g}")
    print(f"fades {(infected < 100).mean():.6g}\nheavy {(most >= MANY).mean():.6g}")
    spent = time.process_time() - begun
    print(f"{spent * 1e9 / futures / STEPS:.2f} ns a step", file=sys.stderr)


main()
