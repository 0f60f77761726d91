#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The example of the C interface says what the program says: example.py CASUS ODDS."""
import json
import pathlib
import subprocess
import sys

MODEL = str(pathlib.Path(__file__).resolve().parent / "models" / "small.casus")


def main(casus, odds):
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
