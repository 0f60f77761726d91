# SPDX-License-Identifier: MIT
"""Running what is compared: CPU time in interleaved rounds, instructions under callgrind, memory."""
import os, re, statistics, subprocess, sys, time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BENCH = os.path.join(ROOT, "bench")
BUILD = os.path.join(ROOT, "build-bench")
CASUS = os.path.join(ROOT, "build", "casus")

# Scalar C may contract; the vector version follows the rules of the engine.
SCALAR_FLAGS = ["-std=gnu17", "-O3", "-march=native"]
VECTOR_FLAGS = SCALAR_FLAGS + ["-mno-fma", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math"]


def compiler_version():
    return subprocess.run(["gcc", "--version"], stdout=subprocess.PIPE, check=True).stdout.decode().split("\n")[0]


def build():
    """Casus and what it is compared with; False when there is no NumPy to be had."""
    subprocess.run([os.path.join(ROOT, "script", "build")], check=True, stdout=subprocess.DEVNULL)
    os.makedirs(BUILD, exist_ok=True)
    for name in ("scalar_crisis", "scalar_ladder", "scalar_sir"):
        compile_c(name, SCALAR_FLAGS, [])
    libraries = [os.path.join(ROOT, "build", name) for name in ("libmath.a", "libbase.a")]
    compile_c("vector_crisis", VECTOR_FLAGS + ["-I" + os.path.join(ROOT, "src")], libraries)
    return numpy_python() is not None


def compile_c(name, flags, more):
    subprocess.run(["gcc", *flags, "-o", os.path.join(BUILD, name), os.path.join(BENCH, name + ".c"), *more,
                    "-lm"], check=True)


def has_numpy(python):
    return subprocess.run([python, "-c", "import numpy"], stderr=subprocess.DEVNULL).returncode == 0


def numpy_python():
    """A Python with NumPy: this one, or one of our own in build-bench."""
    if has_numpy(sys.executable):
        return sys.executable
    own = os.path.join(BUILD, "venv", "bin", "python")
    if not os.path.exists(own):
        subprocess.run([sys.executable, "-m", "venv", os.path.join(BUILD, "venv")], check=False,
                       stdout=subprocess.DEVNULL)
    if os.path.exists(own) and not has_numpy(own):
        subprocess.run([own, "-m", "pip", "install", "-q", "numpy"], check=False, stderr=subprocess.DEVNULL)
    return own if os.path.exists(own) and has_numpy(own) else None


class Ran:
    def __init__(self, cpu, wall, out):
        self.cpu, self.wall, self.out = cpu, wall, out


def run(command):
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - begun
    if status != 0:
        sys.exit(f"{' '.join(command)}: ended with status {status}")
    return Ran(usage.ru_utime + usage.ru_stime, wall, out.decode())


def held_by(pid, program):
    """The most kilobytes that a process held so far as this program; 0 before it is that, and when it has ended."""
    try:
        if os.readlink(f"/proc/{pid}/exe") != os.path.realpath(program):
            return 0
        with open(f"/proc/{pid}/status") as status:
            return int(re.search(r"VmHWM:\s*(\d+) kB", status.read()).group(1))
    except (OSError, AttributeError):
        return 0


def peak(command):
    """Megabytes that a command takes at most, and the seconds that pass. What the kernel tells of a child that
    has ended counts what its parent held when it was born: the command is looked at while it runs."""
    begun, most = time.monotonic(), 0
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        most = max(most, held_by(process.pid, command[0]))
        time.sleep(0.002)
    if process.returncode != 0 or most == 0:
        sys.exit(f"{' '.join(command)}: ended with status {process.returncode}, {most} kB seen")
    return most / 1024, time.monotonic() - begun


def casus(model, futures, per_world=1, threads=1, *more):
    return [CASUS, "run", model, "--quiet", "--worlds", str(futures // per_world), "--futures", str(per_world),
            "--threads", str(threads), *(more or ("--digest",))]


def c(name):
    return lambda futures: [os.path.join(BUILD, name), str(futures)]


def numpy(name):
    return lambda futures: [numpy_python(), os.path.join(BENCH, name + ".py"), str(futures)]


class Way:
    """One way to run a model: its name, its command for so many futures, and how many to take."""

    def __init__(self, name, command, futures, steps):
        self.name, self.command, self.futures, self.steps = name, command, futures, steps

    def nanoseconds(self):
        return run(self.command(self.futures)).cpu * 1e9 / (self.futures * self.steps)

    def instructions(self):
        """A future-step, start and end of the program apart: the difference between two runs."""
        small, large = self.futures // 32, self.futures // 8
        more = counted(self.command(large)) - counted(self.command(small))
        return more / ((large - small) * self.steps)


def counted(command):
    process = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command],
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
    return int(re.search(r"refs:\s*([\d,]+)", process.stderr.decode()).group(1).replace(",", ""))


class Compared:
    """Nanoseconds of each way, medians over rounds, and of each its ratio to the first round by round."""

    def __init__(self, ways, rounds):
        table = []
        for i in range(rounds + 1):
            order = ways if i % 2 else ways[::-1]
            took = {way.name: way.nanoseconds() for way in order}
            table.append([took[way.name] for way in ways])
        table = table[1:]  # the first warms up
        columns = list(zip(*table))
        self.medians = [statistics.median(column) for column in columns]
        ratios = [[other / own for own, other in zip(columns[0], column)] for column in columns]
        self.ratios = [statistics.median(column) for column in ratios]
        self.spans = [(min(column), max(column)) for column in ratios]
