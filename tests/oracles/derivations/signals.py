# SPDX-License-Identifier: MIT
"""Derivations of what actors see, believe, choose and vote; of stories; of what is unknown."""
from fractions import Fraction as F
from math import asin, comb, erf, exp, fsum, pi, sin, sqrt

from derivations.chains import binomial, binomial_tail, push

MODELS = {}


def model(function):
    MODELS[function.__name__] = function
    return function
