#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every limit of `casus help limits` is kept: what reaches it is taken, what goes beyond is refused in
words (or, where the limit is of what is shown, cut). A limit without a case here fails the test.

  limits.py CASUS [unittest arguments]
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

CASUS = ""
HEAD = 'model "Limits"\n  time daily from 2024-01-01 to 2024-01-05\nstate n : number = 0\n'
TAIL = "question last n at end\n"


def casus(*words, cwd=None):
    done = subprocess.run([CASUS, *words], cwd=cwd, capture_output=True, stdin=subprocess.DEVNULL,
                          timeout=250, check=False)
    return done.returncode, done.stderr.decode()


def limits():
    """What the text of a limit says, and its value."""
    out = subprocess.run([CASUS, "help", "limits"], capture_output=True, check=True).stdout.decode()
    rows = re.findall(r"^ *([\d,]+)  (.*)$", out, re.M)
    return {text: int(value.replace(",", "")) for value, text in rows}


def some(n, form, between="\n"):
    return between.join(form.format(i=i) for i in range(n))


def model(*parts):
    return HEAD + "".join(part + "\n" for part in parts) + TAIL


def with_option(n):
    return model("actor A", "decision d by A", some(n, "  option o{i} weight 1"))


def with_units(n):
    """Days are a unit of their own accord, and of these no product is made."""
    return model(some(n, "unit u{i}"), some(n, "state s{i} : u{i} = 1"))


def of_bytes(n):
    text = model()
    return text + "#" * (n - len(text) - 1) + "\n"


def raised(n):
    """A unit to the power of nine, n times over: what may be written at once ends there."""
    return model("unit km", "state a : km = 1", "each step",
                 "  n = " + " * ".join(["a ^ 9"] * n) + "".join([" / a ^ 9"] * n))


def calls(n):
    """A function that calls one that calls one ..., n of them."""
    defs = "".join(f"def f{i}(x) = f{i - 1}(x) + 1\n" for i in range(1, n))
    return model("def f0(x) = x", defs, "each step", f"  n = f{n - 1}(1)")


def columns(n):
    """About n states, each for every member of a set of a thousand."""
    return model("set s = " + some(1000, "m{i}", ", "), some(n, "state x{i}[s] : number = 0"),
                 "each step", "  for m in s", some(n, "    x{i}[m] += n"),
                 "question q sum(m in s: " + some(n, "x{i}[m]", " + ") + ") at end")


