# SPDX-License-Identifier: MIT
"""Derivations of models written by a second stranger: see the heads of the models.

Games with beliefs and councils, old problems of chance, and places where two features of the language meet:
effects in the order of a set, deliveries under way when the future stops, stories that replace a decision.
"""
from fractions import Fraction as F
from itertools import permutations, product
from math import comb, exp, factorial, fsum, prod

from derivations.chains import binomial, binomial_tail, mean, push, push_floats, share

MODELS = {}


def model(function):
    MODELS[function.__name__] = function
    return function


def softmax(a, b):
    """The chance of the option worth a against that worth b."""
    return 1 / (1 + exp(b - a))


def heard(belief, hit, false_alarm, yes):
    """Bayes' rule after one signal."""
    if not yes:
        hit, false_alarm = 1 - hit, 1 - false_alarm
    return belief * hit / (belief * hit + (1 - belief) * false_alarm)


# ---- Old problems ---------------------------------------------------------------------------------


@model
def pepys():
    six, twelve, eighteen = (binomial_tail(6 * k, F(1, 6), k) for k in (1, 2, 3))
    return {"one_of_six": six, "two_of_twelve": twelve, "three_of_eighteen": eighteen,
            "one_but_not_two": six * (1 - twelve)}


@model
def points():
    lacks = [2, 3]  # all four games that would settle it, played or not

    def wins(games):
        return sum(games) >= lacks[0]

    ways = list(product((0, 1), repeat=4))
    won = F(sum(map(wins, ways)), 16)
    assert won == F(44, 64)  # Pascal to Fermat, 29 July 1654
    return {"first_wins": won, "his_part": 64 * won,
            "goes_to_the_last": F(sum(sum(w[:3]) == 1 for w in ways), 16),
            "after_a_loss": F(sum(wins((0,) + w) for w in product((0, 1), repeat=3)), 8)}


@model
def truel():
    """The worst shot passes first; the second best aims at the best, and he at the second."""
    hits = {0: F(1, 3), 1: F(1, 2), 2: F(1)}

    def step(state):
        alive, turn = state
        after = (turn + 1) % 3
        if turn not in alive or len(alive) == 1 or (turn == 0 and len(alive) == 3):
            return [(F(1), (alive, after))]
        target = max(alive - {turn})
        return [(hits[turn], (alive - {target}, after)), (1 - hits[turn], (alive, after))]

    end = push((frozenset({0, 1, 2}), 0), step, 60)
    return {name: share(end, lambda s, i=i: s[0] == frozenset({i}))
            for i, name in enumerate(("worst", "middling", "best"))}


@model
def bold_play():
    def step(purse):
        if not 0 < purse < 10:
            return [(F(1), purse)]
        stake = min(purse, 10 - purse)
        return [(F(2, 5), purse + stake), (F(3, 5), purse - stake)]

    days = [push(3, step, k) for k in range(1, 61)]
    return {"reaches_ten": days[-1][10], "ruined": days[-1][0],
            "share_of_days": sum(share(d, lambda purse: 0 < purse < 10) for d in days) / 60}


@model
def last_place():
    chances = {name: F(1, 4) for name in ("first_last", "second_last", "third_last", "fourth_last")}
    return {**chances, "days": F(5 * 4, 2)}


@model
def voting_paradox():
    orders = list(permutations("abc"))

    def most(ballots, x, y):
        return sum(o.index(x) < o.index(y) for o in ballots) >= 2

    all_ways = list(product(orders, repeat=3))
    cycles = [w for w in all_ways if most(w, "a", "b") == most(w, "b", "c") == most(w, "c", "a")]
    wins = [w for w in all_ways if most(w, "a", "b") and most(w, "a", "c")]
    assert F(len(cycles), len(all_ways)) == F(1, 18)  # Guilbaud 1952
    return {"cycle": F(1, 18), "a_beats_all": F(len(wins), len(all_ways)),
            "first_ranks_so": F(sum(w[0] == ("a", "b", "c") for w in wins), len(wins))}


@model
def order_of_joining():
    weights = {"a": 4, "b": 3, "c": 2, "d": 1}
    turns = dict.fromkeys(weights, F(0))
    for order in permutations(weights):
        held = 0
        for member in order:
            if held < 6 <= held + weights[member]:
                turns[member] += F(1, 24)
            held += weights[member]
    return {f"{name}_turns": p for name, p in turns.items()}


