# SPDX-License-Identifier: MIT
"""Derivations of models written by one who had the manual and nothing else: see the heads of the models.

They go the ways of the language that other oracles leave out: steps of quarters and years, windows that
are no whole number of steps, clocked forms, votes in turn, two delays of which one may be stopped, what is
seen cut into parts, one witness counted twice.
"""
from datetime import date
from fractions import Fraction as F
from itertools import product
from math import atan, erfc, exp, fsum, log, pi, sqrt
from statistics import NormalDist

from derivations.chains import binomial, mean, push, share

MODELS = {}


def model(function):
    MODELS[function.__name__] = function
    return function


def logistic(x):
    return 1 / (1 + exp(-x))


@model
def oz_weather():
    moves = {"rain": {"rain": F(1, 2), "nice": F(1, 4), "snow": F(1, 4)},
             "nice": {"rain": F(1, 2), "nice": F(0), "snow": F(1, 2)},
             "snow": {"rain": F(1, 4), "nice": F(1, 4), "snow": F(1, 2)}}

    def step(sky):
        return [(p, to) for to, p in moves[sky].items()]

    days = [push("nice", step, k) for k in range(61)]
    begins = sum(d.get(sky, F(0)) * moves[sky]["rain"] for d in days[:60] for sky in ("nice", "snow"))
    nice = sum(d.get("nice", F(0)) for d in days[1:]) / 60
    # By its eigenvalues: a nice day has (1 + 4 (-1/4)^k)/5 in k days.
    assert nice == sum((1 + 4 * F(-1, 4)**k) / 5 for k in range(1, 61)) / 60
    return {"rain_at_end": days[60]["rain"], "rain_day_3": days[3]["rain"],
            "nice_share": nice, "rainy_spells": begins}


@model
def radars():
    def up(looks):
        return F(5, 6) + F(1, 6) * F(4, 10)**looks

    def two(looks):
        return sum(binomial(3, up(looks))[2:])

    assert push(1, lambda x: [(F(9, 10), 1), (F(1, 10), 0)] if x else [(F(1, 2), 1), (F(1, 2), 0)],
                12)[1] == up(12)
    return {"up": 3 * up(12), "two_up": two(12), "two_up_first_day": two(4),
            "all_time": sum(3 * up(k) for k in range(1, 13)) / 12}


