# SPDX-License-Identifier: MIT
"""Steps of a model and durations, as docs/language.md has them. A duration is ("days", d) or, of whole
months in steps of months, ("steps", n)."""
from datetime import datetime, timedelta

SLACK = 1e-7  # times that differ by less are the same
KINDS = {"daily": 1, "weekly": 7, "every 3 days": 3}
MONTHS = {"monthly": 1, "quarterly": 3, "every 2 months": 2, "yearly": 12}


def months_after(day, n):
    """The first of the month so many months on."""
    count = day.year * 12 + day.month - 1 + n
    return datetime(count // 12, count % 12 + 1, 1)


class TimeLine:
    def __init__(self, random, steps):
        self.kind = random.choice([*KINDS, *MONTHS])
        self.months = MONTHS.get(self.kind)
        self.steps = steps
        if self.months:
            begin = datetime(*random.choice([(2024, 1, 1), (2023, 11, 1), (2023, 2, 1)]))
            self.dates = [months_after(begin, self.months * i) for i in range(steps + 1)]
        else:
            begin = datetime(*random.choice([(2024, 1, 1), (2024, 2, 27), (2023, 12, 29)]))
            self.dates = [begin + timedelta(days=KINDS[self.kind] * i) for i in range(steps + 1)]
        self.start = [(d - begin).days for d in self.dates]

    def length(self, step):
        return self.start[step + 1] - self.start[step]

    def duration(self, random, most=3):
        """Text and meaning of one, a whole number of steps or not."""
        n = random.randint(1, most)
        if self.months and random.random() < 0.5:
            months = self.months * n
            return f"{months} months", ("steps", n)
        days = random.choice([20, 45, 70, 100, 400]) if self.months else \
            max(1, round(KINDS[self.kind] * n * random.choice([1, 1, 0.5, 1.3])))
        return f"{days} days", ("days", days)

    def passed(self, since, now, duration):
        """Has so long passed from one step to another?"""
        kind, n = duration
        return now - since >= n if kind == "steps" else \
            self.start[now] - self.start[since] >= n - SLACK

    def within(self, since, now, duration):
        kind, n = duration
        return now - since <= n if kind == "steps" else \
            self.start[now] - self.start[since] <= n + SLACK

    def ends_after(self, since, duration):
        """Is the run longer than a window that opens in this step?"""
        kind, n = duration
        return since + n < self.steps if kind == "steps" else \
            self.start[since] + n < self.start[self.steps] - SLACK

    def date(self, random):
        """A date of the run, and the step that contains it."""
        step = random.randrange(self.steps)
        days = int(random.choice([0, 0, 0.4, 0.9]) * self.length(step))
        return (self.dates[step] + timedelta(days=days)).date(), step

    def days_to(self, date):
        return (datetime(date.year, date.month, date.day) - self.dates[0]).days
