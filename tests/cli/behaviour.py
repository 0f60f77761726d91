#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What no transcript can hold: signals, broken outputs, hostile inputs, formats read by machines.

  behaviour.py CASUS [unittest arguments]
"""
import csv
import io
import json
import os
import pathlib
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
MODEL = str(HERE / "models" / "small.casus")
VOICES = str(HERE / "models" / "voices.casus")
LADDER = str(ROOT / "models" / "ladder" / "ladder.casus")
CASUS = ""
# A question that is answered at once, and one that rests on what may be any number.
UNKNOWN = b"""model "Unknown"
  time daily from 2024-01-01 to 2024-12-31
param p ~ beta(2, 2000)
event known
  chance 75% once
event slow
  chance p per day
question known "Known"
  ever known
question unknown "Unknown"
  ever slow
"""
LONG = ["--worlds", "4e6", "--futures", "1000"]  # hours of work, to be interrupted


def env(**more):
    kept = {k: v for k, v in os.environ.items() if k in ("TMPDIR", "ASAN_OPTIONS")}
    return {**kept, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TERM": "xterm", **more}


def casus(*words, **more):
    options = {"capture_output": True, "env": env(), "stdin": subprocess.DEVNULL, "timeout": 100}
    return subprocess.run([CASUS, *words], check=False, **{**options, **more})


def shell(command):
    return subprocess.run(["sh", "-c", command], capture_output=True, check=False, timeout=100,
                          env=env(CASUS=CASUS, MODEL=MODEL))


class Output(unittest.TestCase):
    def test_full_disk_is_said_and_exits_with_73(self):
        done = shell('"$CASUS" run "$MODEL" --worlds 10 > /dev/full')
        self.assertEqual(done.returncode, 73)
        self.assertIn(b"No space left on device", done.stderr)

    def test_closed_output_is_said_and_exits_with_73(self):
        done = shell('"$CASUS" run "$MODEL" --worlds 10 >&-')
        self.assertEqual(done.returncode, 73)
        self.assertNotEqual(done.stderr, b"")

    def test_all_streams_closed_harms_nothing(self):
        done = shell('"$CASUS" run "$MODEL" --worlds 10 <&- >&- 2>&-')
        self.assertEqual(done.returncode, 73)

    def test_reader_that_goes_away_ends_it_quietly(self):
        done = shell('"$CASUS" run "$MODEL" --worlds 10 --csv | true; echo done')
        self.assertEqual((done.stdout, done.stderr), (b"done\n", b""))

    def test_output_file_is_whole_or_not_at_all(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "out.txt")
            path.write_text("before")
            done = casus("run", MODEL, "--worlds", "0", "-o", str(path))
            self.assertEqual((done.returncode, path.read_text()), (2, "before"))
            done = casus("run", MODEL, "--worlds", "10", "-o", str(path))
            self.assertEqual((done.returncode, done.stdout), (0, b""))
            self.assertIn("digest", path.read_text())
            self.assertEqual(os.listdir(folder), ["out.txt"])

    def test_output_into_a_missing_folder_exits_with_73(self):
        done = casus("run", MODEL, "--worlds", "10", "-o", "/nonexistent/folder/x")
        self.assertEqual(done.returncode, 73)
        self.assertIn(b"/nonexistent/folder/x", done.stderr)

    def test_output_to_a_device_does_not_replace_it(self):
        before = os.stat("/dev/null")
        self.assertEqual(casus("run", MODEL, "--worlds", "10", "-o", "/dev/null").returncode, 0)
        self.assertEqual(os.stat("/dev/null").st_rdev, before.st_rdev)
        self.assertEqual(casus("run", MODEL, "--worlds", "10", "-o", "/dev/full").returncode, 73)

    def test_output_through_a_link_keeps_the_link(self):
        with tempfile.TemporaryDirectory() as folder:
            target, link = pathlib.Path(folder, "target"), pathlib.Path(folder, "link")
            target.write_text("before")
            link.symlink_to(target)
            self.assertEqual(casus("run", MODEL, "--worlds", "10", "-o", str(link)).returncode, 0)
            self.assertTrue(link.is_symlink())
            self.assertIn("digest", target.read_text())


class Input(unittest.TestCase):
    def refused(self, done, code):
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stdout, b"")
        self.assertNotEqual(done.stderr, b"")
        return done.stderr

    def test_missing_file_is_named(self):
        self.assertIn(b"nowhere.casus", self.refused(casus("run", "nowhere.casus"), 66))

    def test_folder_is_not_a_model(self):
        self.refused(casus("run", str(HERE)), 66)

    def test_unreadable_and_odd_texts_are_refused(self):
        texts = {b"": "empty", b"\0": "NUL", b"model \"x\"\0\n": "NUL later", b"\xff\xfe": "UTF-16",
                 b"model \"\xc3\x28\"\n": "bad UTF-8", b"\x1b[2Jmodel": "escape", b"(" * 100000: "deep",
                 b"x" * 300000: "long name", b"model \"x": "no end"}
        for text, what in texts.items():
            with self.subTest(what), tempfile.NamedTemporaryFile(suffix=".casus") as file:
                file.write(text)
                file.flush()
                said = self.refused(casus("run", file.name), 65)
                self.assertNotIn(b"\x1b", said)
                self.assertNotIn(b"\0", said)

    def test_huge_file_is_refused(self):
        with tempfile.NamedTemporaryFile(suffix=".casus") as file:
            file.truncate(17 * 1024 * 1024)
            self.refused(casus("run", file.name), 66)

    def test_model_from_standard_input(self):
        text = pathlib.Path(MODEL).read_bytes()
        a = casus("run", "-", "--worlds", "50", "--digest", input=text, stdin=None)
        b = casus("run", MODEL, "--worlds", "50", "--digest")
        self.assertEqual((a.returncode, a.stdout), (0, b.stdout))

    def test_name_of_a_file_cannot_paint_the_terminal(self):
        self.assertNotIn(b"\x1b", casus("run", "\x1b[31mred.casus").stderr)


class Numbers(unittest.TestCase):
    def digest(self, *words):
        done = casus("run", MODEL, "--digest", *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, rb"\A[0-9a-f]{16}\n\Z")
        return done.stdout

    def test_seed_0_is_a_seed_and_the_default(self):
        self.assertEqual(self.digest("--worlds", "100"),
                         self.digest("--worlds", "100", "--seed", "0"))
        self.assertNotEqual(self.digest("--worlds", "100"),
                            self.digest("--worlds", "100", "--seed", "1"))

    def test_digest_does_not_depend_on_threads_or_path(self):
        one = self.digest("--worlds", "3000", "--threads", "1")
        for n in ("2", "3", "7"):
            self.assertEqual(one, self.digest("--worlds", "3000", "--threads", n))

    def test_numbers_may_be_written_short(self):
        self.assertEqual(self.digest("--worlds", "1000"), self.digest("--worlds", "1k"))
        self.assertEqual(self.digest("--worlds", "1000"), self.digest("--worlds=1e3"))

    def test_text_is_the_same_twice(self):
        runs = {casus("run", MODEL, "--worlds", "200").stdout for _ in range(2)}
        self.assertEqual(len(runs), 1)


def keys_of(value):
    """All keys of a JSON value but those of `shares`, which are names of the model."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield key
            if key != "shares":
                yield from keys_of(below)
    elif isinstance(value, list):
        for below in value:
            yield from keys_of(below)