@model
def kuhn_poker():
    """The first player bets a jack with 1/6, a king with 1/2; answers and bluffs by their rules."""
    value = doubled = F(0)
    for first, second in permutations((1, 2, 3), 2):
        bets = {1: F(1, 6), 2: F(0), 3: F(1, 2)}[first]
        called = {1: F(0), 2: F(1, 3), 3: F(1)}[second]
        bet_at = {1: F(1, 3), 2: F(0), 3: F(1)}[second]
        calls = {1: F(0), 2: F(1, 2), 3: F(1)}[first]
        wins = 1 if first > second else -1
        value += F(1, 6) * (bets * (called * 2 * wins + 1 - called)
                            + (1 - bets) * (bet_at * (calls * 2 * wins - 1 + calls)
                                            + (1 - bet_at) * wins))
        doubled += F(1, 6) * (bets * called + (1 - bets) * bet_at * calls)
    assert value == F(-1, 18)  # Kuhn 1950
    return {"value": value, "stakes_doubled": doubled}


@model
def occupancy():
    balls, urns = 10, 6

    def most_at_most(m):
        """Coefficients of (sum of x^k / k! for k to m)^urns, from the highest that counts."""
        poly = [F(1)] + [F(0)] * balls
        for _ in range(urns):
            poly = [sum(poly[i - k] / factorial(k) for k in range(min(i, m) + 1))
                    for i in range(balls + 1)]
        return poly[balls] * factorial(balls) / urns**balls

    return {"vacant": urns * F(5, 6)**balls,
            "none_vacant": sum((-1)**j * comb(urns, j) * F(urns - j, urns)**balls
                               for j in range(urns + 1)),
            "fullest": sum(1 - most_at_most(m) for m in range(balls)),
            "five_in_one": 1 - most_at_most(4)}


@model
def runs_against_runs():
    def step(state):
        won, lost = state
        if won == 3 or lost == 2:
            return [(F(1), state)]
        return [(F(3, 5), (won + 1, 0)), (F(2, 5), (0, lost + 1))]

    days = [push((0, 0), step, k) for k in range(1, 61)]
    wins = share(days[-1], lambda s: s[0] == 3)
    p, q = F(3, 5), F(2, 5)  # Feller 1968, VIII.1
    feller = p**2 * (1 - q**2) / (p**2 + q - p**2 * q)
    assert 0 <= feller - wins < F(1, 10**9)
    return {"three_wins_first": wins, "two_losses_first": share(days[-1], lambda s: s[1] == 2),
            "days_open": sum(share(d, lambda s: s[0] < 3 and s[1] < 2) for d in days) / 60}


# ---- Beliefs and choices ------------------------------------------------------------------------------


@model
def two_observers():
    prior, weeks = F(1, 4), 6
    hits = {True: F(4, 5), False: F(3, 10)}

    def posterior(yes, n):
        alike = prior * F(4, 5)**yes * F(1, 5)**(n - yes)
        return alike / (alike + (1 - prior) * F(3, 10)**yes * F(7, 10)**(n - yes))

    def alarmed(truth):
        heard_so = binomial(weeks, hits[truth])
        return sum(p for k, p in enumerate(heard_so) if posterior(k, weeks) > F(9, 10))

    def brier(truth):
        return sum(p * (posterior(k, n) - truth)**2 for n in range(1, weeks + 1)
                   for k, p in enumerate(binomial(n, hits[truth]))) / weeks

    one = prior * alarmed(True) + (1 - prior) * alarmed(False)
    return {"what_one_holds": prior, "one_alarmed": one,
            "both_alarmed": prior * alarmed(True)**2 + (1 - prior) * alarmed(False)**2,
            "true_given_alarm": prior * alarmed(True) / one,
            "brier": prior * brier(True) + (1 - prior) * brier(False)}


@model
def chain_store():
    """Entrants come in less the more they believe; a weak monopolist fights with 2/5, to seem tough."""
    prior = 0.3

    def belief(fights, unmasked):
        return 0.0 if unmasked else prior / (prior + (1 - prior) * 0.4**fights)

    def step(tough):
        def moves(state):
            fights, entries, unmasked = state
            comes = softmax(2 - 5 * belief(fights, unmasked), 0)
            met = (fights + 1, entries + 1, unmasked)
            rows = [(1 - comes, state)]
            if tough:
                return rows + [(comes, met)]
            return rows + [(comes * 0.4, met), (comes * 0.6, (fights, entries + 1, True))]
        return moves

    ends = [(weight, push_floats((0, 0, False), step(tough), 5))
            for tough, weight in ((True, prior), (False, 1 - prior))]

    def expected(value):
        return fsum(w * p * value(s) for w, end in ends for s, p in end.items())

    return {"fights": expected(lambda s: s[0]), "entries": expected(lambda s: s[1]),
            "repute": expected(lambda s: belief(s[0], s[2])), "unmasked": expected(lambda s: s[2]),
            "none_came": expected(lambda s: s[1] == 0)}


