#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random models, answered by going all ways in which they can go, against `casus exact`.

    check.py CASUS [FIRST LAST]    seeds of the models (1 to 40); exit 1 if one answer differs

What is played here shares nothing with Casus, not even the language: it was written from docs/language.md
alone. A model that differs is printed.
"""
import json
import subprocess
import sys

from model import Model
from paths import TooMany, all_ways
from questions import answer

MOST_WAYS = 3000
SAME = 1e-9


def answers(model):
    """Of each question the mean over the futures that count; None where none does."""
    sums = [[0.0, 0.0] for _ in model.questions]
    for chance, looks in all_ways(model.play, MOST_WAYS):
        for total, (form, given) in zip(sums, model.questions):
            value = answer(form, looks, model.time)
            if value is not None and all(answer(g, looks, model.time) for g in given):
                total[0] += chance * value
                total[1] += chance
    return [a / n if n > 0 else None for a, n in sums]


def value(question):
    found = question["estimate"]["value"]
    return found / 100 if found is not None and question["unit"] == "%" else found


def exact(casus, text):
    done = subprocess.run([casus, "exact", "-", "--json", "--quiet"], input=text, capture_output=True,
                          text=True, timeout=120, check=False)
    if done.returncode != 0:
        return done.stderr
    return [value(q) for q in json.loads(done.stdout)["questions"]]


def differs(ours, theirs):
    if ours is None or theirs is None:
        return ours is not theirs
    return abs(ours - theirs) > SAME * max(1, abs(ours))


def check(casus, seed):
    """Number of questions compared, and of those that differ."""
    model = Model(seed)
    try:
        expected = answers(model)
    except TooMany:
        return 0, 0
    given = exact(casus, model.text())
    if isinstance(given, str):
        print(f"seed {seed}:\n{model.text()}\n{given}")
        return len(expected), len(expected)
    wrong = [i for i, (a, b) in enumerate(zip(expected, given)) if differs(a, b)]
    for i in wrong:
        print(f"seed {seed}: q{i} is {expected[i]} by all ways, {given[i]} by casus exact")
    if wrong:
        print(model.text())
    return len(expected), len(wrong)


def main():
    casus = sys.argv[1]
    first, last = (int(a) for a in sys.argv[2:4]) if len(sys.argv) > 3 else (1, 40)
    asked = wrong = 0
    for seed in range(first, last + 1):
        compared, off = check(casus, seed)
        asked, wrong = asked + compared, wrong + off
    print(f"{asked} answers, {wrong} differ")
    sys.exit(1 if wrong or asked == 0 else 0)


if __name__ == "__main__":
    main()
