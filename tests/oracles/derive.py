#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every value that the models here and in tests/coverage are held against, worked out apart from Casus.

    derive.py            print all values
    derive.py --check    compare them with the lines `# oracle` and `# truth` of the models; exit 1 if
                         one differs
    derive.py --write    write them into those lines

One function a model, named like its file, gives the value of each question: as a fraction where it is
one, by a closed form or by pushing fractions through a chain; otherwise in doubles, summed without loss.
It uses nothing but the standard library and knows nothing of the language: whoever doubts a number reads
the model, reads its function here, and runs both. What others published stands beside it as `published`.
"""
import pathlib
import re
import sys
from fractions import Fraction

from derivations import (chances, coverage, crises, newcomers, protocols, quarrels, signals,
                         variants)

HERE = pathlib.Path(__file__).resolve().parent
LINE = re.compile(r"^# (?:oracle (\w+) (?:share|mean|exact)|truth (\w+ \S+)) (\S+)", re.M)


def written(value):
    """A number as it stands in a model: short fractions as such, else all digits of a double."""
    if isinstance(value, Fraction) and value.denominator < 10**7:
        return str(value)
    return repr(float(value))


def half_of_last_digit(text):
    digits, _, power = text.partition("e")
    places = len(digits.partition(".")[2])
    return 0.5 * 10.0 ** (int(power or 0) - places)


def agrees(text, value):
    """Is `text` the value, exactly or to half its last digit (or the last bits of a double)?"""
    if "/" in text or not set(text) & set(".e"):
        return Fraction(text) == value
    limit = max(half_of_last_digit(text), 4e-15 * abs(float(value)))
    return abs(float(Fraction(text)) - float(value)) <= limit


def models():
    functions = {}
    for part in (protocols, chances, crises, signals, variants, newcomers, quarrels,
                 coverage):
        functions.update(part.MODELS)
    return functions


def check(name, values, text):
    """What is wrong with the lines of one model."""
    wrong = []
    found = {m.group(1) or m.group(2): m.group(3) for m in LINE.finditer(text)}
    for question in sorted(set(found) | set(values)):
        if question not in values:
            wrong.append(f"{name}.{question} is not derived")
        elif question not in found:
            wrong.append(f"{name}.{question} has no line `# oracle`")
        elif not agrees(found[question], values[question]):
            wrong.append(f"{name}.{question} is {found[question]} in the model,"
                         f" {written(values[question])} here")
    return wrong


def write(values, text):
    def line(match):
        question = match.group(1) or match.group(2)
        old = match.group(3)
        new = old if question not in values or agrees(old, values[question]) else written(
            values[question])
        return match.group(0)[:match.start(3) - match.start(0)] + new
    return LINE.sub(line, text)


def main():
    mode = sys.argv[1] if len(sys.argv) > 1 else ""
    functions, wrong = models(), []
    paths = sorted(HERE.glob("*.casus")) + sorted((HERE.parent / "coverage").glob("*.casus"))
    for path in paths:
        text = path.read_text(encoding="utf-8")
        if path.stem not in functions:
            wrong.append(f"{path.stem}: no function of this name")
            continue
        values = functions[path.stem]()
        if mode == "--write":
            path.write_text(write(values, text), encoding="utf-8")
        elif mode == "--check":
            wrong += check(path.stem, values, text)
        else:
            for question, value in values.items():
                print(f"{path.stem}.{question} {written(value)} {float(value)!r}")
    wrong += [f"{name}: no model of this name" for name in functions
              if name not in {path.stem for path in paths}]
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
