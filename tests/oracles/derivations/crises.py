# SPDX-License-Identifier: MIT
"""Derivations of the models with a field in them: ladders, allies, hazards, epidemics, battles."""
from fractions import Fraction as F
from itertools import product
from math import comb, erfc, exp, expm1, factorial, fsum, log, sqrt

from derivations.chains import binomial, binomial_tail, mean, push, push_floats, share

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


@model
def reed_frost():
    q, well = F(8, 10), 4

    def step(state):
        s, i = state
        return [(p, (s - new, new)) for new, p in enumerate(binomial(s, 1 - q**i))]
    end = push((well, 1), step, 6)
    # Bailey 1975: sum over j <= k of C(n-j, k-j) P(j) / q^(k-j ... ) in its recursive form,
    # sum_j C(n - j, k - j) P(j) q^(-(n-k)(1+j)) = C(n, k).
    sizes = []
    for k in range(well + 1):
        rest = sum(comb(well - j, k - j) * sizes[j] / q**((well - k) * (1 + j)) for j in range(k))
        sizes.append((comb(well, k) - rest) * q**((well - k) * (1 + k)))
    for k in range(well + 1):
        assert sizes[k] == share(end, lambda state: state[0] == well - k)
    return {"only_one": sizes[0], "all_five": sizes[4], "size": 1 + sum(k * p for k, p in enumerate(sizes))}


@model
def lanchester_chain():
    def step(state):
        a, b = state
        if a == 0 or b == 0:
            return [(F(1), state)]
        falls = F(a) / (a + F(3, 2) * b)
        return [(falls, (a, b - 1)), (1 - falls, (a - 1, b))]
    end = push((6, 5), step, 11)
    a_wins = share(end, lambda s: s[1] == 0)
    return {"a_wins": a_wins, "a_left": mean(end, lambda s: s[0]),
            "b_left_if_b": mean(end, lambda s: s[1]) / (1 - a_wins)}


def roll(attackers, defenders):
    """Armies lost by the attacker and by the defender, with how many of all rolls."""
    losses = {}
    for dice in product(range(6), repeat=attackers + defenders):
        a = sorted(dice[:attackers], reverse=True)
        d = sorted(dice[attackers:], reverse=True)
        pairs = list(zip(a, d))
        won = sum(x > y for x, y in pairs)
        key = (len(pairs) - won, won)
        losses[key] = losses.get(key, 0) + 1
    return {key: F(n, 6**(attackers + defenders)) for key, n in losses.items()}


@model
def risk_roll():
    of = roll(3, 2)
    return {"defender_two": of[0, 2], "one_each": of[1, 1], "attacker_two": of[2, 0]}


@model
def risk_battle():
    rolls = {(a, d): roll(a, d) for a in (1, 2, 3) for d in (1, 2)}

    def step(state):
        a, d = state
        if a == 0 or d == 0:
            return [(F(1), state)]
        return [(p, (a - x, d - y)) for (x, y), p in rolls[min(a, 3), min(d, 2)].items()]
    end = push((10, 10), step, 20)
    wins = share(end, lambda s: s[1] == 0)
    assert round(float(wins), 3) == 0.568  # Osborne 2003, table 3
    return {"attacker_wins": wins, "attackers_left": mean(end, lambda s: s[0])}


@model
def queue():
    comes, goes = F(3, 10), F(4, 10)

    def day(line):
        """(probability, line after the day, one turned away)"""
        ways = []
        for p, more in ((comes, 1), (1 - comes, 0)):
            held = min(line + more, 5)
            away = line + more - held
            if held:
                ways += [(p * goes, held - 1, away), (p * (1 - goes), held, away)]
            else:
                ways.append((p, held, away))
        return ways
    now, away = {0: F(1)}, F(0)
    for _ in range(60):
        after = {}
        for line, mass in now.items():
            for p, to, lost in day(line):
                after[to] = after.get(to, F(0)) + mass * p
                away += mass * p * lost
        now = after
    return {"waiting": mean(now, lambda k: k), "full": now[5], "turned_away": away}


@model
def third_raid():
    p = F(5, 100)
    return {"by_forty": binomial_tail(40, p, 3), "days_needed": 3 / p}