@model
def dollar_auction():
    """Who is to move raises over the other's bid or drops out; both may move in one day."""
    def raises(other):
        return softmax(1 - 0.2 * other, 0)

    def step(state):
        first, second, firsts_turn, over = state
        if over:
            return [(1.0, state)]
        rows, weight = [], 1.0
        if firsts_turn:
            weight = raises(second)
            rows.append((1 - weight, (first, second, True, True)))
            first = second + 1
        goes_on = raises(first)
        return rows + [(weight * (1 - goes_on), (first, second, False, True)),
                       (weight * goes_on, (first, first + 1, True, False))]

    end = push_floats((0, 0, True, False), step, 40)

    def expected(value):
        return fsum(p * value(*s[:2]) for s, p in end.items())

    return {"paid": expected(lambda a, b: a + b), "first_gets_it": expected(lambda a, b: a > b),
            "nobody_bids": expected(lambda a, b: a == b == 0),
            "past_five": expected(lambda a, b: max(a, b) > 5)}


@model
def pavlov():
    slip, forgives = F(1, 20), F(3, 10)
    payoff = {(1, 1): 3, (1, 0): 0, (0, 1): 5, (0, 0): 1}

    def step(state):
        mine, his = state
        stay = 1 - slip if mine == his else slip
        wants = F(1) if mine else forgives
        nice = wants * (1 - slip) + (1 - wants) * slip
        return [((stay if a else 1 - stay) * (nice if b else 1 - nice), (a, b))
                for a in (1, 0) for b in (1, 0)]

    days = [push((1, 1), step, k) for k in range(21)]
    stays = dict((to, p) for p, to in step((1, 1)))[1, 1]
    return {"earned": sum(mean(d, lambda s: payoff[s]) for d in days[1:]), "peace": days[20][1, 1],
            "days_of_peace": sum(d[1, 1] for d in days[1:]),
            "quarrels": sum(d.get((1, 1), 0) * (1 - stays) for d in days[:20])}


@model
def hostages():
    """A cabinet of three votes on each offer; more offers make it ready, four refused end in a storm."""
    rows = []
    for hard in product((0, 1), repeat=3):
        world = prod(0.4 if h else 0.6 for h in hard)

        def step(state, hard=hard):
            offers, freed, stormed, aye = state
            if freed or stormed:
                return [(1.0, state)]
            out = [(0.6, state)]
            for votes in product((0, 1), repeat=3):
                ayes = [softmax(0.5 * (offers + 1), 1 + h) for h in hard]
                p = 0.4 * prod(a if v else 1 - a for a, v in zip(ayes, votes))
                taken = sum(votes) >= 2
                out.append((p, (offers + 1, taken, not taken and offers + 1 >= 4,
                                aye or sum(votes) > 0)))
            merged = {}
            for p, to in out:
                merged[to] = merged.get(to, 0) + p
            return [(p, to) for to, p in merged.items()]

        end = push_floats((0, False, False, False), step, 15)
        rows += [(world * p, hard, s) for s, p in end.items()]
    hard_first = fsum(p for p, hard, s in rows if hard[0] and s[1])
    return {"freed": fsum(p for p, _, s in rows if s[1]), "stormed": fsum(p for p, _, s in rows if s[2]),
            "offers": fsum(p * s[0] for p, _, s in rows), "one_aye": fsum(p for p, _, s in rows if s[3]),
            "freed_by_hard_first": hard_first / 0.4}


