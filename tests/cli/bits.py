#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The bits of some answers are what bits.txt has for the number of bits that this build tells
(CASUS_BITS, src/base/version.h): whoever changes the last bit of an answer must raise that number, so
that no checkpoint is gone on with by a build whose futures are others.

  bits.py CASUS [--bless]    write bits.txt anew; refused while the number is not raised
"""
import hashlib
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FILE = HERE / "bits.txt"
SMALL = "--worlds 512 --futures 4"
RUNS = [
    f"run tests/cli/models/small.casus {SMALL}",
    f"run tests/cli/models/voices.casus {SMALL}",
    f"compare tests/cli/models/voices.casus {SMALL}",
    f"run bench/crisis.casus {SMALL}",
    f"run tests/oracles/sir.casus {SMALL}",
    f"run tests/oracles/actors6.casus {SMALL}",
    f"run tests/consistency/councils.casus {SMALL}",
    f"run tests/consistency/beliefs.casus {SMALL}",
    f"run tests/consistency/delays.casus {SMALL}",
    f"run tests/consistency/correlations.casus {SMALL}",
    "exact tests/oracles/actors3.casus",
    "exact tests/oracles/sir.casus",
    "exact tests/consistency/questions.casus",
]
HEAD = """\
# Written by tests/cli/bits.py --bless: the digest of each answer, a hash of the model's text, the command.
"""


def casus(program, *words):
    done = subprocess.run([program, *words], cwd=ROOT, capture_output=True, text=True, timeout=100,
                          check=False)
    assert done.returncode == 0, (words, done.stderr)
    return done.stdout


def found(program):
    """Its number of bits, and for each run (digest, hash of the model)."""
    number = int(re.search(r"^bits of answers: (\d+)$", casus(program, "version"), re.M)[1])
    rows = {}
    for command in RUNS:
        words = command.split()
        text = hashlib.sha256((ROOT / words[1]).read_bytes()).hexdigest()[:8]
        rows[command] = (casus(program, *words, "--quiet", "--digest").strip(), text)
    return number, rows


def wanted():
    number, rows = 0, {}
    for line in FILE.read_text().splitlines() if FILE.exists() else []:
        if line.startswith("bits "):
            number = int(line.split()[1])
        elif line and not line.startswith("#"):
            digest, text, command = line.split(maxsplit=2)
            rows[command] = (digest, text)
    return number, rows


def write(number, rows):
    lines = [f"{digest} {text} {command}\n" for command, (digest, text) in rows.items()]
    FILE.write_text(f"{HEAD}bits {number}\n{''.join(lines)}")


def main(program, bless):
    number, rows = found(program)
    old_number, old = wanted()
    moved = [c for c, (digest, text) in rows.items()
             if c in old and old[c][1] == text and old[c][0] != digest]
    if moved and number <= old_number:
        print("the bits of these answers have changed:", *moved, sep="\n  ")
        print(f"if that is meant, raise CASUS_BITS in src/base/version.h (it is {number}), say so in "
              "CHANGELOG.md, then: tests/cli/bits.py build/casus --bless")
        return 1
    if bless:
        write(number, rows)
    elif (number, rows) != (old_number, old):
        print("bits.txt is of another number of bits, or of other models: look, then --bless")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(str(pathlib.Path(sys.argv[1]).resolve()), "--bless" in sys.argv))
