# SPDX-License-Identifier: MIT
"""Derivations of the classics in other sizes and other words: see the heads of the models."""
from functools import cache
from fractions import Fraction as F
from itertools import product
from math import comb, exp, fsum

from derivations.chains import push

MODELS = {}


def model(function):
    MODELS[function.__name__] = function
    return function


@model
def coupons9():
    def after(seen):
        """How many of nine are seen after three more draws."""
        d = {seen: F(1)}
        for _ in range(3):
            more = {}
            for k, p in d.items():
                more[k] = more.get(k, F(0)) + p * F(k, 9)
                more[k + 1] = more.get(k + 1, F(0)) + p * F(9 - k, 9)
            d = more
        return {k: p for k, p in d.items() if p}

    draws = {9: F(0)}
    for seen in range(8, -1, -1):
        d = after(seen)
        rest = sum(p * draws[k] for k, p in d.items() if k != seen)
        draws[seen] = (1 + rest) / (1 - d.get(seen, F(0)))
    return {"rounds_needed": draws[0], "within_six": push(
        0, lambda k: [(p, to) for to, p in after(k).items()] if k < 9 else [(F(1), 9)], 6)[9]}


def somebody_leads(n, k):
    drawn_once = sum(any(ids.count(i) == 1 for i in ids) for ids in product(range(k), repeat=n))
    return F(drawn_once, k**n)


@model
def leader5_6():
    p = somebody_leads(5, 6)
    return {"rounds_needed": 1 / p, "within_two": 1 - (1 - p)**2}


@model
def brp64():
    q = (1 - F(98, 100) * F(99, 100))**3
    return {"p1": 1 - (1 - q)**64, "sent": (1 - q)**64}


@model
def haddad():
    # From 0 to one side with .7 or .3, then one on or back to 0, each with .5; six on either side.
    def step(x):
        if x == 0:
            return [(0.7, 1), (0.3, -1)]
        return [(1.0, x)] if abs(x) == 6 else [(0.5, x + (1 if x > 0 else -1)), (0.5, 0)]

    end = push(0, step, 365)
    return {"right": end[6], "left": end[-6]}


@model
def ladder_both_ends():
    def step(x):
        up, down = 0.05, 0.04
        return [(1.0, x)] if x in (0, 6) else [(up, x + 1), (down, x - 1), (1 - up - down, x)]

    end = push(3, step, 730)
    return {"top": end[6], "top_first": end[6], "bottom": end[0]}


@model
def council_by_month():
    yes = [exp(w) / (1 + exp(w)) for w in (0.5, -0.2, -1.0)]
    carried = fsum(p * q * r for p, q, r in (
        (yes[0], yes[1], yes[2]), (yes[0], yes[1], 1 - yes[2]),
        (yes[0], 1 - yes[1], yes[2]), (1 - yes[0], yes[1], yes[2])))
    stays = 1 - carried
    return {"by_march": 1 - stays**3, "passed_at_all": 1 - stays**12,
            "blocked_votes": fsum(stays**k for k in range(1, 13))}


def binomial(n, p):
    return [comb(n, k) * p**k * (1 - p)**(n - k) for k in range(n + 1)]


@model
def seir():
    @cache
    def step(state):
        s, e, i = state
        return [(p * q * r, (s - a, e + a - b, i + b - c))
                for a, p in enumerate(binomial(s, 1 - exp(-0.9 * i / 15)))
                for b, q in enumerate(binomial(e, 1 - exp(-0.5)))
                for c, r in enumerate(binomial(i, 1 - exp(-0.4)))]

    end = push((14, 0, 1), step, 40)
    return {"ever_ill": fsum(p * (15 - s[0]) for s, p in end.items()),
            "at_least_eight": fsum(p for s, p in end.items() if s[0] <= 7),
            "over": fsum(p for s, p in end.items() if s[1] + s[2] == 0)}


@model
def allies_unlike():
    acts = [1 - (1 - h)**90 for h in (F(1, 1000), F(2, 1000), F(5, 1000), F(1, 100))]
    count = [F(1)]
    for p in acts:
        count = [a * (1 - p) + b * p for a, b in zip(count + [F(0)], [F(0)] + count)]
    return {"three": count[3] + count[4], "all_four": count[4], "how_many": sum(acts)}
