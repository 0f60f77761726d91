#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every example in the documents runs.

    docs.py CASUS FILE...

A fenced block that begins with ```casus is a whole model: it must be without errors and answer its
questions. One marked ```casus fragment is a piece of one: it must parse (the formatter reads it).
"""
import re, subprocess, sys

casus, files = sys.argv[1], sys.argv[2:]
BLOCK = re.compile(r"^```casus( fragment)?\n(.*?)^```$", re.M | re.S)


def ask(text, *arguments):
    return subprocess.run([casus, *arguments], input=text, capture_output=True, text=True, timeout=60)


passed = failed = 0
for path in files:
    source = open(path, encoding="utf-8").read()
    for found in BLOCK.finditer(source):
        line = source.count("\n", 0, found.start()) + 1
        if found[1]:
            done = ask(found[2], "fmt", "-")
        else:
            done = ask(found[2], "run", "-", "--worlds", "64", "--futures", "4", "--quiet")
        if done.returncode == 0 and done.stdout.strip():
            passed += 1
        else:
            failed += 1
            print(f"{path}:{line}: exit {done.returncode}\n{done.stderr or done.stdout}")
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed or passed < 10 else 0)
