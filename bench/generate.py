# SPDX-License-Identifier: MIT
"""Models of any size for the benchmarks: a chain of quantities, each pulled by the one before it."""

STEPS = 52


def model(size):
    """A weekly model of a year with `size` state variables, a noise for each, an event to every ten."""
    lines = [f'model "A chain of {size}"', "  time weekly from 2024-01-01 to 2024-12-30", ""]
    lines += [f"state v{i} : number = 0" for i in range(size)]
    lines += ["", "each step", "  v0 = 0.9 * v0 + normal(0, 1)"]
    lines += [f"  v{i} = 0.8 * v{i} + 0.2 * v{i - 1} + normal(0, 0.3)" for i in range(1, size)]
    for i in range(0, size, 10):
        lines += ["", f"event shock{i}", f"  chance logistic(-4 + 0.5 * v{i}) within step",
                  f"  then   v{i} = 0.5 * v{i}", "  again"]
    lines += ["", f"question last v{size - 1} at end", f"question high v{size - 1} > 0.5 at end", ""]
    return "\n".join(lines)
