#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The ladder of ladder.casus as a good Python user writes it: NumPy arrays over futures.

    numpy_ladder.py [futures] [seed]      prints the share that reaches the top; ns a step on stderr
"""
import sys, time
import numpy as np

STEPS, TOP, CHUNK = 365, 8, 50000


def main():
    futures = int(float(sys.argv[1])) if len(sys.argv) > 1 else 100000
    rng = np.random.default_rng(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    begun = time.process_time()
    reached = 0
    for first in range(0, futures, CHUNK):
        level = np.zeros(min(CHUNK, futures - first), np.int8)
        for _ in range(STEPS):
            u = rng.random(level.size)
            level += u < 0.02
            level -= (u >= 0.02) & (u < 0.08) & (level > 0)
            there = level == TOP
            if there.any():
                reached += there.sum()
                level = level[~there]
    spent = time.process_time() - begun
    print(f"top {reached / futures:.9g}")
    print(f"{spent * 1e9 / futures / STEPS:.2f} ns a step", file=sys.stderr)


main()
