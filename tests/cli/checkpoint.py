#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A run that is stopped or killed at random moments, again and again, goes on each time from a
checkpoint that is whole, and ends with the bits of a run that was left alone.

  checkpoint.py CASUS
"""
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
KILLS = 20
LONGEST = 0.15  # seconds from the first save to the kill: time for a few more of them


def command(casus, *more):
    return [casus, "run", "small.casus", "--worlds", "40k", "--digest", *more]


def run(folder, *args):
    return subprocess.run(args, cwd=folder, capture_output=True, text=True, timeout=100, check=False)


def stamp(file):
    return file.stat().st_mtime_ns if file.exists() else 0


def wait_for_save(child, file, before):
    while child.poll() is None and stamp(file) in (0, before):
        time.sleep(0.002)


def kill_and_resume(folder, casus, digest, chance):
    """Twenty kills. A file that one of them had left in pieces would be refused from then on. A run that
    was quicker than its kill must have been right, and the next begins anew."""
    file = folder / "saved"
    went_on, longest = [], LONGEST
    for _ in range(4 * KILLS):
        if len(went_on) == KILLS:
            break
        before = stamp(file)
        threads = str(1 + len(went_on) % 3)
        child = subprocess.Popen(command(casus, "--checkpoint", "saved", "--threads", threads),
                                 cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        wait_for_save(child, file, before)
        time.sleep(chance.uniform(0, longest))
        child.send_signal(signal.SIGKILL)
        out, err = child.communicate()
        if child.returncode == 0:
            assert out == digest, out
            file.unlink()
            longest /= 2
            continue
        assert child.returncode == -signal.SIGKILL, (child.returncode, err)  # 66: it was not whole
        said = re.search(r"going on from saved: ([\d,]+) of", err)
        went_on.append(int(said[1].replace(",", "")) if said else 0)
        if not any(went_on[-5:]):
            longest *= 1.2  # a machine this busy needs more time for anything to be done
    return went_on


def interrupt_and_resume(folder, casus, digest):
    """Ctrl-C: what it has is saved, and told with code 130."""
    file = folder / "stopped"
    for threads in ("1", "2", "1"):
        before = stamp(file)
        child = subprocess.Popen(command(casus, "--checkpoint", "stopped", "--threads", threads),
                                 cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        wait_for_save(child, file, before)
        time.sleep(0.05)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate()
        assert (child.returncode == 130) == (out != digest), (child.returncode, out, err)
    last = run(folder, *command(casus, "--checkpoint", "stopped"))
    assert (last.returncode, last.stdout) == (0, digest), last


def main(casus):
    casus = os.path.abspath(casus)
    chance = random.Random(4)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "small.casus").write_bytes((HERE / "models" / "small.casus").read_bytes())
        alone = run(folder, *command(casus))
        assert alone.returncode == 0 and len(alone.stdout) == 17, alone.stderr
        went_on = kill_and_resume(folder, casus, alone.stdout, chance)
        assert len(went_on) == KILLS and any(went_on), went_on
        last = run(folder, *command(casus, "--checkpoint", "saved", "--threads", "2"))
        assert (last.returncode, last.stdout) == (0, alone.stdout), last
        again = run(folder, *command(casus, "--checkpoint", "saved"))
        assert again.stdout == alone.stdout and "holds the whole run" in again.stderr, again
        interrupt_and_resume(folder, casus, alone.stdout)
        print(f"{KILLS} times killed; went on from {went_on}")


if __name__ == "__main__":
    main(sys.argv[1])
