# SPDX-License-Identifier: MIT
"""Derivations of the textbook's chances: games, urns, walks, genes."""
from fractions import Fraction as F
from itertools import combinations, permutations, product
from math import comb, erfc, exp, factorial, log, pi, sqrt

from derivations.chains import (before_absorption, binomial, chance_to_end, mean, push, push_floats,
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


@model
def penney():
    def wait(pattern):
        def step(done):
            after = {}
            for toss in "HT":
                seen = pattern[:done] + toss
                overlap = next(n for n in range(min(len(pattern), len(seen)), -1, -1)
                               if seen.endswith(pattern[:n]) or n == 0)
                after[overlap] = after.get(overlap, F(0)) + F(1, 2)
            return [(p, s) for s, p in after.items()]
        chain = before_absorption(range(len(pattern)), step, lambda s: 1, lambda s: s == len(pattern))[0]
        # Conway: 2^n for every n at which the pattern begins and ends alike.
        ends = sum(2**n for n in range(1, len(pattern) + 1) if pattern[:n] == pattern[-n:])
        return both(chain, F(ends))

    def conway(a, b):
        return sum(2**(n - 1) for n in range(1, 4) if a[-n:] == b[:n])
    hth, hht = "HTH", "HHT"
    odds = F(conway(hth, hth) - conway(hth, hht), conway(hht, hht) - conway(hht, hth))
    return {"wait_hth": wait("HTH"), "wait_hht": wait("HHT"), "wait_hhh": wait("HHH"),
            "hht_first": odds / (1 + odds)}


@model
def runs():
    def none(length, tosses):
        """The share of all sequences that have no run so long."""
        counts = [1] + [0] * (length - 1)  # by the length of the run they end in
        for _ in range(tosses):
            counts = [sum(counts)] + counts[:-1]
        return F(sum(counts), 2**tosses)
    return {"seven": 1 - none(7, 100), "longest": sum(1 - none(k, 100) for k in range(1, 101))}


@model
def petersburg():
    pots = {2**k: F(1, 2**k) for k in range(1, 6)}
    pots[64] = 1 - sum(pots.values())
    return {"worth_it": sum(pot * p for pot, p in pots.items()), "broke": pots[64]}


@model
def galton():
    s = F(0)
    for _ in range(8):
        s = (F(45, 100) + F(55, 100) * s)**2
    return {"extinct": s, "alive": F(11, 10)**8}


@model
def galton_poisson():
    s = 0.0
    for _ in range(10):
        s = exp(0.9 * (s - 1))
    return {"extinct": s, "alive": F(9, 10)**10}


@model
def secretary():
    # Over all places of the best and of the best before it: taken when the best of those before stands
    # among the first three.
    chance = sum(F(1, 10) * F(3, place - 1) for place in range(4, 11))
    assert round(float(chance), 4) == 0.3987  # Gilbert and Mosteller 1966
    # And over all orders of seven, by trying each, for the same rule.
    tried = 0
    for order in permutations(range(7)):
        best = max(order[:3])
        taken = next((x for x in order[3:] if x > best), None)
        tried += taken == 6
    assert F(tried, factorial(7)) == sum(F(1, 7) * F(3, place - 1) for place in range(4, 8))
    return {"best_taken": chance}


@model
def records():
    chain = {0: F(1)}
    for n in range(1, 21):
        after = {}
        for k, p in chain.items():
            after[k + 1] = after.get(k + 1, F(0)) + p / n
            after[k] = after.get(k, F(0)) + p * (1 - F(1, n))
        chain = after
    none = F(1)
    for n in range(11, 21):
        none *= 1 - F(1, n)
    return {"how_many": both(mean(chain, lambda k: k), sum(F(1, n) for n in range(1, 21))),
            "none_late": none, "six": share(chain, lambda k: k >= 6)}


@model
def banach():
    chances = [F(comb(20 - k, 10), 2**(20 - k)) for k in range(11)]
    assert sum(chances) == 1
    return {"matches_left": both(sum(k * p for k, p in enumerate(chances)),
                                 F(21 * comb(20, 10), 2**20) - 1),
            "none_left": chances[0]}


@model
def ballot():
    def leads(order, least):
        ahead = 0
        for vote in order:
            ahead += vote
            if ahead < least:
                return False
        return True
    orders = [[1 if i in at else -1 for i in range(10)] for at in combinations(range(10), 6)]
    return {"ahead": both(F(sum(leads(o, 1) for o in orders), len(orders)), F(6 - 4, 10)),
            "not_behind": both(F(sum(leads(o, 0) for o in orders), len(orders)), F(6 + 1 - 4, 7))}


@model
def tea():
    ways = [comb(4, k) * comb(4, 4 - k) for k in range(5)]
    return {"all_right": F(ways[4], sum(ways)), "three_right": F(ways[3] + ways[4], sum(ways))}


@model
def two_children():
    cases = [(e, y, e if door else y) for e in (0, 1) for y in (0, 1) for door in (0, 1)]

    def given(holds):
        kept = [c for c in cases if holds(*c)]
        return F(sum(e and y for e, y, _ in kept), len(kept))
    return {"given_one": given(lambda e, y, s: e or y), "given_elder": given(lambda e, y, s: e),
            "given_seen": given(lambda e, y, s: s)}


def normal_density(z):
    return exp(-z * z / 2) / sqrt(2 * pi)


def normal_below(z):
    return erfc(-z / sqrt(2)) / 2


@model
def moments():
    a, b = (0 - 1) / 2, (4 - 1) / 2
    z95 = 1.6448536269514722
    mu, s = (log(3) + log(8)) / 2, log(8 / 3) / (2 * z95)
    return {"cut_normal": 1 + 2 * (normal_density(a) - normal_density(b)) /
                          (normal_below(b) - normal_below(a)),
            "from_range": exp(mu + s * s / 2), "pert": F(1 + 4 * 2 + 6, 6), "three_corners": F(8, 3),
            "by_gamma": F(3 * 2), "mixed": F(3, 10) * F(3, 2) + F(7, 10) * 5, "far_out": F(1, 20),
            "squared": F(1 + 4)}


@model
def order_statistics():
    # The range of n uniforms is below w with n w^(n-1) - (n-1) w^n.
    w = F(1, 2)
    return {"largest": F(5, 6), "range": F(4, 6), "all_low": w**5, "close": 5 * w**4 - 4 * w**5}


@model
def sunrise():
    # Integrals of p^k (1-p)^(n-k) over 0..1 are k! (n-k)! / (n+1)!.
    def integral(k, n):
        return F(factorial(k) * factorial(n - k), factorial(n + 1))
    return {"sixth": integral(6, 6) / integral(5, 5), "three_of_five": comb(5, 3) * integral(3, 5)}
