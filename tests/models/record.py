#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Quiet years of the Ukraine model look like the record, and 2022 does not: record.py CASUS MODELS.

The record is the ISW's series of the Russian-held area and a meta-estimate of casualties, both as The
Economist publishes them (CC BY 4.0), in the figures given below. From the quantiles of 65 weekly changes
a bootstrap interval of each statistic is made: 65 weeks are drawn again and again from the quantile
function (linear between the given points), and 95 of 100 draws lie inside. The model's statistic, from
some ten thousand simulated weeks, has to lie there too. Seeds are fixed, so nothing here can flicker."""
import csv
import pathlib
import random
import subprocess
import sys
import tempfile

WEEKS = 65
# Weekly change of the area since December 2022, km2: least, 5, 25, 50, 75, 95 %, most.
POINTS = ((0.0, -552.0), (0.05, -62.0), (0.25, -0.3), (0.5, 9.0), (0.75, 31.0), (0.95, 106.0),
          (1.0, 187.0))
MAD = 16.0  # median absolute deviation of the same weeks
LOSSES_2022 = (82e3, 161e3)  # 115k at the end of the year, with its 95 % prediction interval
LOSSES_2023 = (283e3, 417e3)  # 343k, likewise
LOSSES_2024 = (328e3, 472e3)  # 393k, likewise


def quantile(values, share):
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


def statistics(values):
    values = sorted(values)
    middle = quantile(values, 0.5)
    spread = quantile(sorted(abs(v - middle) for v in values), 0.5)
    shares = {f"{share:.0%}": quantile(values, share) for share in (0.05, 0.25, 0.5, 0.75, 0.95)}
    return dict(shares, MAD=spread)


def one_week(rng):
    share = rng.random()
    for (a, low), (b, high) in zip(POINTS, POINTS[1:]):
        if share <= b:
            return low + (high - low) * (share - a) / (b - a)
    raise AssertionError(share)


def bootstrap():
    rng = random.Random(20240227)
    drawn = [statistics(one_week(rng) for _ in range(WEEKS)) for _ in range(2000)]
    return {name: (quantile(sorted(d[name] for d in drawn), 0.025),
                   quantile(sorted(d[name] for d in drawn), 0.975)) for name in drawn[0]}


def futures(casus, model, worlds):
    with tempfile.TemporaryDirectory() as folder:
        rows = pathlib.Path(folder) / "rows.csv"
        subprocess.run([casus, "run", model, "--quiet", "--worlds", str(worlds), "--futures", "4",
                        "--samples", rows, "--digest"], check=True, stdout=subprocess.DEVNULL)
        with rows.open(newline="", encoding="utf-8") as text:
            return list(csv.DictReader(text))


def inside(what, value, interval):
    low, high = interval
    print(f"{what}: {value:,.4g} in {low:,.4g} to {high:,.4g}")
    return [] if low <= value <= high else [what]


def months(rows):
    """Shares of months that move the area by more than 2,000 km2, over the months the model asks of."""
    names = [name for name in rows[0] if name.startswith("area_")]
    moved = total = 0
    for row in rows:
        for before, after in zip(names, names[1:]):
            moved += abs(float(row[after]) - float(row[before])) > 2000
            total += 1
    return moved / total


def main(casus, models):
    folder = pathlib.Path(models) / "ukraine"
    quiet = futures(casus, folder / "record-2022-12.casus", 3000)
    faults = []
    weeks = statistics(float(row[f"week_{i}"]) for row in quiet for i in (1, 2, 3, 4))
    given = bootstrap()
    assert given["MAD"][0] < MAD < given["MAD"][1], "the points no longer fit the record's spread"
    for name, interval in given.items():
        faults += inside(f"weekly change, {name}", weeks[name], interval)
    for name, interval in (("losses_2023", LOSSES_2023), ("losses_2024", LOSSES_2024)):
        values = sorted(float(row[name]) for row in quiet)
        faults += inside(f"{name}, median", quantile(values, 0.5), interval)
    direct = sum(row["direct_record"] == "1" for row in quiet) / len(quiet)
    faults += inside("direct war in 65 weeks", direct, (0, 0.01))
    small = futures(casus, folder / "record-2024.casus", 2000)
    faults += inside("months of more than 2,000 km2 from March 2024", months(small), (0, 0.03))
    wild = futures(casus, folder / "record-2022-03.casus", 2000)
    faults += inside("the same, March to November 2022", months(wild), (0.25, 1))
    losses = sorted(float(row["losses_12"]) for row in wild)
    faults += inside("losses_2022, median", quantile(losses, 0.5), LOSSES_2022)
    assert not faults, faults


if __name__ == "__main__":
    main(*sys.argv[1:])
