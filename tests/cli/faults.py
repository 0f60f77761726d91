#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Everything the system may refuse, refused once: every allocation, every call that reads, writes,
renames or starts a thread fails in turn, and each time the program ends by itself with a sentence and
one of its exit codes, or does without. What it was to write is whole or as it was, and nothing lies
beside it.

  faults.py CASUS SHIM [--all] [--calls-only] [unittest arguments]

SHIM is faults.c as a library. Long walks are sampled, the same places each time; --all takes every
one. --calls-only leaves memory out: so may a program be walked that has an allocator of its own,
such as one built with the address sanitizer, which then also looks for what was not given back.
"""
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
CASUS = SHIM = ""
ALL = CALLS_ONLY = False
MOST = 14  # places of one walk, unless --all
OLD = "as it was before\n"
SAVED, DONE = "saved", "done"  # checkpoints: one to come, one of a whole run
SMALL = ["--worlds", "6", "--futures", "2", "--threads", "2"]
FEW = ["--worlds", "6", "--futures", "2", "--threads", "1"]

# What is walked: the command, and the files it may write (or change).
WALKS = {
    "run": (["run", "small.casus", *SMALL], []),
    "run into a file": (["run", "small.casus", *SMALL, "-o", "old.txt"], ["old.txt"]),
    "run with samples": (["run", "small.casus", *SMALL, "--samples", "s.csv"], ["s.csv"]),
    "run with a checkpoint": (["run", "small.casus", *SMALL, "--checkpoint", SAVED], []),
    "run from a checkpoint": (["run", "small.casus", *SMALL, "--checkpoint", DONE], []),
    "run as JSON": (["run", "small.casus", *SMALL, "--json", "-o", "new.json"], ["new.json"]),
    "run as CSV": (["run", "voices.casus", *FEW, "--csv"], []),
    "check": (["check", "small.casus"], []),
    "faults of a model": (["check", "wrong.casus", "--diagnostics=json"], []),
    "show": (["show", "voices.casus"], []),
    "compare": (["compare", "voices.casus", *FEW, "--json"], []),
    "sources": (["sources", "voices.casus", *FEW, "--markdown"], []),
    "replay": (["replay", "small.casus", "--json"], []),
    "exact": (["exact", "exact.casus", "--json", "-o", "old.txt"], ["old.txt"]),
    "fmt": (["fmt", "-i", "loose.casus"], ["loose.casus"]),
    "new": (["new", "-o", "new.casus"], ["new.casus"]),
    "a file that uses another": (["check", "user.casus"], []),
}
NOT_SAVED = re.compile(r"  - the checkpoint is not up to date: .*\n")  # a remark of the answer
EXACT = '''model "Exact"
  time weekly from 2024-01-01 to 2024-03-01
state n : count = 0
each step
  n += 1
event e "E"
  chance 30% within 90 days
question q ever e
'''


def make_checkpoint(folder):
    """What `stage` puts down as the checkpoint of a run that is done."""
    stage(folder)
    subprocess.run([CASUS, "run", "small.casus", *SMALL, "--checkpoint", DONE], cwd=folder,
                   capture_output=True, check=True)
    return pathlib.Path(folder, DONE).read_bytes()


def stage(folder, done=None):
    """The folder as it is before every try."""
    for old in pathlib.Path(folder).iterdir():
        old.unlink()
    for model in (HERE / "models").glob("*.casus"):
        shutil.copy(model, folder)
    pathlib.Path(folder, "old.txt").write_text(OLD)
    if done:
        pathlib.Path(folder, DONE).write_bytes(done)
    pathlib.Path(folder, "exact.casus").write_text(EXACT)
    used = "def twice(x) = 2 * x\n"
    pathlib.Path(folder, "used.casus").write_text(used)
    pathlib.Path(folder, "user.casus").write_text(
        EXACT.replace("state n", 'use "used.casus"\nstate n').replace("n += 1", "n += twice(1)"))


def content(folder):
    """Every file there; what differs from run to run (how long it took) is left out. Of checkpoints,
    which are no text, a hash."""
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() if p.name in (SAVED, DONE)
            else general(p.read_text()) for p in pathlib.Path(folder).iterdir()}


def general(text):
    text = re.sub(r'"seconds": [-+.e\d]+', '"seconds": 0', text)
    return re.sub(r"(less than a second|about \d+ (s|minutes)) on", "some time on", text)


class Try:
    """One process under the shim."""

    def __init__(self, words, folder, fault):
        log = pathlib.Path(folder + ".log")
        log.unlink(missing_ok=True)
        # A sanitizer's library comes after the shim, and need not complain.
        asan = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
        # LD_PRELOAD ends a name at a space, LD_LIBRARY_PATH does not.
        env = {"ASAN_OPTIONS": asan, "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin",
               "LD_PRELOAD": os.path.basename(SHIM), "LD_LIBRARY_PATH": os.path.dirname(SHIM),
               "CASUS_FAULT": fault, "CASUS_FAULT_LOG": str(log)}
        done = subprocess.run([CASUS, *words], cwd=folder, env=env, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=60, check=False)
        self.words = words
        self.code = done.returncode
        self.out = general(done.stdout.decode())
        self.err = done.stderr.decode()
        self.files = content(folder)
        self.log = log.read_text() if log.exists() else ""


class Faults(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = os.path.join(folder.name, "here")
        os.mkdir(self.folder)
        self.done = make_checkpoint(self.folder)

    def tried(self, words, fault):
        stage(self.folder, self.done)
        return Try(words, self.folder, fault)

    def places(self, n):
        """Which of n calls fail: all, or some that are spread over them."""
        if ALL or n <= MOST:
            return range(1, n + 1)
        return sorted({1 + i * (n - 1) // (MOST - 1) for i in range(MOST)})

    def walk(self, kind, codes):
        """The kind's every place, in every walk; a fault ends with one of `codes`."""
        for name, (words, writes) in WALKS.items():
            stage(self.folder, self.done)
            before = content(self.folder)
            good = self.tried(words, f"{kind}:1000000000")
            total = int(good.log)
            self.assertGreater(total, 2, name)
            for n in self.places(total):
                done = self.tried(words, f"{kind}:{n}")
                with self.subTest(f"{name}: {kind} {n} of {total}: {done.log}"):
                    self.check(done, good, before, writes, codes)
                    self.resume(done, good)

    def check(self, done, good, before, writes, codes):
        # A file that another uses is named at its place in the model: 65.
        more = {65} if "user.casus" in done.words else set()
        self.assertIn(done.code, {good.code, *codes, *more}, done.err)
        self.assertNotIn("a fault of the program itself", done.err)
        for name in (set(done.files) | set(before)) - {SAVED}:
            kept = before.get(name)
            allowed = (kept, good.files.get(name)) if name in writes else (kept,)
            self.assertIn(done.files.get(name), allowed, name)
        if done.code != good.code:
            self.assertTrue(done.err or done.log == "write of a message")
            self.assertTrue(good.out.startswith(done.out))
        elif not NOT_SAVED.search(done.out):
            self.assertEqual((done.out, done.files), (good.out, good.files))
        else:
            self.assertIn(SAVED, done.words)
            self.assertEqual(NOT_SAVED.sub("", done.out), good.out)

    def resume(self, done, good):
        """Whatever is left of a checkpoint, the same command goes on from it to the same answer."""
        if SAVED in done.words:
            again = Try(done.words, self.folder, "")
            self.assertEqual((again.code, again.out, again.files),
                             (good.code, good.out, good.files), again.err)

    @unittest.skipIf("--calls-only" in sys.argv, "an allocator of its own")
    def test_memory_that_ends_anywhere_is_said_and_leaves_nothing(self):
        self.walk("alloc", {70})

    def test_a_call_that_fails_is_said_and_leaves_nothing(self):
        self.walk("call", {66, 73})

    def test_writes_that_take_little_at_a_time_write_all(self):
        for name, (words, _) in WALKS.items():
            with self.subTest(name):
                good, done = self.tried(words, ""), self.tried(words, "short:1000000000")
                self.assertEqual((done.code, done.out, done.files),
                                 (good.code, good.out, good.files))


if __name__ == "__main__":
    ALL, CALLS_ONLY = "--all" in sys.argv, "--calls-only" in sys.argv
    words = [w for w in sys.argv[1:] if w not in ("--all", "--calls-only")]
    CASUS, SHIM = (os.path.abspath(word) for word in words[:2])
    unittest.main(argv=[sys.argv[0], *words[2:]])