@model
def chicken_signals():
    def state_after(ups, day, hit, false_alarm, prior):
        belief = prior
        for k in range(day):
            belief = heard(belief, hit, false_alarm, k < ups)
        return belief

    crash = second_day = misled = 0.0
    crash_soft = 0.0
    for a_hard, b_hard in product((0, 1), repeat=2):
        weight = (0.3 if a_hard else 0.7) * (0.4 if b_hard else 0.6)
        of_a, of_b = (0.7 if a_hard else 0.2), (0.9 if b_hard else 0.5)
        now = {(0, 0, False): weight}
        for day in (1, 2):
            after = {}
            for ((x, y, crashed), p), up_a, up_b in product(now.items(), (1, 0), (1, 0)):
                p *= (of_a if up_a else 1 - of_a) * (of_b if up_b else 1 - of_b)
                a = state_after(x + up_a, day, 0.7, 0.2, 0.3)
                b = state_after(y + up_b, day, 0.9, 0.5, 0.4)
                straight_a = softmax(1.5 * (1 - 4 * b + a_hard), -1.5 * b)
                straight_b = softmax(1.5 * (1 - 4 * a + b_hard), -1.5 * a)
                both = straight_a * straight_b
                if day == 2:
                    second_day += p * (1 - straight_a) * straight_b
                    misled += p * (a > 0.5 and b < 0.4)
                for hit, q in ((True, both), (False, 1 - both)):
                    to = (x + up_a, y + up_b, crashed or hit)
                    after[to] = after.get(to, 0) + p * q
            now = after
        crashes = fsum(p for s, p in now.items() if s[2])
        crash += crashes
        if not a_hard and not b_hard:
            crash_soft = crashes / weight
    return {"crash": crash, "crash_of_soft": crash_soft, "second_day": second_day, "misled": misled}


@model
def deterrence():
    """Who probes believes more in firmness after each punishment, and gives up after the third."""
    rows = []
    for firm, punishes in ((True, 0.8), (False, 0.3)):
        def step(state, punishes=punishes):
            probes, punished, convinced = state
            if punished >= 3:
                return [(1.0, state)]
            belief = 1 / (1 + (3 / 8)**punished)
            goes = softmax(1.5 * (2 - 4 * belief), 0)
            after = 1 / (1 + (3 / 8)**(punished + 1))
            return [(1 - goes, state), (goes * (1 - punishes), (probes + 1, punished, convinced)),
                    (goes * punishes, (probes + 1, punished + 1, convinced or after > 0.9))]

        rows += [(0.5 * p, firm, s) for s, p in push_floats((0, 0, False), step, 12).items()]
    return {"probes": fsum(p * s[0] for p, _, s in rows),
            "punished": fsum(p * s[1] for p, _, s in rows),
            "convinced": fsum(p for p, _, s in rows if s[2]),
            "probes_of_the_firm": 2 * fsum(p * s[0] for p, firm, s in rows if firm)}


# ---- Where features meet ------------------------------------------------------------------------------


@model
def order_of_leaving():
    """Who leaves on one day leaves in the order of the set: the queue is written as digits."""
    def step(state):
        gone, queue, met = state
        rows = []
        for leaves in product((0, 1), repeat=3):
            if any(x and i in gone for i, x in enumerate(leaves)):
                continue
            p = prod(F(3, 10) if x else F(7, 10) for i, x in enumerate(leaves) if i not in gone)
            line = queue
            for i, x in enumerate(leaves):
                line = line * 10 + i + 1 if x else line
            now = gone | {i for i, x in enumerate(leaves) if x}
            first = met or ("both" if {0, 2} <= now else "a" if 0 in now else "c" if 2 in now else "")
            rows.append((p, (now, line, first)))
        return rows

    end = push((frozenset(), 0, ""), step, 4)
    return {"queue": mean(end, lambda s: s[1]), "in_order": share(end, lambda s: s[1] == 123),
            "reversed": share(end, lambda s: s[1] == 321),
            "first_before_third": share(end, lambda s: s[2] == "a")}


@model
def down_the_line():
    """Each sees who fell before him on the same day."""
    def step(state):
        now = {state[0]: F(1)}
        for i in range(4):
            after = {}
            for down, p in now.items():
                falls = F(0) if i in down else F(1 + 2 * len(down), 10)
                for to, q in ((down | {i}, falls), (down, 1 - falls)):
                    after[to] = after.get(to, 0) + p * q
            now = after
        rows = []
        for down, p in now.items():
            first = state[1] or ("both" if {0, 3} <= down else "a" if 0 in down else
                                 "d" if 3 in down else "")
            rows.append((p, (down, first)))
        return rows

    end, day = push((frozenset(), ""), step, 3), push((frozenset(), ""), step, 1)
    return {"down": mean(end, lambda s: len(s[0])), "all_at_once": share(day, lambda s: len(s[0]) == 4),
            "last_without_first": share(end, lambda s: 3 in s[0] and 0 not in s[0]),
            "last_before_first": share(end, lambda s: s[1] == "d")}