def days_of_months(start, months, times):
    """Lengths of so many steps of so many months; a day that a month lacks is its last."""
    def after(k):
        count = start.year * 12 + start.month - 1 + k * months
        day = start.day
        while True:
            try:
                return date(count // 12, count % 12 + 1, day)
            except ValueError:
                day -= 1

    return [(after(k + 1) - after(k)).days for k in range(times)]


@model
def quarterly_polls():
    def step(state):
        standing, wait, held = state
        rows = []
        for p, to in ((F(1, 5), min(standing + 1, 2)), (F(3, 10), max(standing - 1, 0)),
                      (F(1, 2), standing)):
            if to == 2 and wait == 0:  # looked at, and again in two quarters
                rows += [(p / 2, (to, 1, held)), (p / 2, (to, 1, held + 1))]
            else:
                rows.append((p, (to, max(wait - 1, 0), held)))
        return rows

    end = push((1, 0, 0), step, 12)
    quarters = days_of_months(date(2023, 11, 30), 3, 12)
    assert quarters[:4] == [91, 91, 92, 92] and sum(quarters) == 366 + 365 + 365
    return {"called": share(end, lambda s: s[2] > 0), "elections": mean(end, lambda s: s[2]),
            "high_at_end": share(end, lambda s: s[0] == 2),
            "strikes": fsum(1 - 0.95**(days / 30.4375) for days in quarters)}


@model
def century():
    def step(state):
        since_start, wait, late, wars = state
        if wait:
            return [(F(1), (since_start + 1, wait - 1, late, wars))]
        hit = late or 10 <= since_start < 15
        return [(F(3, 100), (since_start + 1, 4, hit, wars + 1)),
                (F(97, 100), (since_start + 1, 0, late, wars))]

    end = push((0, 0, False, 0), step, 20)
    years = days_of_months(date(1890, 1, 1), 12, 20)
    assert years[10] == 365 and years[14] == 366  # 1900 and 1904
    signed = [1 - 0.9**(days / 365.25) for days in years]
    return {"wars": mean(end, lambda s: s[3]), "war_1900_1904": share(end, lambda s: s[2]),
            "lapsed": fsum(signed[:18]), "no_treaty": 0.9**(sum(years[:15]) / 365.25)}


@model
def odd_windows():
    p, q, weeks = F(1, 5), F(1, 4), 20

    def in_window(days):
        """War from the shot's week on, in the weeks that begin so many days after its own at most."""
        whole = [k for k in range(weeks) if 7 * k + days < 7 * weeks]
        looks = 1 + days // 7
        shot = [(1 - p)**k * p for k in whole]
        return sum(x * (1 - (1 - q)**looks) for x in shot) / sum(shot)

    raids = push((0, 0), lambda s: [(F(1), (s[0] - 1, s[1]))] if s[0]
                 else [(p, (1, s[1] + 1)), (1 - p, (0, s[1]))], weeks)
    return {"war_in_ten_days": in_window(10), "war_in_two_weeks": in_window(14),
            "raids": mean(raids, lambda s: s[1]),
            "arrived_by_february": 1 - (1 - p)**3, "late": 1 - (1 - p)**18}


@model
def clocked():
    ups = [sum(path) for path in product((0, 1), repeat=4)]
    sums = [[sum(path[:k + 1]) for k in range(4)] for path in product((0, 1), repeat=4)]
    n = len(ups)
    return {"most": F(sum(ups), n), "average": F(sum(map(sum, sums)), 4 * n),
            "some_step": F(sum(u > 0 for u in ups), n), "never_two": F(sum(u < 2 for u in ups), n),
            "two_at_all": F(sum(u >= 2 for u in ups), n),
            "three_later": F(sum(u >= 3 for u in ups), n),
            "two_more": share(push(0, lambda x: [(F(1, 2), x), (F(1, 2), x + 1)], 3), lambda x: x >= 2)}


@model
def countermand():
    order, truce, days = F(1, 10), F(1, 20), 20

    def out(by):
        """Carried out and countermanded by the end of so many days: no truce on the days before."""
        done = stopped = F(0)
        for k in range(days):
            for p, delay in ((F(4, 10), 2), (F(6, 10), 5)):
                if k + delay < by:
                    sent = order * (1 - order)**k * p
                    done += sent * (1 - truce)**(k + delay)
                    stopped += sent * (1 - (1 - truce)**(k + delay))
        return done, stopped

    return {"carried_out": out(20)[0], "by_tenth": out(10)[0], "stopped": out(20)[1]}


@model
def power_index():
    weights, needed = (4, 3, 2, 1), 6
    ways = list(product((0, 1), repeat=4))

    def ayes(way):
        return sum(w for w, aye in zip(weights, way) if aye)

    won = [way for way in ways if ayes(way) >= needed]
    turns = [F(sum(ayes(way) - w < needed for way in won if way[i]), 8) for i, w in enumerate(weights)]
    published = [F(5, 12), F(3, 12), F(3, 12), F(1, 12)]
    assert [t / sum(turns) for t in turns] == published
    return {"passes": F(len(won), len(ways)), "first_turns": turns[0], "second_turns": turns[1],
            "third_turns": turns[2], "fourth_turns": turns[3],
            "first_was_there": F(sum(way[0] for way in won), len(won))}


@model
def votes_in_turn():
    chances = {}
    for way in product((0, 1), repeat=3):
        p, ayes = F(1), 0
        for aye in way:
            p *= F(1 + ayes, 2 + ayes) if aye else F(1, 2 + ayes)
            ayes += aye
        chances[way] = p
    first = share(chances, lambda way: way[0])
    return {"passes": share(chances, lambda way: sum(way) >= 2), "ayes": mean(chances, sum),
            "last_given_first": share(chances, lambda way: way[0] and way[2]) / first,
            "nobody": chances[0, 0, 0]}


@model
def two_papers():
    war, right = F(1, 5), F(7, 10)
    printed = war * right + (1 - war) * (1 - right)
    odds = war / (1 - war)
    after = [odds * (right / (1 - right))**n for n in (2, -2)]
    held = [o / (1 + o) for o in after]
    return {"war_given_report": war * right / printed,
            "held_for_likely": printed * held[0] + (1 - printed) * held[1],
            "held_after_report": held[0], "convinced": printed}


@model
def inspection():
    gain, fine, cost, harm = 1, 4, 1, 6
    seen = F(gain, gain + fine)  # cheating then pays gain (1 - seen) - fine seen = 0
    cheats = F(cost, harm)       # an inspection then saves harm x cheats = cost
    assert gain * (1 - seen) - fine * seen == 0 and harm * cheats == cost
    caught = binomial(52, seen * cheats)
    return {"caught": 52 * seen * cheats, "caught_at_all": 1 - caught[0],
            "twice": 1 - caught[0] - caught[1], "left": F(10)}


@model
def level_k():
    def reply(p):
        return logistic(2 * (3 - 5 * p))

    first, third = reply(0.5), reply(reply(reply(0.5)))
    dares = 0.6 * first + 0.4 * third
    return {"crash": dares**2, "one_dares": dares, "deep_given_dare": 0.4 * third / dares}


@model
def ring():
    def step(well):
        """Those that are left of the seven that were well."""
        ends = min(well, 2)
        return [(p, well - k) for k, p in enumerate(binomial(ends, F(1, 5)))]

    def all_eight(sick):
        """The same with every place of the ring by itself."""
        falls = [i for i in range(8) if i not in sick and {(i - 1) % 8, (i + 1) % 8} & sick]
        return [(F(1, 5)**sum(way) * F(4, 5)**(len(way) - sum(way)),
                 sick | {i for i, hit in zip(falls, way) if hit})
                for way in product((0, 1), repeat=len(falls))]

    assert mean(push(frozenset({0}), all_eight, 6), len) == 8 - mean(push(7, step, 6), lambda w: w)
    end, tenth = push(7, step, 30), push(7, step, 10)
    return {"sick": 8 - mean(end, lambda w: w), "all_sick": end[0],
            "half_in_ten_days": share(tenth, lambda w: w <= 4)}


@model
def graded_pool():
    shared = (0.8 + 0.3 * 0.8) / 2  # the strongest whole, the next 0.3 of itself, shared out evenly
    weights, chances = (1, shared, shared, 0.1), (0.2, 0.8, 0.5, 0.9)

    def pooled(chance_of):
        return fsum(w * chance_of(p) for w, p in zip(weights, chances)) / fsum(weights)

    quiet = pooled(lambda p: (1 - p)**0.5)
    return {"war": pooled(lambda p: p), "by_half": 1 - quiet,
            "second_half_given_quiet": 1 - pooled(lambda p: 1 - p) / quiet}


@model
def siege():
    d, stays, days = F(9, 10), F(4, 5), 50
    relieved = [stays**k / 5 for k in range(days)]

    def paid(k):
        return sum(d**i for i in range(k + 1))  # the day of relief is paid for

    lasts = stays**days
    long = stays**5
    cost = sum(p * paid(k) for k, p in enumerate(relieved)) + lasts * paid(days - 1)
    assert cost == sum((d * stays)**k for k in range(days))
    return {"cost": cost, "prize": sum(p * d**k for k, p in enumerate(relieved)),
            "cost_if_long": (sum(p * paid(k) for k, p in enumerate(relieved) if k > 4)
                             + lasts * paid(days - 1)) / long,
            "days": sum(p * k for k, p in enumerate(relieved)) / (1 - lasts)}


@model
def patience():
    def odds(days):
        seen = 3 if days < 3 else 5 if days < 7 else 7
        way = {"wait": exp(1), "act": exp(seen), **({"flee": exp(2)} if days >= 10 else {})}
        return {option: w / fsum(way.values()) for option, w in way.items()}

    begins = [0.85**k * 0.15 for k in range(20)]
    never_acts = fsum(p * fproduct(1 - odds(d)["act"] for d in range(20 - k))
                      for k, p in enumerate(begins))
    never_flees = fsum(p * fproduct(1 - odds(d).get("flee", 0) for d in range(20 - k))
                       for k, p in enumerate(begins))
    crisis = fsum(begins)
    waits = fsum(p * odds(d)["wait"] for k, p in enumerate(begins) for d in range(20 - k))
    return {"acts": crisis - never_acts, "flees": crisis - never_flees, "days_waited": waits,
            "last_is_act": fsum(p * odds(19 - k)["act"] for k, p in enumerate(begins))}


def fproduct(factors):
    result = 1.0
    for x in factors:
        result *= x
    return result


@model
def thresholds():
    def normal_above(z):
        return erfc(z / sqrt(2)) / 2

    z95 = NormalDist().inv_cdf(0.95)
    lo, hi = log(1 / 9), log(2 / 3)  # log-odds of 10 and 40 %
    gamma = 3 * exp(-2)
    beta = sum(binomial(4, F(4, 10))[2:])
    pert = sum(binomial(5, F(1, 4))[2:])
    parts = (normal_above(-0.5), normal_above(0), normal_above(1))
    return {"gamma_high": gamma, "beta_low": beta, "pert_low": pert, "corner_high": F(1, 3),
            "student_high": 0.5 - (atan(1 / sqrt(3)) + sqrt(3) / 4) / pi,
            "normal_high": normal_above((7 - 5.5) * z95 / 2.5),
            "odds_high": normal_above((log(1 / 4) - (lo + hi) / 2) * 2 * z95 / (hi - lo)),
            "sized_high": normal_above((log(2) - log(10) / 2) * 2 * z95 / log(10)),
            "cut_high": (parts[1] - parts[2]) / (parts[0] - parts[2]),
            "either_high": 0.3 * normal_above(3) + 0.7 / 2,
            "three_high": gamma + float(beta + pert)}
