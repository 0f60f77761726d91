# SPDX-License-Identifier: MIT
"""What the derivations share: chains pushed step by step, tails of the binomial, and the like.

Plain and slow on purpose. Probabilities are fractions (or doubles, where a chain is long) in a dict
from state to probability.
"""
from fractions import Fraction as F
from math import comb, fsum


def push(start, step, times):
    """The distribution after so many steps; step(state) lists (probability, next state)."""
    now = {start: F(1)} if not isinstance(start, dict) else dict(start)
    for _ in range(times):
        after = {}
        for state, mass in now.items():
            for p, to in step(state):
                after[to] = after.get(to, 0) + mass * p
        now = after
    return now


def push_floats(start, step, times):
    """The same in doubles, with sums that lose nothing."""
    now = {start: 1.0}
    rows = {}
    for _ in range(times):
        parts = {}
        for state, mass in now.items():
            if state not in rows:
                rows[state] = [(float(p), to) for p, to in step(state)]
            for p, to in rows[state]:
                parts.setdefault(to, []).append(mass * p)
        now = {state: fsum(masses) for state, masses in parts.items()}
    return now


def share(distribution, holds):
    return sum((p for state, p in distribution.items() if holds(state)), F(0))


def mean(distribution, value):
    return sum((p * value(state) for state, p in distribution.items()), F(0))


def binomial(n, p):
    """Probabilities of 0 ... n hits."""
    return [comb(n, k) * p**k * (1 - p)**(n - k) for k in range(n + 1)]


def binomial_tail(n, p, least):
    return sum(binomial(n, p)[least:])


def solve(matrix, right):
    """x with matrix x = right, by Gauss's elimination in fractions."""
    n = len(right)
    rows = [list(map(F, row)) + [F(b)] for row, b in zip(matrix, right)]
    for i in range(n):
        pivot = next(r for r in range(i, n) if rows[r][i] != 0)
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [x / rows[i][i] for x in rows[i]]
        for r in range(n):
            if r != i and rows[r][i] != 0:
                factor = rows[r][i]
                rows[r] = [x - factor * y for x, y in zip(rows[r], rows[i])]
    return [row[n] for row in rows]


def before_absorption(states, step, reward, ends):
    """Expected sum of reward(state) over the steps until ends(state), by state."""
    states = [s for s in states if not ends(s)]
    index = {s: i for i, s in enumerate(states)}
    matrix = [[F(int(i == j)) for j in range(len(states))] for i in range(len(states))]
    right = []
    for s in states:
        right.append(F(reward(s)))
        for p, to in step(s):
            if not ends(to):
                matrix[index[s]][index[to]] -= p
    return dict(zip(states, solve(matrix, right)))


def chance_to_end(states, step, ends, good):
    """Chance that the state in which it ends is good, by state in which it begins."""
    states = [s for s in states if not ends(s)]
    index = {s: i for i, s in enumerate(states)}
    matrix = [[F(int(i == j)) for j in range(len(states))] for i in range(len(states))]
    right = []
    for s in states:
        hit = F(0)
        for p, to in step(s):
            if ends(to):
                hit += p if good(to) else 0
            else:
                matrix[index[s]][index[to]] -= p
        right.append(hit)
    return dict(zip(states, solve(matrix, right)))