class Formats(unittest.TestCase):
    def documented(self, document):
        docs = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
        words = set(re.findall(r"`([a-z_0-9]+)`", docs))
        self.assertEqual(set(keys_of(document)) - words, set())

    def test_json_is_one_document_and_every_key_is_documented(self):
        done = casus("run", MODEL, "--worlds", "200", "--json", "--seed", "18446744073709551615")
        document = json.loads(done.stdout)
        self.documented(document)
        self.assertEqual(document["schema_version"], 1)
        self.assertEqual(document["run"]["seed"], "18446744073709551615")
        kinds = {q["kind"] for q in document["questions"]}
        self.assertEqual(kinds, {"flag", "number", "date", "level", "series"})

    def test_replay_json_is_documented(self):
        document = json.loads(casus("replay", MODEL, "--world", "3", "--json").stdout)
        self.documented(document)
        self.assertEqual((document["world"], document["future"]), (3, 0))

    def test_sources_json_is_documented(self):
        for words in [["--worlds", "200"], ["--no-run"]]:
            document = json.loads(casus("sources", VOICES, *words, "--json").stdout)
            self.documented(document)
            self.assertEqual(document["document"], "sources")
            self.assertEqual(document["run"] is None, words == ["--no-run"])
            kinds = [w["kind"] for w in document["without"]]
            self.assertEqual(kinds, ["source"] * 5 + ["relay"] * 2 + ["owner"])

    def test_the_owner_behind_two_commentaries_moves_an_answer(self):
        """Seeds 000 and 002 came through desks of one owner: without it the pool answers otherwise."""
        document = json.loads(casus(
            "sources", str(ROOT / "models" / "ukraine" / "crisis.casus"), "--worlds", "400",
            "--futures", "4", "--question", "troops_in", "--json", "--quiet").stdout)
        owner, = [w for w in document["without"] if w["kind"] == "owner"]
        self.assertEqual(owner["stories"], ["digest_svr", "lassez"])
        answer, = owner["answers"]
        self.assertTrue(answer["found"])
        self.assertGreater(answer["errors"], 4)
        self.assertLess(answer["difference"]["hi"], 0)

    def test_sources_csv_and_json_say_the_same(self):
        rows = list(csv.DictReader(io.StringIO(
            casus("sources", VOICES, "--worlds", "200", "--csv").stdout.decode())))
        document = json.loads(casus("sources", VOICES, "--worlds", "200", "--json").stdout)
        compared = 0
        for hand in document["without"]:
            for answer in hand["answers"]:
                row = [r for r in rows if (r["part"], r["hand"], r["name"]) ==
                       ("difference", hand["name"], answer["question"])]
                self.assertEqual(float(row[0]["value"]), answer["difference"]["value"])
                compared += 1
        self.assertGreater(compared, 20)
        weights = {r["name"]: float(r["value"]) for r in rows if r["part"] == "weight"}
        self.assertEqual(weights, {w["story"]: w["makes"] for w in document["weights"]["stories"]})

    def test_csv_and_json_say_the_same(self):
        rows = list(csv.DictReader(io.StringIO(
            casus("run", MODEL, "--worlds", "200", "--csv").stdout.decode())))
        document = json.loads(casus("run", MODEL, "--worlds", "200", "--json").stdout)
        for question in document["questions"]:
            if question["estimate"] and question["estimate"]["value"] is not None:
                row = [r for r in rows if (r["question"], r["part"]) == (question["name"], "answer")]
                self.assertEqual(float(row[0]["value"]), question["estimate"]["value"])
                self.assertEqual(row[0]["model"], document["model"]["hash"])

    def test_diagnostics_can_be_json(self):
        with tempfile.NamedTemporaryFile(suffix=".casus") as file:
            file.write(b'model "x"\n  time weakly from 2024-01-01 to 2025-01-01\n')
            file.flush()
            done = casus("run", file.name, "--diagnostics=json")
            self.assertEqual(done.returncode, 65)
            self.assertTrue(json.loads(done.stderr))