# By what the table says: a model that is taken, one that is not, and what is said of it. Of limits
# that bound many things at once the first stays well below and the second goes well above.
CASES = {
    "nesting of expressions and blocks":
        lambda n: (model("each step", "  n = " + "(" * (n // 3) + "1" + ")" * (n // 3)),
                   model("each step", "  n = " + "(" * (n + 1) + "1" + ")" * (n + 1)),
                   "nested more than 200 levels deep"),
    "names, numbers and operators of one model file, and what they form":
        lambda n: (model("each step", "  n = 1" + "\n      + 1" * 150),
                   model(some(n // 4, "each step\n  n = 1 + 1")), "too large to read"),
    "length of a name in bytes":
        lambda n: (model("state " + "a" * n + " : number = 0"),
                   model("state " + "a" * (n + 1) + " : number = 0"), "200 bytes"),
    "declared units and products of them":
        lambda n: (with_units(n // 2), with_units(n + 1), "a unit too many"),
    "power of a unit":
        lambda n: (raised(n // 9), raised(n // 9 + 1), f"powers up to {n}"),
    "members of a set or rungs of a ladder":
        lambda n: (model("set s = " + some(n, "m{i}", ", ")),
                   model("set s = " + some(n + 1, "m{i}", ", ")), "more than 1000 members"),
    "elements of a quantity with members of two sets":
        lambda n: (model("set s = " + some(300, "m{i}", ", "), "set t = " + some(333, "k{i}", ", "),
                         "param x[s, t] : number = 0"),
                   model("set s = " + some(300, "m{i}", ", "), "set t = " + some(334, "k{i}", ", "),
                         "state x[s, t] : number = 0"), "more than 100000 members"),
    "parameters of a function":
        lambda n: (model(f"def f({some(n, 'x{i}', ', ')}) = x0"),
                   model(f"def f({some(n + 1, 'x{i}', ', ')}) = x0"), "more than 16 parameters"),
    "functions that call functions":
        lambda n: (calls(n), calls(n + 1), "more than 32 deep"),
    "time steps of a run":
        lambda n: ('model "m"\n  time hourly from 2024-01-01 to 2025-01-01\n' + HEAD.split("\n")[2] +
                   "\n" + TAIL,
                   'model "m"\n  time hourly from 1900-01-01 to 2024-01-01\n' + HEAD.split("\n")[2] +
                   "\n" + TAIL, "more than 1000000 steps"),
    "params that are correlated with others":
        lambda n: (correlated(n), correlated(n + 1), "more than 64 params"),
    "options of a decision or outcomes of a `one of`":
        lambda n: (with_option(n), with_option(n + 1), "more than 32 options"),
    "instructions of a compiled model":
        lambda n: (model("each step", "  n = 1"),
                   model("set s = " + some(150, "m{i}", ", "), "state x[s, s] : number = 0",
                         "each step", "  for i in s", "    for j in s",
                         "      x[i, j] += sum(k in s: x[i, k] * x[k, j])"),
                   "too large once its sets are unrolled"),
    "places in a compiled model where something is drawn":
        lambda n: (model("set s = " + some(1000, "m{i}", ", "),
                         some(n // 2000, "event e{i} for m in s\n  chance 1% within step")),
                   model("set s = " + some(1000, "m{i}", ", "),
                         some(n // 1000 + 1, "event e{i} for m in s\n  chance 1% within step")),
                   "in more than 20000 places"),
    "columns of a compiled model":
        lambda n: (columns(n // 6000), columns(n // 1000 + 1), f"{n}"),
    "stories and variants of a model":
        lambda n: (model(some(n, "variant v{i}\n  n = {i}")),
                   model(some(n + 1, "variant v{i}\n  n = {i}")),
                   "more than 64 stories and variants"),
}


def correlated(n):
    params = some(n, 'param p{i} : number ~ 1 to 2\n  assumption "x"')
    pairs = some(n - 1, "correlate p{i}, p0 0.01").replace("correlate p0, p0 0.01\n", "")
    return model(params, pairs, f"correlate p{n - 1}, p0 0.01")


class Limits(unittest.TestCase):
    def check(self, text, *words):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "m.casus")
            path.write_text(text)
            return casus("check", "m.casus", *words, cwd=folder)

    def test_each_limit_has_a_case(self):
        here = set(CASES) | {text for text in limits() if getattr(self, name_of(text), None)}
        self.assertEqual(set(limits()) - here, set())
        self.assertEqual(set(CASES) - set(limits()), set())

    def test_what_reaches_a_limit_is_taken_and_more_is_refused_in_words(self):
        for text, case in CASES.items():
            good, bad, said = case(limits()[text])
            with self.subTest(text):
                code, errors = self.check(good)
                self.assertEqual(code, 0, errors[-600:])
                code, errors = self.check(bad)
                self.assertEqual(code, 65, errors[-600:])
                self.assertIn(said, errors)
                if "columns" not in text: # these are of no single place
                    self.assertRegex(errors, r"--> m\.casus:\d+:\d+")

    def test_size_of_one_model_file_in_bytes(self):
        n = limits()["size of one model file in bytes"]
        self.assertEqual(self.check(of_bytes(n))[0], 0)
        code, errors = self.check(of_bytes(n + 1))
        self.assertEqual((code, "m.casus is too large" in errors), (66, True), errors)

    def test_size_of_the_checkpoint_of_a_run_in_bytes(self):
        n = limits()["size of the checkpoint of a run in bytes"]
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "m.casus").write_text(model())
            with open(pathlib.Path(folder, "c"), "wb") as file:
                file.truncate(n + 1)  # a hole, which takes no room
            code, errors = casus("run", "m.casus", "--worlds", "10", "--checkpoint", "c", cwd=folder)
        self.assertEqual((code, "c is too large" in errors), (66, True), errors)

    def test_files_of_a_model_the_library_s_parts_that_it_has_among_them(self):
        n = limits()["files of a model, the library's parts that it has among them"]
        n -= 3  # itself, words, admiralty
        for more, wanted in ((0, 0), (1, 65)):
            code, errors = self.files({f"u{i}": f"def f{i}(x) = x\n" for i in range(n + more)},
                                      [f"u{i}" for i in range(n + more)])
            self.assertEqual(code, wanted, errors)
        self.assertIn(f"{n + 3} files at most", errors)

    def test_depth_of_files_using_files(self):
        n = limits()["depth of files using files"]
        for more, wanted in ((0, 0), (1, 65)):
            chain = {f"u{i}": f'use "u{i + 1}.casus"\n' for i in range(n + more - 1)}
            chain[f"u{n + more - 1}"] = "def f(x) = x\n"
            code, errors = self.files(chain, ["u0"])
            self.assertEqual(code, wanted, errors)
        self.assertIn(f"more than {n} deep", errors)

    def files(self, texts, used):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in texts.items():
                pathlib.Path(folder, name + ".casus").write_text(text)
            lines = HEAD.split("\n", 2)
            uses = "".join(f'use "{name}.casus"\n' for name in used)
            pathlib.Path(folder, "m.casus").write_text("\n".join(lines[:2]) + "\n" + uses +
                                                       lines[2] + TAIL)
            return casus("check", "m.casus", cwd=folder)

    def test_errors_shown_in_one_run(self):
        n = limits()["errors shown in one run"]
        code, errors = self.check(model("each step", some(n + 5, "  missing{i} = 1")))
        self.assertEqual(code, 65)
        self.assertEqual(len(re.findall(r"^error", errors, re.M)), n)
        self.assertIn("5 more", errors)

    def test_diagnostics_kept_in_one_run(self):
        n = limits()["diagnostics kept in one run"]
        code, errors = self.check(model("each step", some(3 * n, "  missing{i} = 1")),
                                  "--diagnostics=json")
        self.assertEqual(code, 65)
        self.assertLessEqual(errors.count('"code"'), n)

    def test_deliveries_of_one_delayed_effect_that_may_be_under_way_at_once(self):
        n = limits()["deliveries of one delayed effect that may be under way at once"]
        text = 'model "m"\n  time daily from 2024-01-01 to 2024-12-31\nstate n : number = 0\n' \
               "event e\n  chance 50% within step\n  then\n    after {days} days\n" \
               '      n += 1\n  again\n  assumption "x"\n' + TAIL
        for days, warned in ((n - 1, False), (n + 10, True)):
            code, errors = casus_check_all(self, text.replace("{days}", str(days)))
            self.assertEqual((code, "C0513" in errors), (0, warned), errors)

    def test_worker_threads(self):
        n = limits()["worker threads"]
        for threads, wanted in ((n, 0), (n + 1, 2)):
            code, errors = self.check(model(), "--threads", str(threads))
            self.assertEqual(code, wanted, errors)
        self.assertIn(f"at most {n}", errors)


def casus_check_all(case, text):
    """Where warnings go is not the point here: both outputs."""
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "m.casus").write_text(text)
        done = subprocess.run([CASUS, "check", "m.casus"], cwd=folder, capture_output=True,
                              timeout=100, check=False)
        case.assertNotIn(b"fault of the program", done.stderr)
        return done.returncode, (done.stdout + done.stderr).decode()


def name_of(text):
    return "test_" + re.sub(r"\W+", "_", text).strip("_")


if __name__ == "__main__":
    CASUS = os.path.abspath(sys.argv.pop(1))
    unittest.main()