@model
def embargo():
    """Shipments take four days; what is under way when the embargo comes is lost."""
    ships, free, days = F(3, 10), F(19, 20), 20
    none = F(0)
    for comes in range(days + 1):  # the day of the embargo, or never
        p = free**comes * (1 - free if comes < days else 1)
        none += p * (1 - ships)**max(0, min(comes, days - 1) - 3)
    got = sum(ships * free**(k + 4) for k in range(days - 4))
    return {"arrived": got, "nothing_arrived": none, "lost_or_under_way": ships * days - got,
            "arrived_in_peace": ships * (days - 4),
            "by_the_tenth": sum(ships * free**(k + 4) for k in range(6))}


@model
def last_orders():
    """Orders take two days; the future stops on the day after a signal, with some under way."""
    values = dict.fromkeys(("carried_out", "on_average", "on_the_fifth", "two"), F(0))
    within = cases = F(0)
    for stop in range(11):
        ends = stop < 10
        last = min(stop, 9)
        p_stop = F(4, 5)**stop * (F(1, 5) if ends else 1)
        for sent in product((0, 1), repeat=max(0, last - 1)):
            p = p_stop * prod(F(1, 4) if s else F(3, 4) for s in sent)
            x = [sum(sent[:max(0, min(day, last) - 1)]) for day in range(10)]
            values["carried_out"] += p * x[9]
            values["on_average"] += p * F(sum(x), 10)
            values["on_the_fifth"] += p * x[4]
            values["two"] += p * (x[9] >= 2)
            first = x.index(1) if 1 in x else 10
            if first + 4 <= 9:
                cases += p
                within += p * (x[first + 4] >= 2)
    return {**values, "second_within_four": within / cases}


@model
def loaded_die():
    moves = {0: [(F(1, 20), 1), (F(19, 20), 0)], 1: [(F(9, 10), 1), (F(1, 10), 0)]}
    six = {0: F(1, 6), 1: F(1, 2)}

    def joint(seen, keep):
        """Mass by (loaded on the day to keep, loaded now), with what was seen on some days."""
        now = {(None, 0): F(1)}
        for day in range(1, 6):
            after = {}
            for (kept, s), p in now.items():
                for q, to in moves[s]:
                    w = six[to] if seen.get(day) else 1 - six[to] if day in seen else 1
                    key = (to if day == keep else kept, to)
                    after[key] = after.get(key, 0) + p * q * w
            now = after
        return now

    def given(seen, day):
        by = joint(seen, day)
        return sum(p for (kept, _), p in by.items() if kept) / sum(by.values())

    return {"filtered": given({3: True, 4: True, 5: True}, 5),
            "smoothed": given({3: True, 4: True, 5: False}, 3),
            "no_six": sum(joint(dict.fromkeys(range(1, 6), False), 5).values())}


@model
def three_readings():
    """Stories that change a worth, replace a decision, and replace what happens each week."""
    values = dict.fromkeys(("moves", "times_moved", "heat_at_end", "crisis_comes"), 0.0)
    for story, weight in (("hot", 0.5), ("cold", 0.25), ("mild", 0.25)):
        heats = {"hot": 0.5, "cold": 0.2, "mild": 0.1}[story]
        pace = 4 if story == "cold" else 2

        def step(state, story=story, heats=heats, pace=pace):
            heat, since, moved = state
            rows = []
            for more, p in ((1, heats), (0, 1 - heats)):
                hot, waited = heat + more, since + 1
                if hot < 2 or waited < pace:
                    rows.append((p, (hot, waited, moved)))
                    continue
                moves = {"hot": softmax(0.4, 0), "cold": 0.25, "mild": softmax(1 - 0.5 * hot, 0)}[story]
                rows += [(p * moves, (hot, 0, moved + 1)), (p * (1 - moves), (hot, 0, moved))]
            return rows

        for (heat, _, moved), p in push_floats((0, 99, 0), step, 8).items():
            values["moves"] += weight * p * (moved > 0)
            values["times_moved"] += weight * p * moved
            values["heat_at_end"] += weight * p * heat
            values["crisis_comes"] += weight * p * (heat >= 2)
    return values
