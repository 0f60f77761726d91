# SPDX-License-Identifier: MIT
"""The truths that the intervals of tests/coverage must contain."""
from fractions import Fraction as F
from math import erfc, sqrt

MODELS = {}


def model(function):
    MODELS[function.__name__] = function
    return function


def below(x, mean=0.0, sd=1.0):
    return erfc((mean - x) / sd / sqrt(2)) / 2


def quantile(cdf, q, low=-1000.0, high=1000.0):
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if cdf(middle) < q else (low, middle)
    return low


@model
def alike():
    hit = F(1, 100)
    # The first day by which half of those that are hit within the run have been, as days since its start.
    day = next(k for k in range(1, 366) if 1 - (1 - hit)**k >= (1 - (1 - hit)**365) / 2)
    return {"common share": 1 - F(9, 10)**5, "rare share": 1 - (1 - F(1, 10000))**21,
            "hits share": 1 - (1 - hit)**100,
            "given_hit share": (1 - (1 - hit)**31) / (1 - (1 - hit)**100),
            "drawn share": F(10), "drawn q:0.5": F(10),
            "drawn q:0.05": quantile(lambda x: below(x, 10, 3), 0.05),
            "drawn q:0.95": quantile(lambda x: below(x, 10, 3), 0.95),
            "when_hit q:0.5": F(day - 1), "when_hit never": (1 - hit)**365,
            "when_hit by:2024-01-31": 1 - (1 - hit)**31,
            "place level:left": F(1, 2), "place level:far": F(2, 100)}


@model
def worlds():
    # E p = a/(a+b), E p^2 = a (a+1) / ((a+b)(a+b+1)); the number is normal(10, sqrt 5).
    return {"comes share": F(2, 8), "second_given share": F(2 * 3, 8 * 9) / F(2, 8),
            "shown share": F(10), "shown q:0.5": F(10),
            "shown q:0.95": quantile(lambda x: below(x, 10, sqrt(5)), 0.95),
            "seldom share": F(2, 1000)}


@model
def two_stories():
    def mixed(x):
        return 0.3 * below(x, 20) + 0.7 * below(x, 10)
    warned = F(3, 10) * F(8, 10) + F(7, 10) * F(2, 10)
    both = F(3, 10) * F(6, 10) * F(8, 10) + F(7, 10) * F(1, 10) * F(2, 10)
    return {"comes share": F(1, 4), "given_warning share": both / warned, "shown share": F(13),
            "shown q:0.25": quantile(mixed, 0.25), "shown q:0.95": quantile(mixed, 0.95),
            "turns share": F(10, 4), "rung level:high": F(1, 4)}