class Numbers(unittest.TestCase):
    CERTAIN = b"""model "Certain"
  time daily from 2024-01-01 to 2024-01-03
param p : number ~ 1 to 2
state men : number = 52835.5171
state near : number = 0
state far : number = 0
event e
  chance 40% once
each step
  near = 700000.3 + normal(p, 1) / 1000
  far = normal(p, 1)
question men men at end
question some men at end given ever e
question near near at end
question far far at end
"""

    def test_what_is_the_same_in_all_futures_has_no_deviation_and_what_hardly_differs_its_own(self):
        for futures in ("16", "1"):
            done = casus("run", "-", "--json", "--quiet", "--worlds", "4k", "--futures", futures,
                         input=self.CERTAIN, stdin=None)
            men, some, near, far = json.loads(done.stdout)["questions"]
            for q in (men, some):
                self.assertEqual((q["sd"], q["estimate"]["half"]), (0, 0))
                self.assertEqual((q["band"] or {"sd": 0})["sd"], 0)
            # The same draws, a thousandth of them: sites differ by name, so not to the last digit.
            self.assertAlmostEqual(near["sd"], far["sd"] / 1000, delta=far["sd"] / 1000 * 0.05)
            self.assertAlmostEqual(near["estimate"]["half"], far["estimate"]["half"] / 1000,
                                   delta=far["estimate"]["half"] / 1000 * 0.2)


