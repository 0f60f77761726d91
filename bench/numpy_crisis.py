#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The benchmark crisis as a good Python user writes it: NumPy arrays over futures, 50,000 at a time.

    numpy_crisis.py [futures] [seed]      prints answers, and nanoseconds a future-step on stderr

What the model is: crisis.casus. What is asked: mean and band by week of four quantities, six shares,
quantiles of four at the end, the sizes of chunks chosen for the cache.
"""
import sys, time
import numpy as np

STEPS, CHUNK = 52, 50000
PM = np.array([1.0, 1.25, 0.6])
TOLD = ("x", "FA", "polW", "tens")
LOW, HIGH, BINS = (-100.0, 0.0, 0.0, 0.0), (100.0, 200.0, 1.5, 2.5), 512


def fires(rng, z):
    return rng.random(z.size) * (1 + np.exp(-z)) < 1


def choose(rng, *z):
    """Which option, the first being worth 0."""
    odds = np.cumsum([np.ones_like(z[0])] + [np.exp(worth) for worth in z], axis=0)
    return (rng.random(z[0].size) * odds[-1] >= odds[:-1]).sum(axis=0)


def start(rng, n):
    w = {
        "effA": rng.lognormal(np.log(0.011), 0.30, n), "effB": rng.lognormal(np.log(0.012), 0.30, n),
        "supA": rng.lognormal(0, 0.2, n), "econ0": rng.normal(1, 0.12, n), "hawk": rng.normal(0, 1, n),
        "resA": rng.beta(4, 2, n), "resB": rng.beta(5, 2, n), "terr": rng.beta(2, 3, n),
        "nthr": rng.beta(6, 3, n), "aidcap": rng.triangular(0.2, 0.5, 1.2, n),
        "supB": rng.triangular(0.5, 0.9, 1.4, n), "doct": rng.choice(3, n, p=(0.5, 0.3, 0.2)),
    }
    s = {name: np.full(n, float(value)) for name, value in dict(
        FA=80, FB=100, RA=40, RB=40, SA=0.8, SB=0.9, x=0, mA=0.9, mB=0.8, polW=0.6, sanc=0.2, aid=0.3,
        infra=0, tens=0.2, casA=0, casB=0).items()}
    s |= {"polA": w["resA"].copy(), "polB": w["resB"].copy(), "econB": w["econ0"].copy()}
    s |= {name: np.full(n, value) for name, value in dict(posA=0, posB=1, aidL=1, ladder=2).items()}
    s |= {name: np.zeros(n, bool) for name in ("mobB", "nato", "nuked", "coup", "leader", "mutiny", "cf")}
    return w, s


def step(rng, t, w, s):
    n = s["x"].size
    pmA, pmB = PM[s["posA"]], PM[s["posB"]]
    sA, sB = 1 - np.exp(-2 * s["SA"]), 1 - np.exp(-2 * s["SB"])
    fireA = w["effA"] * pmA * sA * s["mA"] * s["FA"] ** 0.85
    fireB = w["effB"] * pmB * sB * s["mB"] * s["FB"] ** 0.85
    cover = 1 - 0.35 * w["terr"]
    lossA = np.minimum(fireB * np.where(s["posA"] == 0, cover, 1), 0.15 * s["FA"])
    lossB = np.minimum(fireA * np.where(s["posB"] == 0, cover, 1), 0.15 * s["FB"])
    rA, rB = 0.012 * s["RA"], 0.012 * s["RB"] * (1 + 0.8 * s["mobB"])
    s["FA"] += rA - lossA
    s["FB"] += rB - lossB
    s["RA"] += 0.05 - rA
    s["RB"] += 0.06 - rB
    s["casA"] += lossA
    s["casB"] += lossB
    s["SA"] = np.maximum(
        s["SA"] + 0.07 * w["supA"] * (1 - 0.3 * s["infra"]) + 0.05 * s["aid"] - 0.1 * pmA * sA, 0)
    s["SB"] = np.maximum(s["SB"] + 0.085 * w["supB"] * s["econB"] - 0.1 * pmB * sB, 0)
    lr = np.log((s["FA"] * s["mA"] * sA + 0.5) / (s["FB"] * s["mB"] * sB + 0.5))
    it = pmA + pmB - 1
    noise = rng.standard_normal((5, n))
    dx = 2.2 * lr * it - 0.008 * w["terr"] * s["x"] + (0.5 + 0.8 * it) * noise[0]
    s["x"] = np.clip(s["x"] + dx, -100, 100)
    s["mA"] = np.clip(
        s["mA"] + 0.04 * (w["resA"] + 0.2 - s["mA"]) - 0.6 * lossA / s["FA"] + 0.002 * dx, 0.05, 1.2)
    s["mB"] = np.clip(
        s["mB"] + 0.04 * (w["resB"] + 0.15 - s["mB"]) - 0.6 * lossB / s["FB"] - 0.002 * dx, 0.05, 1.2)
    s["polA"] = np.clip(
        0.95 * s["polA"] + 0.05 * w["resA"] - 0.010 * lossA + 0.003 * dx + 0.015 * noise[1], 0, 1)
    s["polB"] = np.clip(
        0.95 * s["polB"] + 0.05 * w["resB"] - 0.008 * lossB - 0.003 * dx + 0.015 * noise[2], 0, 1)
    s["polW"] = np.clip(0.024 + 0.96 * s["polW"] + 0.004 * w["hawk"] + 0.02 * noise[3], 0, 1)
    s["econB"] = 0.97 * s["econB"] + 0.03 * w["econ0"] - 0.0075 * s["sanc"] + 0.01 * noise[4]
    s["sanc"] = 0.98 * s["sanc"] + 0.02 * s["polW"]

    tens, ladder = s["tens"], s["ladder"]
    coup = fires(rng, -9.5 + 4 * (1 - s["polB"]) + 0.03 * s["casB"])
    sea = fires(rng, -3.5 + 1.5 * tens)
    cyber = fires(rng, -3 + 0.8 * tens + 0.3 * s["polW"])
    plant = fires(rng, -6.5 + it + 0.5 * tens)
    delay = fires(rng, -1 - 2.5 * s["polW"])
    spill = fires(rng, -5.8 + 1.6 * tens + 0.25 * ladder)
    s["leader"] |= fires(rng, -7 + (1 - s["polB"]))
    mutiny = fires(rng, -7.5 + 5 * (0.5 - s["mA"]))
    s["coup"] |= coup
    s["mutiny"] |= mutiny
    s["infra"] = 0.97 * s["infra"] + 0.06 * cyber + 0.1 * plant
    s["polW"] += 0.03 * spill + 0.02 * plant
    s["aid"] = np.maximum(
        s["aid"] + 0.25 * (w["aidcap"] * s["aidL"] / 3 * s["polW"] - s["aid"]) - 0.05 * delay, 0)
    s["FA"][mutiny] *= 0.9
    s["FB"][coup] *= 0.9
    s["tens"] = tens = np.clip(
        0.92 * tens + 0.012 * ladder + 0.15 * spill + 0.05 * sea + 0.006 * np.abs(dx), 0, 2)

    s["posA"] = choose(
        rng, -0.8 + 1.2 * lr + 0.9 * s["SA"] + 0.5 * s["polA"] - 0.01 * s["x"] + 0.15 * w["hawk"],
        -1.5 - 1.4 * lr - s["mA"] + 0.008 * s["x"] + 0.2 * w["doct"])
    s["posB"] = choose(
        rng, -0.5 - 1.2 * lr + 0.9 * s["SB"] + 0.4 * s["polB"] + 0.01 * s["x"] + 0.25 * w["doct"],
        -1.6 + 1.4 * lr - s["mB"] - 0.008 * s["x"])
    if t % 4 == 0:
        s["aidL"] = choose(
            rng, 0.8 + 0.5 * w["hawk"] - 0.4 * tens, -0.2 + 2 * s["polW"] + 0.5 * w["hawk"] - 0.5 * tens,
            -1.8 + 3.2 * s["polW"] + 0.8 * w["hawk"] - 0.8 * tens - 0.01 * s["x"])
    i = np.flatnonzero((s["FB"] < 88) & ~s["mobB"] & (s["polB"] > 0.3))
    if i.size:
        i = i[choose(rng, -2.5 + 2 * s["polB"][i] - 0.02 * s["x"][i] + 0.01 * s["casB"][i]) == 1]
        s["mobB"][i] = True
        s["RB"][i] += 20
        s["polB"][i] -= 0.08
    i = np.flatnonzero((spill | (s["x"] < -55)) & ~s["nato"])
    if i.size:
        c = choose(rng, -1.5 + 0.8 * w["hawk"][i] + s["polW"][i],
                   -4.5 + 1.2 * w["hawk"][i] + 2.5 * s["polW"][i] - 0.3 * ladder[i] - 0.02 * s["x"][i])
        s["nato"][i] = c == 2
        s["FA"][i] += 25 * (c == 2)
        ladder[i] = np.minimum(ladder[i] + c, 7)
        tens[i] += 0.2 * c
    i = np.flatnonzero((ladder >= 6) & ((s["x"] > 30) | s["nato"]) & (tens > 0.4 + 0.4 * w["nthr"]))
    if i.size:
        c = choose(rng, -2 + 0.01 * s["x"][i] + tens[i], -5 + 0.02 * s["x"][i] + tens[i] - w["nthr"][i],
                   -8 + tens[i])
        s["nuked"][i] |= c >= 2
        tens[i] += 0.3 * c
    u = rng.random(n)
    up = (spill | sea | (tens > 0.35 + 0.1 * ladder)) & (u < 0.35)
    down = (tens < 0.15 + 0.05 * ladder) & (u > 0.75)
    s["ladder"] = np.clip(ladder + up - down, 0, 7)
    s["cf"] = fires(rng, -6.9 + 3.2 * (1 - s["polA"]) + 3.2 * (1 - s["polB"]) - 0.2 * s["ladder"])
    return s["cf"] | s["nuked"] | (s["FA"] < 8) | (s["FB"] < 8)


class Tally:
    def __init__(self):
        self.sums = np.zeros((STEPS, len(TOLD)))
        self.counts = np.zeros((STEPS, len(TOLD), BINS), np.int64)
        self.ended = []
        self.live = 0

    def take(self, t, s, steps=1):
        """The state of one week, or of all that follow an end."""
        for v, name in enumerate(TOLD):
            bins = ((s[name] - LOW[v]) * (BINS / (HIGH[v] - LOW[v]))).astype(np.int64)
            self.counts[t:t + steps, v] += np.bincount(np.clip(bins, 0, BINS - 1), minlength=BINS)
            self.sums[t:t + steps, v] += s[name].sum()

    def end(self, t, s):
        self.live += t * s["x"].size
        self.take(t, s, STEPS - t)
        self.ended.append({name: s[name] for name in
                           ("cf", "nato", "nuked", "coup", "x", "mobB", "casB", "FA", "aid", "polW", "tens")})


def play(rng, n, tally):
    w, s = start(rng, n)
    for t in range(STEPS):
        stop = step(rng, t, w, s)
        tally.take(t, s)
        if stop.any():  # the living go on alone
            tally.end(t + 1, {name: column[stop] for name, column in s.items()})
            w = {name: column[~stop] for name, column in w.items()}
            s = {name: column[~stop] for name, column in s.items()}
    tally.end(STEPS, s)


def main():
    futures = int(float(sys.argv[1])) if len(sys.argv) > 1 else 100000
    rng = np.random.default_rng(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    begun = time.process_time()
    tally = Tally()
    for first in range(0, futures, CHUNK):
        play(rng, min(CHUNK, futures - first), tally)
    ends = {name: np.concatenate([part[name] for part in tally.ended]) for name in tally.ended[0]}
    for name in ("cf", "nato", "nuked", "coup"):
        print(f"{name:6} {ends[name].mean():.4f}")
    print(f"x > 0  {(ends['x'] > 0).mean():.4f}\nmobB   {ends['mobB'].mean():.4f}")
    print(f"live   {tally.live / futures / STEPS:.4f}")
    for v, name in enumerate(TOLD):
        below = tally.counts[25, v].cumsum() / futures
        band = [LOW[v] + (HIGH[v] - LOW[v]) * (np.searchsorted(below, q) + 0.5) / BINS for q in (0.05, 0.95)]
        print(f"{name:6} mean {ends[name].mean():.3f} sd {ends[name].std():.3f}  week 26: mean "
              f"{tally.sums[25, v] / futures:.3f}, 90 % from {band[0]:.3f} to {band[1]:.3f}")
    for name in ("casB", "x", "FA", "aid"):
        low, middle, high = np.quantile(ends[name], (0.05, 0.5, 0.95))
        print(f"{name:6} 5 % {low:.3f}  50 % {middle:.3f}  95 % {high:.3f}")
    spent = time.process_time() - begun
    print(f"{spent * 1e9 / futures / STEPS:.1f} ns a future-step", file=sys.stderr)


main()
