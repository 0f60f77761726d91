# SPDX-License-Identifier: MIT
"""Derivations of what actors see, believe, choose and vote, and of stories pooled."""
from fractions import Fraction as F
from itertools import product
from math import asin, exp, pi, sin

from derivations.chains import before_absorption, binomial_tail, chance_to_end, push

MODELS = {}


def model(function):
    MODELS[function.__name__] = function
    return function


def both(one, other):
    assert one == other, (one, other)
    return one


@model
def wald():
    hit = F(7, 10)

    def step(k):
        return [(hit, k + 1), (1 - hit, k - 1)]

    def ends(k):
        return abs(k) == 4
    right = both(chance_to_end(range(-4, 5), step, ends, lambda k: k == 4)[0],
                 1 / (1 + F(3, 7)**4))
    signals = both(before_absorption(range(-4, 5), step, lambda k: 1, ends)[0],
                   4 * (2 * right - 1) / (2 * hit - 1))
    # Four more for than against: believed 1 / (1 + (3/7)^4), and so it is.
    return {"right_report": right, "signals": signals, "planned_given_so": right, "believed": right}


@model
def cascade():
    p = F(6, 10)

    def step(k):
        if abs(k) == 2:
            return [(F(1), k)]
        if k == 0:
            return [(p, 1), (1 - p, -1)]
        own = p if k > 0 else 1 - p  # a signal that agrees with the one before
        return [(own + (1 - own) / 2, 2 * k), ((1 - own) / 2, 0)]
    end = push(0, step, 10)
    none = (p - p * p)**5
    up = p * (p + 1) * (1 - none) / (2 * (1 - p + p * p))
    down = (p - 2) * (p - 1) * (1 - none) / (2 * (1 - p + p * p))
    return {"right_one": both(up, end[2]), "none": both(none, 1 - end[2] - end[-2]),
            "wrong_one": both(down, end[-2])}


@model
def jury():
    p = F(6, 10)
    skills = [F(9, 10), F(8, 10), p, p, p]
    unequal = F(0)
    for votes in product((0, 1), repeat=5):
        chance = F(1)
        for vote, skill in zip(votes, skills):
            chance *= skill if vote else 1 - skill
        unequal += chance if sum(votes) >= 3 else 0
    return {"by_most": binomial_tail(5, p, 3), "by_all": p**5, "by_four": binomial_tail(5, p, 4),
            "by_any": 1 - (1 - p)**5, "unequal": unequal}


@model
def softmax():
    strike, sanction, wait = (exp(2 * worth) for worth in (1, 0.5, -0.2))
    return {"first_one": strike / (strike + sanction + wait), "second_given": sanction / (sanction + wait),
            "cut_one": 1 / (1 + exp(-(3.5 - 3)))}


@model
def quantal():
    def logistic(x):
        return 1 / (1 + exp(-x))

    # p falls in q's answer to it: one root of p = answer(answer(p)).
    low, high = 0.0, 1.0
    for _ in range(200):
        p = (low + high) / 2
        q = logistic(1 - 2 * p)
        if logistic(10 * q - 1) > p:
            low = p
        else:
            high = p
    return {"row": p, "column": logistic(1 - 2 * p)}


@model
def stories():
    told = [(F(1, 4), F(4, 10), F(8, 10)), (F(3, 4), F(5, 100), F(2, 10))]
    warned = sum(w * a for w, _, a in told)
    return {"war_comes": sum(w * h for w, h, _ in told), "warned": warned,
            "war_given": sum(w * h * a for w, h, a in told) / warned,
            "no_war_given": sum(w * (1 - h) * (1 - a) for w, h, a in told) / (1 - warned)}


def normal_of_rank(rho):
    return 2 * sin(pi * rho / 6)


@model
def orthants():
    r, s = normal_of_rank(0.5), normal_of_rank(-0.8)
    return {"two_high": 0.25 + asin(r) / (2 * pi), "three_high": 0.125 + 3 * asin(r) / (4 * pi),
            "negative": 0.25 + asin(s) / (2 * pi)}


@model
def tit_for_tat():
    err = F(5, 100)

    def step(state):
        a, b = state
        chance_a, chance_b = (1 - err if b else err), (1 - err if a else err)
        return [((chance_a if x else 1 - chance_a) * (chance_b if y else 1 - chance_b), (x, y))
                for x in (0, 1) for y in (0, 1)]
    # What one does answers the other's last: two threads that never meet, each kept with
    # 1/2 (1 + .9^n), or with forgiveness 6/7 + 1/7 .65^n.
    both(push((1, 1), step, 5)[1, 1], ((1 + F(9, 10)**5) / 2)**2)
    return {"both_day_5": ((1 + F(9, 10)**5) / 2)**2, "both_late": ((1 + F(9, 10)**366) / 2)**2,
            "forgiving": (F(6, 7) + F(1, 7) * F(65, 100)**366)**2}
