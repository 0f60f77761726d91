# SPDX-License-Identifier: MIT
"""Derivations of what model checkers published: PRISM's case studies and the QComp benchmarks."""
from fractions import Fraction as F
from itertools import product
from math import comb

from derivations.chains import chance_to_end, before_absorption, push

MODELS = {}


def model(function):
    MODELS[function.__name__] = function
    return function


@model
def die():
    # Knuth and Yao: s0 -> s1 | s2; s1 -> s3 | s4; s3 -> s1 | 1; s4 -> 2 | 3; s2, s5, s6 likewise.
    half = F(1, 2)
    tree = {"s0": ("s1", "s2"), "s1": ("s3", "s4"), "s2": ("s5", "s6"), "s3": ("s1", 1),
            "s4": (2, 3), "s5": (4, 5), "s6": (6, "s2")}

    def step(s):
        return [(half, to) for to in tree[s]] if s in tree else [(F(1), s)]

    def over(s):
        return s not in tree

    return {"six": chance_to_end(tree, step, over, lambda s: s == 6)["s0"],
            "flips": before_absorption(tree, step, lambda s: 1, over)["s0"],
            "six_in_five": push("s0", step, 5)[6]}


@model
def coupons():
    def step(seen):
        after = {}
        for first, second in product(range(5), repeat=2):  # coupons 0 ... seen - 1 are had
            now = seen + (first >= seen)
            now += 1 if second >= seen and second != first else 0
            after[now] = after.get(now, F(0)) + F(1, 25)
        return [(p, s) for s, p in after.items()]

    return {"draws": before_absorption(range(5), step, lambda s: 1, lambda s: s == 5)[0],
            "within_five": push(0, lambda s: step(s) if s < 5 else [(F(1), 5)], 5)[5]}


def brp_fails():
    return (1 - F(98, 100) * F(99, 100)) ** 3


@model
def brp():
    return {"p1": 1 - (1 - brp_fails()) ** 16}


@model
def brp_nothing():
    return {"p4": F(2, 100) ** 3}


def herman(n, start):
    """Steps until one token is left; a process with its left neighbour's bit holds one and flips."""
    def tokens(bits):
        return sum(bits[i] == bits[i - 1] for i in range(n))

    def step(bits):
        free = [i for i in range(n) if bits[i] == bits[i - 1]]
        after = []
        for flips in product((0, 1), repeat=len(free)):
            new = [bits[i - 1] for i in range(n)]
            for i, bit in zip(free, flips):
                new[i] = bit
            after.append((F(1, 2) ** len(free), tuple(new)))
        return after

    # Tokens only vanish: from three, states of three matter.
    states = [b for b in product((0, 1), repeat=n) if tokens(b) == 3]
    return before_absorption(states, step, lambda s: 1, lambda s: tokens(s) == 1)[start]


def three_tokens(n, gaps):
    """McIver and Morgan 2005: 4 a b c / n from tokens with these gaps."""
    a, b, c = gaps
    return F(4 * a * b * c, n)


def both(one, other):
    assert one == other, (one, other)
    return one


@model
def herman3():
    return {"steps_needed": both(herman(3, (0, 0, 0)), three_tokens(3, (1, 1, 1)))}


@model
def herman5():
    return {"steps_needed": both(herman(5, (0, 0, 1, 1, 0)), three_tokens(5, (1, 2, 2)))}


@model
def herman7():
    return {"steps_needed": both(herman(7, (0, 1, 1, 0, 0, 1, 0)), three_tokens(7, (2, 2, 3)))}


@model
def herman9():
    return {"steps_needed": three_tokens(9, (3, 3, 3))}


def leader(n, k):
    """Rounds until some value of 1..k is drawn by one process alone."""
    good = sum(any(draw.count(v) == 1 for v in draw) for draw in product(range(k), repeat=n))
    return F(k**n, good)


@model
def leader2():
    return {"rounds_needed": leader(3, 2)}


@model
def leader3():
    return {"rounds_needed": leader(3, 3)}


@model
def leader4():
    return {"rounds_needed": leader(3, 4)}


@model
def leader4_2():
    return {"rounds_needed": both(leader(4, 2), F(2))}  # QComp, exact: 2


def crowds(runs):
    """Reiter and Rubin 1998; 5 honest members, 9.1 % of all corrupt, forwarded with 80 %."""
    bad, forward, members = F(91, 1000), F(8, 10), 5
    # A message handed to a corrupt member shows who handed it over. After the first honest hop that
    # is any member alike.
    later = forward * bad / members / (1 - forward * (1 - bad))
    seen = bad + (1 - bad) * later
    return 1 - (1 - seen)**runs - runs * seen * (1 - seen)**(runs - 1)


@model
def crowds3():
    published = F(16406726260175797, 309779851562500000)  # QComp, exact, TotalRuns 3, CrowdSize 5
    return {"positive": both(crowds(3), published)}


@model
def crowds4():
    published = F(50809994943329740182883, 528174646914062500000000)
    return {"positive": both(crowds(4), published)}


@model
def nand():
    """von Neumann 1956; Norman, Parker, Kwiatkowska and Shukla 2005: N = 20 gates, one restorative
    stage, gates wrong with 2 %, inputs stimulated with 90 %."""
    n, wrong, stimulated = 20, F(2, 100), F(9, 10)

    def outputs(pairs):
        """Of n gates, `pairs` of which have both inputs stimulated: how many put out a one."""
        d = {}
        for a in range(pairs + 1):
            for b in range(n - pairs + 1):
                p = (comb(pairs, a) * wrong**a * (1 - wrong)**(pairs - a) *
                     comb(n - pairs, b) * (1 - wrong)**b * wrong**(n - pairs - b))
                d[a + b] = d.get(a + b, F(0)) + p
        return d

    of_pairs = [outputs(pairs) for pairs in range(n + 1)]
    p = stimulated**2
    ones = {}
    for pairs in range(n + 1):
        for z, q in of_pairs[pairs].items():
            ones[z] = ones.get(z, F(0)) + comb(n, pairs) * p**pairs * (1 - p)**(n - pairs) * q
    for _ in range(2):
        after = {}
        for z, mass in ones.items():
            for pairs in range(max(0, 2 * z - n), z + 1):
                matched = F(comb(z, pairs) * comb(n - z, z - pairs), comb(n, z))
                for y, q in of_pairs[pairs].items():
                    after[y] = after.get(y, F(0)) + mass * matched * q
        ones = after
    reliable = sum(q for z, q in ones.items() if 10 * z < n)
    assert abs(float(reliable) - 0.28641904638485044) < 1e-16  # QComp, exact
    return {"reliable": reliable}
