#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The tables of docs/trust.md: published values and what Casus answers, coverage, random numbers.

    table.py CASUS            exit 1 if a table in docs/trust.md is not what CASUS gives now
    table.py CASUS --bless    write them anew

The values are the lines `# oracle` of tests/oracles and models/, worked out apart from Casus by
derive.py; the exact answers are asked of CASUS here; the sampled ones stand in sampled.txt, where
tests/unit/ask_oracle_test.c put them and finds them again each time it is run. What intervals covered
stands in coverage.txt (ask_coverage_test.c), what dieharder said in dieharder.txt (script/dieharder).
"""
import difflib
import json
import math
import pathlib
import re
import subprocess
import sys
from fractions import Fraction

ROOT = pathlib.Path(__file__).resolve().parents[2]
ORACLES = ROOT / "tests" / "oracles"
TRUST = ROOT / "docs" / "trust.md"
TABLE = re.compile(r"(<!-- table of (\w+) -->\n).*?(<!-- end of table -->\n)", re.S)
LINE = re.compile(r"^# oracle (\w+) (share|mean|exact|level:\w+) (\S+)( sampled)?$", re.M)
SOURCE = re.compile(r"^# source (.+)$", re.M)


def models():
    """Path and text of every model that states a value."""
    paths = sorted(ORACLES.glob("*.casus")) + sorted((ROOT / "models").glob("*/*.casus"))
    for path in paths:
        text = path.read_text(encoding="utf-8")
        if LINE.search(text):
            yield path, text


def exact_answers(casus, path):
    """What `casus exact` gives, by question; empty when no question of the model is finite."""
    done = subprocess.run([casus, "exact", path, "--json", "--quiet"], capture_output=True, text=True,
                          timeout=120, check=False)
    if done.returncode != 0:
        return {}
    return {q["name"]: q for q in json.loads(done.stdout)["questions"]}


def exact_value(question, form):
    if question is None or question["no_answer_because"]:
        return None
    if form.startswith("level:"):
        return next(r["share"]["value"] for r in question["levels"] if r["name"] == form[6:])
    value = question["estimate"]["value"]
    return value / 100 if question["unit"] == "%" else value


def sampled_rows():
    rows = {}
    for line in (ORACLES / "sampled.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            model, question, value, error, futures, _ = line.split()
            rows[model, question] = (float(value), float(error), int(futures))
    return rows


def number(x):
    return f"{x:.12g}"


def relative(off):
    """An upper bound by powers of ten: the last bits are not worth a change of the page."""
    return "< 1e%d" % max(-13, math.ceil(math.log10(max(off, 1e-300))))


def difference(ours, value):
    return relative(abs(ours / float(value) - 1))


def row(casus_says, path, source, match, sampled):
    """Cells of one value, and how many standard errors the sample is off (None: nothing drawn)."""
    question, form, text, refused = match.groups()
    value = Fraction(text)
    exact = exact_value(casus_says.get(question), form)
    assert (exact is None) == bool(refused) or "models" in path.parts, f"{path}: {question}"
    name = question + ("." + form[6:] if form.startswith("level:") else "")
    cells = [f"[{path.stem}](../{path.relative_to(ROOT)})", f"`{name}`", text, source]
    cells += [number(exact), difference(exact, value)] if exact is not None else ["", ""]
    ours, error, _ = sampled[path.stem, name]
    if error == 0:
        return cells + [number(ours), "", ""], None
    off = (ours - float(value)) / error
    return cells + [f"{ours:.7g}", f"{error:.2g}", f"{off:+.1f}"], off


def known_difference(says, match):
    """Relative difference of an exact answer; 0 where fewer than 12 digits of the value are stated."""
    text = match.group(3)
    digits = len(re.sub(r"e.*|\D", "", text).lstrip("0"))
    if "/" not in text and "." in text and digits < 12:
        return 0.0
    value = float(Fraction(text))
    return abs(exact_value(says[match.group(1)], match.group(2)) / value - 1)


def oracles(casus):
    lines = ["| model | question | value | by whom | `exact` | relative difference | `run` | ± 1 s.e. | off, s.e. |",
             "|---|---|---|---|---|---|---|---|---|"]
    sampled, offs, worst, n_exact, n_models = sampled_rows(), [], 0.0, 0, 0
    for path, text in models():
        says = exact_answers(casus, path)
        source = SOURCE.search(text)
        source = source.group(1) if source else "its README"
        n_models += 1
        for match in LINE.finditer(text):
            cells, off = row(says, path, source, match, sampled)
            lines.append("| " + " | ".join(cells) + " |")
            offs += [off] if off is not None else []
            if cells[5]:
                n_exact += 1
                worst = max(worst, known_difference(says, match))
            source = '"'
    return lines + [""] + summary(offs, worst, n_exact, n_models)


def summary(offs, worst, n_exact, n_models):
    """How the differences lie together, against what chance alone would do."""
    n = len(offs)
    chi = sum(z * z for z in offs)
    beyond = [sum(abs(z) > k for z in offs) for k in (1, 2, 3)]
    expected = [n * math.erfc(k / math.sqrt(2)) for k in (1, 2, 3)]
    return [
        f"{n_models} models, {n_exact} values by `exact` and {n} by `run`. Where 12 digits are stated the"
        f" largest relative difference of an exact answer is {relative(worst).replace('< ', 'below ')}.",
        f"Of the {n} sampled ones {beyond[0]}, {beyond[1]} and {beyond[2]} lie beyond 1, 2 and 3 standard"
        f" errors, where chance puts {expected[0]:.0f}, {expected[1]:.1f} and {expected[2]:.1f} (questions"
        f" of one model share their futures);",
        f"the mean square of the differences is {chi / n:.2f}, where 1 is expected, and the largest is"
        f" {max(offs, key=abs):+.1f}.",
    ]


def read_rows(name):
    lines = (ORACLES / name).read_text(encoding="utf-8").splitlines()
    return [line.split() for line in lines if not line.startswith("#")]


WHAT = {"share": "share or mean", "never": "share that never happens"}


def coverage(_):
    lines = ["| model | question | interval of | runs | contain the truth | of any 100: fewest | most |",
             "|---|---|---|---|---|---|---|"]
    for model, question, what, runs, inside, fewest, most in read_rows("coverage.txt"):
        kind, _, which = what.partition(":")
        name = {"q": f"quantile {which}", "level": f"share of `{which}`",
                "by": f"share by {which}"}.get(kind, WHAT.get(what, what))
        lines.append(f"| [{model}](../tests/coverage/{model}.casus) | `{question}` | {name} | {runs} |"
                     f" {100 * int(inside) / int(runs):.1f} % | {fewest} | {most} |")
    return lines


def generator(_):
    lines = ["| words in the order of | p-values | weak (1 in 100) | failed | smallest p | largest p |",
             "|---|---|---|---|---|---|"]
    lines += ["| " + " | ".join(row) + " |" for row in read_rows("dieharder.txt")]
    return lines


def main():
    casus, bless = sys.argv[1], "--bless" in sys.argv[2:]
    page = TRUST.read_text(encoding="utf-8")
    makers = {"oracles": oracles, "coverage": coverage, "generator": generator}
    now = TABLE.sub(lambda m: "\n".join([m.group(1), *makers[m.group(2)](casus), "", m.group(3)]), page)
    if bless:
        TRUST.write_text(now, encoding="utf-8")
    elif now != page:
        sys.stdout.writelines(difflib.unified_diff(page.splitlines(True), now.splitlines(True),
                                                   "docs/trust.md", "now", n=0))
        sys.exit("docs/trust.md is not current: run script/trust")


if __name__ == "__main__":
    main()
