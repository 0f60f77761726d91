# SPDX-License-Identifier: MIT
"""All ways in which a small model can go, one after the other.

A model is played by a function that is given `choose` and calls it wherever something is drawn. Played
again and again, with the last choice that can still be otherwise taken otherwise, it goes every way once.
"""


class TooMany(Exception):
    """More ways than were asked for."""


class Choices:
    """One way: what was chosen where, out of how many, and how likely that is."""

    def __init__(self, taken):
        self.taken, self.arity = list(taken), []
        self.chance = 1.0

    def __call__(self, chances):
        """An index of `chances`, which sum to 1; what has no chance is never taken."""
        possible = [i for i, p in enumerate(chances) if p > 0]
        if len(possible) == 1:
            self.chance *= chances[possible[0]]
            return possible[0]
        at = len(self.arity)
        if at == len(self.taken):
            self.taken.append(0)
        self.arity.append(len(possible))
        index = possible[self.taken[at]]
        self.chance *= chances[index]
        return index


def all_ways(play, most):
    """(chance, what `play` returned) of every way; TooMany beyond `most` of them."""
    taken, n = [], 0
    while True:
        choose = Choices(taken)
        end = play(choose)
        n += 1
        if n > most:
            raise TooMany
        yield choose.chance, end
        taken = choose.taken[:len(choose.arity)]
        while taken and taken[-1] + 1 >= choose.arity[len(taken) - 1]:
            taken.pop()
        if not taken:
            return
        taken[-1] += 1
