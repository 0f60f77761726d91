# SPDX-License-Identifier: MIT
"""What a question asks of one future, word by word from docs/language.md.

A future is a list of looks: the start, then the end of each step. A condition is a pair of its text and
its meaning, a function of a look; of the name of an event it is the event, which within a window asks
whether it happens there.
"""
from dataclasses import dataclass
from typing import Any, Callable, Optional


@dataclass
class Condition:
    text: str
    holds: Callable[[dict, int], bool]  # of a look and the step that it is of
    event: Optional[str] = None


@dataclass
class Window:
    text: str = ""
    first: Optional[int] = None  # step
    last: Optional[int] = None
    days: Any = None             # a duration, and what starts the clock
    after: Optional[Condition] = None


@dataclass
class Form:
    kind: str
    a: Optional[Condition] = None
    b: Optional[Condition] = None
    window: Window = None
    step: Optional[int] = None   # of `at DATE`

    def text(self):
        """As it stands in a model."""
        if self.kind in ("ever", "never", "always", "first", "times"):
            return f"{self.kind} {self.a.text}{self.window.text}"
        if self.kind in ("max", "min", "mean"):
            return f"{self.kind} n{self.window.text}"
        if self.kind in ("before", "until"):
            return f"{self.a.text} {self.kind} {self.b.text}"
        return f"{self.a.text if self.a else 'n'} {self.kind}"


def holds(condition, looks, i):
    """Does it hold at this look? A future that has stopped stands still, and so does its calendar."""
    look = looks[i]
    return bool(condition.holds(look, look.get("stopped", max(0, i - 1))))


def happens(condition, looks, i):
    """Does the event happen in the step of this look?"""
    return i > 0 and "stopped_at_start" not in looks[i] and \
        looks[i]["events"][condition.event]["last"] == i - 1


def first_look(condition, looks):
    """The first look at which it holds, or None."""
    return next((i for i in range(len(looks)) if holds(condition, looks, i)), None)


def looks_of(window, looks, time):
    """The looks that count, and whether there is a window from somewhere on; None: left out."""
    n = len(looks) - 1
    if window.after:
        start = first_look(window.after, looks)
        if start is None:
            return None
        step = max(0, start - 1)
        if not time.ends_after(step, window.days):
            return None
        return [i for i in range(start, n + 1) if time.within(step, max(0, i - 1), window.days)], True
    last = n - 1 if window.last is None else window.last
    if not window.first:  # from the first step on: the start is looked at too
        return list(range(last + 2)), False
    return list(range(window.first + 1, last + 2)), True


def of_window(form, looks, time):
    """ever, never, always, first, times, max, min, mean."""
    found = looks_of(form.window, looks, time)
    if found is None:
        return None
    which, opened = found
    if form.kind in ("max", "min", "mean"):
        values = [looks[i]["n"] for i in which if i > 0 or form.kind != "mean"]
        if not values:
            return None
        return {"max": max, "min": min, "mean": lambda v: sum(v) / len(v)}[form.kind](values)
    if form.kind == "always":
        return all(holds(form.a, looks, i) for i in which)
    if form.kind == "times":
        if form.a.event:
            return sum(happens(form.a, looks, i) for i in which)
        return sum(holds(form.a, looks, i) and not (i > 0 and holds(form.a, looks, i - 1))
                   for i in which)
    asked = happens if form.a.event and opened else holds
    seen = any(asked(form.a, looks, i) for i in which)
    return not seen if form.kind == "never" else seen


def answer(form, looks, time):
    """What the form is in this future: a number, yes and no as 1 and 0; None: it is left out."""
    n = len(looks) - 1
    if form.kind in ("ever", "never", "always", "first", "times", "max", "min", "mean"):
        return of_window(form, looks, time)
    if form.kind in ("before", "until"):
        a, b = first_look(form.a, looks), first_look(form.b, looks)
        if form.kind == "before":
            return a is not None and (b is None or a < b)
        return b is not None and all(holds(form.a, looks, i) for i in range(b))
    i = n if form.step is None else form.step + 1
    return looks[i]["n"] if form.a is None else holds(form.a, looks, i)
