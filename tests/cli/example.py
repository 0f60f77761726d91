#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The example of the C interface says what the program says, and the library shows nothing but
casus_*: example.py CASUS ODDS LIBCASUS."""
import json
import pathlib
import shutil
import subprocess
import sys

MODEL = str(pathlib.Path(__file__).resolve().parent / "models" / "small.casus")


def check_symbols(library):
    if shutil.which("nm"):
        said = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True,
                              check=True, text=True).stdout
        names = [line.split()[2] for line in said.splitlines()]
        strangers = [name for name in names if not name.startswith("casus_")]
        assert len(names) > 40 and not strangers, strangers


def main(casus, odds, library):
    check_symbols(library)
    run = subprocess.run([casus, "run", MODEL, "--seed", "42", "--worlds", "500", "--json"],
                         capture_output=True, check=True)
    answer = json.loads(run.stdout)
    said = subprocess.run([odds, MODEL, "500"], capture_output=True, check=True, text=True).stdout
    assert said.endswith(f"digest {answer['digest']}\n"), said
    for question in answer["questions"]:
        assert question["name"] in said, question["name"]
    wrong = subprocess.run([odds, __file__], capture_output=True, check=False, text=True)
    assert wrong.returncode == 65 and "error" in wrong.stderr, wrong
    missing = subprocess.run([odds, "nowhere"], capture_output=True, check=False, text=True)
    assert missing.returncode == 66 and "nowhere" in missing.stderr, missing


if __name__ == "__main__":
    main(*sys.argv[1:])