class Interrupts(unittest.TestCase):
    def start(self, *words, command="run"):
        """A long run that has begun: it listens to SIGINT, as the system tells."""
        run = subprocess.Popen([CASUS, command, MODEL, *LONG, *words], env=env(),
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        listens = 0
        while not listens & 1 << signal.SIGINT - 1:
            self.assertIsNone(run.poll())
            time.sleep(0.005)
            status = pathlib.Path(f"/proc/{run.pid}/status").read_text()
            listens = int(re.search(r"SigCgt:\s*(\w+)", status)[1], 16)
        time.sleep(0.5)
        return run

    def test_ctrl_c_and_sigterm_print_what_is_known(self):
        for stop in (signal.SIGINT, signal.SIGTERM):
            with self.start() as run, self.subTest(stop):
                run.send_signal(stop)
                out, err = run.communicate(timeout=60)
                self.assertEqual(run.returncode, 130, err)
                self.assertIn(b"Partial: stopped after ", out)
                self.assertIn("±".encode(), out)

    def test_every_long_command_ends_by_sigterm_with_its_code(self):
        for command, *words in (("compare",), ("sources",), ("sources", "--json"),
                                ("check", "--order"), ("check", "--reach", "--json")):
            with self.start(*words, command=command) as run, self.subTest(command, words=words):
                run.send_signal(signal.SIGTERM)
                out, err = run.communicate(timeout=60)
                self.assertEqual((run.returncode, bool(out)), (130, True), err)

    def test_one_ctrl_c_that_arrives_twice_is_one(self):
        with self.start() as run:
            run.send_signal(signal.SIGINT)
            time.sleep(0.001)
            run.send_signal(signal.SIGINT)
            out, _ = run.communicate(timeout=60)
        self.assertEqual(run.returncode, 130)
        self.assertIn(b"Partial: stopped after ", out)

    def test_second_ctrl_c_ends_a_run_that_cannot_write(self):
        with tempfile.TemporaryDirectory() as folder:
            fifo = os.path.join(folder, "fifo")
            os.mkfifo(fifo)  # nobody reads: writing the answer waits for ever
            with self.start("-o", fifo) as run:
                run.send_signal(signal.SIGINT)
                time.sleep(0.7)  # more than the quarter of a second in which two are one
                self.assertIsNone(run.poll())
                run.send_signal(signal.SIGINT)
                run.communicate(timeout=20)
            self.assertEqual(run.returncode, 130)


    EXACT = ["--over-priors", "1e6"]  # minutes of work, behind an answer that is there at once

    def interrupt_exact(self, kind, seconds, *words, text=UNKNOWN):
        with subprocess.Popen([CASUS, *words, "-"], env=env(), stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as work:
            work.stdin.write(text)
            work.stdin.close()
            work.stdin = None
            time.sleep(seconds)
            work.send_signal(kind)
            out, err = work.communicate(timeout=20)
        self.assertEqual(work.returncode, 130, err)
        return out, err

    def test_ctrl_c_leaves_the_exact_answers_that_are_there(self):
        for kind in (signal.SIGINT, signal.SIGTERM):
            out, _ = self.interrupt_exact(kind, 1, "exact", *self.EXACT)
            self.assertIn(b"Partial: stopped before all questions were answered", out)
            self.assertIn(b"75 %", out)
            self.assertIn(b"no answer: stopped before this was answered", out)

    def test_ctrl_c_before_the_first_exact_answer_says_so(self):
        words = ["exact", *self.EXACT, "--question", "unknown"]
        out, err = self.interrupt_exact(signal.SIGINT, 1, *words)
        self.assertEqual(out, b"")
        self.assertIn(b"stopped before the first answer", err)


class Terminal(unittest.TestCase):
    def on_terminal(self, words, seconds, until=None, **more):
        """What comes out of a terminal of our own, output and errors together, for so long or until it shows
        a pattern."""
        try:
            pid, fd = pty.fork()
        except OSError as error:
            self.skipTest(f"no terminal to be had here: {error}")
        if pid == 0:
            os.execve(CASUS, [CASUS, *words], env(**more))
        end, text = time.time() + seconds, b""
        try:
            while time.time() < end and not (until and re.search(until, text)):
                if select.select([fd], [], [], 0.1)[0]:
                    text += os.read(fd, 65536)
        except OSError:
            pass
        try:
            os.kill(pid, signal.SIGINT)
            while select.select([fd], [], [], 20)[0]:
                text += os.read(fd, 65536)
        except (OSError, ProcessLookupError):
            pass
        os.waitpid(pid, 0)
        os.close(fd)
        return text

    def test_progress_shows_share_rate_and_a_running_answer(self):
        line = rb"\r *\d+ % [#.]{10}  .* futures, .*/s, \d+:\d\d left"
        self.assertRegex(self.on_terminal(["run", MODEL, *LONG], 60, until=line), line)

    def test_exact_answers_show_where_they_are_and_what_is_left(self):
        with tempfile.NamedTemporaryFile(suffix=".casus") as file:
            file.write(UNKNOWN)
            file.flush()
            line = rb"\rquestion 2 of 2: \d+ % [#.]{10}  .* worlds, \d+:\d\d left"
            words = ["exact", file.name, "--over-priors", "1e6"]
            self.assertRegex(self.on_terminal(words, 60, until=line), line)

    def test_short_runs_show_no_progress(self):
        self.assertNotIn(b"left", self.on_terminal(["run", MODEL, "--worlds", "10"], 1))

    def test_colour_follows_terminal_and_NO_COLOR(self):
        words = ["run", MODEL, "--worlds", "10"]
        self.assertIn(b"\x1b[1m", self.on_terminal(words, 1))
        self.assertNotIn(b"\x1b[1m", self.on_terminal(words, 1, NO_COLOR="1"))
        self.assertNotIn(b"\x1b", self.on_terminal(words, 1, TERM="dumb"))
        self.assertNotIn(b"\x1b", casus(*words).stdout)
        self.assertIn(b"\x1b[1m", casus(*words, "--color", "always").stdout)


if __name__ == "__main__":
    CASUS = os.path.abspath(sys.argv.pop(1))
    unittest.main()
