#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Transcripts of the command line, compared word by word.

A case is a file cases/NAME.txt. Lines that begin with "$ " are commands for the shell, run in a fresh
folder that holds copies of models/; what follows is what they print: standard output as it is,
standard error behind "! ", and the exit code as "[N]" when it is not 0. Lines before the first command
say what the case shows. Hashes and the version stand as HASH and VERSION: other tests hold those.

  run.py CASUS [--bless] [NAME...]      --bless writes what was printed into the cases
"""
import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


def environment(casus):
    """A terminal-less UTF-8 environment in which nothing of the user's own is left."""
    keep = {k: v for k, v in os.environ.items() if k in ("TMPDIR", "LD_LIBRARY_PATH", "ASAN_OPTIONS")}
    path = str(pathlib.Path(casus).resolve().parent) + ":/usr/local/bin:/usr/bin:/bin"
    return {**keep, "PATH": path, "LC_ALL": "C.UTF-8", "TERM": "xterm"}


def general(text):
    """Without what changes from version to version although nothing a user sees does."""
    text = re.sub(r"(?<![.\w])[0-9a-f]{16}\b", "HASH", text)
    return re.sub(r"(casus |,)\d+\.\d+\.\d+\b", r"\1VERSION", text)


def transcript(command, folder, env):
    done = subprocess.run(["sh", "-c", command], cwd=folder, env=env, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=120, check=False)
    out = general(done.stdout.decode("utf-8", "backslashreplace"))
    err = general(done.stderr.decode("utf-8", "backslashreplace"))
    lines = ["$ " + command]
    lines += out.splitlines()
    lines += ["! " + line for line in err.splitlines()]
    if done.returncode:
        lines.append(f"[{done.returncode}]")
    return lines


def run_case(path, casus):
    """What the case should say, given what it asks."""
    env = environment(casus)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(HERE / "models", folder, dirs_exist_ok=True)
        asked = path.read_text(encoding="utf-8").splitlines()
        first = next(i for i, line in enumerate(asked) if line.startswith("$ "))
        lines = [line for line in asked[:first] if line]
        for line in asked[first:]:
            if line.startswith("$ "):
                lines += ["", *transcript(line[2:], folder, env)]
    return "\n".join(lines) + "\n"


def main(argv):
    bless = "--bless" in argv
    words = [a for a in argv if not a.startswith("--")]
    if not words:
        sys.exit(__doc__)
    casus, names = words[0], words[1:]
    if not os.access(casus, os.X_OK):
        sys.exit(f"{casus} is no program")
    failed = 0
    for path in sorted((HERE / "cases").glob("*.txt")):
        if names and path.stem not in names:
            continue
        said = run_case(path, casus)
        wanted = path.read_text(encoding="utf-8")
        if said == wanted:
            continue
        if bless:
            path.write_text(said, encoding="utf-8")
            print(f"blessed {path.stem}")
            continue
        failed += 1
        sys.stdout.writelines(difflib.unified_diff(
            wanted.splitlines(True), said.splitlines(True), f"cases/{path.name}", "printed"))
    if failed:
        print(f"{failed} cases differ; when that is meant: {sys.argv[0]} CASUS --bless")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
