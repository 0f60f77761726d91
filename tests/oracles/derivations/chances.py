# SPDX-License-Identifier: MIT
"""Derivations of the textbook's chances: games, urns, walks, genes."""
from fractions import Fraction as F
from itertools import permutations, product
from math import comb, factorial, log, sqrt, exp, pi

from derivations.chains import (before_absorption, binomial, binomial_tail, chance_to_end, mean, push,
                                share)

MODELS = {}


def model(function):
    MODELS[function.__name__] = function
    return function


def both(one, other):
    assert one == other, (one, other)
    return one


def walk(low, high, up, down):
    def step(k):
        return [(up, k + 1), (down, k - 1)] + ([(1 - up - down, k)] if up + down < 1 else [])
    return range(low, high + 1), step, lambda k: k in (low, high)


@model
def gambler():
    p, q = F(45, 100), F(55, 100)
    r = q / p
    ruin = (r**3 - r**10) / (1 - r**10)
    games = 3 / (q - p) - 10 / (q - p) * (1 - r**3) / (1 - r**10)
    states, step, ends = walk(0, 10, p, q)
    return {"ruined": both(ruin, chance_to_end(states, step, ends, lambda k: k == 0)[3]),
            "games": both(games, before_absorption(states, step, lambda k: 1, ends)[3])}


@model
def walk_fair():
    states, step, ends = walk(0, 10, F(1, 2), F(1, 2))
    # Conditioned on the top the walk steps up from k with (k + 1) / 2k.
    tilted = before_absorption(range(1, 11), lambda k: [(F(k + 1, 2 * k), k + 1), (F(k - 1, 2 * k), k - 1)],
                               lambda k: 1, lambda k: k in (0, 10))
    return {"top": chance_to_end(states, step, ends, lambda k: k == 10)[4],
            "games": before_absorption(states, step, lambda k: 1, ends)[4],
            "games_to_top": both(tilted[4], F(100 - 16, 3))}


def all_differ(guests):
    p = F(1)
    for n in range(guests):
        p *= F(365 - n, 365)
    return p


@model
def birthday():
    return {"among_23": 1 - all_differ(23), "first_match": sum(all_differ(n) for n in range(366))}


@model
def matching():
    right = [sum(i == e for i, e in enumerate(order)) for order in permutations(range(5))]
    return {"none_right": F(right.count(0), 120), "one_right": F(right.count(1), 120),
            "right": F(sum(right), 120)}


@model
def ehrenfest():
    def step(k):
        return [(p, to) for p, to in ((F(k, 10), k - 1), (F(10 - k, 10), k + 1)) if p]
    late = push(10, step, 365)
    return {"after_five": both(mean(push(10, step, 5), lambda k: k), 5 + 5 * F(8, 10)**5),
            "nine_left": late[9]}


@model
def polya():
    # Beta-binomial (20; 2, 3), and the urn itself.
    def chance(k):
        return comb(20, k) * F(factorial(k + 1) * factorial(22 - k) * factorial(4), factorial(24) * 2)
    urn = push((2, 5), lambda s: [(F(s[0], s[1]), (s[0] + 1, s[1] + 1)),
                                  (F(s[1] - s[0], s[1]), (s[0], s[1] + 1))], 20)
    assert all(urn[(k + 2, 25)] == chance(k) for k in range(21))
    return {"reds": sum(k * chance(k) for k in range(21)), "no_red": chance(0),
            "fifteen": sum(chance(k) for k in range(15, 21))}


@model
def moran():
    r, n = F(12, 10), 10

    def step(k):
        born, dies = r * k / (r * k + n - k), F(k, n)
        up, down = born * (1 - dies), (1 - born) * dies
        return [(up, k + 1), (down, k - 1), (1 - up - down, k)]
    chain = chance_to_end(range(11), step, lambda k: k in (0, 10), lambda k: k == 10)[3]
    return {"takes_over": both((1 - r**-3) / (1 - r**-10), chain)}


@model
def wright_fisher():
    def step(k):
        return list(zip(binomial(10, F(k, 10)), range(11)))
    now = {3: 1.0}
    from derivations.chains import push_floats
    end = push_floats(3, step, 30)
    return {"kind": F(3), "two_differ": 2 * F(3, 10) * F(7, 10) * F(9, 10)**10,
            "fixed": end[0] + end[10]}


@model
def craps():
    ways = {4: 3, 5: 4, 6: 5, 8: 5, 9: 4, 10: 3}
    wins = F(8, 36) + sum(F(w, 36) * F(w, w + 6) for w in ways.values())
    throws = 1 + sum(F(w, 36) * F(36, w + 6) for w in ways.values())
    return {"wins": both(wins, F(244, 495)), "throws": both(throws, F(557, 165))}


@model
def monty():
    # (prize, door opened by who knows, by who does not), each with its chance.
    cases = []
    for prize in (1, 2, 3):
        opens = {1: (2, 3), 2: (3,), 3: (2,)}[prize]
        for opened, blind in product(opens, (2, 3)):
            cases.append((F(1, 3) / len(opens) / 2, prize, opened, blind))

    def chance(holds, given=lambda *c: True):
        return (sum(p for p, *c in cases if given(*c) and holds(*c)) /
                sum(p for p, *c in cases if given(*c)))
    return {"change_wins": chance(lambda c, o, b: c != 1),
            "change_wins_third": chance(lambda c, o, b: c != 1, lambda c, o, b: o == 3),
            "blind_shows": chance(lambda c, o, b: b == c),
            "blind_wins": chance(lambda c, o, b: c != 1, lambda c, o, b: b != c)}
