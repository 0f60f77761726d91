# SPDX-License-Identifier: MIT
"""A random model, its text and its meaning made together: the text is for Casus, the meaning is played here.

Whoever doubts what a part means reads its text and the function beside it. What is played is a dict:
flags f0 and f1, the count n, the rung, a flag for each member (g), beliefs as they stand, and of each
event and choice when it was last and how often.
"""
from math import exp
from random import Random

from questions import Condition, Form, Window
from time_line import TimeLine

RUNGS = "abcd"
MEMBERS = "xy"
HEAD = """actor A
actor x
actor y
set s = x, y
ladder rung = la < lb < lc < ld
type mood of A : good, bad ~ 70%, 30%
state f0 : flag = no
state f1 : flag = yes
state n : count = 1
state lev : rung = lb
state g[s] : flag = no
belief bel of A
  that f0
  starts 40%
"""


def bayes(belief, hit, false_alarm, yes):
    if not yes:
        hit, false_alarm = 1 - hit, 1 - false_alarm
    return belief * hit / (belief * hit + (1 - belief) * false_alarm)


class Model:
    def __init__(self, seed, steps=3):
        self.random = Random(seed)
        self.time = TimeLine(self.random, steps)
        self.events, self.single, self.choices, self.councils = [], [], [], []
        self.parts = []  # text, play(s, step, choose)
        for i in range(self.random.randint(2, 3)):
            make = self.random.choice([self.each_step, self.event, self.event, self.events_of_set,
                                       self.decision, self.council, self.on_date])
            self.parts.append(make(f"p{i}"))
        self.stop = self.condition() if self.random.random() < 0.2 else None
        self.pooled = self.random.random() < 0.3
        self.questions = [(self.form(), [self.form(True) for _ in range(
            self.random.choice([0, 0, 0, 1, 1, 2]))]) for _ in range(8)]

    # ---- Conditions ---------------------------------------------------------------------------------

    def atom(self, asked=False):
        pick = self.random.choice
        atoms = [lambda: self.flag(pick(["f0", "f1"])), self.number, self.rung, self.member,
                 self.calendar, lambda: Condition("mood of A is bad", lambda s, k: s["bad"]),
                 lambda: Condition("bel > 0.5", lambda s, k: s["bel"] > 0.5)]
        if self.single:
            atoms += [lambda: self.of_event(pick(self.single))] * 3
        if self.choices:
            atoms += [lambda: self.of_choice(pick(self.choices))] * 2
        if self.councils:
            name = pick(self.councils)
            atoms.append(lambda: Condition(f"{name} is aye", lambda s, k: s["carried"][name]))
        if not asked:
            atoms.append(lambda: Condition("n > previous n", lambda s, k: s["n"] > s["n before"]))
        return pick(atoms)()

    @staticmethod
    def flag(name):
        return Condition(name, lambda s, k: s[name])

    def number(self):
        v = self.random.randint(0, 3)
        return self.random.choice([Condition(f"n >= {v}", lambda s, k: s["n"] >= v),
                                   Condition(f"n is {v}", lambda s, k: s["n"] == v)])

    def rung(self):
        v = self.random.randint(1, 3)
        return self.random.choice([
            Condition(f"lev is at least l{RUNGS[v]}", lambda s, k: s["rung"] >= v),
            Condition(f"lev is l{RUNGS[v]}", lambda s, k: s["rung"] == v)])

    def member(self):
        m = self.random.choice(MEMBERS)
        return self.random.choice([
            Condition("any(q in s: g[q])", lambda s, k: s["gx"] or s["gy"]),
            Condition(f"g[{m}]", lambda s, k: s["g" + m])])

    def calendar(self):
        (one, a), (two, b) = sorted(self.time.date(self.random) for _ in range(2))
        days = self.time.days_to(one)
        return self.random.choice([
            Condition(f"between {one} and {two}", lambda s, k: a <= k <= b),
            Condition(f"today >= {one}", lambda s, k: self.time.start[k] >= days)])

    def of_event(self, name):
        text, long = self.time.duration(self.random)
        date, _ = self.time.date(self.random)
        days, v = self.time.days_to(date), self.random.randint(1, 2)

        def event(s):
            return s["events"][name]

        return self.random.choice([
            Condition(name, lambda s, k: event(s)["last"] is not None, name),
            Condition(f"now({name})", lambda s, k: event(s)["last"] == k and "start" not in s),
            Condition(f"times({name}) >= {v}", lambda s, k: event(s)["times"] >= v),
            Condition(f"first({name}) <= {date}", lambda s, k: event(s)["first"] is not None
                      and self.time.start[event(s)["first"]] <= days),
            Condition(f"since({name}) >= {text}", lambda s, k: event(s)["last"] is not None
                      and self.time.passed(event(s)["last"], k, long))])

    def of_choice(self, name):
        option = self.random.choice("uv")
        return self.random.choice([
            Condition(f"{name} is {option}", lambda s, k: s["chosen"][name] == option),
            Condition(f"times({name} is {option}) >= 2",
                      lambda s, k: s["events"][name + option]["times"] >= 2),
            Condition(f"now({name} is {option})", lambda s, k: "start" not in s
                      and s["events"][name + option]["last"] == k)])

    def condition(self, asked=False):
        a = self.atom(asked)
        r = self.random.random()
        if r < 0.2:
            return Condition(f"not ({a.text})", lambda s, k: not a.holds(s, k))
        if r < 0.4:
            b = self.atom(asked)
            return Condition(f"({a.text}) and ({b.text})", lambda s, k: a.holds(s, k) and b.holds(s, k))
        if r < 0.5:
            b = self.atom(asked)
            return Condition(f"({a.text}) or ({b.text})", lambda s, k: a.holds(s, k) or b.holds(s, k))
        return a

    # ---- Effects ------------------------------------------------------------------------------------

    def effect(self, member=None):
        """Text, and what it does to the state; `member` is the loop variable when there is one."""
        v = self.random.randint(1, 2)
        yes = self.random.random() < 0.6
        m = self.random.choice(MEMBERS)
        name = self.random.choice(["f0", "f1"])

        def put(key, value):
            return lambda s, who: s.__setitem__(key, value(s))

        return self.random.choice([
            (f"{name} = {'yes' if yes else 'no'}", put(name, lambda s: yes)),
            (f"n += {v}", put("n", lambda s: s["n"] + v)),
            ("n = n * 2", put("n", lambda s: s["n"] * 2)),
            ("raise lev by 1", put("rung", lambda s: min(3, s["rung"] + 1))),
            (f"lower lev to l{RUNGS[v]}", put("rung", lambda s: min(v, s["rung"]))),
            (f"told bel {'yes' if yes else 'no'} hit 70% false alarm 20%",
             put("bel", lambda s: bayes(s["bel"], 0.7, 0.2, yes))),
            (f"g[{member or m}] = not g[{member or m}]",
             lambda s, who: s.__setitem__("g" + (who or m), not s["g" + (who or m)]))])

    # ---- Parts --------------------------------------------------------------------------------------

    def each_step(self, _):
        one, two, what = self.effect(), self.effect(), self.condition()
        if self.random.random() < 0.5:
            text = f"each step\n  if {what.text}\n    {one[0]}\n  else\n    {two[0]}\n"
            return text, lambda s, k, choose: (one if what.holds(s, k) else two)[1](s, None)
        text = f"each step\n  one of\n    20%\n      {one[0]}\n    50%\n      {two[0]}\n    rest\n" \
               "  hears bel hit 80% false alarm 30%\n"

        def play(s, _, choose):
            way = choose([0.2, 0.5, 0.3])
            if way < 2:
                (one, two)[way][1](s, None)
            hit = 0.8 if s["f0"] else 0.3
            s["bel"] = bayes(s["bel"], 0.8, 0.3, choose([hit, 1 - hit]) == 0)

        return text, play

    def on_date(self, _):
        (date, step), effect = self.time.date(self.random), self.effect()
        return f"on {date}\n  then {effect[0]}\n", \
            lambda s, k, choose: effect[1](s, None) if k == step else None

    def chance(self, has_when):
        """Clauses, and the chance in a step when the last argument says that `when` has turned true."""
        pick = self.random.choice
        p, (text, days) = pick([0.1, 0.4, 0.7]), pick([("1 week", 7), ("1 month", 30.4375)])
        percent = round(100 * p)
        chances = [(f"  chance {percent}% within step\n", lambda k, turned: p),
                   (f"  chance {percent}% once\n", lambda k, turned: p if turned else 0),
                   (f"  chance {percent}% within {text}\n",
                    lambda k, turned: 1 - (1 - p)**(self.time.length(k) / days))]
        return pick(chances + [("", lambda k, turned: 1)] * has_when)

    def fires(self, s, k, key, what, choose, again):
        """`what` is the condition and the chance, `again` None, "any" or a duration."""
        when, chance = what
        event = s["events"][key]
        possible = when is None or bool(when(s, k))
        turned = possible and not event["possible"]
        event["possible"] = possible
        rests = event["last"] is not None and (again is None or again != "any" and
                                               not self.time.passed(event["last"], k, again))
        if not possible or rests:
            return False
        p = chance(k, turned)
        return choose([p, 1 - p]) == 0

    @staticmethod
    def mark(s, k, key):
        event = s["events"][key]
        event.update(last=k, times=event["times"] + 1,
                     first=k if event["first"] is None else event["first"])

    def again(self):
        text, long = self.time.duration(self.random)
        return self.random.choice([("", None), ("  again\n", "any"), (f"  again after {text}\n", long)])

    def event(self, name):
        when = self.condition() if self.random.random() < 0.5 else None
        clause, chance = self.chance(when is not None)
        again, rest = self.again()
        now, later, (text, delay) = self.effect(), self.effect(), self.time.duration(self.random)
        delayed = self.random.random() < 0.5
        words = f"event {name}\n" + (f"  when {when.text}\n" if when else "") + clause + \
            f"  then\n    {now[0]}\n" + (f"    after {text}\n      {later[0]}\n" if delayed else "") + again
        self.single.append(name)
        self.events.append(name)

        def play(s, k, choose):
            if self.fires(s, k, name, (when and when.holds, chance), choose, rest):
                self.mark(s, k, name)
                now[1](s, None)
                if delayed:
                    s["under way"].setdefault(name, []).append(k)
            for sent in list(s["under way"].get(name, [])):
                if sent < k and self.time.passed(sent, k, delay):
                    s["under way"][name].remove(sent)
                    later[1](s, None)

        return words, play

    def events_of_set(self, name):
        in_turn, guarded = self.random.random() < 0.4, self.random.random() < 0.5
        clause, chance = self.chance(guarded)
        (again, rest), effect = self.again(), self.effect("m")
        words = f"event {name} for m in s{' in turn' if in_turn else ''}\n" + \
            ("  when not g[m]\n" if guarded else "") + clause + f"  then {effect[0]}\n" + again
        self.events += [name + m for m in MEMBERS]

        def fires(s, k, m, choose):
            when = (lambda s, k: not s["g" + m]) if guarded else None
            return self.fires(s, k, name + m, (when, chance), choose, rest)

        def play(s, k, choose):
            for group in MEMBERS if in_turn else [MEMBERS]:
                fired = [m for m in group if fires(s, k, m, choose)]
                for m in fired:
                    self.mark(s, k, name + m)
                for m in fired:
                    effect[1](s, m)

        return words, play

    def decision(self, name):
        when = self.condition() if self.random.random() < 0.5 else None
        text, pace = self.time.duration(self.random, 2)
        paced = self.random.random() < 0.7
        one, two = self.random.choice([(0, 1), (2, 1.5), (0, 0)])
        effects = self.effect(), self.effect()
        words = f"decision {name} by A\n" + (f"  when {when.text}\n" if when else "") + \
            (f"  every {text}\n" if paced else "") + \
            f"  option u worth {one}\n    then {effects[0][0]}\n" \
            f"  option v worth {two}\n    then {effects[1][0]}\n"
        self.choices.append(name)
        self.events += [name, name + "u", name + "v"]

        def play(s, k, choose):
            last = s["events"][name]["last"]
            if when and not when.holds(s, k) or last is not None and \
                    not (paced and self.time.passed(last, k, pace)):
                return
            way = choose([1 / (1 + exp(two - one)), 1 / (1 + exp(one - two))])
            s["chosen"][name] = "uv"[way]
            self.mark(s, k, name)
            self.mark(s, k, name + "uv"[way])
            effects[way][1](s, None)

        return words, play

    def council(self, name):
        rule = self.random.choice(["all", "most", "any", "at least 2"])
        guarded = self.random.random() < 0.4
        text, pace = self.time.duration(self.random, 2)
        carried, blocked = self.effect(), self.effect()
        words = f"decision {name} by m in s\n" + ("  when not g[m]\n" if guarded else "") + \
            f"  every {text}\n  carried by {rule}\n  option nay weight 1\n  option aye weight 2\n" \
            f"  when carried aye\n    then {carried[0]}\n  when blocked\n    then {blocked[0]}\n"
        self.councils.append(name)
        self.events += [name + m for m in MEMBERS]

        def play(s, k, choose):
            voters = [m for m in MEMBERS if not (guarded and s["g" + m]) and (
                s["events"][name + m]["last"] is None or
                self.time.passed(s["events"][name + m]["last"], k, pace))]
            ayes = sum(choose([1 / 3, 2 / 3]) for _ in voters)
            for m in voters:
                self.mark(s, k, name + m)
            if voters:
                passed = {"all": ayes == len(voters), "most": 2 * ayes > len(voters), "any": ayes > 0,
                          "at least 2": ayes >= 2}[rule]
                s["carried"][name] = passed
                (carried if passed else blocked)[1](s, None)

        return words, play

    # ---- Questions ----------------------------------------------------------------------------------

    def asked(self):
        c = self.condition(True)
        return Condition(f"({c.text})", c.holds, c.event)

    def window(self):
        r = self.random.random()
        (one, a), (two, b) = sorted(self.time.date(self.random) for _ in range(2))
        if r < 0.45:
            return Window()
        if r < 0.6:
            return Window(f" by {one}", None, a)
        if r < 0.8:
            return Window(f" from {one} to {two}", a, b)
        (text, days), after = self.time.duration(self.random, 2), self.asked()
        return Window(f" within {text} after {after.text}", days=days, after=after)

    def form(self, flag=False):
        kinds = ["ever", "ever", "never", "always", "at end", "at date", "before", "until"]
        kind = self.random.choice(kinds + ["first", "max", "min", "mean", "times", "n"] * (not flag))
        if kind in ("before", "until"):
            return Form(kind, self.asked(), self.asked())
        date, step = self.time.date(self.random)
        if kind == "at date":
            return Form(f"at {date}", self.asked(), step=step)
        if kind in ("at end", "n"):
            return Form("at end", self.asked() if kind == "at end" else None)
        return Form(kind, None if kind in ("max", "min", "mean") else self.asked(),
                    window=self.window())

    def text(self):
        first, last = self.time.dates[0].date(), self.time.dates[-1].date()
        lines = [f'model "paths"\n  time {self.time.kind} from {first} to {last}\n' + HEAD]
        lines += [words for words, _ in self.parts]
        if self.pooled:
            lines.append("story same\n  weight 0.5\nstory other\n  weight 1.5\n"
                         "  mood of A ~ 20%, 80%\n")
        if self.stop:
            lines.append(f"stop when {self.stop.text}\n")
        for i, (form, given) in enumerate(self.questions):
            lines.append(f"question q{i} {form.text()}\n" + "".join(
                f"  given {g.text()}\n" for g in given))
        return "".join(lines)

    # ---- A future -----------------------------------------------------------------------------------

    def play(self, choose):
        """One future: its looks."""
        bad = (0.3, 0.8)[choose([0.25, 0.75])] if self.pooled else 0.3
        s = {"bad": choose([bad, 1 - bad]) == 0, "f0": False, "f1": True, "n": 1, "rung": 1, "gx": False,
             "gy": False, "bel": 0.4, "n before": 1, "under way": {},
             "events": {e: {"last": None, "first": None, "times": 0, "possible": False}
                        for e in self.events},
             "chosen": dict.fromkeys(self.choices), "carried": dict.fromkeys(self.councils, False)}
        looks = [{**self.look(s), "start": True}]
        if self.stop and self.stop.holds(looks[0], 0):
            still = {**looks[0], "stopped": 0, "stopped_at_start": True}
            return [looks[0]] + [still] * self.time.steps
        for k in range(self.time.steps):
            s["n before"] = s["n"]
            for _, play in self.parts:
                play(s, k, choose)
            looks.append(self.look(s))
            if self.stop and self.stop.holds(s, k):
                looks[-1]["stopped"] = k
                return looks + [looks[-1]] * (self.time.steps - k - 1)
        return looks

    @staticmethod
    def look(s):
        return {**s, "events": {k: dict(v) for k, v in s["events"].items()},
                "chosen": dict(s["chosen"]), "carried": dict(s["carried"])}
