# SPDX-License-Identifier: MIT
"""Derivations of the models with a field in them: ladders, allies, hazards, epidemics, battles."""
from fractions import Fraction as F
from itertools import product
from math import comb, exp, expm1, fsum, lgamma

from derivations.chains import binomial, binomial_tail, push_floats

MODELS = {}


def model(function):
    MODELS[function.__name__] = function
    return function


def actors(k):
    """K actors on rungs 0 to 4, told by how many stand on each: the order does not matter."""
    memo = {}

    def one(rung, near):
        """Where one actor goes from a rung, with so many others on rungs 3 and 4."""
        if rung == 4:
            return {4: 1.0}
        up, down = 0.01 * (1 + near), 0.02 if rung else 0.0
        return {r: p for r, p in ((rung + 1, up), (rung - 1, down), (rung, 1 - up - down)) if p}

    def step(counts):
        if counts not in memo:
            after = {(0,) * 5: 1.0}
            for rung, n in enumerate(counts):
                near = counts[3] + counts[4] - (rung >= 3)
                for _ in range(n):
                    grown = {}
                    for so_far, p in after.items():
                        for to, q in one(rung, near).items():
                            key = tuple(c + (r == to) for r, c in enumerate(so_far))
                            grown[key] = grown.get(key, 0.0) + p * q
                    after = grown
            memo[counts] = [(p, s) for s, p in after.items()]
        return memo[counts]

    end = push_floats((k, 0, 0, 0, 0), step, 365)
    return {"any_top": fsum(p for s, p in end.items() if s[4] > 0), "all_top": end[(0, 0, 0, 0, k)]}


@model
def actors2():
    return actors(2)


@model
def actors3():
    return actors(3)


@model
def actors6():
    return actors(6)


@model
def sir():
    caught = [1 - exp(-0.8 * i / 20) for i in range(21)]
    cured = -expm1(-0.4)

    def step(state):
        s, i = state
        return [(p * q, (s - a, i + a - b)) for a, p in enumerate(binomial(s, caught[i]))
                for b, q in enumerate(binomial(i, cured)) if p * q]
    end = push_floats((19, 1), step, 30)
    return {"ever_infected": fsum(p * (20 - s) for (s, i), p in end.items()),
            "index_only": fsum(p for (s, i), p in end.items() if s == 19),
            "fifteen": fsum(p for (s, i), p in end.items() if s <= 5)}


def all_act(allies):
    return (1 - (1 - F(1, 1000))**90)**allies


@model
def allies():
    return {"all_act": all_act(3)}


@model
def allies5():
    return {"all_act": all_act(5)}


@model
def stages():
    return {"three": binomial_tail(90, F(2, 1000), 3)}


@model
def stages5():
    return {"five": binomial_tail(90, F(2, 1000), 5)}


def beta_binomial_tail(n, a, b, least):
    """In whole numbers: (a)_k (b)_(n-k) / (a+b)_n comb(n, k), with rising factorials."""
    def rising(x, k):
        y = 1
        for i in range(k):
            y *= x + i
        return y
    return sum(F(comb(n, k) * rising(a, k) * rising(b, n - k), rising(a + b, n))
               for k in range(least, n + 1))


@model
def stages_beta():
    return {"three": beta_binomial_tail(90, 2, 998, 3)}


@model
def stages_beta5():
    return {"five": beta_binomial_tail(90, 2, 998, 5)}
