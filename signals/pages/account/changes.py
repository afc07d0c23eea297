"""What changed at one account since a day: points, bands and facts, from what is stored; no fact is judged anew."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts_app.models import Account
from signals.compute.base import Status
from signals.compute.moves import Moved, Points, moves_between, points_of
from signals.compute.registry import BY_KEY
from signals.models import RiskDay, Run, Standing
from signals.pages.account.news import Line, news
from signals.pages.sentences import headline
from signals.services.assess import BASE_RATE
from signals.services.rules import values_of

SPANS: dict[str, str | Promise] = {
    "7": gettext_lazy("7 days"),
    "30": gettext_lazy("30 days"),
    "90": gettext_lazy("90 days"),
    "visit": gettext_lazy("last visit"),
}
USUAL_SPAN = "30"
# A history holds a day a week: one up to two weeks before stands for the day wanted, and none further away.
NEAR = dt.timedelta(days=14)
# The night's run, one asked for, a history: any of them may have judged a day last.
MOST_RUNS = 6


@dataclass(frozen=True)
class Part:
    """One signal's points then and now, and what it says today."""

    title: str
    moved: Moved
    sentence: str


@dataclass(frozen=True)
class BandStep:
    """The band that was another on the next day stored."""

    day: dt.date
    not_before: dt.date
    band: str
    risk: int
    was_band: str
    was_risk: int

    @property
    def is_dated(self) -> bool:
        """Whether the days on both sides are next to each other, so that the day of the change is known."""
        return (self.day - self.not_before).days <= 1


@dataclass(frozen=True)
class Changes:
    """Since `since`; `compared` is the day stored that stands for it, None where none lies near."""

    since: dt.date
    until: dt.date
    compared: RiskDay | None = None
    parts: list[Part] | None = None
    starting: Moved | None = None
    versions: tuple[int, int] | None = None
    bands: list[BandStep] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def difference(self) -> int:
        parts = [part.moved for part in self.parts or ()]
        return sum(one.difference for one in [*parts, *([self.starting] if self.starting else [])])


def changes_since(standing: Standing, account: Account, since: dt.date) -> Changes:
    """Compare the standing that pages show with the last day stored up to `since`, in a fixed number of statements."""
    days = list(_days(account, since, standing.as_of))
    before = next((day for day in reversed(days) if day.day <= since), None)
    shown = [day for day in days if before is None or day.day >= before.day]
    told = Changes(since, standing.as_of, before, bands=_steps(shown), lines=news(account, since, standing.as_of))
    found = _judged_by(before) if before else None
    if before is None or found is None:
        return told
    run, then = found
    now = _points_now(standing)
    parts = [_part(moved, standing) for moved in moves_between(then, now)]
    return Changes(
        since=since,
        until=standing.as_of,
        compared=before,
        parts=parts,
        starting=Moved("", then.starting, now.starting),
        versions=(run.rule_set.version, standing.run.rule_set.version),
        bands=told.bands,
        lines=told.lines,
    )


def _days(account: Account, since: dt.date, until: dt.date) -> Iterable[RiskDay]:
    return RiskDay.objects.filter(account=account, day__gt=since - NEAR, day__lte=until).order_by("day")


def _steps(days: list[RiskDay]) -> list[BandStep]:
    """The changes of band, the latest first."""
    steps = [
        BandStep(after.day, before.day, after.band, after.risk, before.band, before.risk)
        for before, after in pairwise(days)
        if before.band != after.band
    ]
    return steps[::-1]


def _judged_by(day: RiskDay) -> tuple[Run, Points] | None:
    """The run whose rules and fit give exactly the risk that is stored; None if none does any more.

    The contributions of a day are not stored: 78 weeks of them would be most of the table, and the levels with the
    run's rules give them back to the point.
    """
    judged_it = Q(kind__in=(Run.Kind.NIGHTLY, Run.Kind.EXPLICIT), business_date=day.day)
    filled_it = Q(kind=Run.Kind.HISTORY, from_day__lte=day.day, business_date__gte=day.day)
    runs = Run.objects.filter(judged_it | filled_it).select_related("rule_set").order_by("-ticket")[:MOST_RUNS]
    for run in runs:
        base_rate = run.params_for(day.day).get(BASE_RATE)
        points = points_of(day.levels, values_of(run.rule_set), base_rate) if base_rate else None
        if points is not None and points.risk == day.risk:
            return run, points
    return None


def _points_now(standing: Standing) -> Points:
    known = {one["key"]: int(one["points"]) for one in standing.contributions if one["status"] == Status.OK}
    return Points(standing.risk or 0, standing.starting_points or 0, known)


def _part(moved: Moved, standing: Standing) -> Part:
    said = next((one for one in standing.contributions if one["key"] == moved.key), None)
    known = BY_KEY.get(moved.key)
    return Part(known.title if known else moved.key, moved, headline(said) if said and known else "")
