#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every example in the documents runs, and prints what the document says.

    docs.py CASUS [--bless] FILE...

A fenced block that begins with ```casus is a whole model: it must be without errors and answer its
questions. One marked ```casus fragment is a piece of one: it must parse (the formatter reads it). One
marked ```casus NAME.casus is written to a file of that name, for the commands below it, and one marked
```casus +NAME.casus is put to the end of that file.

A block that begins with ```console holds commands behind "$ " and what they print, word by word
(hashes and the version aside), run in a folder of the document's own that has models/ in it. A line "..."
stands for any lines that are left out; the last line of a run, with its hashes, may be missing.
--bless writes what was printed, without that line, into blocks without "...".
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from run import environment, general

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```(casus|console)([^\n]*)\n(.*?)^```$", re.M | re.S)
LEFT_OUT = "..."
FOOTER = re.compile(r"^casus \d+\.\d+\.\d+ · model ")


def ask(casus, text, *arguments):
    return subprocess.run([casus, *arguments], input=text, capture_output=True, text=True, timeout=60,
                          check=False)


def check_model(casus, folder, mark, text):
    """What is wrong with a block of Casus, or nothing."""
    if mark == "fragment":
        done = ask(casus, text, "fmt", "-")
    else:
        if mark.startswith("+"):
            text = (folder / mark[1:]).read_text(encoding="utf-8") + text
        if mark:
            (folder / mark.lstrip("+")).write_text(text, encoding="utf-8")
        done = ask(casus, text, "run", "-", "--worlds", "64", "--futures", "4", "--quiet")
    fine = done.returncode == 0 and done.stdout.strip()
    return "" if fine else f"exit {done.returncode}\n{done.stderr or done.stdout}"


def printed_by(casus, folder, command):
    done = subprocess.run(["sh", "-c", command], cwd=folder, env=environment(casus), check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=120,
                          stderr=subprocess.STDOUT)
    return done.stdout.decode("utf-8", "backslashreplace").rstrip("\n").splitlines()


def matches(wanted, said):
    """Line by line; LEFT_OUT takes any number of lines."""
    pattern = "".join(r"(?:[^\n]*\n)*?" if line.strip() == LEFT_OUT else re.escape(line) + "\n"
                      for line in wanted)
    return re.fullmatch(pattern, "".join(line + "\n" for line in said)) is not None


def check_console(casus, folder, text):
    """What is wrong with a block of commands, and the block as it should be."""
    wrong, right = "", []
    parts = re.split(r"^\$ ", text, flags=re.M)
    assert not parts[0].strip(), "a console block begins with a command"
    for part in parts[1:]:
        command, _, rest = part.partition("\n")
        wanted = rest.rstrip("\n").splitlines()
        said = printed_by(casus, folder, command)
        if not any(FOOTER.match(line) for line in wanted):
            said = "\n".join(line for line in said if not FOOTER.match(line)).rstrip().splitlines()
        if matches([general(line).rstrip() for line in wanted], [general(line).rstrip() for line in said]):
            said = wanted
        else:
            wrong += f"$ {command}\nprints\n" + "\n".join(said) + "\n"
        right += ["$ " + command, *said, ""]
    return wrong, "\n".join(right).rstrip("\n") + "\n"


def check_file(casus, path, bless):
    source = pathlib.Path(path).read_text(encoding="utf-8")
    passed = failed = 0
    blessed, end = "", 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        shutil.copytree(ROOT / "models", folder / "models")
        for found in BLOCK.finditer(source):
            kind, mark, text = found[1], found[2].strip(), found[3]
            if kind == "console":
                wrong, right = check_console(casus, folder, text)
                if wrong and bless and LEFT_OUT not in text.splitlines():
                    blessed += source[end:found.start(3)] + right
                    end, wrong = found.end(3), ""
            else:
                wrong = check_model(casus, folder, mark, text)
            passed += not wrong
            failed += bool(wrong)
            if wrong:
                print(f"{path}:{source.count(chr(10), 0, found.start()) + 1}: {wrong}")
    if end:
        pathlib.Path(path).write_text(blessed + source[end:], encoding="utf-8")
        print(f"blessed {path}")
    return passed, failed


def main(argv):
    casus, *files = [a for a in argv if a != "--bless"]
    casus = str(pathlib.Path(casus).resolve())
    results = [check_file(casus, path, "--bless" in argv) for path in files]
    passed, failed = (sum(column) for column in zip(*results))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or passed < 10 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
