#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hostile and broken input: whatever a file holds, each command ends soon, within bounded memory, by
itself, with one of its exit codes, and says where the fault lies.

  hostile.py CASUS [unittest arguments]
"""
import os
import pathlib
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
MODEL = HERE / "models" / "small.casus"
CASUS = ""
MEGABYTE = 1024 * 1024
SECONDS = 30  # of processor time; what takes longer hangs
HEAD = 'model "Hostile"\n  time daily from 2024-01-01 to 2024-01-05\nstate n : number = 0\n'
TAIL = "question last n at end\n"


def bounds():
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    if "ASAN_OPTIONS" not in os.environ:
        resource.setrlimit(resource.RLIMIT_AS, (3072 * MEGABYTE, 3072 * MEGABYTE))


def casus(*words, **more):
    options = {"capture_output": True, "stdin": subprocess.DEVNULL, "timeout": 300,
               "preexec_fn": bounds}
    return subprocess.run([CASUS, *words], check=False, **{**options, **more})


class Hostile(unittest.TestCase):
    def try_text(self, text, codes=(65,), commands=("check",)):
        """All of `commands` end with one of `codes`; returns what the last one printed to stderr."""
        if isinstance(text, str):
            text = text.encode()
        with tempfile.NamedTemporaryFile(suffix=".casus") as file:
            file.write(text)
            file.flush()
            for command in commands:
                done = casus(command, file.name)
                self.assertIn(done.returncode, codes, (command, text[:200], done.stderr[-500:]))
                self.assertNotIn(b"\x1b", done.stderr)
                if done.returncode == 65 and b"sets are unrolled" not in done.stderr:
                    self.assertRegex(done.stderr, rb"\.casus:\d+:\d+\b|--> .*:\d+:\d+")
            return done.stderr.decode()


class Size(Hostile):
    def test_a_run_larger_than_the_memory_is_refused_before_it_begins(self):
        ask = "".join(f"question many{i} n + {i} at end\n" for i in range(9000))
        said = self.try_text(HEAD + ask + TAIL, codes=(70,), commands=("check", "run"))
        self.assertIn("GB of memory", said)
        self.assertIn("--question", said)

    def test_sets_that_multiply_are_refused_at_their_block(self):
        members = ", ".join(f"m{i}" for i in range(150))
        loop = (f"set many = {members}\nstate x[many, many] : number = 0\neach step\n"
                "  for i in many\n    for j in many\n"
                "      x[i, j] += sum(k in many: x[i, k] * x[k, j])\n")
        said = self.try_text(HEAD + loop + TAIL)
        self.assertIn("C0395", said)
        self.assertRegex(said, r"--> .*:\d+:1")

    def test_megabytes_of_anything_end_soon(self):
        noise = random.Random(1)
        n = (10 if os.environ.get("CASUS_SLOW") else 3) * MEGABYTE
        few = b"abc \n:~%[]()#\"-+*/0123456789"
        letters = bytes(few[i % len(few)] for i in range(256))
        texts = {
            "comments, then a model": b"# nothing\n" * (n // 10) + (HEAD + TAIL).encode(),
            "one line": b"a " * (n // 2),
            "one name": b"a" * n,
            "one text": b'"' + b"a" * n,
            "brackets": b"(" * n,
            "lines": b"\n" * n,
            "deeper and deeper": b"".join(b" " * (i % 4000) + b"if\n" for i in range(5000)),
            "words": b"event decision question story " * (n // 30),
            "operators": (HEAD + "each step\n  n = 1" + " + 1" * (n // 4) + "\n" + TAIL).encode(),
            "bytes": noise.randbytes(n),
            "letters": noise.randbytes(n).translate(letters),
        }
        for what, text in texts.items():
            with self.subTest(what):
                self.try_text(text, codes=(0, 65))

    def test_many_declarations_end_soon(self):
        n = 8000
        params = "".join(f'param p{i} : number = {i}\n  assumption "x"\n' for i in range(n))
        events = "".join(f"event e{i}\n  when n > {i}\n  then n += 1\n" for i in range(n))
        asks = "".join(f"question q{i} n > {i} at end\n" for i in range(n))
        for text in (params, events, asks):
            with self.subTest(text[:10]):
                self.try_text(HEAD + text + TAIL, codes=(0, 65))

    def test_devices_are_no_endless_models(self):
        for device in ("/dev/zero", "/dev/urandom"):
            with self.subTest(device):
                self.assertIn(casus("check", device).returncode, (65, 66))
        self.assertEqual(casus("check", "/dev/null").returncode, 65)
        self.assertEqual(casus("check", "-").returncode, 65)


class Depth(Hostile):
    def test_deep_nesting_is_refused_in_words(self):
        for n in (300, 100000):
            step = HEAD + "each step\n  n = "
            texts = {
                "brackets": step + "(" * n + "1" + ")" * n,
                "open brackets": step + "(" * n,
                "not": HEAD + "each step\n  if " + "not " * n + "n > 1\n    n = 1",
                "minus": step + "-" * n + "1",
                "powers": step + "n" + " ^ n" * n,
                "if": step + "if n > 1 then 1 else " * n + "0",
                "calls": step + "max(1, " * n + "0" + ")" * n,
                "blocks": HEAD + "each step\n" + "".join(
                    " " * (i + 2) + "if n > 1\n" for i in range(min(n, 3000))),
                "mixtures": HEAD + "param p : number ~ " + "mixture(50%: 1 to 2, rest: " * n,
                "truncated": HEAD + "param p : number ~ " + "truncated(" * n,
            }
            for what, text in texts.items():
                with self.subTest(f"{what} {n}"):
                    self.try_text(text + "\n" + TAIL)

    def test_nesting_that_people_write_is_fine(self):
        self.try_text(HEAD + "each step\n  n = " + "(" * 60 + "1" + ")" * 60 + "\n" + TAIL, (0,))

    def test_loops_that_multiply_are_refused_soon(self):
        members = ", ".join(f"m{i}" for i in range(300))
        head = HEAD + f"set many = {members}\n"
        loops = head + "each step\n  for a in many\n    for b in many\n      for c in many\n" \
                       "        n += 1\n"
        sums = head + "each step\n  n = sum(a in many: sum(b in many: sum(c in many: 1)))\n"
        counts = head + "question q ever any(a in many: any(b in many: any(c in many: " \
                        "a is b and b is c and n > 0)))\n"
        arrays = head + "state big[many, many] : number = 0\n"
        draws = head + "param p[many, many] : number ~ 1 to 2\n  assumption \"x\"\n"
        calls = HEAD + "def f0(x) = x + x\n" + "".join(
            f"def f{i}(x) = f{i - 1}(x) + f{i - 1}(x)\n" for i in range(1, 40)) + \
            "each step\n  n = f39(1)\n"
        selves = HEAD + "def f(x) = g(x)\ndef g(x) = f(x)\neach step\n  n = f(1)\n"
        for what, text in {"loops": loops, "sums": sums, "counts": counts, "arrays": arrays,
                           "draws": draws, "calls": calls, "itself": selves}.items():
            with self.subTest(what):
                commands = ("check",) if what == "calls" else ("check", "show")
                self.try_text(text + TAIL, codes=(0, 65), commands=commands)


class Text(Hostile):
    def digest(self, text):
        with tempfile.NamedTemporaryFile(suffix=".casus") as file:
            file.write(text.encode() if isinstance(text, str) else text)
            file.flush()
            done = casus("run", file.name, "--worlds", "20", "--digest")
            self.assertEqual(done.returncode, 0, done.stderr)
            return done.stdout

    def test_what_a_word_processor_does_changes_nothing(self):
        plain = MODEL.read_text()
        forms = {
            "Windows line ends": plain.replace("\n", "\r\n"),
            "byte-order mark": "\ufeff" + plain,
            "no-break spaces": plain.replace(" ", "\u00a0"),
            "tabs": re.sub(r"(?m)^ +", lambda m: "\t" * ((len(m.group()) + 1) // 2), plain),
            "odd blanks": re.sub(r"(?<=\S) (?=\S)", "\u2009", plain),
            "blanks at line ends": plain.replace("\n", "  \t\n"),
            "no end of line at the end": plain.rstrip("\n"),
            "typographic quotes": re.sub(r'"([^"\n]*)"', "\u201c\\1\u201d", plain),
            "comments": re.sub(r"(?m)$", " # said", plain),
        }
        for what, text in forms.items():
            with self.subTest(what):
                self.assertEqual(self.digest(text), self.digest(plain))

    def test_bytes_that_are_no_text_are_refused(self):
        plain = MODEL.read_bytes()
        for what, text in {"UTF-16": plain.decode().encode("utf-16"), "NUL": plain + b"\0",
                           "NUL within": plain.replace(b"\n", b"\0\n", 3),
                           "Latin-1": plain + 'actor X "Köln"\n'.encode("latin-1"),
                           "overlong": plain + b"\xc0\xaf", "surrogate": plain + b"\xed\xa0\x80",
                           "cut": plain + b"\xf0\x9f", "escape": plain + b"\x1b[2J",
                           "empty": b"", "blank": b"  \n\t\n", "a comment": b"# model\n"}.items():
            with self.subTest(what):
                self.try_text(text, commands=("check", "run", "show", "replay"))

    def test_any_part_of_a_model_is_refused_or_runs(self):
        text = MODEL.read_bytes()
        for end in range(0, len(text), max(1, len(text) // 40)):
            with self.subTest(end):
                self.try_text(text[:end], codes=(0, 65))

    def test_what_is_missing_is_asked_for(self):
        said = {
            "event e\n  chance 30%\n": "within what time",
            "event e\n  chance 100% within 3 days\n": "leave",
            "param t : duration = 5\n": "",
            "each step\n  n += 3 days\n": "",
            "param h : hazard = 5\n": "",
            "each step\n  missing = 1\n": "missing",
            "each step\n  n = nn\n": "`n`",
            "question q2 ever n\n": "",
            "event e\n  when n > 2024-01-03\n": "",
        }
        for text, wanted in said.items():
            with self.subTest(text):
                self.assertIn(wanted, self.try_text(HEAD + text + TAIL))


class Options(unittest.TestCase):
    def test_numbers_out_of_range_are_refused(self):
        for words in (("--worlds", "0"), ("--futures", "0"), ("--worlds", "-1"),
                      ("--worlds", "nan"), ("--worlds", "1e30"), ("--worlds", ""),
                      ("--worlds", "99999999999999999999"), ("--worlds", "1.5"),
                      ("--seed", "-1"), ("--seed", "x"), ("--seed", "18446744073709551616"),
                      ("--threads", "0"), ("--threads", "100000"), ("--precision", "0"),
                      ("--story", "nobody"), ("--question", "nothing"), ("--nonsense",),
                      ("--set", "nothing = 3")):
            with self.subTest(words):
                done = casus("run", str(MODEL), *words)
                self.assertIn(done.returncode, (2, 65), done.stderr)
                self.assertEqual(done.stdout, b"")
                self.assertNotEqual(done.stderr, b"")

    def test_samples_that_cannot_be_written_are_said(self):
        for path in ("/dev/full", "/nonexistent/x.csv", str(HERE)):
            with self.subTest(path):
                done = casus("run", str(MODEL), "--worlds", "3000", "--samples", path)
                self.assertEqual(done.returncode, 73, done.stderr)

    def test_a_short_run_is_short(self):
        start = time.monotonic()
        self.assertEqual(casus("run", str(MODEL), "--worlds", "1", "--futures", "1").returncode, 0)
        self.assertLess(time.monotonic() - start, 20)


if __name__ == "__main__":
    CASUS = sys.argv.pop(1)
    unittest.main(verbosity=1)
