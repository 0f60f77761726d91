#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each of the fourteen systems of the Ukraine model carries weight: systems.py CASUS MODELS.

The table names for each system a cut (a variant of the model that switches it off), answers that must
move when it is made, and which way the five texts or the literature say. Cut and uncut share their draws,
so a difference is taken world by world; its error is that of the mean over worlds. Every answer named has
to move by more than four such errors, in the direction given. Some systems act rarely; there the
setting makes the occasion common, in both runs alike. Seeds are fixed: nothing here can flicker."""
import csv
import math
import pathlib
import subprocess
import sys
import tempfile

WORLDS, FUTURES = 1000, 8
NO_AID = "vote = 0.1% within 1 year"
WILLING = "reluctance ~ 4 to 6"
# System, start, setting, answers with the direction in which the cut moves them, and why.
TABLE = (
    ("s1", "cuts-2024", None, {"ukraine_breaks": -1},
     "munitions from abroad let Ukraine push (riskline I10, L19)"),
    ("s1", "cuts-2024", NO_AID, {"line_breaks": -1, "area_end": -1},
     "without them Russia wins the race of logistics (korybko I01, M01)"),
    ("s2", "cuts-2024", None, {"troops_in": -1, "missile_shown": -1},
     "who does not go in gives Moscow less to answer (digest F21)"),
    ("s3", "cuts-2024", None, {"troops_in": +1, "poland_in": +1},
     "fear of being left alone holds capitals back (korybko G06, B03)"),
    ("s4", "cuts-2024", "initiative ~ 3 to 5", {"coalition_called": -1, "troops_in": -1},
     "others follow, outside the treaty (lassez B05, korybko I15)"),
    ("s5", "cuts-2024", WILLING, {"shots": -1, "germans_centre": -1},
     "the nearer to the line, the more is hit (digest F21)"),
    ("s6", "cuts-2024", "taboo ~ 5% to 20% within 1 year", {"wmd_on_city": -1, "direct": -1},
     "a strike is answered by strikes (riskline F10)"),
    ("s7", "cuts-2024", None, {"trainers_in": +1, "missile_shown": -1},
     "signals deter (digest K01)"),
    ("s7", "cuts-2024", WILLING, {"direct": -1},
     "each step raises the stakes of the next (digest F22)"),
    ("s8", "cuts-2022", None, {"attack": -1, "settled_in": +1},
     "who looks weak going home does not go home (sky F15, F16)"),
    ("s9", "cuts-2024", "misreading ~ 10% to 30%", {"poland_in": -1, "direct": -1},
     "what is taken for an attack draws in (sky H16, korybko F02)"),
    ("s10", "cuts-2024", None, {"truce_in": -1, "warsaw_falls": -1, "leader": -1},
     "a change at home, here or there, opens a way out (sky C13, korybko F08)"),
    ("s11", "cuts-2024", None, {"line_breaks": +1, "truce_in": -1, "lowest_grid": +1},
     "aid holds the line, darkness makes ready for a truce (riskline I08, I10)"),
    ("s12", "cuts-2024", None, {"losses_end": +1, "keepers": -1},
     "a truce spares men, and lets peacekeepers in (lassez F13)"),
    ("s13", "cuts-2024", "adventure ~ 40% to 80% within 1 year", {"elsewhere_action": -1, "area_end": +1},
     "what happens elsewhere takes men from here (riskline M07, read backwards)"),
    ("s14", "cuts-2024", None, {"coalition_called": -1, "trainers_in": -1, "accused": -1},
     "what is spoken of becomes thinkable (lassez M05, H18)"),
)


def answers(casus, model, wanted, options):
    """By question, the mean over the futures of each world."""
    with tempfile.TemporaryDirectory() as folder:
        rows = pathlib.Path(folder) / "rows.csv"
        command = [casus, "run", model, "--quiet", "--digest", "--samples", rows, "--worlds",
                   str(WORLDS), "--futures", str(FUTURES)]
        for name in wanted:
            command += ["--question", name]
        subprocess.run(command + options, check=True, stdout=subprocess.DEVNULL)
        means = {name: [0.0] * WORLDS for name in wanted}
        with rows.open(newline="", encoding="utf-8") as text:
            for row in csv.DictReader(text):
                for name in wanted:
                    means[name][int(row["world"])] += float(row[name]) / FUTURES
        return means


def paired(before, after):
    moves = [y - x for x, y in zip(before, after)]
    mean = sum(moves) / len(moves)
    error = math.sqrt(sum((m - mean) ** 2 for m in moves) / (len(moves) - 1) / len(moves))
    return mean, error


def wanted_of(start, setting):
    """All answers that rows of TABLE ask of one uncut model: it is run once for all of them."""
    return sorted({name for row in TABLE if row[1:3] == (start, setting) for name in row[3]})


def main(casus, models):
    faults, uncut = [], {}
    for system, start, setting, moved, why in TABLE:
        model = pathlib.Path(models) / "ukraine" / f"{start}.casus"
        options = ["--set", setting] if setting else []
        if (start, setting) not in uncut:
            uncut[start, setting] = answers(casus, model, wanted_of(start, setting),
                                            ["--story", "base"] + options)
        whole = uncut[start, setting]
        cut = answers(casus, model, moved, ["--variant", f"cut_{system}"] + options)
        print(f"{system}  {why}" + (f"; with {setting}" if setting else ""))
        for name, sign in moved.items():
            mean, error = paired(whole[name], cut[name])
            base = sum(whole[name]) / WORLDS
            size = abs(mean) / error if error else 0
            print(f"    {name}: {base:.4g} moves by {mean:+.3g}, {size:.1f} errors")
            if mean * sign <= 4 * error or error == 0:
                faults.append(f"{system} {name}")
    named = {row[0] for row in TABLE}
    assert named == {f"s{i}" for i in range(1, 15)}, named
    assert not faults, faults


if __name__ == "__main__":
    main(*sys.argv[1:])