@model
def competing():
    p, q = -expm1(log(0.7) / 14), -expm1(log(0.9) / 30)
    none = (1 - p) * (1 - q)
    until = (1 - none**60) / (1 - none)
    return {"talks_first": p * (1 - q) * until, "shots_first": q * (1 - p) * until,
            "quiet_till_talks": p * until, "neither": none**60}


@model
def within_after():
    return {"war_after": -expm1(log(0.8) * 31 / 30), "shots_ever": 1 - F(98, 100)**150}


@model
def hourly():
    fast, slow = -log(0.7) / 14, 0.4 / 365.25
    return {"three_days": -expm1(-3 * fast), "either": -expm1(-3 * (fast + slow)),
            "half_time": -expm1(-1.5 * fast)}


@model
def months():
    return {"in_the_year": -expm1(log(0.9) * 366 / 30), "in_february": -expm1(log(0.9) * 29 / 30)}


@model
def dead_time():
    p = F(1, 10)

    def step(state):  # (days until it may come again, how many so far, at most ten)
        rest, n = state
        if rest:
            return [(F(1), (rest - 1, n))]
        return [(p, (4, min(n + 1, 10))), (1 - p, (0, n))]
    ten = share(push((0, 0), step, 100), lambda s: s[1] == 10)
    # The chance that one comes on day t, and the mean by summing it.
    comes = []
    for t in range(100):
        free = 1 - sum(comes[max(0, t - 4):t])
        comes.append(p * free)
    return {"incidents": sum(comes), "at_least_ten": ten}


@model
def delivery():
    order, talks = F(4, 100), F(3, 100)
    first = [order * (1 - order)**k for k in range(60)]  # of day k + 1
    return {"carried_out": 1 - (1 - order)**50,
            "before_talks": sum(p * (1 - talks)**(k + 11) for k, p in enumerate(first) if k + 11 <= 60)}


@model
def two_states():
    hot = [F(1, 4) * (1 - F(6, 10)**t) for t in range(31)]
    return {"hot_day_3": hot[3], "hot_share": sum(hot[1:]) / 30,
            "turns": sum((1 - hot[t]) * F(1, 10) for t in range(30))}


@model
def richardson():
    p = -expm1(-0.69 / 365.25)
    none, one, two = [comb(365, k) * p**k * exp(-0.69 / 365.25 * (365 - k)) for k in range(3)]
    return {"none": none, "one_war": one, "two_wars": two, "more": 1 - none - one - two,
            "outbreaks": 365 * p}


@model
def brinkmanship():
    safe, together, disaster = F(1), F(1), F(0)
    for k in range(1, 21):
        risk = F(5, 1000) * k
        safe *= 1 - risk
        together *= F(9, 10)
        disaster += together * risk
        together *= 1 - risk
    return {"disaster": 1 - safe, "disaster_yielding": disaster}


@model
def riot():
    def joins(thresholds):
        n = 0
        while True:
            more = sum(t <= n for t in thresholds)
            if more == n:
                return n
            n = more
    few = [joins(t) for t in product(range(5), repeat=3)]
    return {"crowd": F(joins(range(10))), "alone": F(joins([0, 2] + list(range(2, 10)))),
            "joined": F(sum(few), len(few))}


@model
def thinning():
    terms = [exp(-2.0) * 2.0**k / factorial(k) for k in range(4)]
    return {"no_hit": terms[0], "four_hits": 1 - fsum(terms), "hits_made": F(2)}


@model
def mixed_poisson():
    # Negative binomial with 2 and 1/(1 + 1.5) = 2/5: (k + 1) (2/5)^2 (3/5)^k.
    chances = [(k + 1) * F(2, 5)**2 * F(3, 5)**k for k in range(5)]
    return {"none": chances[0], "five": 1 - sum(chances), "incidents": F(3)}


@model
def drift():
    sd = 4 * sqrt(100 / 7)
    pulled = 16 / 7 * (1 - 0.81**100) / (1 - 0.81)
    return {"far": erfc(20 / sd / sqrt(2)) / 2, "off_square": F(1600, 7),
            "pulled_far": erfc(5 / sqrt(pulled) / sqrt(2)) / 2, "pulled_square": pulled}
